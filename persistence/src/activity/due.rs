//! When an activity's next step is due: kept with it, so that the job finds the due ones, and
//! only them, by one index.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;
use zhibu_domain::{
    id::{ActivityId, DistrictId},
    policy::Permit,
};

use crate::{Connect, Result, Store, Tx, sql};

#[derive(FromQueryResult)]
struct DueRow {
    district_id: Uuid,
    id: Uuid,
}

/// The activities of all districts whose next step is due, longest due first.
pub async fn activities_due(
    db: &impl Connect,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(DistrictId, ActivityId)>> {
    let text =
        format!("SELECT district_id, id FROM activity WHERE due_at <= $1 ORDER BY due_at, id LIMIT {limit}");
    let rows = sql::all::<DueRow>(db, &text, vec![now.into()]).await?;
    Ok(rows.into_iter().map(|r| (DistrictId(r.district_id), ActivityId(r.id))).collect())
}

async fn set(
    db: &impl Connect,
    district: DistrictId,
    id: ActivityId,
    due_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let text = "UPDATE activity SET due_at = $3 WHERE district_id = $1 AND id = $2";
    sql::execute(db, text, vec![district.0.into(), id.0.into(), due_at.into()]).await?;
    Ok(())
}

/// Corrects when an activity's next step is due. The caller has locked it. That it is kept says
/// nothing new of the activity: the audit has no entry of it.
pub async fn set_due(tx: &Tx, permit: &Permit, id: ActivityId, due_at: Option<DateTime<Utc>>) -> Result<()> {
    set(tx, permit.district_id(), id, due_at).await
}

/// Puts off an activity whose step failed, so that it doesn't stand in the way of the others.
pub async fn put_off(
    store: &Store,
    district: DistrictId,
    id: ActivityId,
    until: DateTime<Utc>,
) -> Result<()> {
    set(&store.writing(), district, id, Some(until)).await
}

/// Has the activities from `day` on looked at again, because a rule has changed by which their
/// steps are due.
pub async fn reconsider(tx: &Tx, permit: &Permit, day: NaiveDate) -> Result<()> {
    // A day begins earlier in the east: one day more is looked at.
    let from = day.checked_sub_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc();
    let text =
        "UPDATE activity SET due_at = $3 WHERE district_id = $1 AND starts_at >= $2 AND due_at IS NOT NULL";
    sql::execute(tx, text, vec![permit.district_id().0.into(), from.into(), tx.now().into()]).await?;
    Ok(())
}
