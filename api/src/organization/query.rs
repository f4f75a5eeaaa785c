use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{
    organization::OrgUnitKind,
    policy::{Action, Subject},
};
use zhibu_persistence::organization::UnitFilter;

use super::{DistrictObject, OrgUnitObject, object::unit_page};
use crate::{
    call::request,
    error::OpExt,
    graphql::{Cursor, PageArgs, Term, search},
};

/// Queries of the tree of units.
#[derive(Default)]
pub struct OrganizationQuery;

#[Object]
impl OrganizationQuery {
    /// The district of who asks. For anybody signed in.
    async fn district(&self, ctx: &Context<'_>) -> Result<DistrictObject> {
        let (app, call) = request(ctx)?;
        let permit = call.permit(Action::ViewUnit, Subject::default()).op()?;
        Ok(DistrictObject(app.district(permit.district_id()).await?))
    }

    /// The live units of the district, in order of founding; a page of at most 100. For anybody signed in.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and two filters")]
    async fn org_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only units of this type.")] kind: Option<Term<OrgUnitKind>>,
        #[graphql(
            desc = "Text in the name, the short name or the code, up to 100 characters; the case of Latin letters doesn't matter."
        )]
        text: Option<String>,
    ) -> Result<Connection<Cursor, OrgUnitObject>> {
        let (_, call) = request(ctx)?;
        // A token has one subtree, everybody else the whole district.
        let subtree = call.scope(Action::ViewUnit).op()?.subtrees.and_then(|reach| reach.into_iter().next());
        let filter =
            UnitFilter { kind: kind.map(|k| k.0), text: search(text)?, subtree, ..UnitFilter::default() };
        unit_page(ctx, filter, PageArgs { first, after, last, before }).await
    }
}
