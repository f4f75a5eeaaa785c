use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{WebhookDeliveryId, WebhookEndpointId},
    vocabulary::Vocabulary,
    webhook::{Delivery, DeliveryFailure, DeliveryState, DisabledReason, SigningSecret, WebhookEventType},
};
use zhibu_persistence::webhook::Known;

use super::{message::example, ops::visible};
use crate::{
    call::request,
    error::{OpError, OpExt},
    graphql::{GlobalId, Term, encode},
    member::AccountObject,
    organization::OrgUnitObject,
    reads::Loading,
};

/// Where another system is told of what has happened in a unit and all below it, as Standard Webhooks has it. For
/// the district's administrator, offices of the unit, and the token that has registered it.
pub struct WebhookEndpointObject(pub Known);

/// An endpoint as a node.
pub async fn endpoint_node(
    ctx: &Context<'_>,
    id: WebhookEndpointId,
) -> Result<Option<WebhookEndpointObject>> {
    let (app, call) = request(ctx)?;
    match visible(call, &app.store, id).await {
        Ok(known) => Ok(Some(WebhookEndpointObject(known))),
        Err(OpError::Denied(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A secret by which messages are signed, of which nothing but its end is known any more.
#[derive(SimpleObject)]
pub struct WebhookSecret {
    /// Its last four letters.
    tail: String,
    /// When it was drawn.
    created_at: DateTime<Utc>,
    /// Until when messages bear its signature beside the new one's; null for the present one.
    expires_at: Option<DateTime<Utc>>,
}

impl From<&SigningSecret> for WebhookSecret {
    fn from(secret: &SigningSecret) -> Self {
        Self { tail: secret.tail.clone(), created_at: secret.created_at, expires_at: secret.expires_at }
    }
}

/// Where another system is told of what has happened in a unit and all below it, as Standard Webhooks has it. For
/// the district's administrator, offices of the unit, and the token that has registered it.
#[Object(name = "WebhookEndpoint")]
impl WebhookEndpointObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<WebhookEndpointId> {
        GlobalId(self.0.endpoint.id)
    }

    /// The unit: it is told of what happens there and below.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let unit = ctx.data::<Loading>()?.load_one(self.0.endpoint.unit_id).await.op()?;
        Ok(OrgUnitObject(unit.ok_or(OpError::internal("an endpoint without a unit"))?))
    }

    /// In whose name: it is told of nothing that they may not see.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let owner = self.0.endpoint.owner.account_id;
        Ok(ctx.data::<Loading>()?.load_one(owner).await.op()?.map(AccountObject))
    }

    /// Where to.
    async fn url(&self) -> &str {
        &self.0.endpoint.url
    }

    /// What people call it.
    async fn description(&self) -> &str {
        &self.0.endpoint.description
    }

    /// What it is told of.
    async fn events(&self) -> Vec<Term<WebhookEventType>> {
        self.0.endpoint.events.iter().copied().map(Term).collect()
    }

    /// Whether anything is sent.
    async fn enabled(&self) -> bool {
        self.0.endpoint.disabled.is_none()
    }

    /// Since when nothing is sent; null where something is.
    async fn disabled_at(&self) -> Option<DateTime<Utc>> {
        self.0.endpoint.disabled.map(|disabled| disabled.0)
    }

    /// Why nothing is sent; null where something is.
    async fn disabled_reason(&self) -> Option<Term<DisabledReason>> {
        self.0.endpoint.disabled.map(|disabled| Term(disabled.1))
    }

    /// Failures in a row: after five there is a pause, and then a single message as a trial.
    async fn failures(&self) -> i32 {
        self.0.endpoint.failures
    }

    /// Until when it has a pause; null where it has none, or the time is over.
    async fn paused_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let (app, _) = request(ctx)?;
        Ok(self.0.endpoint.paused_until.filter(|until| app.now() < *until))
    }

    /// The secrets by which messages are signed, two at most while one replaces the other.
    async fn secrets(&self) -> Vec<WebhookSecret> {
        self.0.secrets.iter().map(Into::into).collect()
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.endpoint.created_at
    }

    /// Counts the changes; name it when you change the endpoint.
    async fn version(&self) -> i32 {
        self.0.endpoint.version
    }
}

/// A message to an endpoint. For who may see the endpoint; kept for 30 days.
pub struct WebhookDeliveryObject(pub Delivery);

/// A message to an endpoint. For who may see the endpoint; kept for 30 days.
#[Object(name = "WebhookDelivery")]
impl WebhookDeliveryObject {
    /// Global id, and the `webhook-id` of the message, at each attempt the same.
    async fn id(&self) -> GlobalId<WebhookDeliveryId> {
        GlobalId(self.0.id)
    }

    /// What it tells.
    async fn event(&self) -> Term<WebhookEventType> {
        Term(self.0.event)
    }

    /// The global id of the thing to which it happened.
    async fn subject_id(&self) -> ID {
        ID(encode(self.0.event.subject_kind(), self.0.subject_id))
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Where it stands.
    async fn state(&self) -> Term<DeliveryState> {
        Term(self.0.state)
    }

    /// How often it was tried, since it was last asked for.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// When it is tried next, at the earliest; null where it isn't any more.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.0.next_attempt_at()
    }

    /// When the last attempt was made; null before the first.
    async fn tried_at(&self) -> Option<DateTime<Utc>> {
        self.0.tried_at
    }

    /// Why the last attempt didn't come through; null where it did.
    async fn failure(&self) -> Option<Term<DeliveryFailure>> {
        self.0.answer.as_ref().and_then(|answer| answer.failure).map(Term)
    }

    /// The receiver's status at the last attempt; null where there was none.
    async fn response_status(&self) -> Option<i32> {
        self.0.answer.as_ref().and_then(|answer| answer.status)
    }

    /// How long the last attempt took, in milliseconds.
    async fn latency_ms(&self) -> Option<i32> {
        self.0.answer.as_ref().map(|answer| answer.latency_ms)
    }

    /// How the receiver's answer to the last attempt began: 1 KiB of it.
    async fn response_body(&self) -> Option<&str> {
        self.0.answer.as_ref().and_then(|answer| answer.body.as_deref())
    }
}

/// A type of events, for whoever writes a receiver.
pub struct EventTypeObject(pub WebhookEventType);

/// A type of events, for whoever writes a receiver.
#[Object(name = "WebhookEventDescription")]
impl EventTypeObject {
    /// The type.
    #[graphql(name = "type")]
    async fn kind(&self) -> Term<WebhookEventType> {
        Term(self.0)
    }

    /// As messages say it: `activity.published`.
    async fn name(&self) -> &'static str {
        self.0.name()
    }

    /// What it is called, zh-CN or en by `Accept-Language`.
    async fn label(&self, ctx: &Context<'_>) -> Result<&'static str> {
        let (_, call) = request(ctx)?;
        Ok(self.0.say(call.language))
    }

    /// The scope that a token needs to be told of it, besides `webhooks:manage`.
    async fn scope(&self) -> Option<String> {
        self.0.action().token_scope().map(|scope| scope.spoken())
    }

    /// A message of it as it might be, JSON.
    async fn example(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&example(self.0))?)
    }
}
