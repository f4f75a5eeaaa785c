//! An endpoint is told in its owner's name: with the rights of today, within the limit of the grant that made it.

use zhibu_domain::{
    id::{AccountId, SessionId},
    policy::{Action, Denied, Subject, permit},
    token::{GrantKind, TokenScopes},
    webhook::{DisabledReason, Endpoint, Owner, WebhookEventType},
};
use zhibu_persistence::{Tx, outbox, token::GrantKey, webhook::Known};

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

/// Whether an endpoint may be told of events of a type: whether its owner may see them, today, in its unit, and
/// may have endpoints there.
pub async fn may_hear(app: &App, known: &Known, event: WebhookEventType) -> Result<bool, OpError> {
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
        Err(OpError::Denied(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let may = |action| permit(&actor, action, Subject::unit(&known.path)).is_ok();
    Ok(may(Action::ManageWebhook) && may(event.action()))
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
