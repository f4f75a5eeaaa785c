use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::id::ReportExportId;
use zhibu_persistence::report;

use super::{object::ReportExportObject, ops};
use crate::{
    call::request,
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, connect},
};

/// Queries of exports of month reports.
#[derive(Default)]
pub struct ReportExportQuery;

#[Object]
impl ReportExportQuery {
    /// An export of a month report, with its state and how far it has come; ask again every few seconds while it
    /// waits or is being made. For who asked for it, as long as they hold the right.
    async fn report_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: GlobalId<ReportExportId>,
    ) -> Result<Option<ReportExportObject>> {
        let (app, call) = request(ctx)?;
        let (export, _) = ops::own(&app.store, call, id.0).await?;
        Ok(Some(ReportExportObject(export)))
    }

    /// The exports of month reports that the caller has asked for in the last ninety days, latest first; a page
    /// of at most 100. For anybody signed in; who never exported has none.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn my_report_exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, ReportExportObject>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let account = call.account().op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = report::export_page(&app.store, permit.district_id(), account, args);
        Ok(connect(args, page.await.op()?, |export| export.id.0, ReportExportObject))
    }
}
