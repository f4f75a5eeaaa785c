//! The books of a district that is filled from elsewhere, without an audit entry for each row.

use zhibu_domain::{
    policy::Permit,
    volunteering::{HourLedgerLine, ServiceHourEntry},
};

use super::{recognition, row};
use crate::{Result, Tx, row::insert_all, sql};

/// Remembers entries that nobody objects to, with the lines that they came to. The balances are
/// counted when all are there.
pub async fn open_books(
    tx: &Tx,
    permit: &Permit,
    entries: &[ServiceHourEntry],
    lines: &[HourLedgerLine],
) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, entries.iter().map(|e| row::stored_entry(district, e, false)).collect()).await?;
    insert_all(tx, lines.iter().map(|line| row::stored_line(district, line)).collect()).await
}

/// Counts the balances of a district that has none yet from its ledger.
pub async fn balance_books(tx: &Tx, permit: &Permit) -> Result<()> {
    let text = "INSERT INTO hour_balance (district_id, member_id, unit_id, year, minutes)
        SELECT district_id, member_id, unit_id, year, sum(after_minutes - before_minutes) FROM hour_ledger
        WHERE district_id = $1 GROUP BY district_id, member_id, unit_id, year";
    sql::execute(tx, text, vec![permit.district_id().0.into()]).await?;
    recognition::count(tx, permit.district_id()).await
}
