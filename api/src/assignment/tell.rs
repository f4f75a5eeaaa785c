//! What the outbox is told of assignments: which accounts should hear of it, and where it lies.

use serde_json::json;
use zhibu_domain::{
    assignment::Assignment,
    id::{AccountId, DistrictId, OrgUnitId},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{
    StoreError, Tx,
    outbox::{self, News},
};

/// Given to its owner, or offered.
pub const DISPATCHED: &str = "assignment.dispatched";
/// Something was done with it.
pub const CHANGED: &str = "assignment.changed";
/// It will be due.
pub const DUE_SOON: &str = "assignment.due_soon";
/// It is overdue.
pub const OVERDUE: &str = "assignment.overdue";
/// It has been overdue for long; the unit is the superior that hears of it.
pub const ESCALATED: &str = "assignment.escalated";

/// News for some accounts, each once.
fn news(
    kind: &'static str,
    assignment: &Assignment,
    accounts: impl IntoIterator<Item = AccountId>,
    unit: OrgUnitId,
) -> News {
    let mut accounts: Vec<_> = accounts.into_iter().collect();
    accounts.sort();
    accounts.dedup();
    let payload = json!({
        "accounts": accounts, "units": [unit], "title": assignment.terms.title, "at": assignment.due_at,
        "outcome": assignment.state().code(),
    });
    News { kind, subject: assignment.id.0, payload }
}

/// Tells some accounts, each once.
pub async fn tell(
    tx: &Tx,
    district: DistrictId,
    kind: &'static str,
    assignment: &Assignment,
    accounts: impl IntoIterator<Item = AccountId>,
    unit: OrgUnitId,
) -> Result<(), StoreError> {
    outbox::publish_all(tx, district, vec![news(kind, assignment, accounts, unit)]).await
}

/// News for the owner, before and after, and the issuer, but not for who did it.
pub fn news_to_others(before: &Assignment, after: &Assignment, by: AccountId) -> News {
    let others = [before.owner(), after.owner(), Some(after.issued_by)].into_iter().flatten();
    news(CHANGED, after, others.filter(|account| *account != by), after.placement.unit_id)
}

/// Tells the owner, before and after, and the issuer, but not who did it.
pub async fn tell_others(
    tx: &Tx,
    district: DistrictId,
    before: &Assignment,
    after: &Assignment,
    by: AccountId,
) -> Result<(), StoreError> {
    outbox::publish_all(tx, district, vec![news_to_others(before, after, by)]).await
}

/// Tells the new owner; of an offer nobody is told by name.
pub async fn tell_owner(tx: &Tx, district: DistrictId, given: &Assignment) -> Result<(), StoreError> {
    tell(tx, district, DISPATCHED, given, given.owner(), given.placement.unit_id).await
}
