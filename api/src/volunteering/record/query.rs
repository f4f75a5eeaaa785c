use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::policy::{Action, Subject};
use zhibu_persistence::volunteering;

use super::{
    object::{ServiceRecordLookUp, ServiceRecordSheetObject},
    ops,
};
use crate::{
    call::request,
    error::OpExt,
    graphql::{Cursor, PageArgs, connect},
};

/// Queries of service record sheets.
#[derive(Default)]
pub struct RecordSheetQuery;

#[Object]
impl RecordSheetQuery {
    /// The caller's own service record sheets, latest first; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn my_service_record_sheets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, ServiceRecordSheetObject>> {
        let (app, call) = request(ctx)?;
        let account = call.account().op()?;
        let permit = call.permit(Action::IssueRecordSheet, Subject::owner(account)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::sheet_page(&app.store, permit.district_id(), account, args);
        Ok(connect(args, page.await.op()?, |sheet| sheet.id.0, ServiceRecordSheetObject))
    }

    /// Looks up a service record sheet by the code that is printed on it; null where there is none. For
    /// anybody, signed in or not; after twenty wrong codes in an hour an address has to wait.
    async fn service_record_look_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code; capitals, dashes and spaces don't matter.")] code: String,
    ) -> Result<Option<ServiceRecordLookUp>> {
        let (app, call) = request(ctx)?;
        Ok(ops::look_up(app, call, &code).await?.map(ServiceRecordLookUp::from))
    }
}
