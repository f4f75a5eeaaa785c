//! The month report of a unit: figures that are defined once, and the records behind each.

pub mod export;
mod object;
mod query;

pub use object::UnitReport;
pub use query::ReportQuery;
