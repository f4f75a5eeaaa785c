use super::{ACCESS, Action, Actor, Limit, Person, Relation, Screen};
use crate::{
    id::{AccountId, ActivityId, DistrictId, PartyMemberId, SessionId},
    organization::OrgUnitPath,
    token::{GrantKind, TokenScope},
};

/// What an action is aimed at, as far as the policy needs to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The unit that it belongs to.
    pub unit: Option<&'a OrgUnitPath>,
    /// The units that hold it together with that one: they see it.
    pub joint: &'a [OrgUnitPath],
    /// The person whom it is about.
    pub owner: Option<AccountId>,
    /// Whether the actor is invited to it (an activity's roster or guest list, an offer's subtree).
    pub invited: bool,
    /// The captain of the team that it concerns.
    pub captain: Option<PartyMemberId>,
    /// The activity of whose screens it is.
    pub screen: Option<ActivityId>,
}

impl<'a> Subject<'a> {
    /// Something of a unit.
    pub fn unit(path: &'a OrgUnitPath) -> Self {
        Self { unit: Some(path), ..Self::default() }
    }

    /// Something of one person.
    pub fn owner(account_id: AccountId) -> Self {
        Self { owner: Some(account_id), ..Self::default() }
    }

    /// Something of one person in a unit.
    pub fn of(path: &'a OrgUnitPath, account_id: AccountId) -> Self {
        Self { owner: Some(account_id), ..Self::unit(path) }
    }

    /// Something on the screens of an activity.
    pub fn screen(activity_id: ActivityId) -> Self {
        Self { screen: Some(activity_id), ..Self::default() }
    }

    /// The same, held jointly by these units.
    pub fn joint(self, joint: &'a [OrgUnitPath]) -> Self {
        Self { joint, ..self }
    }

    /// The same, of a team with this captain.
    pub fn captain(self, captain: Option<PartyMemberId>) -> Self {
        Self { captain, ..self }
    }

    /// The same, to which the actor is, or isn't, invited.
    pub fn invited(self, invited: bool) -> Self {
        Self { invited, ..self }
    }
}

/// Why not.
// No `Display`: nothing turns it into an answer without a code by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody has signed in.
    Unauthenticated,
    /// The initial password must be changed first.
    PasswordChangeDue,
    /// A post would give the right, once the session has proved a second factor.
    SecondFactorMissing,
    /// The token's grant lacks this scope; `None` where no scope gives this, for it is people's own.
    ScopeTooSmall(Option<TokenScope>),
    /// The actor may see the thing, but not do this.
    Forbidden,
    /// The actor may not even see it: for them it doesn't exist.
    Hidden,
}

/// Proof that the policy has allowed an action. Every writing function of persistence asks
/// for one and stamps it into the audit, so that a forgotten check doesn't compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    action: Action,
    district_id: DistrictId,
    account_id: Option<AccountId>,
    session_id: Option<SessionId>,
}

impl Permit {
    /// The action that was allowed.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The tenant in which it was allowed.
    pub fn district_id(&self) -> DistrictId {
        self.district_id
    }

    /// Who was allowed; `None` is the server itself.
    pub fn account_id(&self) -> Option<AccountId> {
        self.account_id
    }

    /// With which session.
    pub fn session_id(&self) -> Option<SessionId> {
        self.session_id
    }

    /// A permit for somebody who is just signing in to `account_id` of `district_id`.
    pub fn signing_in(district_id: DistrictId, account_id: Option<AccountId>) -> Self {
        Self { action: Action::SignIn, district_id, account_id, session_id: None }
    }
}

fn relations(action: Action) -> &'static [Relation] {
    ACCESS.iter().find(|a| a.action == action).map_or(&[], |a| a.relations)
}

impl Limit {
    /// Whether a scope gives the action.
    fn contain(&self, action: Action) -> Result<(), Denied> {
        match action.token_scope() {
            Some(scope) if self.scopes.contains(&scope) => Ok(()),
            lacking => Err(Denied::ScopeTooSmall(lacking)),
        }
    }

    /// The part of a subtree that it leaves.
    fn cut(&self, subtree: OrgUnitPath) -> Option<OrgUnitPath> {
        if subtree.is_within(&self.path) {
            return Some(subtree);
        }
        self.path.is_within(&subtree).then(|| self.path.clone())
    }
}

fn holds(
    person: &Person,
    relation: Relation,
    subject: Subject<'_>,
    units: &[&OrgUnitPath],
    with_posts: bool,
) -> bool {
    let mut units = units.iter();
    match relation {
        Relation::Anyone | Relation::SignedIn => true,
        Relation::Own => subject.owner == Some(person.account_id),
        Relation::UnitMember => {
            units.any(|unit| person.membership.as_ref().is_some_and(|m| m.path.is_within(unit)))
        }
        Relation::Invited => subject.invited,
        Relation::Captain => {
            let member = person.membership.as_ref().map(|m| m.member_id);
            member.is_some() && member == subject.captain
        }
        Relation::Held(kind) => {
            with_posts
                && units.any(|unit| {
                    person.posts.iter().any(|post| post.kind == kind && unit.is_within(&post.path))
                })
        }
        Relation::Integrator | Relation::Screen => false,
    }
}

fn allowed(person: &Person, action: Action, subject: Subject<'_>, with_posts: bool) -> bool {
    let joint = if action.is_given_beside() { subject.joint } else { &[] };
    let mut units: Vec<_> = subject.unit.into_iter().chain(joint).collect();
    let given = relations(action);
    if let Some(limit) = &person.limit {
        units.retain(|unit| unit.is_within(&limit.path));
        // What lies nowhere can't lie within the limit.
        if limit.contain(action).is_err() || (units.is_empty() && !action.is_of_the_district()) {
            return false;
        }
        if limit.kind == GrantKind::Client {
            return given.contains(&Relation::Integrator);
        }
    }
    given.iter().any(|relation| holds(person, *relation, subject, &units, with_posts))
}

/// A screen shows its own activity. All else it is denied as nobody is: it never signed in.
fn on_screen(screen: &Screen, action: Action, subject: Subject<'_>) -> Result<Permit, Denied> {
    if !relations(action).contains(&Relation::Screen) {
        return Err(Denied::Unauthenticated);
    }
    if subject.screen != Some(screen.activity_id) {
        return Err(Denied::Hidden);
    }
    Ok(Permit {
        action,
        district_id: screen.district_id,
        account_id: Some(screen.account_id),
        session_id: None,
    })
}

/// Decides whether `actor` may do `action` to `subject`.
pub fn permit(actor: &Actor, action: Action, subject: Subject<'_>) -> Result<Permit, Denied> {
    let person = match actor {
        Actor::Anonymous => return Err(Denied::Unauthenticated),
        Actor::System(district_id) => {
            return Ok(Permit { action, district_id: *district_id, account_id: None, session_id: None });
        }
        Actor::Screen(screen) => return on_screen(screen, action, subject),
        Actor::Person(person) => person,
    };
    if person.password_change_due && action != Action::UseAccount {
        return Err(Denied::PasswordChangeDue);
    }
    if let Some(limit) = &person.limit {
        limit.contain(action)?;
    }
    let awake = !person.second_factor_missing;
    if allowed(person, action, subject, awake) {
        return Ok(Permit {
            action,
            district_id: person.district_id,
            account_id: Some(person.account_id),
            session_id: Some(person.session_id),
        });
    }
    if !awake && allowed(person, action, subject, true) {
        return Err(Denied::SecondFactorMissing);
    }
    match action.sight() {
        Some(sight) if allowed(person, sight, subject, awake) => Err(Denied::Forbidden),
        _ => Err(Denied::Hidden),
    }
}

/// Whether somebody has signed in, or shows a token: what an id stands for decides the rest.
pub fn signed_in(actor: &Actor) -> Result<DistrictId, Denied> {
    match actor {
        Actor::Person(person) if person.password_change_due => Err(Denied::PasswordChangeDue),
        Actor::Screen(_) => Err(Denied::Unauthenticated),
        other => other.district_id().ok_or(Denied::Unauthenticated),
    }
}

/// Whether names may be let out to the actor: always, but to a token only by the scope for that, and then
/// each reading is written into the audit with this permit.
pub fn naming(actor: &Actor) -> Result<Option<Permit>, Denied> {
    let Some((person, limit)) = actor.person().and_then(|p| Some((p, p.limit.as_ref()?))) else {
        return Ok(None);
    };
    limit.contain(Action::ViewMember)?;
    Ok(Some(Permit {
        action: Action::ViewMember,
        district_id: person.district_id,
        account_id: Some(person.account_id),
        session_id: Some(person.session_id),
    }))
}

/// The part of the tenant's data in which an actor may do something: the condition of a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The tenant, always part of the condition.
    pub district_id: DistrictId,
    /// The subtrees; `None` is the whole district.
    pub subtrees: Option<Vec<OrgUnitPath>>,
}

/// The subtrees in which `actor`'s posts give `action`.
pub fn scope(actor: &Actor, action: Action) -> Result<Scope, Denied> {
    let person = match actor {
        Actor::Anonymous | Actor::Screen(_) => return Err(Denied::Unauthenticated),
        Actor::System(district_id) => return Ok(Scope { district_id: *district_id, subtrees: None }),
        Actor::Person(person) => person,
    };
    if person.password_change_due {
        return Err(Denied::PasswordChangeDue);
    }
    let given = relations(action);
    if let Some(limit) = &person.limit {
        limit.contain(action)?;
        let everywhere = match limit.kind {
            GrantKind::Client => Relation::Integrator,
            GrantKind::Personal => Relation::SignedIn,
        };
        if given.contains(&everywhere) {
            return Ok(Scope { district_id: person.district_id, subtrees: Some(vec![limit.path.clone()]) });
        }
    }
    let reach: Vec<_> = person
        .posts
        .iter()
        .filter(|post| given.contains(&Relation::Held(post.kind)))
        .filter_map(|post| match &person.limit {
            Some(limit) => limit.cut(post.path.clone()),
            None => Some(post.path.clone()),
        })
        .collect();
    if person.second_factor_missing && !reach.is_empty() {
        return Err(Denied::SecondFactorMissing);
    }
    let subtrees = if given.contains(&Relation::SignedIn) { None } else { Some(reach) };
    Ok(Scope { district_id: person.district_id, subtrees })
}
