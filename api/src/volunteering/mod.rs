//! Volunteer hours: reporting, review, public notice, the ledger. Teams, projects and shifts.

mod home;
mod input;
pub mod job;
mod mutation;
mod object;
pub mod ops;
mod query;
mod recognition;
pub mod shift;

pub use home::VolunteeringHome;
pub use mutation::VolunteeringMutation;
pub use object::{HourLedgerLineObject, ObjectionObject, PublicityEntry, ServiceHourEntryObject};
pub use query::VolunteeringQuery;
pub use recognition::{Reading, RecognitionQuery};
