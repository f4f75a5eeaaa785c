//! Handing subscribe messages to WeChat: apart from all else, for it may let us wait.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use zhibu_persistence::outbox::{self, Event, Kinds};

use super::Round;
use crate::{
    app::App,
    error::OpError,
    wechat::message::{Fate, SEND_MESSAGE, deliver, strike_off},
};

/// Messages in one round.
const ROUND: u32 = 50;

/// Sends the messages that are due, once: to several people at the same time, to one person one after the
/// other, as WeChat demands.
pub async fn message_once(app: &App) -> Result<Round, OpError> {
    let events = outbox::claim(&app.store, app.now(), ROUND, Kinds::Only(SEND_MESSAGE)).await?;
    let round = match events.len() {
        0 => Round::Empty,
        n if n < ROUND as usize => Round::Done,
        _ => Round::Full,
    };
    let mut people: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in events {
        people.entry((event.district_id, event.subject_id)).or_default().push(event);
    }
    let send = async |events: Vec<Event>| {
        for event in events {
            if let Err(error) = send(app, &event).await {
                // Its lease runs out, and it is tried again.
                tracing::warn!(event = %event.id, ?error, "a subscribe message wasn't sent");
            }
        }
    };
    join_all(people.into_values().map(send)).await;
    Ok(round)
}

async fn send(app: &App, event: &Event) -> Result<(), OpError> {
    match deliver(app, event).await? {
        Fate::Later(until) => outbox::put_off(&app.store, event, until).await?,
        Fate::Over(outcome) => strike_off(app, event, outcome).await?,
    }
    Ok(())
}
