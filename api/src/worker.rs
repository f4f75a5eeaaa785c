//! What runs beside the requests: the outbox, the steps that are due, the memo's freshness.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::Duration as Span;
use tokio::{sync::watch, task::JoinSet};
use zhibu_domain::{id::DistrictId, rule::RuleKey};
use zhibu_persistence::{Origin, feed, outbox, outbox::Event, replay, signal::Signal};

use crate::{activity, app::App, assignment, error::OpError, identity, live, notification, volunteering};

/// Most events in one round.
const ROUND: u32 = 500;
/// How long the outbox rests after a round: in a burst it mustn't take the writer from the check-ins.
const REST: Duration = Duration::from_millis(100);
/// How long answers are kept for a request that comes twice.
const REPLAYED_FOR: Span = Span::hours(24);

/// How long ended sessions and old counts of failures are kept.
const ENDED_FOR: Span = Span::days(90);

/// How long it is kept what has changed for somebody: who was away for longer reads everything anew.
const FOLLOWED_FOR: Span = Span::days(7);

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
    let mut signals = BTreeSet::new();
    for event in events {
        match hand_on(app, &event).await {
            Ok(told) => {
                signals.extend(told);
                done.push(event);
            }
            // Its lease runs out, and it is tried again.
            Err(error) => {
                tracing::warn!(event = %event.id, kind = event.kind, ?error, "an event was not handed on")
            }
        }
    }
    let origin = Origin { operation: "relay", request_id: None, now: app.now() };
    outbox::done(&app.store, origin, &done, &signals).await?;
    // The other servers hear of it by the database; this one needn't wait for that.
    signals.into_iter().for_each(|signal| app.hub.signal(signal));
    Ok(round)
}

/// Hands on an event; answers what has changed by it. Whoever follows it on any server looks then.
async fn hand_on(app: &App, event: &Event) -> Result<BTreeSet<Signal>, OpError> {
    if event.kind == identity::SEND_CODE {
        identity::deliver(app, event).await?;
        return Ok(BTreeSet::new());
    }
    let told = notification::hand_on(app, event).await?;
    Ok(told.into_iter().chain(event.subjects()).map(|subject| (event.district_id, subject)).collect())
}

/// Forgets what is old.
pub async fn forget(app: &App) -> Result<(), OpError> {
    replay::forget(&app.store, app.now() - REPLAYED_FOR).await?;
    zhibu_persistence::identity::forget(&app.store, app.now() - ENDED_FOR).await?;
    feed::forget(&app.store, app.now() - FOLLOWED_FOR).await?;
    for district in app.districts().await?.iter().map(|d| DistrictId(d.id)) {
        let kept = Span::days(app.rules(district).await?.get(RuleKey::NotificationKeepDays));
        zhibu_persistence::notification::forget(&app.store, district, app.now() - kept).await?;
    }
    Ok(())
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
        match outbox::count(&app.store).await {
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
