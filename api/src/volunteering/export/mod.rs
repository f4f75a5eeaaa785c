//! Verified hours taken out for the national system (R27).

mod mutation;
mod object;
pub mod ops;
mod query;
mod workbook;

pub use mutation::HourExportMutation;
pub use object::{ServiceHourExportObject, ServiceHourExportRow};
pub use query::HourExportQuery;
