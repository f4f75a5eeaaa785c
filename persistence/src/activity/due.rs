//! When an activity's next step is due: kept with it, so that the job finds the due ones, and
//! only them, by one index.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use zhibu_domain::{id::ActivityId, policy::Permit};

use crate::{Result, Tx, due::Due, sql};

/// The activities whose next step is due.
pub const DUE: Due<ActivityId> = Due::new("activity", "id", "due_at");

/// Corrects when an activity's next step is due. The caller has locked it. That it is kept says
/// nothing new of the activity: the audit has no entry of it.
pub async fn set_due(tx: &Tx, permit: &Permit, id: ActivityId, due_at: Option<DateTime<Utc>>) -> Result<()> {
    let text = "UPDATE activity SET due_at = $3 WHERE district_id = $1 AND id = $2";
    sql::execute(tx, text, vec![permit.district_id().0.into(), id.0.into(), due_at.into()]).await?;
    Ok(())
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
