//! Answers kept for a day, so that a request sent twice over a bad link is done once.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use zhibu_domain::id::{AccountId, DistrictId};

use crate::{Connect, Result, Store, Tx, sql};

/// Whose request, under which key.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// The tenant.
    pub district: DistrictId,
    /// The sender.
    pub account: AccountId,
    /// The operation.
    pub operation: &'a str,
    /// The client's key.
    pub key: &'a str,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Answer {
    /// Of what the request said; another request under the same key is an error.
    pub fingerprint: Vec<u8>,
    /// The answer.
    pub answer: Option<serde_json::Value>,
}

/// The answer given under a key, if any.
pub async fn find(db: &impl Connect, key: &Key<'_>) -> Result<Option<Answer>> {
    let text = "SELECT fingerprint, answer FROM replayed_answer
        WHERE district_id = $1 AND account_id = $2 AND operation = $3 AND key = $4";
    let values = vec![key.district.0.into(), key.account.0.into(), key.operation.into(), key.key.into()];
    sql::one(db, text, values).await
}

/// Keeps an answer, in the transaction that it tells of. Two requests under one key at once:
/// the second waits for the first and then finds its key taken; answers whether it was free.
pub async fn keep(tx: &Tx, key: &Key<'_>, fingerprint: Vec<u8>, answer: serde_json::Value) -> Result<bool> {
    let text = "INSERT INTO replayed_answer (district_id, account_id, operation, key, fingerprint, answer, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = vec![
        key.district.0.into(),
        key.account.0.into(),
        key.operation.into(),
        key.key.into(),
        fingerprint.into(),
        answer.into(),
        tx.now().into(),
    ];
    Ok(sql::execute(tx, text, values).await? == 1)
}

/// Forgets answers given before `before`.
pub async fn forget(store: &Store, before: DateTime<Utc>) -> Result<u64> {
    sql::execute(&store.writing(), "DELETE FROM replayed_answer WHERE created_at < $1", vec![before.into()])
        .await
}
