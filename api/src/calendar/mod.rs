//! Calendars that phones subscribe to, by an address that is their secret.

mod feed;
mod mutation;
mod object;
pub mod ops;
pub mod page;
mod query;

pub use mutation::CalendarMutation;
pub use query::CalendarQuery;
