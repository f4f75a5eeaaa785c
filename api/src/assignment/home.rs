use async_graphql::{Context, Object, Result};
use zhibu_domain::{assignment::AssignmentState, vocabulary::Vocabulary};
use zhibu_persistence::{
    PageRequest,
    assignment::{self, AssignmentFilter},
};

use super::AssignmentObject;
use crate::{call::request, error::OpExt};

/// What assignments give to the home screen.
#[derive(Default)]
pub struct AssignmentHome;

#[Object]
impl AssignmentHome {
    /// The caller's assignments that wait for them to do something, those due first first.
    #[graphql(complexity = "5 + count.clamp(1, 10) as usize * child_complexity")]
    async fn open_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 5, desc = "How many at most, 1–10.", validator(minimum = 1, maximum = 10))] count: u32,
    ) -> Result<Vec<AssignmentObject>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let states = AssignmentState::words().iter().map(|word| word.value);
        let filter = AssignmentFilter {
            owner: permit.account_id(),
            states: states.filter(|state| state.waits_for_owner()).collect(),
            ..AssignmentFilter::default()
        };
        let page = PageRequest::first(count.into());
        let page = assignment::assignment_page(&app.store, permit.district_id(), filter, page).await.op()?;
        Ok(page.rows.into_iter().map(AssignmentObject).collect())
    }
}
