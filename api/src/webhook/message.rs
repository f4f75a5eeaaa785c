//! What is sent: ids, a type, a time and a unit. Names and numbers are asked for, with a token that may.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use zhibu_domain::{
    id::{OrgUnitId, TypedId, WebhookDeliveryId},
    webhook::{Delivery, WebhookEventType, sign},
};
use zhibu_persistence::webhook::Known;

use super::secret;
use crate::{app::App, graphql::encode};

/// A message as it goes over the wire.
pub struct Message {
    /// The headers of Standard Webhooks.
    pub headers: [(&'static str, String); 3],
    /// The body.
    pub body: String,
}

/// What a message of a type says.
pub fn body(event: WebhookEventType, subject: Uuid, unit: OrgUnitId, at: DateTime<Utc>) -> Value {
    json!({
        "type": event.name(),
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": {
            "id": encode(event.subject_kind(), subject),
            "kind": event.subject_kind(),
            "unitId": encode(OrgUnitId::KIND, unit.0),
        },
    })
}

/// A message of a type as it might be, for whoever is to read them.
pub fn example(event: WebhookEventType) -> String {
    let at = DateTime::from_timestamp(1_795_400_000, 0).unwrap_or_default();
    let id = |n: u128| Uuid::from_u128(0x019a_b3c4_d5e6_7000_8000_0000_0000_0000 + n);
    format!("{:#}", body(event, id(1), OrgUnitId(id(2)), at))
}

/// Makes a message and signs it with every secret that is valid now; none where no secret can be opened.
pub fn message(app: &App, to: &Known, delivery: &Delivery, now: DateTime<Utc>) -> Option<Message> {
    let id = encode(WebhookDeliveryId::KIND, delivery.id.0);
    let body = body(delivery.event, delivery.subject_id, delivery.unit_id, delivery.occurred_at).to_string();
    let timestamp = now.timestamp();
    let live = to.secrets.iter().filter(|secret| secret.is_live(now));
    let keys = live.filter_map(|secret| secret::open(app, to.endpoint.id, secret));
    let signatures: Vec<_> = keys.filter_map(|key| sign(&key, &id, timestamp, &body)).collect();
    let signed = (!signatures.is_empty()).then(|| signatures.join(" "))?;
    let headers =
        [("webhook-id", id), ("webhook-timestamp", timestamp.to_string()), ("webhook-signature", signed)];
    Some(Message { headers, body })
}
