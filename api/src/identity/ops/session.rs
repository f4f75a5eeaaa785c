//! Continuing and ending sessions.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{DistrictId, SessionId},
    identity::{RevocationReason, Rotation, Session, SessionRefusal as Refusal, password_due},
    policy::{Denied, Permit},
};
use zhibu_persistence::{Tx, identity};

use super::{AuthTokens, tokens};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    identity::actor::{rights, second_factor_missing},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// A session that goes on.
pub struct Continued {
    /// Its new tokens.
    pub tokens: AuthTokens,
    /// Whether the posts' rights sleep until the second factor is proved.
    pub second_factor_missing: bool,
    /// Whether nothing but changing the password is allowed.
    pub password_change_due: bool,
}

/// Continues a session by its refresh token.
pub async fn refresh(app: &App, call: &Call, token: &str) -> Done<Continued> {
    let presented = app.auth.refresh.read(token).ok_or(Refusal::UnknownToken)?;
    let district = presented.district_id;
    if !app.districts().await?.iter().any(|d| d.id == district.0) {
        return Err(Refusal::UnknownToken.into());
    }
    let rules = app.rules(district).await?;
    let new = app.auth.refresh.issue(district, presented.session_id, &app.auth.random);
    let tx = app.begin(call, "refreshSession").await?;
    let before = identity::lock_session(&tx, district, presented.session_id).await?;
    let before = before.ok_or(Refusal::UnknownToken)?;
    let permit = Permit::signing_in(district, Some(before.account_id));
    let rights = rights(app, &tx, district, before.account_id).await?;
    let holds_post = !rights.posts.is_empty();
    match before.clone().rotate(presented.hash, new.hash, holds_post, tx.now(), &rules) {
        Rotation::Refused { session, refusal } => {
            if session != before {
                identity::save_session(&tx, &permit, &before, &session).await?;
                tx.commit().await?;
            }
            app.memo.revoke([session.id]);
            Err(refusal.into())
        }
        Rotation::Continued { session, .. } => {
            identity::save_session(&tx, &permit, &before, &session).await?;
            let due = password_change_due(app, &tx, district, &session, holds_post).await?;
            let now = tx.now();
            tx.commit().await?;
            Ok(Continued {
                second_factor_missing: second_factor_missing(
                    app,
                    &rights,
                    session.second_factor_at.is_some(),
                ),
                tokens: tokens(app, district, &session, new, due, now)?,
                password_change_due: due,
            })
        }
    }
}

/// Whether a session that goes on is asked to change the password first.
async fn password_change_due(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    session: &Session,
    holds_post: bool,
) -> Result<bool, OpError> {
    if !session.by_password {
        return Ok(false);
    }
    let rules = app.rules(district).await?;
    let credential = identity::credential(tx, district, session.account_id).await?;
    Ok(credential.is_some_and(|known| password_due(known.changed_at, holds_post, tx.now(), &rules)))
}

/// Gives the running session new tokens after `change`, because what they say has changed.
pub(super) async fn renew_own(
    app: &App,
    call: &Call,
    tx: &Tx,
    permit: &Permit,
    change: impl FnOnce(Session, DateTime<Utc>) -> Session,
) -> Result<AuthTokens, OpError> {
    let (district, now) = (permit.district_id(), tx.now());
    let id = call.person()?.session_id;
    let before = identity::lock_session(tx, district, id).await?;
    let before = before.filter(|s| s.is_live(now)).ok_or(Denied::Unauthenticated)?;
    let holds_post = !call.person()?.posts.is_empty();
    let rules = app.rules(district).await?;
    let refresh = app.auth.refresh.issue(district, id, &app.auth.random);
    let after = change(before.clone(), now).renew(refresh.hash, holds_post, now, &rules);
    identity::save_session(tx, permit, &before, &after).await?;
    let due = password_change_due(app, tx, district, &after, holds_post).await?;
    tokens(app, district, &after, refresh, due, now)
}

async fn end(
    app: &App,
    call: &Call,
    operation: &'static str,
    id: SessionId,
    why: RevocationReason,
) -> Done<Session> {
    let permit = call.permit_own()?;
    let tx = app.begin(call, operation).await?;
    let before = identity::lock_session(&tx, permit.district_id(), id).await?;
    // Somebody else's session doesn't exist for the caller.
    let own = |session: &Session| Some(session.account_id) == permit.account_id();
    let before = before.filter(own).ok_or(Denied::Hidden)?;
    if !before.is_live(tx.now()) {
        return Err(Refusal::Ended.into());
    }
    let after = before.clone().revoke(why, tx.now());
    identity::save_session(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    app.memo.revoke([id]);
    Ok(after)
}

/// Ends the running session.
pub async fn sign_out(app: &App, call: &Call) -> Done<Session> {
    let id = call.person()?.session_id;
    end(app, call, "signOut", id, RevocationReason::SignedOut).await
}

/// Ends one of the own sessions.
pub async fn revoke(app: &App, call: &Call, id: SessionId) -> Done<Session> {
    end(app, call, "revokeSession", id, RevocationReason::Revoked).await
}

/// Ends all own sessions but the running one; answers how many.
pub async fn revoke_others(app: &App, call: &Call) -> Done<usize> {
    let permit = call.permit_own()?;
    let (id, account) = (call.person()?.session_id, call.account()?);
    let tx = app.begin(call, "revokeOtherSessions").await?;
    let why = RevocationReason::Revoked;
    let ended = identity::revoke_sessions(&tx, &permit, account, Some(id), why).await?;
    tx.commit().await?;
    let count = ended.len();
    app.memo.revoke(ended);
    Ok(count)
}
