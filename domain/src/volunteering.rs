//! Volunteer hours: what somebody did for others, verified by those responsible, made known, and
//! only then counted in a ledger that is never rewritten.

mod entry;
mod export;
mod flag;
mod ledger;
mod objection;
mod recognition;
mod record_sheet;
mod refusal;
mod report;
mod review;
mod shift;
mod sign_up;
mod star;
mod team;

pub use entry::{HourOrigin, HourProgress, HourState, Service, ServiceHourEntry, Verification};
pub use export::{
    ExportCounts, ExportMark, ExportRequest, ExportRow, HourExportRefusal, MAX_EXPORT_ROWS, ServiceHourExport,
};
pub use flag::{HourFlag, HourFlags};
pub use ledger::{HourLedgerLine, LedgerKind, Posting};
pub use objection::{Objection, ObjectionProgress, ObjectionState, Objector};
pub use recognition::RecognitionPurpose;
pub use record_sheet::{
    MAX_SHEET_LINES, RecordSheetRefusal, RecordSheetState, ServiceRecordSheet, SheetHead, SheetLine,
    masked_name,
};
pub use refusal::{HourReportRefusal, HourReviewRefusal, ObjectionRefusal};
pub use report::{Booked, HourReport};
pub use review::Verdict;
pub use shift::{HeadCount, NewShift, ShiftProgress, ShiftRefusal, ShiftState, VolunteerShift};
pub use sign_up::{SignUp, SignUpProgress, SignUpRefusal, SignUpState, Volunteer};
pub use star::{VolunteerStarLevel, star_level};
pub use team::{VolunteerProject, VolunteerProjectRefusal, VolunteerTeam};

#[cfg(test)]
mod tests;
