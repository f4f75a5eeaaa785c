use async_graphql::{Context, Object, Result};
use zhibu_persistence::{PageRequest, attendance};

use super::AttendanceObject;
use crate::{call::request, error::OpExt};

/// What attendance gives to the home screen.
#[derive(Default)]
pub struct AttendanceHome;

#[Object]
impl AttendanceHome {
    /// The caller's last records, latest first. Empty for who is no Party member.
    #[graphql(complexity = "5 + count.clamp(1, 10) as usize * child_complexity")]
    async fn last_attendances(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 5, desc = "How many at most, 1–10.", validator(minimum = 1, maximum = 10))] count: u32,
    ) -> Result<Vec<AttendanceObject>> {
        let (app, call) = request(ctx)?;
        call.permit_own().op()?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(Vec::new());
        };
        let request = PageRequest::first(count.into());
        let page = attendance::attendance_page(&app.store, call.district().op()?, member, request);
        Ok(page.await.op()?.rows.into_iter().map(AttendanceObject).collect())
    }
}
