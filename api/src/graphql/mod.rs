//! GraphQL: the transport, and what all types of the schema share.

mod connection;
mod global_id;
mod outcome;
mod scalar;
mod term;

pub use connection::{Cursor, MAX_PAGE, PageArgs, connect};
pub use global_id::{GlobalId, decode, encode};
pub use outcome::{Outcome, Refused};
pub use scalar::{Date, Minutes, Phone};
pub use term::Term;
