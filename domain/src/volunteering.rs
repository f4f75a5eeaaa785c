//! Volunteer hours: what somebody did for others, verified by those responsible, made known, and
//! only then counted in a ledger that is never rewritten.

mod entry;
mod flag;
mod ledger;
mod objection;
mod refusal;
mod report;
mod review;
mod star;

pub use entry::{HourOrigin, HourProgress, HourState, Service, ServiceHourEntry, Verification};
pub use flag::{HourFlag, HourFlags};
pub use ledger::{HourLedgerLine, LedgerKind, Posting};
pub use objection::{Objection, ObjectionProgress, ObjectionState, Objector};
pub use refusal::{HourReportRefusal, HourReviewRefusal, ObjectionRefusal};
pub use report::{Booked, HourReport};
pub use review::Verdict;
pub use star::{VolunteerStarLevel, star_level};

#[cfg(test)]
mod tests;
