use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{
    id::{OrgUnitId, WebhookEndpointId},
    policy::Action,
    vocabulary::Vocabulary,
    webhook::{Delivery, DeliveryState, WebhookEventType},
};
use zhibu_persistence::webhook::{self, Known};

use super::{
    WebhookDeliveryObject, WebhookEndpointObject,
    object::EventTypeObject,
    ops::{of_grant, visible},
};
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term, connect},
    organization::permitted_unit,
};

/// Queries of webhooks.
#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// What webhooks can tell, with an example of each. For anybody signed in.
    #[graphql(complexity = "5 + 30 * child_complexity")]
    async fn webhook_event_types(&self, ctx: &Context<'_>) -> Result<Vec<EventTypeObject>> {
        let (_, call) = request(ctx)?;
        call.scope(Action::ManageWebhook).op()?;
        Ok(WebhookEventType::words().iter().map(|word| EventTypeObject(word.value)).collect())
    }

    /// The endpoints of a unit and all below it, latest first; a token sees those that it has registered. For the
    /// district's administrator, and offices of the unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, WebhookEndpointObject>>> {
        let (app, call) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ManageWebhook, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let (district, grant) = (permit.district_id(), of_grant(call));
        let page = webhook::endpoint_page(&app.store, district, &unit.path, grant, args).await.op()?;
        Ok(Some(connect(args, page, |known: &Known| known.endpoint.id.0, WebhookEndpointObject)))
    }

    /// What was sent, or waits to be, to an endpoint, latest first, kept for 30 days. For the district's
    /// administrator, and offices of the endpoint's unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the endpoint and a filter")]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which endpoint.")] endpoint_id: GlobalId<WebhookEndpointId>,
        #[graphql(desc = "Only those that stand so.")] state: Option<Term<DeliveryState>>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, WebhookDeliveryObject>>> {
        let (app, call) = request(ctx)?;
        let known = visible(call, &app.store, endpoint_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let (of, state) = (known.endpoint.id, state.map(|state| state.0));
        let page = webhook::page(&app.store, known.district_id, of, state, args).await.op()?;
        Ok(Some(connect(args, page, |delivery: &Delivery| delivery.id.0, WebhookDeliveryObject)))
    }
}
