//! Handing one-time codes to the phone network: apart from all else, for it may let us wait.

use std::time::Duration;

use futures_util::future::join_all;
use zhibu_persistence::{
    Origin, StoreError,
    outbox::{self, Event, Kinds, Told},
};

use super::Round;
use crate::{app::App, error::OpError, identity};

/// Codes that are sent at the same time.
const ROUND: u32 = 50;

/// How long the phone network may let a code wait; much less than a lease.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends the codes that wait, once. A code is sent again only where the phone network said that it wasn't
/// taken, or the server was killed before it could be struck off.
pub async fn post_once(app: &App) -> Result<Round, OpError> {
    let codes = outbox::claim(&app.store, app.now(), ROUND, Kinds::Only(identity::SEND_CODE)).await?;
    let round = match codes.len() {
        0 => Round::Empty,
        n if n < ROUND as usize => Round::Done,
        _ => Round::Full,
    };
    join_all(codes.into_iter().map(|code| send(app, code))).await.into_iter().collect::<Result<(), _>>()?;
    Ok(round)
}

async fn send(app: &App, code: Event) -> Result<(), StoreError> {
    if !app.memo.sent.contains_key(&code.id) {
        match tokio::time::timeout(PATIENCE, identity::deliver(app, &code)).await {
            Ok(Ok(())) => {}
            // Its lease runs out, and it is tried again.
            Ok(Err(_told)) => return Ok(()),
            // It may have been taken: rather none than twice. Whoever waits for it asks for another.
            Err(_late) => {
                tracing::warn!(event = %code.id, "the phone network let a one-time code wait too long")
            }
        }
        app.memo.sent.insert(code.id, ());
    }
    let origin = Origin { operation: "post", request_id: None, now: app.now() };
    outbox::done(&app.store, origin, &[code], &Told::default()).await
}
