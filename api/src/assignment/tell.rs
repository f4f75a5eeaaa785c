//! What the outbox is told of assignments: which accounts should hear of it, and where it lies.

use serde_json::json;
use zhibu_domain::{
    assignment::{Addressee, Assignment, AssignmentStepKind as Kind, Step},
    id::{AccountId, DistrictId, OrgUnitId},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{
    StoreError, Tx,
    outbox::{self, News},
};

/// Given to its owner.
const DISPATCHED: &str = "assignment.dispatched";
/// Offered to whoever claims it.
const OFFERED: &str = "assignment.offered";
/// Something was done with it.
const CHANGED: &str = "assignment.changed";
/// Its owner has it back: it isn't good enough yet, or isn't done any more.
const RETURNED: &str = "assignment.returned";
/// It isn't to be done any more, or not by the same owner.
const CANCELLED: &str = "assignment.cancelled";
/// It will be due.
pub const DUE_SOON: &str = "assignment.due_soon";
/// It is overdue.
pub const OVERDUE: &str = "assignment.overdue";
/// It has been overdue for long; the unit is the superior that hears of it.
pub const ESCALATED: &str = "assignment.escalated";

/// News for some accounts, each once; those who follow it see it change without being told.
fn news(
    kind: &'static str,
    assignment: &Assignment,
    accounts: impl IntoIterator<Item = AccountId>,
    followers: impl IntoIterator<Item = AccountId>,
    units: &[OrgUnitId],
    reason: Option<&str>,
) -> News {
    let sorted = |mut accounts: Vec<AccountId>| {
        accounts.sort();
        accounts.dedup();
        accounts
    };
    let placement = assignment.placement;
    // The owners know whose it is. Who answers for a unit or holds a post is told by the unit; only who was
    // named is told by name.
    let unit = matches!(kind, CHANGED | OVERDUE | ESCALATED).then_some(placement.unit_id);
    let person = match placement.addressee {
        Addressee::Member { owner } if unit.is_some() => Some(owner),
        _ => None,
    };
    let payload = json!({
        "accounts": sorted(accounts.into_iter().collect()), "followers": sorted(followers.into_iter().collect()),
        "units": units, "title": assignment.terms.title, "at": assignment.due_at,
        "outcome": assignment.state().code(), "reason": reason,
        "unit": unit, "person": person,
    });
    News { kind, subject: assignment.id.0, payload }
}

/// Tells some accounts of what time has brought.
pub async fn tell(
    tx: &Tx,
    district: DistrictId,
    kind: &'static str,
    assignment: &Assignment,
    accounts: impl IntoIterator<Item = AccountId>,
    unit: OrgUnitId,
) -> Result<(), StoreError> {
    outbox::publish_all(
        tx,
        district,
        vec![news(kind, assignment, accounts, [], &[unit], assignment.progress.reason())],
    )
    .await
}

/// What is told of a step, but not to who took it: the owner of what they get, get back or lose, the
/// issuer of what waits for them. That something is going on is told nobody: it is seen.
pub fn news_of(before: &Assignment, after: &Assignment, step: &Step) -> Vec<News> {
    let (old, new, issuer) = (before.owner(), after.owner(), Some(after.issued_by));
    if !after.is_known() {
        return Vec::new();
    }
    let (kind, told): (_, &[_]) = match step.kind {
        Kind::Dispatched | Kind::Reassigned | Kind::Succeeded => (DISPATCHED, &[new]),
        Kind::Returned | Kind::Reopened => (RETURNED, &[new]),
        Kind::Cancelled => (CANCELLED, &[new, issuer]),
        Kind::Declined | Kind::Submitted | Kind::HandedBack => (CHANGED, &[issuer]),
        Kind::Verified => (CHANGED, &[new, issuer]),
        _ => (CHANGED, &[]),
    };
    let others = |accounts: &[Option<AccountId>]| -> Vec<_> {
        accounts.iter().flatten().copied().filter(|account| Some(*account) != step.by).collect()
    };
    let told = match step.kind {
        // Whoever took the member off the roster may not think of it.
        Kind::HandedBack => issuer.into_iter().collect(),
        _ => others(told),
    };
    let (units, note) = ([after.placement.unit_id], step.note.as_deref());
    // Why it was taken from somebody else is nothing for whoever gets it next.
    let reason = note.filter(|_| step.kind != Kind::Reassigned).or(after.progress.reason());
    let followers = [old, new, issuer, step.by].into_iter().flatten();
    let mut all = vec![news(kind, after, told, followers, &units, reason)];
    if matches!(step.kind, Kind::Reassigned | Kind::Succeeded) && old != new {
        all.push(news(CANCELLED, after, others(&[old]), [], &[before.placement.unit_id], note));
    }
    all
}

/// Tells of a step.
pub async fn tell_step(
    tx: &Tx,
    district: DistrictId,
    before: &Assignment,
    after: &Assignment,
    step: &Step,
) -> Result<(), StoreError> {
    outbox::publish_all(tx, district, news_of(before, after, step)).await
}

/// Tells those who answer for the branches below that something is to be claimed.
pub async fn tell_offered(
    tx: &Tx,
    district: DistrictId,
    offer: &Assignment,
    heads: Vec<(OrgUnitId, AccountId)>,
) -> Result<(), StoreError> {
    let units: Vec<_> = heads.iter().map(|head| head.0).chain([offer.placement.unit_id]).collect();
    let heads = heads.into_iter().map(|head| head.1).filter(|head| *head != offer.issued_by);
    outbox::publish_all(tx, district, vec![news(OFFERED, offer, heads, [], &units, None)]).await
}
