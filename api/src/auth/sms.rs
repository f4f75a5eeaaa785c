//! Text messages: the port, and a sender for development.

use futures_util::future::BoxFuture;
use zhibu_domain::member::PhoneNumber;

/// Why a message wasn't handed over. Never holds the number or the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text message could not be sent: {0}")]
pub struct SmsError(pub String);

/// Sends text messages.
pub trait Sms: Send + Sync {
    /// Hands one message to the network.
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str) -> BoxFuture<'a, Result<(), SmsError>>;
}

/// Writes messages to the server's log, for development: whoever reads the log can sign in.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsoleSms;

impl Sms for ConsoleSms {
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str) -> BoxFuture<'a, Result<(), SmsError>> {
        tracing::warn!(to = %to.masked(), text, "text message not sent: no SMS service is set up");
        Box::pin(std::future::ready(Ok(())))
    }
}
