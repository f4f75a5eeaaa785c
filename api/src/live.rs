//! Tells whoever listens that something has changed. What has changed they read themselves, so
//! that a lost or doubled signal does no harm.

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

/// Something has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The tenant.
    pub district: Uuid,
    /// What kind of thing happened.
    pub kind: String,
    /// To what.
    pub subject: Uuid,
}

/// Hands signals to all listeners of this server.
pub struct Hub {
    signals: broadcast::Sender<Signal>,
    outbox: Notify,
}

impl Default for Hub {
    fn default() -> Self {
        Self { signals: broadcast::Sender::new(4_096), outbox: Notify::new() }
    }
}

impl Hub {
    /// Listens. Who falls behind is told so and reads everything anew.
    pub fn listen(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    /// Tells the listeners.
    pub fn signal(&self, signal: Signal) {
        let _nobody_listens = self.signals.send(signal);
    }

    /// Wakes the worker of the outbox: a transaction with an event has been committed.
    pub fn wake(&self) {
        self.outbox.notify_one();
    }

    /// Waits until there may be something in the outbox.
    pub async fn woken(&self) {
        self.outbox.notified().await;
    }
}
