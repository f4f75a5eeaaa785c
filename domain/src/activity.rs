//! Gatherings: every Party day, meeting, lecture and session is an [`Activity`] with an agenda,
//! a list of who is expected, and their attendance.

mod agenda;
mod attendance;
mod change;
pub mod check_in;
mod claim;
mod closing;
mod correction;
mod expected;
mod figures;
mod kind;
mod leave;
mod quorum;
mod record;
mod recurrence;
mod refusal;
mod schedule;
mod state;
mod theme;
mod transition;
mod venue;
mod window;

pub use agenda::{ActivityItem, ActivityItemKind, Agenda, AgendaRefusal, AgendaTemplate, ItemDone};
pub use attendance::{Attendance, Entry, NewAttendance, RosterCheckIn};
pub use change::ActivityChange;
pub use claim::{CheckInClaim, ClaimOutcome, ClaimProgress, ClaimReason, ClaimRefusal, ClaimState, NewClaim};
pub use closing::{missing, standing};
pub use correction::Correction;
pub use expected::{Attendee, AttendeeSource, Candidate, ExclusionReason, expected, redrawn};
pub use figures::{AttendanceFigures, YearMonth};
pub use kind::ActivityKind;
pub use leave::{LeaveProgress, LeaveRefusal, LeaveRequest, LeaveState};
pub use quorum::{Quorum, Tally};
pub use record::{Activity, Audience, NewActivity};
pub use recurrence::{NewRecurrence, Occurrence, Recurrence};
pub use refusal::{ActivityRefusal, AttendanceRefusal, RecurrenceRefusal};
pub use schedule::Schedule;
pub use state::{ActivityState, Lifecycle};
pub use theme::{Adoption, NewTheme, Theme, ThemeRefusal};
pub use transition::DueTransition;
pub use venue::{Fence, NewFence, NewVenue, Venue};
pub use window::TimeWindow;

#[cfg(test)]
mod tests;
