use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{OrgUnitId, WebhookDeliveryId, WebhookEndpointId},
    webhook::{EndpointChange, NewEndpoint, WebhookEventType},
};

use crate::graphql::{GlobalId, Term};

/// An endpoint to register.
#[derive(InputObject)]
pub struct CreateWebhookEndpointInput {
    /// The unit: it is told of what happens there and below.
    pub unit_id: GlobalId<OrgUnitId>,
    /// Where to, an https URL of at most 500 characters on a public address.
    pub url: String,
    /// What people call it, 1–100 characters.
    pub description: String,
    /// What it is told of; a test comes to every endpoint.
    pub events: Vec<Term<WebhookEventType>>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed,
    /// without the secret.
    pub client_mutation_id: Option<String>,
}

impl From<CreateWebhookEndpointInput> for NewEndpoint {
    fn from(input: CreateWebhookEndpointInput) -> Self {
        Self {
            unit_id: input.unit_id.0,
            url: input.url,
            description: input.description,
            events: input.events.into_iter().map(|event| event.0).collect(),
        }
    }
}

/// A change of an endpoint; what is absent stays.
#[derive(InputObject)]
pub struct ChangeWebhookEndpointInput {
    /// Which.
    pub id: GlobalId<WebhookEndpointId>,
    /// The version that was read.
    pub version: i32,
    /// New address.
    pub url: Option<String>,
    /// New description, 1–100 characters.
    pub description: Option<String>,
    /// New types of events.
    pub events: Option<Vec<Term<WebhookEventType>>>,
    /// Whether anything is sent. Switched off, nothing new is kept for it; switched on, what still waits is sent.
    pub enabled: Option<bool>,
}

impl From<ChangeWebhookEndpointInput> for EndpointChange {
    fn from(input: ChangeWebhookEndpointInput) -> Self {
        Self {
            url: input.url,
            description: input.description,
            events: input.events.map(|events| events.into_iter().map(|event| event.0).collect()),
            enabled: input.enabled,
        }
    }
}

/// An endpoint that is to have a new secret.
#[derive(InputObject)]
pub struct RotateWebhookSecretInput {
    /// Which.
    pub id: GlobalId<WebhookEndpointId>,
    /// For how many hours messages bear the old secret's signature, too, 0–168.
    #[graphql(default = 24)]
    pub overlap_hours: i32,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed,
    /// without the secret.
    pub client_mutation_id: Option<String>,
}

/// An endpoint to delete.
#[derive(InputObject)]
pub struct DeleteWebhookEndpointInput {
    /// Which.
    pub id: GlobalId<WebhookEndpointId>,
    /// The version that was read; where absent, whichever there is.
    pub version: Option<i32>,
}

/// An endpoint to try.
#[derive(InputObject)]
pub struct PingWebhookEndpointInput {
    /// Which.
    pub id: GlobalId<WebhookEndpointId>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A message to send once more.
#[derive(InputObject)]
pub struct ReplayWebhookDeliveryInput {
    /// Which.
    pub id: GlobalId<WebhookDeliveryId>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// Messages to send once more: those of what happened in a time.
#[derive(InputObject)]
pub struct ReplayWebhookDeliveriesInput {
    /// Of which endpoint.
    pub endpoint_id: GlobalId<WebhookEndpointId>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until before when.
    pub until: DateTime<Utc>,
    /// Those that the receiver has taken, too; else only what was given up.
    #[graphql(default)]
    pub delivered: bool,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}
