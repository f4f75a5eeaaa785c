//! Volunteer hours: reporting, review, public notice, the ledger; record sheets and exports. Teams,
//! projects and shifts.

pub mod export;
mod home;
mod input;
pub mod job;
mod list;
mod mutation;
mod node;
mod object;
pub mod ops;
mod query;
mod recognition;
pub mod record;
pub mod rest;
pub(crate) mod service_row;
pub mod shift;

pub use home::VolunteeringHome;
pub use input::ReportServiceHoursInput;
pub use mutation::{ReportServiceHoursDone, VolunteeringMutation, report_hours};
pub use node::{entry_node, objection_node, project_node, shift_node, sign_up_node, team_node};
pub use object::{HourLedgerLineObject, ObjectionObject, PublicityEntry, ServiceHourEntryObject};
pub use query::VolunteeringQuery;
pub use recognition::{Reading, RecognitionQuery};
