//! Tells whoever listens that something has changed. What has changed they read themselves, so
//! that a lost or doubled signal does no harm, and however many signals come while somebody is
//! busy, one look is enough.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, watch};
use zhibu_persistence::signal::Signal;

use crate::app::App;

/// Hands signals to the listeners of this server: each hears of one thing, and costs nothing while
/// that rests.
#[derive(Default)]
pub struct Hub {
    topics: Mutex<HashMap<Signal, watch::Sender<()>>>,
    outbox: Notify,
    codes: Notify,
    messages: Notify,
    exports: Notify,
    webhooks: Notify,
}

impl Hub {
    fn topics(&self) -> MutexGuard<'_, HashMap<Signal, watch::Sender<()>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens for changes of one thing.
    pub fn listen(self: &Arc<Self>, topic: Signal) -> Listener {
        let heard = self.topics().entry(topic).or_insert_with(|| watch::Sender::new(())).subscribe();
        Listener { heard, topic, hub: Arc::clone(self) }
    }

    /// Tells the listeners of this server.
    pub fn signal(&self, topic: Signal) {
        if let Some(listeners) = self.topics().get(&topic) {
            listeners.send_replace(());
        }
    }

    /// Has every listener look: signals may have been lost.
    pub fn signal_all(&self) {
        for listeners in self.topics().values() {
            listeners.send_replace(());
        }
    }

    /// Wakes the worker of the outbox: a transaction with an event has been committed.
    pub fn wake(&self) {
        self.outbox.notify_one();
    }

    /// Tells that there may be something in the outbox.
    pub fn outbox(&self) -> &Notify {
        &self.outbox
    }

    /// Tells that a one-time code may wait to be sent.
    pub fn codes(&self) -> &Notify {
        &self.codes
    }

    /// Tells that a subscribe message may wait to be sent.
    pub fn messages(&self) -> &Notify {
        &self.messages
    }

    /// Tells that a month report may wait to be exported.
    pub fn exports(&self) -> &Notify {
        &self.exports
    }

    /// Tells that a webhook may wait to be sent.
    pub fn webhooks(&self) -> &Notify {
        &self.webhooks
    }
}

/// Hears of one thing.
pub struct Listener {
    heard: watch::Receiver<()>,
    topic: Signal,
    hub: Arc<Hub>,
}

impl Listener {
    /// Waits until the thing has changed since the last look.
    pub async fn changed(&mut self) {
        if self.heard.changed().await.is_err() {
            // The hub is gone, and the server with it.
            std::future::pending().await
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut topics = self.hub.topics();
        if topics.get(&self.topic).is_some_and(|listeners| listeners.receiver_count() <= 1) {
            topics.remove(&self.topic);
        }
    }
}

/// Hears what the other servers tell, for as long as it is polled. After a lost connection every
/// listener looks: whatever was told meanwhile wasn't heard.
pub async fn hear(app: &App) {
    loop {
        match app.store.listen().await {
            Ok(None) => return,
            Ok(Some(mut ear)) => {
                app.hub.signal_all();
                loop {
                    match ear.hear().await {
                        Ok(Some(signals)) => signals.into_iter().for_each(|signal| app.hub.signal(signal)),
                        Ok(None) => app.hub.signal_all(),
                        Err(error) => {
                            tracing::warn!(?error, "the other servers can't be heard for now");
                            break;
                        }
                    }
                }
            }
            Err(error) => tracing::warn!(?error, "the other servers can't be heard for now"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn many_signals_are_one_look_and_nobody_hears_what_is_not_theirs() {
        let hub = Arc::new(Hub::default());
        let (mine, other) = ((Uuid::nil(), Uuid::from_u128(1)), (Uuid::nil(), Uuid::from_u128(2)));
        let mut listener = hub.listen(mine);
        hub.signal(other);
        assert_eq!(listener.changed().now_or_never(), None);
        for _ in 0..1_000 {
            hub.signal(mine);
        }
        assert_eq!(listener.changed().now_or_never(), Some(()));
        assert_eq!(listener.changed().now_or_never(), None);
        hub.signal_all();
        assert_eq!(listener.changed().now_or_never(), Some(()));
    }

    #[test]
    fn nothing_is_kept_of_who_has_gone() {
        let hub = Arc::new(Hub::default());
        let topic = (Uuid::nil(), Uuid::nil());
        let (one, two) = (hub.listen(topic), hub.listen(topic));
        drop(one);
        assert_eq!(hub.topics().len(), 1);
        drop(two);
        assert!(hub.topics().is_empty());
    }
}
