//! When something is to be told of an assignment: kept with it, so that the job finds the due
//! ones, and only them, by one index.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;
use zhibu_domain::{
    assignment::Assignment,
    id::{AssignmentId, DistrictId},
    policy::Permit,
    rule::Rules,
};

use super::row;
use crate::{
    Connect, Result, Store, Tx,
    audit::{self, Entry},
    row::update,
    sql,
};

#[derive(FromQueryResult)]
struct DueRow {
    district_id: Uuid,
    id: Uuid,
}

/// The assignments of all districts of which something is to be told, longest due first.
pub async fn alerts_due(
    db: &impl Connect,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(DistrictId, AssignmentId)>> {
    let text = format!(
        "SELECT district_id, id FROM assignment WHERE next_alert_at <= $1 ORDER BY next_alert_at, id LIMIT {limit}"
    );
    let rows = sql::all::<DueRow>(db, &text, vec![now.into()]).await?;
    Ok(rows.into_iter().map(|r| (DistrictId(r.district_id), AssignmentId(r.id))).collect())
}

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

/// Puts off an assignment of which telling failed, so that it doesn't stand in the way of others.
pub async fn put_off(
    store: &Store,
    district: DistrictId,
    id: AssignmentId,
    until: DateTime<Utc>,
) -> Result<()> {
    let text = "UPDATE assignment SET next_alert_at = $3 WHERE district_id = $1 AND id = $2";
    sql::execute(&store.writing(), text, vec![district.0.into(), id.0.into(), until.into()]).await?;
    Ok(())
}

/// Has all that is open looked at again, because a rule has changed by which it is told.
pub async fn reconsider(tx: &Tx, permit: &Permit) -> Result<()> {
    let text =
        "UPDATE assignment SET next_alert_at = $2 WHERE district_id = $1 AND next_alert_at IS NOT NULL";
    sql::execute(tx, text, vec![permit.district_id().0.into(), tx.now().into()]).await?;
    Ok(())
}
