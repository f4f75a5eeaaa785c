//! What is due, late and missing in the units of those responsible; whom they remind.

mod duty;
mod item;
mod party_day;

pub use duty::{DutyStep, ReminderRefusal, check_reminder};
pub use item::DeskItem;
pub use party_day::{PartyDayState, PartyDays};
