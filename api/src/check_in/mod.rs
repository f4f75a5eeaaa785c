//! Check-in: a member's own, by code.

pub mod ops;
mod recorder;
mod room;

pub use recorder::{Recorder, Verdict};
pub use room::{Room, key};
