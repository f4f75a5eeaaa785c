//! Attendance as its organizers keep it: the roster, leave, claims, corrections, figures.

mod home;
mod input;
mod leave;
mod mutation;
mod object;
pub mod ops;
mod query;
mod subscription;

pub use home::AttendanceHome;
pub use input::PositionInput;
pub use mutation::{AttendanceMutation, CheckInDone};
pub use object::{
    AttendanceObject, AttendeeObject, ClaimObject, FiguresObject, LeaveObject, TallyObject,
    attendee_connection,
};
pub use query::AttendanceQuery;
pub(crate) use query::{first_days, period};
pub use subscription::AttendanceSubscription;
