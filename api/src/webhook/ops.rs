//! Registering endpoints, changing and trying them, and replaying what was sent.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, WebhookDeliveryId, WebhookEndpointId},
    organization::OrgUnitPath,
    policy::{Action, Denied, Permit, Subject},
    webhook::{
        self as rules, Delivery, DeliveryState, Endpoint, EndpointChange, MOST_OF_A_UNIT, NewEndpoint,
        WebhookEventType, WebhookRefusal as Refusal,
    },
};
use zhibu_persistence::{
    Connect, Tx, organization,
    webhook::{self, Known, Replayed},
};

use super::{owner::owner, secret::draw};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    once::Once,
};

/// An endpoint with its new secret, which is shown only now; none when the same request came before.
pub struct Issued {
    /// The endpoint.
    pub known: Known,
    /// The secret.
    pub secret: Option<String>,
}

type Done<T> = Result<T, Stop<Refusal>>;

/// Whether the caller may manage an endpoint. A token manages its own: another's is told of more, or signs what
/// others trust.
fn manage(call: &Call, known: &Known) -> Result<Permit, Denied> {
    let own = call.actor.limit().is_none_or(|limit| known.endpoint.owner.grant_id == Some(limit.grant_id));
    if !own {
        return Err(Denied::Hidden);
    }
    call.permit(Action::ManageWebhook, Subject::unit(&known.path))
}

/// Whether the caller may see what the events tell: nobody has it told to another system otherwise.
fn may_subscribe(call: &Call, events: &[WebhookEventType], path: &OrgUnitPath) -> Done<()> {
    for event in events {
        call.permit(event.action(), Subject::unit(path)).map_err(|_| Refusal::BeyondYours)?;
    }
    Ok(())
}

async fn locked(tx: &Tx, district: DistrictId, id: WebhookEndpointId) -> Done<Known> {
    Ok(webhook::lock(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

/// An endpoint that the caller may manage.
pub async fn visible(call: &Call, db: &impl Connect, id: WebhookEndpointId) -> Result<Known, OpError> {
    let found = webhook::endpoints(db, call.signed_in()?, &[id]).await?.remove(&id);
    let known = found.ok_or(Denied::Hidden)?;
    manage(call, &known)?;
    Ok(known)
}

/// Which endpoints of a unit the caller sees: a token those that it has registered.
pub fn of_grant(call: &Call) -> Option<Uuid> {
    call.actor.limit().map(|limit| limit.grant_id.0)
}

/// The endpoint of which the same request came before: a name that stands for another address by now is no reason
/// to refuse what is done.
async fn repeated(app: &App, call: &Call, operation: &'static str, once: &Once) -> Done<Option<Known>> {
    let tx = app.begin(call, operation).await?;
    let Some(made) = once.earlier(&tx, call).await? else { return Ok(None) };
    Ok(Some(managed(&tx, call, WebhookEndpointId(made)).await?.0))
}

/// Registers an endpoint.
pub async fn create(app: &App, call: &Call, new: NewEndpoint, once: Once) -> Done<Issued> {
    let district = call.district()?;
    let unit = organization::unit(&app.store, district, new.unit_id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ManageWebhook, Subject::unit(&unit.path))?;
    may_subscribe(call, &new.events, &unit.path)?;
    if let Some(known) = repeated(app, call, "createWebhookEndpoint", &once).await? {
        return Ok(Issued { known, secret: None });
    }
    // Names are looked up before anything is locked.
    let url = app.webhooks.guard.check(&new.url).await?;
    let owner = owner(app, call).await?;
    let tx = app.begin(call, "createWebhookEndpoint").await?;
    if unit.dissolved_at.is_some() {
        return Err(Refusal::UnitDissolved.into());
    }
    if webhook::count_of(&tx, district, unit.id).await? >= MOST_OF_A_UNIT {
        return Err(Refusal::TooMany.into());
    }
    let endpoint = Endpoint::register(app.id(), NewEndpoint { url, ..new }, owner, tx.now())?;
    let (text, secret) = draw(app, endpoint.id, tx.now())?;
    webhook::insert_endpoint(&tx, &permit, &endpoint, &secret).await?;
    once.keep(&tx, call, endpoint.id.0).await?;
    let known = locked(&tx, district, endpoint.id).await?;
    tx.commit().await?;
    Ok(Issued { known, secret: Some(text) })
}

/// Changes an endpoint. Whoever has more sent, or elsewhere, answers for it from now on, unless it is a token's.
pub async fn change(
    app: &App,
    call: &Call,
    id: WebhookEndpointId,
    version: Option<i32>,
    change: EndpointChange,
    once: Once,
) -> Done<Known> {
    let district = call.district()?;
    visible(call, &app.store, id).await?;
    if let Some(known) = repeated(app, call, "changeWebhookEndpoint", &once).await? {
        return Ok(known);
    }
    let url = match &change.url {
        Some(url) => Some(app.webhooks.guard.check(url).await?),
        None => None,
    };
    let owner = owner(app, call).await?;
    let tx = app.begin(call, "changeWebhookEndpoint").await?;
    let (before, permit) = managed(&tx, call, id).await?;
    let more = url.is_some() || change.events.is_some() || change.enabled == Some(true);
    let mut after = before.endpoint.clone().change(EndpointChange { url, ..change }, version, tx.now())?;
    if more {
        may_subscribe(call, &after.events, &before.path)?;
        if after.owner.grant_id.is_none() {
            after.owner = owner;
        }
    }
    webhook::update_endpoint(&tx, &permit, &before.endpoint, &after).await?;
    once.keep(&tx, call, id.0).await?;
    let known = locked(&tx, district, id).await?;
    tx.commit().await?;
    app.hub.webhooks().notify_one();
    Ok(known)
}

/// Gives an endpoint a new secret; for a while messages bear the old one's signature, too. Whoever has the secret
/// can pass for us, so it needs the right to all that is told.
pub async fn rotate(
    app: &App,
    call: &Call,
    id: WebhookEndpointId,
    overlap: Duration,
    once: Once,
) -> Done<Issued> {
    let tx = app.begin(call, "rotateWebhookSecret").await?;
    let district = call.district()?;
    let (known, permit) = managed(&tx, call, id).await?;
    if once.earlier::<Uuid>(&tx, call).await?.is_some() {
        return Ok(Issued { known, secret: None });
    }
    may_subscribe(call, &known.endpoint.events, &known.path)?;
    let (text, new) = draw(app, id, tx.now())?;
    let secrets = rules::rotate(&known.secrets, new, overlap, tx.now())?;
    webhook::replace_secrets(&tx, &permit, &known, &secrets).await?;
    once.keep(&tx, call, id.0).await?;
    let known = locked(&tx, district, id).await?;
    tx.commit().await?;
    Ok(Issued { known, secret: Some(text) })
}

/// Deletes an endpoint with all that was sent to it; answers what it was.
pub async fn delete(app: &App, call: &Call, id: WebhookEndpointId, version: Option<i32>) -> Done<Known> {
    let tx = app.begin(call, "deleteWebhookEndpoint").await?;
    let (known, permit) = managed(&tx, call, id).await?;
    if version.is_some_and(|version| version != known.endpoint.version) {
        return Err(Refusal::Stale.into());
    }
    webhook::delete_endpoint(&tx, &permit, &known.endpoint).await?;
    tx.commit().await?;
    Ok(known)
}

/// An endpoint that the caller may manage, locked.
async fn managed(tx: &Tx, call: &Call, id: WebhookEndpointId) -> Done<(Known, Permit)> {
    let known = locked(tx, call.district()?, id).await?;
    let permit = manage(call, &known)?;
    Ok((known, permit))
}

/// Ends an endpoint's pause, so that what is about to be sent to it is tried at once.
async fn awake(tx: &Tx, permit: &Permit, known: &Known) -> Done<()> {
    if known.endpoint.disabled.is_some() {
        return Err(Refusal::Disabled.into());
    }
    let resumed = Endpoint { paused_until: None, ..known.endpoint.clone() };
    Ok(webhook::update_endpoint(tx, permit, &known.endpoint, &resumed).await?)
}

async fn read(db: &impl Connect, call: &Call, id: WebhookDeliveryId) -> Result<Delivery, OpError> {
    let found = webhook::deliveries(db, call.district()?, &[id]).await?.pop();
    Ok(found.ok_or(Denied::Hidden)?)
}

/// A message to an endpoint that the caller may manage.
pub async fn delivery(call: &Call, db: &impl Connect, id: WebhookDeliveryId) -> Result<Delivery, OpError> {
    let found = read(db, call, id).await?;
    visible(call, db, found.endpoint_id).await?;
    Ok(found)
}

/// Has a test sent.
pub async fn ping(app: &App, call: &Call, id: WebhookEndpointId, once: Once) -> Done<Delivery> {
    let tx = app.begin(call, "pingWebhookEndpoint").await?;
    let (known, permit) = managed(&tx, call, id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(read(&tx, call, WebhookDeliveryId(made)).await?);
    }
    awake(&tx, &permit, &known).await?;
    let what = (WebhookEventType::Ping, id.0, known.endpoint.unit_id);
    let new = Delivery::new(app.id(), id, what, tx.now(), tx.now());
    // Before all that waits: after a pause it is the trial.
    let delivery = Delivery { due_at: known.endpoint.created_at, ..new };
    webhook::insert_ping(&tx, &permit, &delivery).await?;
    once.keep(&tx, call, delivery.id.0).await?;
    tx.commit().await?;
    app.hub.webhooks().notify_one();
    Ok(delivery)
}

/// Has one message sent once more.
pub async fn replay_one(app: &App, call: &Call, id: WebhookDeliveryId, once: Once) -> Done<Delivery> {
    let tx = app.begin(call, "replayWebhookDelivery").await?;
    let endpoint = read(&tx, call, id).await?.endpoint_id;
    let (known, permit) = managed(&tx, call, endpoint).await?;
    let before = read(&tx, call, id).await?;
    if once.earlier::<Uuid>(&tx, call).await?.is_some() {
        return Ok(before);
    }
    awake(&tx, &permit, &known).await?;
    if before.state == DeliveryState::Pending {
        return Err(Refusal::StillPending.into());
    }
    webhook::replay(&tx, &permit, known.endpoint.id, Replayed::One(id)).await?;
    let after = read(&tx, call, id).await?;
    once.keep(&tx, call, id.0).await?;
    tx.commit().await?;
    app.hub.webhooks().notify_one();
    Ok(after)
}

/// Has what happened in a time sent once more: what was given up, or the delivered, too. Answers how much.
pub async fn replay_range(
    app: &App,
    call: &Call,
    id: WebhookEndpointId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    delivered: bool,
    once: Once,
) -> Done<u64> {
    let tx = app.begin(call, "replayWebhookDeliveries").await?;
    let (known, permit) = managed(&tx, call, id).await?;
    if let Some(count) = once.earlier(&tx, call).await? {
        return Ok(count);
    }
    awake(&tx, &permit, &known).await?;
    if until <= from {
        return Err(Refusal::BadRange.into());
    }
    let count = webhook::replay(&tx, &permit, id, Replayed::Range { from, until, delivered }).await?;
    once.keep(&tx, call, count).await?;
    tx.commit().await?;
    app.hub.webhooks().notify_one();
    Ok(count)
}
