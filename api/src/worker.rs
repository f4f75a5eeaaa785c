//! What runs beside the requests: the outbox, the post, the webhooks, the steps that are due, the memo's freshness.

mod forget;
mod message;
mod post;
mod relay;

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};
use zhibu_persistence::outbox;

pub use self::{forget::forget, message::message_once, post::post_once, relay::relay_once};
use crate::{
    activity, app::App, assignment, error::OpError, identity, live, live::Hub, report, volunteering, webhook,
};

/// How long a worker rests after a round: in a burst it mustn't take the writer from the check-ins.
const REST: Duration = Duration::from_millis(100);

/// Whether there was something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nothing.
    Empty,
    /// Something.
    Done,
    /// As much as one round can take: there may be more.
    Full,
}

/// Starts the workers. They end when `stop` becomes true.
pub fn start(app: &Arc<App>, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    let outbox = rounds(Arc::clone(app), stop.clone(), Hub::outbox, |app| Box::pin(relay_once(app)));
    workers.spawn(outbox);
    workers.spawn(rounds(Arc::clone(app), stop.clone(), Hub::codes, |app| Box::pin(post_once(app))));
    if app.wechat.is_some() {
        let messages =
            rounds(Arc::clone(app), stop.clone(), Hub::messages, |app| Box::pin(message_once(app)));
        workers.spawn(messages);
    }
    workers.spawn(webhook::deliver(Arc::clone(app), stop.clone()));
    workers.spawn(steps(Arc::clone(app), stop.clone()));
    workers.spawn(exports(Arc::clone(app), stop.clone()));
    let (ears, mut stopped) = (Arc::clone(app), stop.clone());
    workers.spawn(async move {
        tokio::select! {
            () = live::hear(&ears) => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    });
    let mut stopped = stop.clone();
    workers.spawn(identity::watch(Arc::clone(app), async move {
        let _sender_gone = stopped.wait_for(|stop| *stop).await;
    }));
    workers
}

/// Works in rounds: at once where there may be more to do, when woken, and once a second besides.
async fn rounds(
    app: Arc<App>,
    mut stop: watch::Receiver<bool>,
    woken: fn(&Hub) -> &Notify,
    once: fn(&App) -> BoxFuture<'_, Result<Round, OpError>>,
) {
    while !*stop.borrow() {
        match once(&app).await {
            Ok(Round::Full) => continue,
            Ok(Round::Done) => tokio::time::sleep(REST).await,
            Ok(Round::Empty) => {}
            Err(error) => tracing::warn!(?error, "the outbox could not be read"),
        }
        tokio::select! {
            () = woken(&app.hub).notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn steps(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = activity::job::run(&app).await {
            tracing::warn!(?error, "due steps were not taken");
        }
        if let Err(error) = volunteering::job::run(&app).await {
            tracing::warn!(?error, "due hours were not granted");
        }
        if let Err(error) = assignment::job::run(&app).await {
            tracing::warn!(?error, "nobody was told of what is due");
        }
        match outbox::count(&app.store, app.now()).await {
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
            Ok(waiting) => metrics::gauge!("zhibu_outbox_events").set(waiting as f64),
            Err(error) => tracing::warn!(?error, "the outbox could not be counted"),
        }
        if let Err(error) = forget(&app).await {
            tracing::warn!(?error, "what is old was not forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(20)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Makes the exports of month reports: apart from the other steps, which they would hold up. One that is being
/// made at a shutdown is left, and made anew by whoever comes to it.
async fn exports(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            done = report::export::run(&app) => {
                if let Err(error) = done {
                    tracing::warn!(?error, "no month report was exported");
                }
            }
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = app.hub.exports().notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stop.changed() => {}
        }
    }
}
