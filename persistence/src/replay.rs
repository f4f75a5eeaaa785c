//! Answers kept for a day, so that a request sent twice over a bad link is done once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
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

/// Keys of one sender and one operation, asked for together.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The tenant.
    pub district: DistrictId,
    /// The sender.
    pub account: AccountId,
    /// The operation.
    pub operation: &'a str,
}

#[derive(FromQueryResult)]
struct KeyedRow {
    key: String,
    fingerprint: Vec<u8>,
    answer: Option<serde_json::Value>,
}

/// What is kept under some keys.
pub async fn find_all(db: &impl Connect, of: Keys<'_>, keys: &[String]) -> Result<HashMap<String, Answer>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT key, fingerprint, answer FROM replayed_answer
         WHERE district_id = $1 AND account_id = $2 AND operation = $3 AND {}",
        sql::in_list("key", 4, keys.len())
    );
    let mut values: Vec<Value> = vec![of.district.0.into(), of.account.0.into(), of.operation.into()];
    values.extend(keys.iter().map(|key| Value::from(key.as_str())));
    let rows = sql::all::<KeyedRow>(db, &text, values).await?;
    let answer = |row: KeyedRow| (row.key, Answer { fingerprint: row.fingerprint, answer: row.answer });
    Ok(rows.into_iter().map(answer).collect())
}

/// Keeps what is known under some keys, in the order of the keys; what was answered before stays.
pub async fn keep_all(
    store: &Store,
    of: Keys<'_>,
    kept: &[(String, Answer)],
    now: DateTime<Utc>,
) -> Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    let row = |n| format!("($1, $2, $3, ${}, ${}, ${}, $4)", 3 * n + 5, 3 * n + 6, 3 * n + 7);
    let rows: Vec<_> = (0..kept.len()).map(row).collect();
    let text = format!(
        "INSERT INTO replayed_answer (district_id, account_id, operation, key, fingerprint, answer, created_at)
         VALUES {} ON CONFLICT (district_id, account_id, operation, key) DO UPDATE SET answer = excluded.answer
         WHERE replayed_answer.answer IS NULL AND replayed_answer.fingerprint = excluded.fingerprint",
        rows.join(", ")
    );
    let mut values: Vec<Value> =
        vec![of.district.0.into(), of.account.0.into(), of.operation.into(), now.into()];
    for (key, Answer { fingerprint, answer }) in kept {
        values.extend([key.as_str().into(), fingerprint.clone().into(), answer.clone().into()]);
    }
    sql::execute(&store.writing(), &text, values).await?;
    Ok(())
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

/// Forgets answers given before `before`, at most `limit`.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let (old, values) = ("created_at < $1", vec![before.into()]);
    sql::delete_some(&store.writing(), "replayed_answer", old, values, "created_at", limit).await
}
