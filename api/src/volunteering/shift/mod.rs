//! Teams, projects and shifts, who signs up for them, and who was there.

mod input;
mod mutation;
mod object;
pub mod ops;
mod presence;
mod presence_input;
mod query;
mod sign_up_object;

pub use mutation::ShiftMutation;
pub use object::{VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamObject, shift_node};
pub use presence::ShiftPresenceMutation;
pub use query::ShiftQuery;
pub use sign_up_object::SignUpObject;
