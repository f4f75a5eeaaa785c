use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    id::{AccountId, HourLedgerLineId, OrgUnitId, PartyMemberId, ServiceHourEntryId},
    vocabulary,
};

vocabulary! {
    /// What a line of the ledger does.
    pub enum LedgerKind {
        /// An entry begins to count.
        Grant = "GRANT" => "入账", "Grant";
        /// An entry that counted is taken back.
        Reversal = "REVERSAL" => "冲销", "Reversal";
        /// An entry that counts is counted anew.
        Recalculation = "RECALCULATION" => "重算", "Recalculation";
    }
}

/// What is to be written into the ledger: by how many minutes an entry counted, and will count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {
    /// Which entry.
    pub entry_id: ServiceHourEntryId,
    /// Whose.
    pub member_id: PartyMemberId,
    /// For which unit.
    pub unit_id: OrgUnitId,
    /// The year of the service.
    pub year: i32,
    /// What happens.
    pub kind: LedgerKind,
    /// The entry's counted minutes before.
    pub before: i64,
    /// The entry's counted minutes after.
    pub after: i64,
    /// Who did it; none is the end of the notice.
    pub by: Option<AccountId>,
    /// Why, where somebody did it.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Posting {
    /// By how much the balance changes.
    pub fn delta(&self) -> i64 {
        self.after - self.before
    }
}

/// A line of the ledger: never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HourLedgerLine {
    /// Identity.
    pub id: HourLedgerLineId,
    /// What it does.
    pub posting: Posting,
    /// The balance of the member, unit and year after it.
    pub balance: i64,
}
