//! Teams, projects and shifts, who signs up for them, and who was there.

mod input;
mod mutation;
mod object;
pub mod ops;
mod presence;
mod presence_input;
mod query;
mod sign_up_object;
mod team_mutation;
mod team_object;
mod team_query;

pub use mutation::ShiftMutation;
pub use object::VolunteerShiftObject;
pub use presence::{CheckInAtShiftDone, CheckOutOfShiftDone, ShiftPresenceMutation};
pub use query::ShiftQuery;
pub use sign_up_object::SignUpObject;
pub use team_mutation::TeamMutation;
pub use team_object::{VolunteerProjectObject, VolunteerTeamMemberObject, VolunteerTeamObject};
pub use team_query::TeamQuery;
