//! The worker that sends messages: many at a time, of each endpoint few, of each thing one after the other.

use std::{sync::Arc, time::Duration};

use futures_util::future::{join, join_all};
use tokio::{sync::watch, task::JoinSet};
use zhibu_domain::{
    policy::{Action, Subject},
    webhook::{Answer, Delivery, DeliveryFailure, DeliveryState, Slots},
};
use zhibu_persistence::{
    Origin,
    webhook::{self, Known, Taken},
};

use super::{
    message::message,
    owner::{Hearing, hearing, lapse, tell},
};
use crate::{app::App, call::Call, error::OpError, worker::Round};

/// How long a stop waits for what is on its way.
const GRACE: Duration = Duration::from_secs(2);

/// Sends what waits, until `stop` becomes true. A receiver that lets us wait keeps nothing but its own.
pub async fn deliver(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let (mut own, mut lent) = (JoinSet::new(), JoinSet::new());
    while !*stop.borrow() {
        for sending in [&mut own, &mut lent] {
            while sending.try_join_next().is_some() {}
        }
        match webhook::take(&app.store, app.now(), Slots::beside(own.len(), lent.len())).await {
            Ok(taken) => {
                for taken in taken {
                    let (app, sending) = (Arc::clone(&app), if taken.lent { &mut lent } else { &mut own });
                    sending.spawn(async move { send(&app, taken).await });
                }
            }
            Err(error) => tracing::warn!(?error, "the webhooks that wait could not be read"),
        }
        tokio::select! {
            () = app.hub.webhooks().notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            Some(_) = own.join_next() => {}
            Some(_) = lent.join_next() => {}
            _ = stop.changed() => {}
        }
    }
    // What is cut off is sent again when its lease has run out.
    let _cut_off = tokio::time::timeout(GRACE, join(end(&mut own), end(&mut lent))).await;
}

async fn end(sending: &mut JoinSet<()>) {
    while sending.join_next().await.is_some() {}
}

/// Sends what waits, once, and waits for all answers.
pub async fn deliver_once(app: &App) -> Result<Round, OpError> {
    let taken = webhook::take(&app.store, app.now(), Slots::beside(0, 0)).await?;
    let round = if taken.is_empty() { Round::Empty } else { Round::Done };
    join_all(taken.into_iter().map(|taken| send(app, taken))).await;
    Ok(round)
}

async fn send(app: &App, taken: Taken) {
    let id = taken.delivery.id;
    if let Err(error) = try_send(app, taken).await {
        // Its lease runs out, and it is sent again.
        tracing::warn!(delivery = %id.0, ?error, "what came of a webhook was not written down");
    }
}

async fn try_send(app: &App, Taken { district_id, delivery, .. }: Taken) -> Result<(), OpError> {
    let to = delivery.endpoint_id;
    let found = webhook::endpoints(&app.store, district_id, &[to]).await?.remove(&to);
    // Deleted meanwhile, and the message with it.
    let Some(known) = found else { return Ok(()) };
    match hearing(app, &known, delivery.event).await? {
        Hearing::This => {}
        Hearing::Others => {
            let given_up = delivery.given_up(DeliveryFailure::NotEntitled, app.now());
            return settle(app, &known, given_up, None).await;
        }
        Hearing::Nothing => return lapse(app, &known, Some(delivery)).await,
    }
    let message = message(app, &known, &delivery, app.now());
    let message = message.ok_or(OpError::internal("a webhook's secret can't be opened"))?;
    let answer = app.webhooks.attempt(&known.endpoint.url, &message, app.now()).await;
    let after = delivery.tried(answer.clone(), app.auth.random.below(1_001), app.now());
    metrics::counter!("zhibu_webhook_attempts_total", "came" => after.state.to_string()).increment(1);
    metrics::histogram!("zhibu_webhook_seconds").record(f64::from(answer.latency_ms) / 1_000.0);
    settle(app, &known, after, Some(answer)).await
}

/// Writes down what came of a message, and what that says of its endpoint.
async fn settle(app: &App, known: &Known, after: Delivery, answer: Option<Answer>) -> Result<(), OpError> {
    let district = known.district_id;
    let origin = Origin { operation: "deliverWebhook", request_id: Some(after.id.0), now: app.now() };
    let tx = app.store.begin(origin).await?;
    // Most answers say nothing new of it.
    let answer = answer.filter(|answer| known.endpoint.clone().answered(answer, tx.now()) != known.endpoint);
    let mut disabled = false;
    if let Some(answer) = answer
        && let Some(locked) = webhook::lock(&tx, district, known.endpoint.id).await?
    {
        let before = &locked.endpoint;
        let endpoint = before.clone().answered(&answer, tx.now());
        let call = Call::system(district, after.id.0);
        let permit = call.permit(Action::ManageWebhook, Subject::unit(&locked.path))?;
        webhook::update_endpoint(&tx, &permit, before, &endpoint).await?;
        if let (None, Some((_, why))) = (before.disabled, endpoint.disabled) {
            tell(app, &tx, &locked, why).await?;
            disabled = true;
        }
    }
    // Where somebody else has it by now, they write it down.
    if webhook::record(&tx, district, &after).await? {
        tx.commit().await?;
        if disabled {
            app.hub.wake();
        }
    }
    // What came after it may go now.
    if after.state != DeliveryState::Pending {
        app.hub.webhooks().notify_one();
    }
    Ok(())
}
