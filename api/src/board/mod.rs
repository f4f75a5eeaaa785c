//! The meeting room's screen: opened by a link, live by subscription, good for one activity.

mod mutation;
mod object;
pub mod ops;
pub mod page;
mod subscription;

pub use mutation::BoardMutation;
pub use subscription::BoardSubscription;

/// What the page subscribes to: it must be answered though only trusted documents are.
pub const DOCUMENT: &str = include_str!("page/board.graphql");
