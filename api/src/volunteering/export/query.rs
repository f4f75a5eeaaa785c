use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::id::OrgUnitId;

use super::object::ServiceHourExportObject;
use crate::{
    call::reads,
    graphql::{Cursor, GlobalId, PageArgs, connect},
    volunteering::list::exports_of,
};

/// Queries of exports of volunteer hours.
#[derive(Default)]
pub struct HourExportQuery;

#[Object]
impl HourExportQuery {
    /// What was exported of a unit, by whom and what for, latest first; units below have exports of their
    /// own. For offices of the unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn service_hour_exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, ServiceHourExportObject>>> {
        let args = PageArgs { first, after, last, before }.request()?;
        let page = exports_of(reads(ctx)?, unit_id.0, args).await?;
        Ok(Some(connect(args, page, |export| export.id.0, ServiceHourExportObject)))
    }
}
