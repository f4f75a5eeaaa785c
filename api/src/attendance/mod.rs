//! Attendance as its organizers keep it: the roster, leave, claims, corrections, figures.

mod home;
mod input;
mod leave;
mod mutation;
mod object;
pub mod ops;
mod query;
pub mod rest;
mod roster;
mod subscription;

pub use home::AttendanceHome;
pub use input::{OfflineScanInput, PositionInput};
pub use mutation::{AttendanceMutation, CheckInDone};
pub use object::{
    AttendanceObject, AttendeeObject, ClaimObject, FiguresObject, LeaveObject, TallyObject,
    attendee_connection,
};
pub use query::{AttendanceQuery, CheckInCode};
pub(crate) use query::{first_days, period};
pub use roster::roster;
pub use subscription::AttendanceSubscription;
