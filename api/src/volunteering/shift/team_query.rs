use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{
    id::{OrgUnitId, VolunteerTeamId},
    policy::Action,
    volunteering::HourState,
};
use zhibu_persistence::volunteering;

use super::{VolunteerProjectObject, VolunteerTeamMemberObject, VolunteerTeamObject, ops};
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term, connect},
    organization::permitted_unit,
    volunteering::ServiceHourEntryObject,
};

/// Queries of teams and projects.
#[derive(Default)]
pub struct TeamQuery;

#[Object]
impl TeamQuery {
    /// The teams of a unit, ended ones too, in order of founding. For anybody signed in; a page of at
    /// most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn volunteer_teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, VolunteerTeamObject>>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewService, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::team_page(&app.store, permit.district_id(), unit.id, args).await.op()?;
        Ok(Some(connect(args, page, |t| t.id.0, VolunteerTeamObject)))
    }

    /// The projects of a unit, ended ones too, latest first. For anybody signed in; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn volunteer_projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, VolunteerProjectObject>>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewService, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::project_page(&app.store, permit.district_id(), unit.id, args).await.op()?;
        Ok(Some(connect(args, page, |p| p.id.0, VolunteerProjectObject)))
    }

    /// Who is in a team now, in order of joining. For the team, its captain, and the overseers of its unit; a
    /// page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn volunteer_team_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which team.")] team_id: GlobalId<VolunteerTeamId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, VolunteerTeamMemberObject>>> {
        let (app, call) = request(ctx)?;
        let permit = ops::see_team(app, call, Action::ViewTeam, team_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::team_member_page(&app.store, permit.district_id(), team_id.0, args);
        Ok(Some(connect(args, page.await.op()?, |m| m.id.0, VolunteerTeamMemberObject)))
    }

    /// The hours that were served at the shifts of a team, those with most hints first, then in order of their
    /// entry. For organizers of its unit and its captain, who verify them; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the team and a filter")]
    async fn volunteer_team_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which team.")] team_id: GlobalId<VolunteerTeamId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Entries that stand here; those that wait where absent.")] state: Option<
            Term<HourState>,
        >,
    ) -> Result<Option<Connection<Cursor, ServiceHourEntryObject>>> {
        let (app, call) = request(ctx)?;
        let permit = ops::see_team(app, call, Action::RunShift, team_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let state = state.map_or(HourState::Reported, |s| s.0);
        let page = volunteering::team_entry_page(&app.store, permit.district_id(), team_id.0, state, args);
        Ok(Some(connect(args, page.await.op()?, |e| e.id.0, ServiceHourEntryObject)))
    }
}
