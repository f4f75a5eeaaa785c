//! The inbox: what people are told, and what they want to be told.

mod hand_on;
mod home;
mod input;
mod mutation;
mod object;
pub mod ops;
mod query;
mod remind;
mod subscribe;
mod tell;

pub use hand_on::hand_on;
pub use home::InboxHome;
pub use mutation::NotificationMutation;
pub use object::{NotificationObject, notification_node};
pub use query::{NotificationQuery, unread_count};
pub use remind::{MOST_REMINDED, Reminder, remind};
pub use subscribe::{SubscribeMutation, SubscribeQuery};
pub use tell::Notice;
