use async_graphql::{Context, Object, Result};
use zhibu_persistence::identity;

use super::SessionObject;
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
}
