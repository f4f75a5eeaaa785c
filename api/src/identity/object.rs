use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{SessionId, WeChatBindingId},
    identity::{Session, WeChatBinding},
};

use super::ops::AuthTokens;
use crate::{call::request, graphql::GlobalId};

/// What continues and proves a session. Keep both where other apps can't read them.
#[derive(SimpleObject)]
#[graphql(name = "AuthTokens")]
pub struct AuthTokensObject {
    /// Proves who asks: send it as `Authorization: Bearer …`. A JWT; don't read it, it may change.
    access_token: String,
    /// When the access token expires, in a quarter of an hour: call `refreshSession` before.
    access_token_expires_at: DateTime<Utc>,
    /// Continues the session, once: `refreshSession` answers the next one.
    refresh_token: String,
    /// When the session ends unless it is continued.
    refresh_token_expires_at: DateTime<Utc>,
}

impl From<AuthTokens> for AuthTokensObject {
    fn from(tokens: AuthTokens) -> Self {
        Self {
            access_token: tokens.access,
            access_token_expires_at: tokens.access_expires_at,
            refresh_token: tokens.refresh,
            refresh_token_expires_at: tokens.refresh_expires_at,
        }
    }
}

/// One sign-in on one device. For its holder.
pub struct SessionObject(pub Session);

/// One sign-in on one device. For its holder.
#[Object(name = "Session")]
impl SessionObject {
    /// Global id.
    async fn id(&self) -> GlobalId<SessionId> {
        GlobalId(self.0.id)
    }

    /// How the device was named; null where it named itself nothing.
    async fn device_label(&self) -> Option<&str> {
        self.0.device_label.as_deref()
    }

    /// Signed in at.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Last continued at.
    async fn last_used_at(&self) -> DateTime<Utc> {
        self.0.last_used_at
    }

    /// Ends at, unless it is continued before.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// Whether it is the one that asks.
    async fn current(&self, ctx: &Context<'_>) -> Result<bool> {
        let (_, call) = request(ctx)?;
        Ok(call.actor.person().is_some_and(|person| person.session_id == self.0.id))
    }

    /// The AppID of the mini-program by which it began; null where it began otherwise.
    async fn mini_program(&self) -> Option<&str> {
        self.0.mini_program.as_deref()
    }

    /// Whether it has proved the second factor.
    async fn second_factor(&self) -> bool {
        self.0.second_factor_at.is_some()
    }
}

/// A person's WeChat account, bound to their account: by it they sign in, and there messages go. For its
/// holder.
pub struct WeChatBindingObject(pub WeChatBinding);

/// A person's WeChat account, bound to their account: by it they sign in, and there messages go. For its
/// holder.
#[Object(name = "WeChatBinding")]
impl WeChatBindingObject {
    /// Global id.
    async fn id(&self) -> GlobalId<WeChatBindingId> {
        GlobalId(self.0.id)
    }

    /// The mini-program's AppID.
    async fn app_id(&self) -> &str {
        &self.0.identity.app_id
    }

    /// Since when.
    async fn bound_at(&self) -> DateTime<Utc> {
        self.0.bound_at
    }
}
