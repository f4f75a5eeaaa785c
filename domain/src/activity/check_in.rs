//! Check-in: only inside a published activity, never a reason to reject somebody automatically
//! when a signal looks odd, and always with the organizer as a fallback (R45–R48).

mod code;
mod decide;
mod device;
mod method;
mod offline;
pub(super) mod place;
mod refusal;
mod screen;

pub use code::{CodeKey, CodeSubject, Fresh, QrPayload, ShownCode, show, verify_digits, verify_qr};
pub use decide::{CheckIn, CheckInContext, Decision, How, OfflineScan, decide};
pub use device::{DeviceMark, shared_devices};
pub use method::{AttendanceFlag, AttendanceFlags, AttendanceState, CheckInMethod};
pub use place::{Datum, Nearness, Position, nearness};
pub use refusal::{CheckInRefusal, CodeRefusal};
pub(crate) use screen::{NoProof, Screen};
