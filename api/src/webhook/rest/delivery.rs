//! What was sent to them, or waits to be.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::{WebhookDeliveryId, WebhookEndpointId},
    webhook::{Delivery, DeliveryFailure, DeliveryState, WebhookEventType},
};
use zhibu_persistence::webhook::page;

use super::endpoint::One;
use crate::{
    error::naming,
    graphql::encode,
    rest::{Answer, Answered, Asked, Id, Moment, PageOf, Paging, Word},
    webhook::{
        mutation::field,
        ops::{self, visible},
    },
};

/// A message to an endpoint.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookDelivery {
    /// Global id, and the `webhook-id` of the message, at each attempt the same.
    id: Id<WebhookDeliveryId>,
    /// To which endpoint.
    endpoint_id: Id<WebhookEndpointId>,
    /// What it tells.
    event: Word<WebhookEventType>,
    /// The global id of the thing to which it happened.
    subject_id: String,
    /// When it happened.
    occurred_at: DateTime<Utc>,
    /// Where it stands.
    state: Word<DeliveryState>,
    /// How often it was tried, since it was last asked for.
    attempts: i32,
    /// When it is tried next, at the earliest; null where it isn't any more.
    next_attempt_at: Option<DateTime<Utc>>,
    /// When the last attempt was made; null before the first.
    tried_at: Option<DateTime<Utc>>,
    /// Why the last attempt didn't come through; null where it did.
    failure: Option<Word<DeliveryFailure>>,
    /// The receiver's status at the last attempt; null where there was none.
    response_status: Option<i32>,
    /// How long the last attempt took, in milliseconds.
    latency_ms: Option<i32>,
    /// How the receiver's answer to the last attempt began: 1 KiB of it.
    response_body: Option<String>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(delivery: Delivery) -> Self {
        let answer = delivery.answer.as_ref();
        Self {
            failure: answer.and_then(|answer| answer.failure).map(Word),
            response_status: answer.and_then(|answer| answer.status),
            latency_ms: answer.map(|answer| answer.latency_ms),
            id: Id(delivery.id),
            endpoint_id: Id(delivery.endpoint_id),
            event: Word(delivery.event),
            subject_id: encode(delivery.event.subject_kind(), delivery.subject_id),
            occurred_at: delivery.occurred_at,
            state: Word(delivery.state),
            attempts: delivery.attempts,
            next_attempt_at: delivery.next_attempt_at(),
            tried_at: delivery.tried_at,
            response_body: delivery.answer.and_then(|answer| answer.body),
        }
    }
}

pub(super) async fn ping(asked: Asked<One>) -> Answered<WebhookDelivery> {
    let sent = ops::ping(asked.app(), asked.call(), asked.params.id.0, asked.once.clone()).await?;
    let path = format!("/webhook-deliveries/{}", Id(sent.id).text());
    Ok(Answer::of(sent.into()).created(path))
}

/// What is sent once more: of what happened in a time.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replaying {
    /// From when on.
    from: Moment,
    /// Until before when.
    until: Moment,
    /// Those that the receiver has taken, too; else only what was given up.
    #[serde(default)]
    delivered: bool,
}

/// What is on its way once more.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReplayedWebhookDeliveries {
    /// How many messages.
    count: u64,
}

pub(super) async fn replay_range(asked: Asked<One, Replaying>) -> Answered<ReplayedWebhookDeliveries> {
    let Replaying { from, until, delivered } = &asked.body;
    let (id, once) = (asked.params.id.0, asked.once.clone());
    let done = ops::replay_range(asked.app(), asked.call(), id, (from.0, until.0), *delivered, once).await;
    Ok(Answer::of(ReplayedWebhookDeliveries { count: naming(done, field)? }))
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct Sent {
    #[serde(flatten)]
    paging: Paging,
    /// To which endpoint.
    id: Id<WebhookEndpointId>,
    /// Only those that stand so.
    state: Option<Word<DeliveryState>>,
}

pub(super) async fn list(asked: Asked<Sent>) -> Answered<PageOf<WebhookDelivery>> {
    let Sent { paging, id, state } = &asked.params;
    let store = &asked.app().store;
    let known = visible(asked.call(), store, id.0).await?;
    let state = state.map(|state| state.0);
    let page = page(store, known.district_id, known.endpoint.id, state, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |delivery| delivery.id.0, WebhookDelivery::from)))
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct OneDelivery {
    /// Which message.
    id: Id<WebhookDeliveryId>,
}

pub(super) async fn one(asked: Asked<OneDelivery>) -> Answered<WebhookDelivery> {
    let found = ops::delivery(asked.call(), &asked.app().store, asked.params.id.0).await?;
    Ok(Answer::of(found.into()))
}

pub(super) async fn replay_one(asked: Asked<OneDelivery>) -> Answered<WebhookDelivery> {
    let sent = ops::replay_one(asked.app(), asked.call(), asked.params.id.0, asked.once.clone()).await?;
    Ok(Answer::of(sent.into()))
}
