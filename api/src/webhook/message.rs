//! What is sent: ids, a type, a time and a unit. Names and numbers are asked for, with a token that may.

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use zhibu_domain::{
    id::{OrgUnitId, TypedId, WebhookDeliveryId},
    webhook::{Delivery, WebhookEventType, sign},
};
use zhibu_persistence::webhook::Known;

use super::secret;
use crate::{app::App, graphql::encode, rest::Id};

/// A message as it goes over the wire.
pub struct Message {
    /// The headers of Standard Webhooks.
    pub headers: [(&'static str, String); 3],
    /// The body.
    pub body: String,
}

/// What a message says.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookMessage")]
pub struct Body {
    /// What has happened.
    #[serde(rename = "type")]
    kind: &'static str,
    /// When, in UTC.
    #[schemars(extend("format" = "date-time"))]
    timestamp: String,
    /// To what.
    data: Data,
}

/// The thing to which something has happened.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "WebhookMessageData")]
struct Data {
    /// Its global id.
    id: String,
    /// Its type.
    kind: &'static str,
    /// The unit where it happened.
    unit_id: Id<OrgUnitId>,
}

fn body(event: WebhookEventType, subject: Uuid, unit: OrgUnitId, at: DateTime<Utc>) -> Body {
    Body {
        kind: event.name(),
        timestamp: at.to_rfc3339_opts(SecondsFormat::Millis, true),
        data: Data {
            id: encode(event.subject_kind(), subject),
            kind: event.subject_kind(),
            unit_id: Id(unit),
        },
    }
}

/// A message of a type as it might be, for whoever is to read them.
pub fn example(event: WebhookEventType) -> Body {
    let at = DateTime::from_timestamp(1_795_400_000, 0).unwrap_or_default();
    let id = |n: u128| Uuid::from_u128(0x019a_b3c4_d5e6_7000_8000_0000_0000_0000 + n);
    body(event, id(1), OrgUnitId(id(2)), at)
}

/// Makes a message and signs it with every secret that is valid now; none where no secret can be opened.
pub fn message(app: &App, to: &Known, delivery: &Delivery, now: DateTime<Utc>) -> Option<Message> {
    let id = encode(WebhookDeliveryId::KIND, delivery.id.0);
    let body = body(delivery.event, delivery.subject_id, delivery.unit_id, delivery.occurred_at);
    let body = serde_json::to_string(&body).ok()?;
    let timestamp = now.timestamp();
    let live = to.secrets.iter().filter(|secret| secret.is_live(now));
    let keys = live.filter_map(|secret| secret::open(app, to.endpoint.id, secret));
    let signatures: Vec<_> = keys.filter_map(|key| sign(&key, &id, timestamp, &body)).collect();
    let signed = (!signatures.is_empty()).then(|| signatures.join(" "))?;
    let headers =
        [("webhook-id", id), ("webhook-timestamp", timestamp.to_string()), ("webhook-signature", signed)];
    Some(Message { headers, body })
}
