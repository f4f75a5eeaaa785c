use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    id::{AccountId, OrgUnitId, ServiceHourEntryId, ServiceHourExportId},
    text, vocabulary,
};

/// The most rows of an export.
pub const MAX_EXPORT_ROWS: u32 = 100_000;

/// The most days of its period: a leap year.
const MAX_EXPORT_DAYS: i64 = 366;

vocabulary! {
    /// What the national system has to do with a row.
    pub enum ExportMark {
        /// It was never exported.
        New = "NEW" => "首次导出", "New";
        /// It was exported just so before.
        Repeated = "REPEATED" => "此前已导出", "Exported before";
        /// It was exported with other minutes before: reversed or recalculated since.
        Correction = "CORRECTION" => "更正", "Correction";
    }
}

vocabulary! {
    /// Why volunteer hours were not exported.
    pub refusal enum HourExportRefusal {
        /// The period ends before it begins, or is longer than a year.
        BadPeriod = "BAD_PERIOD" => "起止日期有误：截止日期不得早于起始日期，且不超过一年。", "The period must end on or after its first day and be a year at most.";
        /// The purpose is shorter than two or longer than 100 characters, or can't be shown.
        BadPurpose = "BAD_PURPOSE" => "请用2至100字说明导出用途。", "Say in 2 to 100 characters what the export is for.";
        /// There is nothing verified in the period, and nothing to correct.
        NothingToExport = "NOTHING_TO_EXPORT" => "该期间没有可导出的时长。", "There are no hours to export in this period.";
        /// There are more than 100,000 rows.
        TooManyRows = "TOO_MANY_ROWS" => "记录超过100000条，请缩短期间或按下级组织导出。", "There are more than 100,000 rows; take a shorter period or a unit below.";
    }
}

/// Verified hours of a unit and all below it, taken out for the national system (R27).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceHourExport {
    /// Identity.
    pub id: ServiceHourExportId,
    /// Of which unit and all below it.
    pub unit_id: OrgUnitId,
    /// The first civil day of service.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// What for.
    pub purpose: String,
    /// Who.
    pub account_id: AccountId,
    /// When.
    pub exported_at: DateTime<Utc>,
    /// What is in it.
    pub counts: ExportCounts,
}

/// What is in an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportCounts {
    /// Rows never exported before.
    pub new: i64,
    /// Rows exported just so before.
    pub repeated: i64,
    /// Rows exported with other minutes before.
    pub corrections: i64,
    /// The minutes of all rows.
    pub minutes: i64,
}

impl ExportCounts {
    /// All rows.
    pub fn rows(&self) -> i64 {
        self.new + self.repeated + self.corrections
    }

    /// The same, if it is something and not too much.
    pub fn check(self) -> Result<Self, HourExportRefusal> {
        match self.rows() {
            0 => Err(HourExportRefusal::NothingToExport),
            rows if rows > i64::from(MAX_EXPORT_ROWS) => Err(HourExportRefusal::TooManyRows),
            _ => Ok(self),
        }
    }
}

/// A row of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportRow {
    /// Which service.
    pub entry_id: ServiceHourEntryId,
    /// What to do with it.
    pub mark: ExportMark,
    /// The minutes by which it counted.
    pub minutes: i64,
    /// The minutes with which it was exported last; none if never.
    pub before: Option<i64>,
}

/// What is asked to be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// The first civil day of service.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// What for.
    pub purpose: String,
}

impl ExportRequest {
    /// Checks period and purpose.
    pub fn check(self) -> Result<Self, HourExportRefusal> {
        let days = i64::from(self.until.num_days_from_ce()) - i64::from(self.from.num_days_from_ce());
        if !(0..MAX_EXPORT_DAYS).contains(&days) {
            return Err(HourExportRefusal::BadPeriod);
        }
        let purpose = text::line(&self.purpose, 100).filter(|p| p.chars().count() >= 2);
        Ok(Self { purpose: purpose.ok_or(HourExportRefusal::BadPurpose)?, ..self })
    }
}
