//! The endpoints.

use chrono::{DateTime, Duration, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::{AccountId, OrgUnitId, WebhookEndpointId},
    policy::Action,
    webhook::{DisabledReason, EndpointChange, NewEndpoint, SigningSecret, WebhookEventType},
};
use zhibu_persistence::webhook::{Known, endpoint_page};

use crate::{
    error::naming,
    organization::permitted_unit,
    rest::{Answer, Answered, Asked, Id, PageOf, Paging, Word},
    webhook::{
        mutation::field,
        ops::{self, Issued, of_grant, visible},
    },
};

/// Where another system is told of what has happened in a unit and all below it, as Standard Webhooks has it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookEndpoint {
    /// Global id.
    id: Id<WebhookEndpointId>,
    /// The unit: it is told of what happens there and below.
    unit_id: Id<OrgUnitId>,
    /// The account in whose name: it is told of nothing that they may not see.
    owner_account_id: Id<AccountId>,
    /// Where to.
    url: String,
    /// What people call it.
    description: String,
    /// What it is told of.
    events: Vec<Word<WebhookEventType>>,
    /// Whether anything is sent.
    enabled: bool,
    /// Since when nothing is sent; null where something is.
    disabled_at: Option<DateTime<Utc>>,
    /// Why nothing is sent; null where something is.
    disabled_reason: Option<Word<DisabledReason>>,
    /// Failures in a row: after five there is a pause, and then a single message as a trial.
    failures: i32,
    /// Until when its last pause is, or was; null where it has had none since a message came through.
    paused_until: Option<DateTime<Utc>>,
    /// The secrets by which messages are signed, two at most while one replaces the other.
    secrets: Vec<WebhookSecret>,
    /// When it was registered.
    created_at: DateTime<Utc>,
    /// Counts the changes.
    version: i32,
}

/// A secret by which messages are signed, of which nothing but its end is known any more.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookSecret {
    /// Its last four letters.
    tail: String,
    /// When it was drawn.
    created_at: DateTime<Utc>,
    /// Until when messages bear its signature beside the new one's; null for the present one.
    expires_at: Option<DateTime<Utc>>,
}

impl From<Known> for WebhookEndpoint {
    fn from(known: Known) -> Self {
        let secret = |secret: SigningSecret| WebhookSecret {
            tail: secret.tail,
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        };
        let endpoint = known.endpoint;
        Self {
            id: Id(endpoint.id),
            unit_id: Id(endpoint.unit_id),
            owner_account_id: Id(endpoint.owner.account_id),
            url: endpoint.url,
            description: endpoint.description,
            events: endpoint.events.into_iter().map(Word).collect(),
            enabled: endpoint.disabled.is_none(),
            disabled_at: endpoint.disabled.map(|disabled| disabled.0),
            disabled_reason: endpoint.disabled.map(|disabled| Word(disabled.1)),
            failures: endpoint.failures,
            paused_until: endpoint.paused_until,
            secrets: known.secrets.into_iter().map(secret).collect(),
            created_at: endpoint.created_at,
            version: endpoint.version,
        }
    }
}

/// An endpoint with its new secret.
#[derive(Serialize, JsonSchema)]
pub(super) struct IssuedWebhookEndpoint {
    #[serde(flatten)]
    endpoint: WebhookEndpoint,
    /// The secret by which messages are signed, `whsec_…`, shown only now; null where the same request came before.
    secret: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    #[serde(flatten)]
    paging: Paging,
    /// Of which unit.
    unit_id: Id<OrgUnitId>,
}

pub(super) async fn list(asked: Asked<Wanted>) -> Answered<PageOf<WebhookEndpoint>> {
    let Wanted { paging, unit_id } = &asked.params;
    let (unit, permit) = permitted_unit(&asked.reads, Action::ManageWebhook, unit_id.0).await?;
    let (district, grant) = (permit.district_id(), of_grant(asked.call()));
    let store = &asked.app().store;
    let page = endpoint_page(store, district, &unit.path, grant, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |known| known.endpoint.id.0, WebhookEndpoint::from)))
}

/// An endpoint to register.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewWebhookEndpoint {
    /// The unit: it is told of what happens there and below.
    unit_id: Id<OrgUnitId>,
    /// Where to, an https URL on a public address.
    #[schemars(length(min = 1, max = 500))]
    url: String,
    /// What people call it.
    #[schemars(length(min = 1, max = 100))]
    description: String,
    /// What it is told of; a test comes to every endpoint.
    #[schemars(length(min = 1, max = 100))]
    events: Vec<Word<WebhookEventType>>,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct Nothing {}

fn issued(made: Issued) -> Answer<IssuedWebhookEndpoint> {
    let version = made.known.endpoint.version;
    Answer::of(IssuedWebhookEndpoint { endpoint: made.known.into(), secret: made.secret }).version(version)
}

pub(super) async fn create(asked: Asked<Nothing, NewWebhookEndpoint>) -> Answered<IssuedWebhookEndpoint> {
    let once = asked.once.clone();
    let new = NewEndpoint {
        unit_id: asked.body.unit_id.0,
        url: asked.body.url.clone(),
        description: asked.body.description.clone(),
        events: asked.body.events.iter().map(|event| event.0).collect(),
    };
    let made = naming(ops::create(asked.app(), asked.call(), new, once).await, field)?;
    let path = format!("/webhooks/{}", Id(made.known.endpoint.id).text());
    Ok(issued(made).created(path))
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct One {
    /// Which endpoint.
    pub id: Id<WebhookEndpointId>,
}

fn versioned(known: Known) -> Answer<WebhookEndpoint> {
    let version = known.endpoint.version;
    Answer::of(WebhookEndpoint::from(known)).version(version)
}

pub(super) async fn one(asked: Asked<One>) -> Answered<WebhookEndpoint> {
    Ok(versioned(visible(asked.call(), &asked.app().store, asked.params.id.0).await?))
}

/// A change of an endpoint.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(super) struct WebhookEndpointChange {
    /// New address.
    #[schemars(length(min = 1, max = 500))]
    url: Option<String>,
    /// New description.
    #[schemars(length(min = 1, max = 100))]
    description: Option<String>,
    /// New types of events.
    #[schemars(length(min = 1, max = 100))]
    events: Option<Vec<Word<WebhookEventType>>>,
    /// Whether anything is sent. Switched off, nothing new is kept for it; switched on, what still waits is sent.
    enabled: Option<bool>,
}

pub(super) async fn change(asked: Asked<One, WebhookEndpointChange>) -> Answered<WebhookEndpoint> {
    let new = &asked.body;
    let change = EndpointChange {
        url: new.url.clone(),
        description: new.description.clone(),
        events: new.events.as_ref().map(|events| events.iter().map(|event| event.0).collect()),
        enabled: new.enabled,
    };
    let (id, once) = (asked.params.id.0, asked.once.clone());
    let done = ops::change(asked.app(), asked.call(), id, asked.version, change, once).await;
    Ok(versioned(naming(done, field)?))
}

pub(super) async fn remove(asked: Asked<One>) -> Answered<WebhookEndpoint> {
    let done = ops::delete(asked.app(), asked.call(), asked.params.id.0, asked.version).await;
    Ok(Answer::of(done?.into()))
}

/// How a secret is replaced.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Rotating {
    /// For how many hours messages bear the old secret's signature, too; 24 where absent.
    #[schemars(range(min = 0, max = 168))]
    overlap_hours: Option<i64>,
}

pub(super) async fn rotate(asked: Asked<One, Rotating>) -> Answered<IssuedWebhookEndpoint> {
    let overlap = Duration::hours(asked.body.overlap_hours.unwrap_or(24));
    let once = asked.once.clone();
    let done = ops::rotate(asked.app(), asked.call(), asked.params.id.0, overlap, once).await;
    Ok(issued(naming(done, field)?))
}
