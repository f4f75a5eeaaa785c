//! The GraphQL door: HTTP as the GraphQL-over-HTTP specification has it, sockets that speak
//! `graphql-transport-ws`, and the limits that keep both safe. Knows nothing of the schema.

mod accept;
mod answer;
mod body;
mod document;
mod endpoint;
mod form;
mod gate;
mod http;
mod limits;
mod nulls;
mod operation;
mod rejection;
mod scan;
mod upload;
mod ws;

#[cfg(test)]
mod tests;

pub use document::TrustedError;
pub use endpoint::{Endpoint, EndpointError, PATH, Settings, SocketSettings, configure};
pub use gate::{Admission, Connection, Gate, bearer};
pub use limits::Limits;
pub use rejection::{Rejection, error};
