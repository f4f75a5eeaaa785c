//! The GraphQL door: HTTP as the GraphQL-over-HTTP specification has it, sockets that speak
//! `graphql-transport-ws`, the limits that keep both safe, and what all types of the schema share.

mod accept;
mod answer;
pub(crate) mod body;
mod connection;
mod document;
mod each;
mod eager;
mod endpoint;
mod form;
mod gate;
mod global_id;
mod http;
mod limits;
mod nulls;
mod operation;
mod order;
mod outcome;
mod rejection;
mod scalar;
mod scan;
mod scoped;
mod search;
pub(crate) mod settled;
mod term;
mod upload;
mod ws;

#[cfg(test)]
mod tests;

pub use connection::{Cursor, MAX_PAGE, PageArgs, connect};
pub use document::TrustedError;
pub use each::{Each, Unread};
pub use eager::Eager;
pub use endpoint::{Endpoint, EndpointError, PATH, Settings, SocketSettings, configure};
pub use gate::{Admission, Connection, Count, Gate, bearer};
pub use global_id::{GlobalId, decode, encode};
pub use limits::Limits;
pub use nulls::Nullability;
pub(crate) use outcome::done;
pub use outcome::{Outcome, Refused};
pub use rejection::{Rejection, challenge, error};
pub use scalar::{Date, Minutes, Phone, storable};
pub use scoped::Scoped;
pub use search::search;
pub use term::Term;
