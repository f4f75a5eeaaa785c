//! Volunteer hours: reporting, review, public notice, the ledger.

mod input;
pub mod job;
mod mutation;
mod object;
pub mod ops;
mod query;

pub use mutation::VolunteeringMutation;
pub use object::{HourLedgerLineObject, ObjectionObject, PublicityEntry, ServiceHourEntryObject};
pub use query::VolunteeringQuery;
