//! A counter that grows whenever somebody's rights, the rules or the units change, so that every
//! process on this database can forget what it has kept.

use crate::{Connect, Result, Tx, sql};

/// Says that something has changed.
pub async fn advance(tx: &Tx) -> Result<()> {
    sql::execute(tx, "UPDATE epoch SET n = n + 1 WHERE id = 1", vec![]).await?;
    Ok(())
}

/// The counter.
pub async fn current(db: &impl Connect) -> Result<u64> {
    sql::count(db, "SELECT n FROM epoch WHERE id = 1", vec![]).await
}
