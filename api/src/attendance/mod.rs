//! Attendance as its organizers keep it: the roster, leave, claims, corrections, figures.

mod input;
mod mutation;
mod object;
pub mod ops;
mod query;
mod subscription;

pub use mutation::AttendanceMutation;
pub use object::{
    AttendanceObject, AttendeeObject, ClaimObject, FiguresObject, LeaveObject, TallyObject,
    attendee_connection,
};
pub use query::AttendanceQuery;
pub(crate) use query::period;
pub use subscription::AttendanceSubscription;
