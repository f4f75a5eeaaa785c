//! Webhooks: other systems are told of what has happened, as Standard Webhooks has it. An event of the outbox
//! becomes a message to each endpoint that listens (`fan_out.rs`); a worker sends them (`deliver.rs`), to addresses
//! that are allowed (`guard.rs`).

mod deliver;
mod fan_out;
mod guard;
mod input;
mod message;
mod mutation;
mod object;
pub mod ops;
mod owner;
mod query;
pub mod rest;
mod secret;
mod sender;

pub use deliver::{deliver, deliver_once};
pub use fan_out::{Addressed, Listening};
pub use guard::{Guard, Settings};
pub use mutation::WebhookMutation;
pub use object::{WebhookDeliveryObject, WebhookEndpointObject, endpoint_node};
pub use query::WebhookQuery;
pub use sender::Sender;
