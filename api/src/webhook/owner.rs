//! An endpoint is told in its owner's name: with the rights of today, within the limit of the grant that made it.

use zhibu_domain::{
    id::{AccountId, SessionId},
    policy::{Action, Denied, Subject, permit},
    token::{GrantKind, TokenScopes},
    webhook::{Delivery, DeliveryFailure, DisabledReason, Endpoint, Owner, WebhookEventType},
};
use zhibu_persistence::{
    Origin, Tx, outbox,
    token::GrantKey,
    webhook::{self, Known},
};

use crate::{
    app::App,
    auth::token::{Bearer, Shown},
    call::Call,
    error::OpError,
    identity::{actor, has_proved, rights},
    token,
};

/// Who acts is whom what they register will be told for.
pub async fn owner(app: &App, call: &Call) -> Result<Owner, OpError> {
    let person = call.actor.person().ok_or(Denied::Unauthenticated)?;
    let limit = person.limit.as_ref();
    let second_factor = match limit {
        Some(limit) if limit.kind == GrantKind::Client => false,
        _ => {
            let rights = rights(app, &app.store, person.district_id, person.account_id).await?;
            has_proved(app, &rights, person.second_factor_missing)
        }
    };
    let grant_id = limit.map(|limit| limit.grant_id);
    Ok(Owner { account_id: person.account_id, grant_id, second_factor })
}

/// What an endpoint's owner may have it told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// Of events of this type.
    This,
    /// Of other types.
    Others,
    /// Of nothing: they may have no endpoints there any more, or see nothing of what it listens to.
    Nothing,
}

/// Whether an endpoint may be told of events of a type: whether its owner may see them, today, in its unit, and
/// may have endpoints there. That they may nothing isn't taken from memory: it has consequences, and the right may
/// have been given by another server this moment.
pub async fn hearing(app: &App, known: &Known, event: WebhookEventType) -> Result<Hearing, OpError> {
    match remembered(app, known, event).await? {
        Hearing::Nothing => {
            app.memo.clear();
            remembered(app, known, event).await
        }
        found => Ok(found),
    }
}

async fn remembered(app: &App, known: &Known, event: WebhookEventType) -> Result<Hearing, OpError> {
    let Owner { account_id, grant_id, second_factor } = known.endpoint.owner;
    let bearer = Bearer {
        account_id,
        district_id: known.district_id,
        session_id: SessionId(known.endpoint.id.0),
        second_factor,
        password_change_due: false,
        grant: grant_id.map(|id| Shown { id, scopes: TokenScopes(u32::MAX) }),
    };
    let actor = match actor(app, bearer).await {
        Ok(actor) => actor,
        Err(OpError::Denied(_)) => return Ok(Hearing::Nothing),
        Err(error) => return Err(error),
    };
    let may = |action| permit(&actor, action, Subject::unit(&known.path)).is_ok();
    let anything = known.endpoint.events.iter().any(|event| may(event.action()));
    Ok(match may(Action::ManageWebhook) && anything {
        true if may(event.action()) => Hearing::This,
        true => Hearing::Others,
        false => Hearing::Nothing,
    })
}

/// Switches an endpoint off whose owner may hear of nothing any more, and tells whom it concerns. A message that was to
/// be sent, and all that waits there, goes on waiting for whoever switches it on.
pub async fn lapse(app: &App, known: &Known, waiting: Option<Delivery>) -> Result<(), OpError> {
    let (district, request) = (known.district_id, known.endpoint.id.0);
    let origin = Origin { operation: "deliverWebhook", request_id: Some(request), now: app.now() };
    let tx = app.store.begin(origin).await?;
    let locked = webhook::lock(&tx, district, known.endpoint.id).await?;
    // Somebody may have put it right by now.
    let locked = locked.filter(|locked| locked.endpoint.version == known.endpoint.version);
    if let Some(locked) = locked.filter(|locked| locked.endpoint.disabled.is_none()) {
        let (before, after) = (&locked.endpoint, locked.endpoint.clone().lapsed(tx.now()));
        let permit =
            Call::system(district, request).permit(Action::ManageWebhook, Subject::unit(&locked.path))?;
        webhook::update_endpoint(&tx, &permit, before, &after).await?;
        tell(app, &tx, &locked, DisabledReason::NotEntitled).await?;
    }
    if let Some(waiting) = waiting {
        let held = waiting.held_back(DeliveryFailure::NotEntitled, tx.now());
        webhook::record(&tx, district, &held).await?;
    }
    tx.commit().await?;
    app.hub.wake();
    Ok(())
}

/// Whom it concerns that nothing is sent to an endpoint any more: its owner, of a client whoever has given it.
async fn concerned(app: &App, endpoint: &Endpoint) -> Result<Option<AccountId>, OpError> {
    let Some(id) = endpoint.owner.grant_id else { return Ok(Some(endpoint.owner.account_id)) };
    let known = token::known(app, GrantKey::Id(id)).await?;
    Ok(known.and_then(|known| known.grant.created_by))
}

/// Tells the owner that nothing is sent to an endpoint any more.
pub async fn tell(app: &App, tx: &Tx, known: &Known, why: DisabledReason) -> Result<(), OpError> {
    let payload = serde_json::json!({
        "accounts": Vec::from_iter(concerned(app, &known.endpoint).await?),
        "title": known.endpoint.description, "outcome": why,
    });
    let id = known.endpoint.id.0;
    Ok(outbox::publish(tx, known.district_id, "webhook.disabled", id, payload).await?)
}
