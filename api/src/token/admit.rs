//! From a shown token to who acts within which limit: grants are kept in memory, and forgotten as soon as one
//! changes anywhere.

use std::sync::Arc;

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{DistrictId, SessionId, TokenGrantId},
    policy::{Denied, Limit, Person},
    token::{GrantKind, TokenScopes},
};
use zhibu_persistence::token::{self, GrantKey, Known};

use crate::{
    app::App,
    auth::{
        api_key,
        token::{Bearer, Shown},
    },
    error::OpError,
    graphql::{Count, Rejection},
    identity::{rights, second_factor_missing},
    quota,
};

/// A grant, kept for a while.
pub async fn known(app: &App, key: GrantKey) -> Result<Option<Arc<Known>>, OpError> {
    let districts = app.districts().await?;
    let ids: Vec<_> = districts.iter().map(|d| DistrictId(d.id)).collect();
    let load = async || token::find(&app.store, &ids, key).await;
    let kept = app.memo.grants.get_or_load(key, load).await?;
    Ok(kept.as_ref().clone().map(Arc::new))
}

/// A grant that counts now.
pub async fn live(app: &App, id: TokenGrantId) -> Result<Arc<Known>, OpError> {
    let found = known(app, GrantKey::Id(id)).await?.filter(|known| known.grant.is_live(app.now()));
    found.ok_or(OpError::Denied(Denied::Unauthenticated))
}

/// Whom a person's token is for, and until when.
pub async fn personal(app: &App, text: &str) -> Result<(Bearer, DateTime<Utc>), OpError> {
    let now = app.now();
    let hash = api_key::read(GrantKind::Personal, text).ok_or(Denied::Unauthenticated)?;
    let known = known(app, GrantKey::Secret(hash)).await?.ok_or(Denied::Unauthenticated)?;
    let (grant, secret) = (&known.grant, known.secrets.iter().find(|secret| secret.hash == hash));
    let secret = secret.filter(|secret| secret.is_live(now)).ok_or(Denied::Unauthenticated)?;
    if !grant.is_live(now) || grant.kind != GrantKind::Personal {
        return Err(Denied::Unauthenticated.into());
    }
    let bearer = Bearer {
        account_id: grant.account_id,
        district_id: known.district_id,
        // In the audit the token stands for a session.
        session_id: SessionId(grant.id.0),
        second_factor: grant.second_factor,
        password_change_due: false,
        grant: Some(Shown { id: grant.id, scopes: TokenScopes::of(&grant.scopes) }),
    };
    Ok((bearer, secret.expires_at.map_or(grant.expires_at, |end| end.min(grant.expires_at))))
}

/// Who acts with a grant: the person within its limit, or another system's account, which has no rights but
/// those that integrators are given.
pub async fn person(app: &App, bearer: Bearer, shown: Shown) -> Result<Person, OpError> {
    let known = live(app, shown.id).await?;
    let Known { grant, path, .. } = known.as_ref();
    if (known.district_id, grant.account_id) != (bearer.district_id, bearer.account_id) {
        return Err(Denied::Unauthenticated.into());
    }
    // A token may have been asked for with fewer, and the grant have lost some since.
    let scopes = grant.scopes.iter().copied().filter(|scope| shown.scopes.contains(*scope)).collect();
    let limit = Limit { grant_id: grant.id, kind: grant.kind, scopes, path: path.clone() };
    let nobody = Person {
        district_id: bearer.district_id,
        account_id: bearer.account_id,
        session_id: bearer.session_id,
        membership: None,
        posts: Vec::new(),
        second_factor_missing: false,
        password_change_due: false,
        limit: Some(limit),
    };
    if grant.kind == GrantKind::Client {
        return Ok(nobody);
    }
    let rights = rights(app, &app.store, bearer.district_id, bearer.account_id).await?;
    Ok(Person {
        membership: rights.membership.clone(),
        posts: rights.posts.clone(),
        second_factor_missing: second_factor_missing(app, &rights, bearer.second_factor),
        ..nobody
    })
}

/// Lets a request in by its grant: from the grant's addresses, and not too often.
pub async fn admit(app: &App, request: &HttpRequest, id: TokenGrantId) -> Result<(), OpError> {
    let known = live(app, id).await?;
    let grant = &known.grant;
    if !grant.admits(crate::gate::address(app, request)) {
        return Err(Denied::Unauthenticated.into());
    }
    spend(app, request, &known)
}

/// Counts a request of a grant.
pub fn spend(app: &App, request: &HttpRequest, known: &Known) -> Result<(), OpError> {
    let (district, id, now) = (known.district_id, known.grant.id, app.now());
    quota::spend(request, &app.auth.requests, (district, id), per_minute(known), now)?;
    note_use(app, district, id, now);
    Ok(())
}

/// Counts what is asked on a grant's socket as its requests are, by the limit that it had when it was opened.
pub async fn count(app: &Arc<App>, id: TokenGrantId) -> Result<Count, OpError> {
    let (app, known) = (Arc::clone(app), live(app, id).await?);
    Ok(Box::new(move || {
        let room = app.auth.requests.admit((known.district_id, id), per_minute(&known), app.now());
        room.map(|_| ()).map_err(|_| Rejection::new(ErrorCode::RateLimited))
    }))
}

fn per_minute(known: &Known) -> u32 {
    u32::try_from(known.grant.per_minute).unwrap_or(1)
}

/// Writes down that a grant was used, once a minute, while the request goes on.
fn note_use(app: &App, district: DistrictId, id: TokenGrantId, now: DateTime<Utc>) {
    let minute = now.timestamp().div_euclid(60);
    if app.memo.used.get(&id) == Some(minute) {
        return;
    }
    app.memo.used.insert(id, minute);
    let store = app.store.clone();
    tokio::spawn(async move {
        if let Err(error) = token::used(&store, district, id, now).await {
            tracing::warn!(?error, "when a token was used could not be written down");
        }
    });
}
