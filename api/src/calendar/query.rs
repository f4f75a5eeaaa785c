use async_graphql::{Context, Object, Result};
use zhibu_domain::policy::{Action, Subject};
use zhibu_persistence::calendar;

use super::object::CalendarLinkObject;
use crate::{call::request, error::OpExt};

/// Queries of calendars.
#[derive(Default)]
pub struct CalendarQuery;

#[Object]
impl CalendarQuery {
    /// The addresses of calendars that the caller has made and that stand, latest first. Their secrets aren't
    /// told again. For anybody signed in.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn calendar_links(&self, ctx: &Context<'_>) -> Result<Vec<CalendarLinkObject>> {
        let (app, call) = request(ctx)?;
        let account = call.account().op()?;
        let permit = call.permit(Action::UseCalendar, Subject::owner(account)).op()?;
        let links = calendar::links(&app.store, permit.district_id(), account).await.op()?;
        Ok(links.into_iter().map(CalendarLinkObject).collect())
    }
}
