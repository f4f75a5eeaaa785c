use async_graphql::{Context, Object, Result};
use zhibu_domain::activity::ActivityState;
use zhibu_persistence::{
    PageRequest,
    activity::{self, ActivityFilter},
};

use super::ActivityObject;
use crate::{call::request, error::OpExt};

/// What activities give to the home screen.
#[derive(Default)]
pub struct ActivityHome;

#[Object]
impl ActivityHome {
    /// The caller's next activities, or those under way, in order of their start: those that were made
    /// known, on whose lists the caller stands. Empty for who is no Party member.
    #[graphql(complexity = "5 + count.clamp(1, 10) as usize * child_complexity")]
    async fn next_activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 3, desc = "How many at most, 1–10.", validator(minimum = 1, maximum = 10))] count: u32,
    ) -> Result<Vec<ActivityObject>> {
        let (app, call) = request(ctx)?;
        call.permit_own().op()?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(Vec::new());
        };
        let filter = ActivityFilter {
            member: Some(member),
            known_only: true,
            states: vec![ActivityState::Published, ActivityState::Open],
            from: Some(app.now()),
            ..ActivityFilter::default()
        };
        let request = PageRequest::first(count.into());
        let page = activity::activity_page(&app.store, call.district().op()?, filter, request).await.op()?;
        Ok(page.rows.into_iter().map(ActivityObject).collect())
    }
}
