//! What goes out. A client that doesn't read fills the buffers of its connection, then waits here
//! for a while and is given up; its subscriptions rest meanwhile, so that nothing piles up.

use std::time::Duration;

use actix_ws::{CloseCode, CloseReason, Session};
use serde::Serialize;

use super::message::Close;

/// How long the farewell may take: whoever has left messages unread, and reads on, learns why it ends.
const FAREWELL: Duration = Duration::from_secs(10);

/// The way to the client.
pub struct Outbox {
    session: Session,
    patience: Duration,
}

impl Outbox {
    /// Gives a client up that leaves a message unread for as long as `patience`.
    pub fn new(session: Session, patience: Duration) -> Self {
        Self { session, patience }
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &impl Serialize) -> Result<(), Close> {
        let Ok(text) = serde_json::to_string(message) else { return Err(Close::TRY_AGAIN) };
        within(self.patience, self.session.text(text)).await
    }

    /// Sends a ping of the WebSocket protocol, which browsers answer by themselves.
    pub async fn ping(&mut self) -> Result<(), Close> {
        within(self.patience, self.session.ping(b"")).await
    }

    /// Answers such a ping.
    pub async fn pong(&mut self, payload: &[u8]) -> Result<(), Close> {
        within(self.patience, self.session.pong(payload)).await
    }

    /// Says why the socket is closed, and closes it.
    pub async fn close(self, close: &Close) {
        let description = (!close.reason.is_empty()).then(|| close.reason.to_owned());
        let reason = CloseReason { code: CloseCode::from(close.code), description };
        // Who is gone for good won't read this either.
        let _unread = within(FAREWELL, self.session.close(Some(reason))).await;
    }
}

async fn within(
    patience: Duration,
    sending: impl Future<Output = Result<(), actix_ws::Closed>>,
) -> Result<(), Close> {
    match tokio::time::timeout(patience, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(actix_ws::Closed)) => Err(Close::GONE),
        Err(_) => Err(Close::UNREAD),
    }
}
