use async_graphql::{Context, Object, Result, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId, VolunteerShiftId},
    policy::{Action, Subject},
};
use zhibu_persistence::volunteering::{self, ShiftFilter};

use super::{SignUpObject, VolunteerShiftObject, ops};
use crate::{
    attendance::CheckInCode,
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, connect, storable},
    member::see_member,
    organization::permitted_unit,
};

/// Queries of shifts and sign-ups.
#[derive(Default)]
pub struct ShiftQuery;

#[Object]
impl ShiftQuery {
    /// The shifts of a unit, in order of their start; with `deep` those of all units below as well. Those
    /// that aren't over, unless `from` says otherwise. What was never published is shown to organizers of
    /// the unit alone. For anybody signed in; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and three filters")]
    async fn volunteer_shifts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "The shifts of all units below as well.")] deep: bool,
        #[graphql(desc = "Only those that end at or after this time; now where absent.")] from: Option<
            DateTime<Utc>,
        >,
        #[graphql(desc = "Only those that start before this time.")] until: Option<DateTime<Utc>>,
    ) -> Result<Option<Connection<Cursor, VolunteerShiftObject>>> {
        let (app, call) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewService, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let organizes = call.permit(Action::OrganizeService, Subject::unit(&unit.path)).is_ok();
        let filter = ShiftFilter {
            unit,
            deep,
            known_only: !organizes,
            from: from.map_or_else(|| app.now(), storable),
            until: until.map(storable),
        };
        let page = volunteering::shift_page(&app.store, permit.district_id(), filter, args).await.op()?;
        Ok(Some(connect(args, page, |s| s.id.0, VolunteerShiftObject)))
    }

    /// The code to show at a shift now. For who runs it: organizers of the unit and the team's captain.
    async fn shift_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which shift.")] shift_id: GlobalId<VolunteerShiftId>,
    ) -> Result<Option<CheckInCode>> {
        let (app, call) = request(ctx)?;
        Ok(Some(ops::shown_code(app, call, shift_id.0).await?.into()))
    }

    /// A member's sign-ups, latest first. For the member, and the overseers of the home unit; a page of at
    /// most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn sign_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, SignUpObject>>> {
        let (app, _) = request(ctx)?;
        let permit = see_member(reads(ctx)?, Action::ViewHours, member_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::sign_up_page(&app.store, permit.district_id(), member_id.0, args);
        Ok(Some(connect(args, page.await.op()?, |s| s.id.0, SignUpObject)))
    }
}
