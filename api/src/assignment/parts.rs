//! An assignment in parts: claimed of an offer, or handed down the tree.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    assignment::{
        Addressee, Assignment, AssignmentRefusal as Refusal, AssignmentState, Claimant, Measure, Part,
        Placement, Recipient,
    },
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId},
    organization::OrgUnit,
    policy::{Action, Subject},
};
use zhibu_persistence::{StoreError, Tx, assignment, organization, outbox};

use super::{
    addressee::{place, posts_on, to_unit, unit},
    ops::{Done, Held, finish, lock},
    tell::{news_of, tell_step},
};
use crate::{app::App, call::Call, once::Once};

/// Most parts in one go: they are one transaction, which others wait for.
const MOST: usize = 500;

/// For whom an offer is claimed.
async fn claimant(tx: &Tx, call: &Call, offer: &Held, for_unit: Option<OrgUnitId>) -> Done<Claimant> {
    let person = call.person()?;
    let subtree = &offer.unit.path;
    let account_id = person.account_id;
    if let Some(id) = for_unit {
        let claiming = unit(tx, call.district()?, id).await?;
        call.permit(Action::Assign, Subject::unit(&claiming.path))?;
        if !claiming.path.is_within(subtree) {
            return Err(Refusal::NotForYou.into());
        }
        if claiming.dissolved_at.is_some() {
            return Err(Refusal::UnitDissolved.into());
        }
        return Ok(Claimant { unit_id: id, for_unit: true, account_id });
    }
    let home = person.membership.as_ref().filter(|m| m.path.is_within(subtree)).map(|m| m.unit_id);
    let post = || person.posts.iter().find(|post| post.path.is_within(subtree)).map(|post| post.unit_id);
    let unit_id = home.or_else(post).ok_or(Refusal::NotForYou)?;
    Ok(Claimant { unit_id, for_unit: false, account_id })
}

/// Claims one of an offer, for a unit or for oneself; answers the claimant's own assignment.
pub async fn claim(
    app: &App,
    call: &Call,
    id: AssignmentId,
    for_unit: Option<OrgUnitId>,
    once: Once,
) -> Done<Assignment> {
    let tx = app.begin(call, "claimAssignment").await?;
    let district = call.district()?;
    let held = lock(&tx, district, id).await?;
    let permit = held.around().permit(call, Action::ClaimAssignment)?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(lock(&tx, district, AssignmentId(made)).await?.assignment);
    }
    let claimant = claimant(&tx, call, &held, for_unit).await?;
    let earlier = assignment::is_claimed(&tx, district, id, &claimant).await?;
    let rules = app.rules(district).await?;
    let before = held.assignment;
    let ((after, step), (own, own_step)) =
        before.clone().claim(app.id(), claimant, earlier, &rules, tx.now())?;
    assignment::update_assignment(&tx, &permit, &before, &after, &step, &rules).await?;
    tell_step(&tx, district, &own, &own, &own_step).await?;
    assignment::insert_assignments(&tx, &permit, &[(own.clone(), vec![own_step])], &rules, true).await?;
    once.keep(&tx, call, own.id.0).await?;
    finish(app, tx).await?;
    Ok(own)
}

/// The offer of which an assignment is a claim, about to be changed. It is locked before the claim, as
/// whoever claims locks it first.
pub(super) async fn lock_offer(
    tx: &Tx,
    district: DistrictId,
    claim: AssignmentId,
) -> Result<Option<Assignment>, StoreError> {
    let whole = match assignment::assignment(tx, district, claim).await?.and_then(|claim| claim.parent_id) {
        Some(whole) => assignment::assignment(tx, district, whole).await?,
        None => None,
    };
    match whole.filter(Assignment::is_offer) {
        Some(offer) => assignment::lock_assignment(tx, district, offer.id).await,
        None => Ok(None),
    }
}

/// How an assignment is handed down.
pub struct HandingDown {
    /// Which.
    pub id: AssignmentId,
    /// The version that the client read.
    pub version: Option<i32>,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Whether to every branch below.
    pub branches: bool,
    /// The parts' own measure.
    pub measure: Option<Measure>,
    /// The parts' own due time.
    pub due_at: Option<DateTime<Utc>>,
}

/// What came of handing down.
pub struct HandedDown {
    /// The whole.
    pub whole: Assignment,
    /// The branches to which nothing was given, because nobody there could be the owner.
    pub without_owner: Vec<OrgUnit>,
    /// How many branches are still to get a part.
    pub remaining: usize,
}

/// Who is to get a part: who has one already gets no other.
struct Spread {
    placements: Vec<Placement>,
    without_owner: Vec<OrgUnit>,
}

/// The branches below a unit, each with whom its assignments would be given to; none where nobody there
/// could be the owner.
async fn branches(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    unit: &OrgUnit,
) -> Result<Vec<(OrgUnit, Option<Placement>)>, StoreError> {
    let below = organization::subtree(tx, district, &unit.path).await?;
    let branches: Vec<_> = below.into_iter().filter(|u| u.kind.is_branch() && u.id != unit.id).collect();
    let ids: Vec<_> = branches.iter().map(|u| u.id).collect();
    let mut posts = posts_on(tx, district, &ids).await?;
    let with_head = |branch: OrgUnit| {
        let posts = posts.remove(&branch.id.0).unwrap_or_default();
        let head = to_unit(&branch, &posts, app.today(&branch.time_zone));
        (branch, head)
    };
    Ok(branches.into_iter().map(with_head).collect())
}

/// Those who answer for the branches to which something is offered.
pub(super) async fn heads(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    unit: &OrgUnit,
) -> Result<Vec<(OrgUnitId, AccountId)>, StoreError> {
    let branches = branches(app, tx, district, unit).await?;
    let heads = branches.into_iter().filter_map(|(branch, head)| Some((branch.id, head?.addressee.owner()?)));
    Ok(heads.collect())
}

async fn spread(app: &App, tx: &Tx, call: &Call, held: &Held, wanted: &HandingDown) -> Done<Spread> {
    let district = call.district()?;
    let parts = assignment::lock_parts(tx, district, held.assignment.id).await?;
    let live = parts.into_iter().filter(|part| part.state() != AssignmentState::Cancelled);
    let mut taken: HashSet<_> = live.filter_map(|part| key(&part.placement)).collect();
    let mut all = Spread { placements: Vec::new(), without_owner: Vec::new() };
    for to in &wanted.to {
        let placement = place(app, tx, district, &held.unit.path, *to).await?;
        if key(&placement).is_none_or(|key| taken.insert(key)) {
            all.placements.push(placement);
        }
    }
    if wanted.branches {
        for (branch, head) in branches(app, tx, district, &held.unit).await? {
            match head {
                Some(placement) if taken.insert((branch.id, None)) => all.placements.push(placement),
                Some(_) => {}
                None if taken.contains(&(branch.id, None)) => {}
                None => all.without_owner.push(branch),
            }
        }
    }
    Ok(all)
}

/// What tells parts apart: the unit, or the person there. Offers may stand beside each other.
fn key(placement: &Placement) -> Option<(OrgUnitId, Option<AccountId>)> {
    match placement.addressee {
        Addressee::Unit { .. } => Some((placement.unit_id, None)),
        addressee => addressee.owner().map(|owner| (placement.unit_id, Some(owner))),
    }
}

/// Gives parts of an assignment to units and people below; who has one already gets no other. Of many
/// branches the first so many get theirs, the others when it is handed down again.
pub async fn hand_down(app: &App, call: &Call, wanted: HandingDown, once: Once) -> Done<HandedDown> {
    let tx = app.begin(call, "handDownAssignment").await?;
    let district = call.district()?;
    let held = lock(&tx, district, wanted.id).await?;
    let permit = held.around().permit_below(call)?;
    let earlier = once.earlier::<Uuid>(&tx, call).await?;
    let Spread { mut placements, without_owner } = spread(app, &tx, call, &held, &wanted).await?;
    if earlier.is_some() {
        return Ok(HandedDown { whole: held.assignment, without_owner, remaining: placements.len() });
    }
    let before = held.assignment;
    if wanted.version.is_some_and(|v| v != before.version) {
        return Err(Refusal::Stale.into());
    }
    before.check_divisible()?;
    match placements.len() {
        0 if without_owner.is_empty() => return Err(Refusal::NobodyBelow.into()),
        0 => return Err(Refusal::NoOwner.into()),
        _ => {}
    }
    let remaining = placements.len().saturating_sub(MOST);
    placements.truncate(MOST);
    let (by, now, rules) = (call.account()?, tx.now(), app.rules(district).await?);
    let part = |placement| {
        let part = Part { id: app.id(), placement };
        before.hand_down(part, wanted.measure.clone(), wanted.due_at, by, &rules, now)
    };
    let parts = placements.into_iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let (after, step) = before.clone().divided(by, now)?;
    assignment::insert_assignments(&tx, &permit, &parts, &rules, true).await?;
    assignment::update_assignment(&tx, &permit, &before, &after, &step, &rules).await?;
    once.keep(&tx, call, after.id.0).await?;
    let told = parts.iter().filter_map(|(part, steps)| Some(news_of(part, part, steps.last()?)));
    let told = told.chain([news_of(&before, &after, &step)]).flatten().collect();
    outbox::publish_all(&tx, district, told).await?;
    finish(app, tx).await?;
    Ok(HandedDown { whole: after, without_owner, remaining })
}
