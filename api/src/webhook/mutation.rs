use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::Duration;
use zhibu_domain::webhook::WebhookRefusal;

use super::{
    WebhookDeliveryObject, WebhookEndpointObject,
    input::{
        ChangeWebhookEndpointInput, CreateWebhookEndpointInput, DeleteWebhookEndpointInput,
        PingWebhookEndpointInput, ReplayWebhookDeliveriesInput, ReplayWebhookDeliveryInput,
        RotateWebhookSecretInput,
    },
    ops,
};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::{Outcome, storable},
    once::Once,
};

/// The endpoint was registered.
#[derive(SimpleObject)]
pub struct CreateWebhookEndpointDone {
    /// The endpoint.
    endpoint: WebhookEndpointObject,
    /// The secret by which messages are signed, `whsec_…`, shown only now; null where the same request came before.
    secret: Option<String>,
}

/// The endpoint was changed.
#[derive(SimpleObject)]
pub struct ChangeWebhookEndpointDone {
    /// The endpoint.
    endpoint: WebhookEndpointObject,
}

/// The endpoint has a new secret.
#[derive(SimpleObject)]
pub struct RotateWebhookSecretDone {
    /// The endpoint.
    endpoint: WebhookEndpointObject,
    /// The new secret, shown only now; null where the same request came before.
    secret: Option<String>,
}

/// The endpoint was deleted, with all that was sent to it.
#[derive(SimpleObject)]
pub struct DeleteWebhookEndpointDone {
    /// What it was.
    endpoint: WebhookEndpointObject,
}

/// A test is on its way.
#[derive(SimpleObject)]
pub struct PingWebhookEndpointDone {
    /// The message.
    delivery: WebhookDeliveryObject,
}

/// The message is on its way once more.
#[derive(SimpleObject)]
pub struct ReplayWebhookDeliveryDone {
    /// The message.
    delivery: WebhookDeliveryObject,
}

/// Messages are on their way once more.
#[derive(SimpleObject)]
pub struct ReplayWebhookDeliveriesDone {
    /// How many.
    count: i32,
}

/// Which field a refusal is about.
pub(super) fn field(refusal: WebhookRefusal) -> Option<&'static str> {
    use WebhookRefusal as R;
    match refusal {
        R::BadUrl | R::HttpsRequired | R::PortNotAllowed | R::AddressNotAllowed => Some("url"),
        R::BadDescription => Some("description"),
        R::NoEvents | R::BeyondYours => Some("events"),
        R::UnitDissolved | R::TooMany => Some("unitId"),
        R::BadOverlap => Some("overlapHours"),
        R::BadRange => Some("until"),
        R::Stale => Some("version"),
        R::Disabled | R::StillPending => None,
    }
}

type Answer<D> = Result<Outcome<D, WebhookRefusal>>;

/// Mutations of webhooks.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Registers an endpoint. Nobody has it told of what they may not see in the unit themselves. For the district's
    /// administrator, offices of the unit, and tokens with `webhooks:manage`.
    async fn create_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        input: CreateWebhookEndpointInput,
    ) -> Answer<CreateWebhookEndpointDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = naming(ops::create(app, call, input.into(), once).await, field);
        outcome(done.map(|made| CreateWebhookEndpointDone {
            endpoint: WebhookEndpointObject(made.known),
            secret: made.secret,
        }))
    }

    /// Changes an endpoint, or switches it off and on. Whoever has more sent, or elsewhere, must see it themselves,
    /// and becomes the owner. For the district's administrator, offices of the unit, and the token that has
    /// registered it.
    async fn change_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        input: ChangeWebhookEndpointInput,
    ) -> Answer<ChangeWebhookEndpointDone> {
        let (app, call) = request(ctx)?;
        let (id, version) = (input.id.0, Some(input.version));
        let done = naming(ops::change(app, call, id, version, input.into(), Once::default()).await, field);
        outcome(done.map(|known| ChangeWebhookEndpointDone { endpoint: WebhookEndpointObject(known) }))
    }

    /// Gives an endpoint a new secret; for a while messages bear the old one's signature, too. For who may have
    /// registered it.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        input: RotateWebhookSecretInput,
    ) -> Answer<RotateWebhookSecretDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let overlap = Duration::hours(input.overlap_hours.into());
        let done = naming(ops::rotate(app, call, input.id.0, overlap, once).await, field);
        outcome(done.map(|made| RotateWebhookSecretDone {
            endpoint: WebhookEndpointObject(made.known),
            secret: made.secret,
        }))
    }

    /// Deletes an endpoint with all that was sent to it. For the district's administrator, offices of the unit, and
    /// the token that has registered it.
    async fn delete_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        input: DeleteWebhookEndpointInput,
    ) -> Answer<DeleteWebhookEndpointDone> {
        let (app, call) = request(ctx)?;
        let done = naming(ops::delete(app, call, input.id.0, input.version).await, field);
        outcome(done.map(|known| DeleteWebhookEndpointDone { endpoint: WebhookEndpointObject(known) }))
    }

    /// Has a test sent to an endpoint at once, even during a pause. For who may change it.
    async fn ping_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        input: PingWebhookEndpointInput,
    ) -> Answer<PingWebhookEndpointDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::ping(app, call, input.id.0, once).await;
        outcome(done.map(|delivery| PingWebhookEndpointDone { delivery: WebhookDeliveryObject(delivery) }))
    }

    /// Has a message sent once more that was given up or delivered. What came after it about the same thing and
    /// waits still waits for it. For who may change the endpoint.
    async fn replay_webhook_delivery(
        &self,
        ctx: &Context<'_>,
        input: ReplayWebhookDeliveryInput,
    ) -> Answer<ReplayWebhookDeliveryDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::replay_one(app, call, input.id.0, once).await;
        outcome(done.map(|delivery| ReplayWebhookDeliveryDone { delivery: WebhookDeliveryObject(delivery) }))
    }

    /// Has what happened in a time sent once more: what was given up, or the delivered, too. At most 5,000 messages at
    /// once, the earliest: where `count` says so many, ask again; with `delivered` by shorter times, for what has come
    /// through again counts anew. For who may change the endpoint.
    async fn replay_webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        input: ReplayWebhookDeliveriesInput,
    ) -> Answer<ReplayWebhookDeliveriesDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let range = (storable(input.from), storable(input.until));
        let done = ops::replay_range(app, call, input.endpoint_id.0, range, input.delivered, once).await;
        outcome(
            naming(done, field)
                .map(|count| ReplayWebhookDeliveriesDone { count: i32::try_from(count).unwrap_or(i32::MAX) }),
        )
    }
}
