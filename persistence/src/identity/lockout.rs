use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::json;
use zhibu_domain::{
    id::DistrictId,
    identity::{IdentityEvent, Lockout, SecretHash},
    policy::Permit,
    vocabulary::Vocabulary,
};

use super::event::{Whom, record};
use crate::{Connect, Result, Tx, sql};

/// A count of failures, locked against others who fail at the same time, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The digest that it is counted under.
    pub key: SecretHash,
    /// As found.
    pub before: Lockout,
    /// As decided.
    pub after: Lockout,
}

#[derive(FromQueryResult)]
struct CountRow {
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
}

/// Locks the count of a digest; where there is none, one begins.
pub async fn lock_count(tx: &Tx, district: DistrictId, key: SecretHash) -> Result<Counted> {
    let text = "INSERT INTO lockout (district_id, key_hash, failures, changed_at) VALUES ($1, $2, 0, $3)
        ON CONFLICT (district_id, key_hash) DO UPDATE SET changed_at = excluded.changed_at
        RETURNING failures, locked_until";
    let values = vec![district.0.into(), key.0.to_vec().into(), tx.now().into()];
    let row = sql::one::<CountRow>(tx, text, values).await?;
    let before =
        row.map(|row| Lockout { failures: row.failures, locked_until: row.locked_until }).unwrap_or_default();
    Ok(Counted { key, before, after: before })
}

/// The count of a digest, as it is now.
pub async fn lockout(db: &impl Connect, district: DistrictId, key: SecretHash) -> Result<Lockout> {
    let text = "SELECT failures, locked_until FROM lockout WHERE district_id = $1 AND key_hash = $2";
    let row = sql::one::<CountRow>(db, text, vec![district.0.into(), key.0.to_vec().into()]).await?;
    Ok(row.map(|row| Lockout { failures: row.failures, locked_until: row.locked_until }).unwrap_or_default())
}

/// Remembers counts that have changed. What changed them is an event of its own in the audit.
pub async fn save_counts(tx: &Tx, permit: &Permit, counts: &[Counted]) -> Result<()> {
    for count in counts.iter().filter(|count| count.before != count.after) {
        let text =
            "UPDATE lockout SET failures = $3, locked_until = $4 WHERE district_id = $1 AND key_hash = $2";
        let values = vec![
            permit.district_id().0.into(),
            count.key.0.to_vec().into(),
            count.after.failures.into(),
            count.after.locked_until.into(),
        ];
        sql::execute(tx, text, values).await?;
    }
    Ok(())
}

/// Remembers a failure and what it brings.
pub async fn save_failure(
    tx: &Tx,
    permit: &Permit,
    whom: Whom,
    why: impl Vocabulary,
    counts: &[Counted],
) -> Result<()> {
    save_counts(tx, permit, counts).await?;
    let locked = counts.iter().filter(|c| c.before.locked_until != c.after.locked_until);
    let until = locked.filter_map(|c| c.after.locked_until).max();
    let event = if until.is_some() { IdentityEvent::Locked } else { IdentityEvent::Failed };
    record(tx, permit, event, whom, &[("why", json!(why.code())), ("lockedUntil", json!(until))]).await
}
