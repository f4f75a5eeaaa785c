//! Handing on what has happened.

use std::collections::BTreeSet;

use zhibu_persistence::{
    Origin,
    outbox::{self, Event, Kinds, LEASE, Told},
    signal::Signal,
};

use super::Round;
use crate::{
    app::App,
    error::OpError,
    identity::SEND_CODE,
    notification,
    webhook::{Addressed, Listening},
    wechat::message::SEND_MESSAGE,
};

/// What has a worker of its own.
const APART: &[&str] = &[SEND_CODE, SEND_MESSAGE];

/// Most events in one round.
const ROUND: u32 = 500;

/// After how many messages to other systems a round ends: they wait in memory until then.
const MOST_TOLD: usize = 5_000;

/// How often an event is tried before those that came after it needn't wait for it any more.
const WAITED_FOR: i32 = 10;

/// Hands on what is in the outbox but what is sent outside, once: what happened to one thing in order.
pub async fn relay_once(app: &App) -> Result<Round, OpError> {
    let events = outbox::claim(&app.store, app.now(), ROUND, Kinds::AllBut(APART)).await?;
    if events.is_empty() {
        return Ok(Round::Empty);
    }
    let mut round = if events.len() < ROUND as usize { Round::Done } else { Round::Full };
    // Nobody else may take what we have while we are at it.
    let enough = app.now() + LEASE / 2;
    let (mut done, mut left) = (Vec::with_capacity(events.len()), Vec::new());
    let (mut told, mut stuck, mut listening) = (Told::default(), BTreeSet::new(), Listening::default());
    for event in events {
        let subject = (event.district_id, event.subject_id);
        if app.now() > enough || told.deliveries.len() >= MOST_TOLD {
            round = Round::Full;
            left.push(event);
            continue;
        }
        if stuck.contains(&subject) {
            left.push(event);
            continue;
        }
        match hand_on(app, &mut listening, &event).await {
            Ok((signals, deliveries)) => {
                told.signals.extend(signals);
                told.deliveries.extend(deliveries);
                done.push(event);
            }
            // Its lease runs out, and it is tried again.
            Err(error) => {
                tracing::warn!(event = %event.id, kind = event.kind, ?error, "an event was not handed on");
                if event.attempts < WAITED_FOR {
                    stuck.insert(subject);
                }
            }
        }
    }
    let origin = Origin { operation: "relay", request_id: None, now: app.now() };
    outbox::done(&app.store, origin, &done, &told).await?;
    outbox::give_back(&app.store, &left).await?;
    // What was told may wait to be sent.
    app.hub.messages().notify_one();
    // The other servers hear of it by the database; this one needn't wait for that.
    if !told.deliveries.is_empty() {
        app.hub.webhooks().notify_one();
    }
    told.signals.into_iter().for_each(|signal| app.hub.signal(signal));
    Ok(round)
}

/// Hands on an event; answers what has changed by it, and what other systems are to be told. Whoever follows it on
/// any server looks then.
async fn hand_on(
    app: &App,
    listening: &mut Listening,
    event: &Event,
) -> Result<(BTreeSet<Signal>, Vec<Addressed>), OpError> {
    let deliveries = listening.address(app, event).await?;
    let told = notification::hand_on(app, event).await?;
    let subjects = told.into_iter().chain(event.subjects());
    Ok((subjects.map(|subject| (event.district_id, subject)).collect(), deliveries))
}
