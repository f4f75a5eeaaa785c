//! What runs beside the requests: the outbox, the steps that are due, the memo's freshness.

use std::{sync::Arc, time::Duration};

use chrono::Duration as Span;
use tokio::{sync::watch, task::JoinSet};
use zhibu_persistence::{outbox, outbox::Event, replay};

use crate::{activity, app::App, assignment, error::OpError, identity, live::Signal};

/// Most events in one round.
const ROUND: u32 = 500;
/// How long the outbox rests after a round: in a burst it mustn't take the writer from the check-ins.
const REST: Duration = Duration::from_millis(100);
/// How long answers are kept for a request that comes twice.
const REPLAYED_FOR: Span = Span::hours(24);

/// How long ended sessions and old counts of failures are kept.
const ENDED_FOR: Span = Span::days(90);

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
    workers.spawn(relay(Arc::clone(app), stop.clone()));
    workers.spawn(steps(Arc::clone(app), stop.clone()));
    let mut stopped = stop.clone();
    workers.spawn(identity::watch(Arc::clone(app), async move {
        let _sender_gone = stopped.wait_for(|stop| *stop).await;
    }));
    workers
}

async fn relay(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match relay_once(&app).await {
            Ok(Round::Full) => continue,
            Ok(Round::Done) => tokio::time::sleep(REST).await,
            Ok(Round::Empty) => {}
            Err(error) => tracing::warn!(?error, "the outbox could not be read"),
        }
        tokio::select! {
            () = app.hub.woken() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Hands on what is in the outbox, once.
pub async fn relay_once(app: &App) -> Result<Round, OpError> {
    let events = outbox::claim(&app.store, app.now(), ROUND).await?;
    if events.is_empty() {
        return Ok(Round::Empty);
    }
    let round = if events.len() < ROUND as usize { Round::Done } else { Round::Full };
    let mut done = Vec::with_capacity(events.len());
    for event in events {
        match hand_on(app, &event).await {
            Ok(()) => done.push(event),
            // Its lease runs out, and it is tried again.
            Err(error) => {
                tracing::warn!(event = %event.id, kind = event.kind, ?error, "an event was not handed on")
            }
        }
    }
    outbox::done(&app.store, &done).await?;
    Ok(round)
}

async fn hand_on(app: &App, event: &Event) -> Result<(), OpError> {
    if event.kind == identity::SEND_CODE {
        return identity::deliver(app, event).await;
    }
    for subject in event.subjects() {
        app.hub.signal(Signal { district: event.district_id, kind: event.kind.clone(), subject });
    }
    Ok(())
}

async fn forget(app: &App) -> Result<(), OpError> {
    replay::forget(&app.store, app.now() - REPLAYED_FOR).await?;
    zhibu_persistence::identity::forget(&app.store, app.now() - ENDED_FOR).await?;
    Ok(())
}

async fn steps(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = activity::job::run(&app).await {
            tracing::warn!(?error, "due steps were not taken");
        }
        if let Err(error) = assignment::job::run(&app).await {
            tracing::warn!(?error, "nobody was told of what is due");
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
