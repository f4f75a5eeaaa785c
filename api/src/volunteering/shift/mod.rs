//! Teams, projects and shifts, and who signs up for them.

mod input;
mod mutation;
mod object;
pub mod ops;
mod query;

pub use mutation::ShiftMutation;
pub use object::{SignUpObject, VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamObject};
pub use query::ShiftQuery;
