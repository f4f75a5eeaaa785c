//! Rosters as offices keep them: a grid of cells in, a plan of what to enter and change out.
//! Everything is decided before anything is written.

mod clean;
mod column;
mod day;
mod duplicate;
mod entry;
mod error;
mod field;
mod header;
mod known;
mod matching;
mod plan;
mod sheet;
#[cfg(test)]
mod tests;
mod unit;

pub use column::RosterColumn;
pub use error::{RosterFileRefusal, RosterIssue, RosterRowError};
pub use header::header_row;
pub use known::KnownPerson;
pub use plan::{PlannedChange, PlannedReturn, RosterPlan, plan};
pub use sheet::{Cell, MAX_CELL_CHARS, Sheet, SheetRow};
pub use unit::RosterUnit;
