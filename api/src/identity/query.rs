use async_graphql::{Context, Object, Result};
use zhibu_persistence::identity;

use super::{SessionObject, object::WeChatBindingObject, ops::wechat::link};
use crate::{call::request, error::OpExt};

/// Queries of signing in.
#[derive(Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// The live sessions of who asks, newest first; at most 100. For anybody signed in.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<SessionObject>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let account = call.account().op()?;
        let live = identity::live_sessions(&app.store, permit.district_id(), account, app.now());
        Ok(live.await.op()?.into_iter().map(SessionObject).collect())
    }

    /// The WeChat accounts that are bound to the caller's account: one of each mini-program. For anybody
    /// signed in.
    #[graphql(complexity = "5 + child_complexity")]
    async fn we_chat_bindings(&self, ctx: &Context<'_>) -> Result<Vec<WeChatBindingObject>> {
        let (app, call) = request(ctx)?;
        Ok(link::bindings(app, call).await?.into_iter().map(WeChatBindingObject).collect())
    }
}
