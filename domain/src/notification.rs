//! The inbox: what a person is told, whether they want to be, and when a phone may make itself
//! heard. And the feeds: what has changed for somebody, in order, so that a client that was away
//! misses nothing.

mod feed;
mod kind;
mod message;
mod preference;
mod subscribe;
#[cfg(test)]
mod tests;

pub use feed::FeedKind;
pub use kind::{ACTIVITY_REMINDER, ASSIGNMENT_REMINDER, Need, NotificationKind, REMINDED, Telling, telling};
pub use message::{Facts, Message, Notification};
pub use preference::{NotificationRefusal, Preferences, QuietHours};
pub use subscribe::{FieldKind, MessageFact, SubscribeField};
