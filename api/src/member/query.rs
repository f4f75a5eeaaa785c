use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{
    id::OrgUnitId,
    member::PartyMember,
    policy::{Action, Denied},
};
use zhibu_persistence::member;

use super::{AccountObject, PartyMemberObject, PostObject};
use crate::{
    call::{reads, request},
    error::{OpError, OpExt},
    graphql::{Cursor, GlobalId, PageArgs, connect, search},
    organization::permitted_unit,
    reads::{Loading, PostsOn},
};

/// Queries of people.
#[derive(Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// The account of who asks. For anybody signed in.
    async fn me(&self, ctx: &Context<'_>) -> Result<AccountObject> {
        let (app, call) = request(ctx)?;
        call.permit_own().op()?;
        let found = member::account(&app.store, call.district().op()?, call.account().op()?).await.op()?;
        Ok(AccountObject(found.ok_or(OpError::Denied(Denied::Unauthenticated))?))
    }

    /// The active roster of a unit and all below it, in order of entry; a page of at most 100. For the
    /// overseers of the unit.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and a filter")]
    async fn roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(
            desc = "A part of the name, up to 100 characters; the case of Latin letters doesn't matter."
        )]
        name: Option<String>,
    ) -> Result<Option<Connection<Cursor, PartyMemberObject>>> {
        let (app, _call) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewMember, unit_id.0).await?;
        let (request, name) = (PageArgs { first, after, last, before }.request()?, search(name)?);
        let page =
            member::roster_page(&app.store, permit.district_id(), &unit.path, name.as_deref(), request);
        Ok(Some(connect(request, page.await.op()?, |m: &PartyMember| m.id.0, PartyMemberObject)))
    }

    /// The posts on a unit, past ones too. For anybody signed in.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
    ) -> Result<Option<Vec<PostObject>>> {
        let (unit, _) = permitted_unit(reads(ctx)?, Action::ViewPost, unit_id.0).await?;
        let posts = ctx.data::<Loading>()?.load_one(PostsOn(unit.id)).await.op()?;
        Ok(Some(posts.unwrap_or_default().into_iter().map(PostObject).collect()))
    }
}
