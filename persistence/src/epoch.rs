//! A counter that grows whenever somebody's rights, the rules or the units change, so that every
//! process on this database can forget what it has kept. Whoever listens is told at once, besides.

use uuid::Uuid;

use crate::{Connect, Result, Tx, signal::Signal, sql};

/// Says that the counter has moved, or a session has ended: time to look. It is of no tenant.
pub const MOVED: Signal = (Uuid::nil(), Uuid::nil());

/// Says that something has changed.
pub async fn advance(tx: &Tx) -> Result<()> {
    sql::execute(tx, "UPDATE epoch SET n = n + 1 WHERE id = 1", vec![]).await?;
    tx.signal(MOVED).await
}

/// The counter.
pub async fn current(db: &impl Connect) -> Result<u64> {
    sql::count(db, "SELECT n FROM epoch WHERE id = 1", vec![]).await
}
