use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::identity::SessionRefusal;

use crate::{
    call::request,
    error::{naming, outcome},
    graphql::Outcome,
    identity::{
        AuthTokensObject, SessionObject,
        input::{RefreshSessionInput, RevokeSessionInput},
        ops::session,
    },
};

/// The session goes on.
#[derive(SimpleObject)]
pub struct RefreshSessionDone {
    /// The session's new tokens; the old refresh token is spent.
    tokens: AuthTokensObject,
    /// Whether the rights of posts sleep until `proveSecondFactor`.
    second_factor_missing: bool,
    /// Whether nothing but one's own account can be used until `changePassword`.
    password_change_required: bool,
}

/// The running session has ended; its tokens are void.
#[derive(SimpleObject)]
pub struct SignOutDone {
    /// The session.
    session: SessionObject,
}

/// The session has ended; its tokens are void.
#[derive(SimpleObject)]
pub struct RevokeSessionDone {
    /// The session.
    session: SessionObject,
}

/// The other sessions have ended; their tokens are void.
#[derive(SimpleObject)]
pub struct RevokeOtherSessionsDone {
    /// How many other sessions were ended.
    sessions_ended: usize,
}

type Answer<D> = Result<Outcome<D, SessionRefusal>>;

/// Mutations of sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Continues a session by its refresh token, before or after the access token has expired. For
    /// anybody who holds one. Each token is taken once; if the answer is lost, the same token is
    /// taken once more for ten seconds. Any other repetition ends the session, so don't refresh
    /// twice in parallel.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        input: RefreshSessionInput,
    ) -> Answer<RefreshSessionDone> {
        let (app, call) = request(ctx)?;
        let continued = session::refresh(app, call, &input.refresh_token).await;
        let field = |refusal| matches!(refusal, SessionRefusal::UnknownToken).then_some("refreshToken");
        outcome(naming(continued, field).map(|done| RefreshSessionDone {
            tokens: done.tokens.into(),
            second_factor_missing: done.second_factor_missing,
            password_change_required: done.password_change_due,
        }))
    }

    /// Ends the running session. For anybody signed in.
    async fn sign_out(&self, ctx: &Context<'_>) -> Answer<SignOutDone> {
        let (app, call) = request(ctx)?;
        let ended = session::sign_out(app, call).await;
        outcome(ended.map(|session| SignOutDone { session: SessionObject(session) }))
    }

    /// Ends one of one's own sessions, e.g. on a lost phone. It holds at once. For anybody signed in.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionInput,
    ) -> Answer<RevokeSessionDone> {
        let (app, call) = request(ctx)?;
        let ended = session::revoke(app, call, input.id.0).await;
        outcome(ended.map(|session| RevokeSessionDone { session: SessionObject(session) }))
    }

    /// Ends all of one's own sessions but the running one. It holds at once. For anybody signed in.
    async fn revoke_other_sessions(&self, ctx: &Context<'_>) -> Answer<RevokeOtherSessionsDone> {
        let (app, call) = request(ctx)?;
        let ended = session::revoke_others(app, call).await;
        outcome(ended.map(|sessions_ended| RevokeOtherSessionsDone { sessions_ended }))
    }
}
