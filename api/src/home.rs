//! The phone's home screen in one query: each room gives its own fields.

use async_graphql::{Context, MergedObject, Object, Result};

use crate::{
    activity::ActivityHome,
    assignment::AssignmentHome,
    attendance::AttendanceHome,
    call::request,
    error::OpExt,
    member::MemberHome,
    notification::{InboxHome, ops},
    volunteering::VolunteeringHome,
};

/// What the phone shows first: the caller, their branch, what comes next, what was, what waits for them,
/// the hours of the year, what is unread. For that person.
#[derive(MergedObject, Default)]
pub struct Home(MemberHome, ActivityHome, AttendanceHome, AssignmentHome, VolunteeringHome, InboxHome);

/// The home screen's query.
#[derive(Default)]
pub struct HomeQuery;

#[Object]
impl HomeQuery {
    /// What the phone shows first, in as many statements as it has parts. For anybody signed in.
    async fn home(&self, ctx: &Context<'_>) -> Result<Home> {
        let (_, call) = request(ctx)?;
        ops::permit(call).op()?;
        Ok(Home::default())
    }
}
