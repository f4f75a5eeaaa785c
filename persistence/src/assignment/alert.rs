//! When something is to be told of an assignment: kept with it, so that the job finds the due
//! ones, and only them, by one index.

use chrono::{DateTime, Utc};
use zhibu_domain::{assignment::Assignment, id::AssignmentId, policy::Permit, rule::Rules};

use super::row;
use crate::{
    Result, Tx,
    audit::{self, Entry},
    due::Due,
    row::update,
    sql,
};

/// The assignments of which something is to be told.
pub const ALERTS_DUE: Due<AssignmentId> = Due::new("assignment", "id", "next_alert_at");

/// Remembers that something was told, or with both the same only when the next thing is to be: that
/// says nothing new, and the audit has no entry of it. The caller has locked `before`.
pub async fn save_alert(
    tx: &Tx,
    permit: &Permit,
    before: &Assignment,
    after: &Assignment,
    rules: &Rules,
) -> Result<()> {
    update(tx, row::stored(permit.district_id(), after, rules)).await?;
    if before == after {
        return Ok(());
    }
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

/// Has all that is open looked at again from a time on, because a rule changes then by which it is told.
pub async fn reconsider(tx: &Tx, permit: &Permit, from: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE assignment SET next_alert_at = $2 WHERE district_id = $1 AND next_alert_at > $2";
    sql::execute(tx, text, vec![permit.district_id().0.into(), from.into()]).await?;
    Ok(())
}
