use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{id::OrgUnitId, policy::Action};
use zhibu_persistence::token::{self, Known};

use super::TokenGrantObject;
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, connect},
    organization::permitted_unit,
};

/// Queries of clients and tokens.
#[derive(Default)]
pub struct TokenQuery;

#[Object]
impl TokenQuery {
    /// The caller's own personal tokens that count, latest first. For anybody signed in.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn personal_tokens(&self, ctx: &Context<'_>) -> Result<Vec<TokenGrantObject>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let account = call.account().op()?;
        let own = token::personal(&app.store, permit.district_id(), account, app.now()).await.op()?;
        Ok(own.into_iter().map(TokenGrantObject).collect())
    }

    /// The clients of a unit and all below it, revoked ones too, latest first. For the district's administrator,
    /// and offices of the unit; a page of at most 100.
    #[graphql(
        name = "oauthClients",
        complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity"
    )]
    async fn oauth_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, TokenGrantObject>>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ManageClient, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = token::client_page(&app.store, permit.district_id(), &unit.path, args).await.op()?;
        Ok(Some(connect(args, page, |known: &Known| known.grant.id.0, TokenGrantObject)))
    }
}
