//! What tells other systems of what has happened: their endpoints, what is sent to them, and to which addresses
//! nothing is.

mod address;
mod delivery;
mod endpoint;
mod event;
mod refusal;
mod secret;
mod slots;

pub use address::{is_admitted, is_public};
pub use delivery::{Answer, Delivery, DeliveryFailure, DeliveryState, LONGEST, MOST_REPLAYED};
pub use endpoint::{
    DisabledReason, Endpoint, EndpointChange, MOST_AT_ONCE, MOST_OF_A_UNIT, NewEndpoint, Owner,
};
pub use event::{WebhookEventType, event_type};
pub use refusal::WebhookRefusal;
pub use secret::{SigningSecret, rotate, sign};
pub use slots::{Share, Slots};

#[cfg(test)]
mod tests;
