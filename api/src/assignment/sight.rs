//! Who sees an assignment, and who may do something about it.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{Assignment, AssignmentKind, AssignmentState},
    id::{AssignmentId, OrgUnitId},
    organization::{OrgUnit, OrgUnitPath},
    policy::{Action, Denied, Permit, Person, Subject},
};

use zhibu_persistence::{
    Page, PageRequest,
    assignment::{self, AssignmentFilter},
};

use crate::{call::Call, error::OpError, graphql::storable, organization::named_unit, reads::Loading};

/// Whether something that is offered in a subtree is offered to a person: to members by their home,
/// to others by a post.
fn is_offered(person: &Person, subtree: &OrgUnitPath) -> bool {
    let home = person.membership.as_ref().is_some_and(|m| m.path.is_within(subtree));
    let awake = !person.second_factor_missing;
    home || (awake && person.posts.iter().any(|post| post.path.is_within(subtree)))
}

/// What is to be seen of an assignment.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// The assignment itself.
    Itself,
    /// How its parts stand.
    Parts,
    /// All that was done with it, before its present owner had it, too.
    Past,
}

/// An assignment with the units around it.
pub struct Around<'a> {
    /// The assignment.
    pub assignment: &'a Assignment,
    /// Where it lies.
    pub unit: &'a OrgUnit,
    /// Who has it done.
    pub issuer: &'a OrgUnit,
}

impl Around<'_> {
    /// Asks the policy whether the caller sees it: a draft is for its issuers alone.
    pub fn see(&self, call: &Call) -> Result<Permit, Denied> {
        self.ask(call, Action::ViewAssignment)
    }

    /// Asks the policy whether the caller sees so much of it.
    pub fn look(&self, call: &Call, look: Look) -> Result<Permit, Denied> {
        match look {
            Look::Itself => self.see(call),
            Look::Parts => self.permit_below(call),
            Look::Past => {
                self.see(call)?;
                call.permit(Action::ViewAssignment, self.place())
            }
        }
    }

    fn place(&self) -> Subject<'_> {
        Subject::unit(&self.unit.path).joint(std::slice::from_ref(&self.issuer.path))
    }

    fn ask(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        let issuer = &self.issuer.path;
        if action == Action::Assign || !self.assignment.is_known() {
            return call.permit(Action::Assign, Subject::unit(issuer));
        }
        let offered = self.assignment.is_offer()
            && call.actor.person().is_some_and(|person| is_offered(person, &self.unit.path));
        let mut subject = self.place().invited(offered);
        subject.owner = self.assignment.owner();
        call.permit(action, subject)
    }

    /// Asks the policy whether the caller may do something about it.
    pub fn permit(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        self.see(call)?;
        self.ask(call, action)
            .map_err(|denied| if denied == Denied::Hidden { Denied::Forbidden } else { denied })
    }

    /// Asks the policy whether the caller may hand it down, and see how its parts stand: the unit has
    /// it, and so have those above.
    pub fn permit_below(&self, call: &Call) -> Result<Permit, Denied> {
        self.see(call)?;
        let below = call.permit(Action::Assign, Subject::unit(&self.unit.path));
        below.map_err(|denied| if denied == Denied::Hidden { Denied::Forbidden } else { denied })
    }
}

/// Asks the policy about an assignment and the units around it.
pub async fn ask(reads: &Loading, assignment: &Assignment, look: Look) -> Result<Permit, OpError> {
    let (unit, issuer) = (assignment.placement.unit_id, assignment.issuer_unit_id);
    let units = reads.load_many([unit, issuer]).await?;
    let find = |id: OrgUnitId| units.get(&id).ok_or(Denied::Hidden);
    Ok(Around { assignment, unit: find(unit)?, issuer: find(issuer)? }.look(&reads.loader().call, look)?)
}

/// An assignment that the caller may see.
pub async fn visible(reads: &Loading, id: AssignmentId) -> Result<Option<Assignment>, OpError> {
    let Some(found) = reads.load_one(id).await? else { return Ok(None) };
    match ask(reads, &found, Look::Itself).await {
        Ok(_) => Ok(Some(found)),
        Err(OpError::Denied(Denied::Hidden | Denied::Forbidden)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Which assignments of a unit.
#[derive(Clone, Debug)]
pub struct Lying {
    /// Of which unit.
    pub unit_id: OrgUnitId,
    /// Those of all units below as well.
    pub deep: bool,
    /// Those that it has issued, not those that lie with it.
    pub issued: bool,
    /// Only of this kind.
    pub kind: Option<AssignmentKind>,
    /// Only in one of these states; in any where empty.
    pub states: Vec<AssignmentState>,
    /// Only those due at or after this time.
    pub from: Option<DateTime<Utc>>,
    /// Only those due before this time.
    pub until: Option<DateTime<Utc>>,
    /// Only those with which their owners are late now.
    pub overdue: bool,
}

/// A page of a unit's assignments, those due first first.
pub async fn lying(reads: &Loading, which: Lying, page: PageRequest) -> Result<Page<Assignment>, OpError> {
    let (app, call) = (&reads.loader().app, &reads.loader().call);
    let Lying { unit_id, deep, issued, kind, states, from, until, overdue } = which;
    let unit = named_unit(reads, unit_id).await?;
    let permit = call.permit(Action::ViewAssignment, Subject::unit(&unit.path))?;
    let filter = AssignmentFilter {
        unit: (!deep && !issued).then_some(unit.id),
        subtree: (deep && !issued).then(|| unit.path.clone()),
        issuer: (!deep && issued).then_some(unit.id),
        issued_within: (deep && issued).then(|| unit.path.clone()),
        drafts_of: Some(unit.path),
        kind,
        states,
        from: from.map(storable),
        until: until.map(storable),
        overdue_at: overdue.then(|| app.now()),
        ..AssignmentFilter::default()
    };
    Ok(assignment::assignment_page(&app.store, permit.district_id(), filter, page).await?)
}
