use async_graphql::{Context, Object, Result};
use zhibu_domain::volunteering::{
    ProjectChange, TeamChange, TeamMemberRefusal, VolunteerProject, VolunteerProjectRefusal, VolunteerTeam,
};

use super::{
    VolunteerProjectObject, VolunteerTeamObject,
    input::{
        AddVolunteerTeamMembersInput, CreateVolunteerProjectInput, CreateVolunteerTeamInput,
        EndVolunteerProjectInput, EndVolunteerTeamInput, RemoveVolunteerTeamMemberInput,
        UpdateVolunteerProjectInput, UpdateVolunteerTeamInput, VolunteerTeamStepInput, replaced,
    },
    ops::{self, NewProject},
};
use crate::{
    call::request,
    error::outcome,
    graphql::{Outcome, done},
    once::Once,
};

done! {
    /// The team was founded.
    CreateVolunteerTeamDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The team was changed.
    UpdateVolunteerTeamDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The team has ended.
    EndVolunteerTeamDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The caller is in the team.
    JoinVolunteerTeamDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The caller has left the team.
    LeaveVolunteerTeamDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// All of them are in the team.
    AddVolunteerTeamMembersDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The member isn't in the team any more.
    RemoveVolunteerTeamMemberDone { team: VolunteerTeamObject(VolunteerTeam) };
    /// The project was begun.
    CreateVolunteerProjectDone { project: VolunteerProjectObject(VolunteerProject) };
    /// The project was changed.
    UpdateVolunteerProjectDone { project: VolunteerProjectObject(VolunteerProject) };
    /// The project has ended.
    EndVolunteerProjectDone { project: VolunteerProjectObject(VolunteerProject) };
}

/// Mutations of teams and projects.
#[derive(Default)]
pub struct TeamMutation;

#[Object]
impl TeamMutation {
    /// Founds a team of volunteers. For organizers of the unit.
    async fn create_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: CreateVolunteerTeamInput,
    ) -> Result<Outcome<CreateVolunteerTeamDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let captain = input.captain_id.map(|id| id.0);
        let done = ops::found_team(app, call, input.unit_id.0, input.name, captain, once).await;
        outcome(done.map(CreateVolunteerTeamDone::from))
    }

    /// Ends a team; its projects stay. For organizers of the unit.
    async fn end_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: EndVolunteerTeamInput,
    ) -> Result<Outcome<EndVolunteerTeamDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_team(app, call, input.id.0).await;
        outcome(done.map(EndVolunteerTeamDone::from))
    }

    /// Begins a project. For organizers of the unit.
    async fn create_volunteer_project(
        &self,
        ctx: &Context<'_>,
        input: CreateVolunteerProjectInput,
    ) -> Result<Outcome<CreateVolunteerProjectDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let new = NewProject {
            unit_id: input.unit_id.0,
            team_id: input.team_id.map(|id| id.0),
            name: input.name,
            description: input.description,
            beneficiary: input.beneficiary,
        };
        let done = ops::begin_project(app, call, new, once).await;
        outcome(done.map(CreateVolunteerProjectDone::from))
    }

    /// Ends a project of which no shift is to come. For organizers of the unit.
    async fn end_volunteer_project(
        &self,
        ctx: &Context<'_>,
        input: EndVolunteerProjectInput,
    ) -> Result<Outcome<EndVolunteerProjectDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_project(app, call, input.id.0).await;
        outcome(done.map(EndVolunteerProjectDone::from))
    }

    /// Changes a team: its name, or who is its captain. For organizers of the unit.
    async fn update_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: UpdateVolunteerTeamInput,
    ) -> Result<Outcome<UpdateVolunteerTeamDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let captain_id = replaced(input.captain_id.map(|id| id.0), input.remove_captain);
        let change = TeamChange { name: input.name, captain_id };
        let done = ops::change_team(app, call, input.id.0, change).await;
        outcome(done.map(UpdateVolunteerTeamDone::from))
    }

    /// Changes a project. For organizers of the unit.
    async fn update_volunteer_project(
        &self,
        ctx: &Context<'_>,
        input: UpdateVolunteerProjectInput,
    ) -> Result<Outcome<UpdateVolunteerProjectDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let change = ProjectChange {
            name: input.name,
            description: input.description,
            beneficiary: input.beneficiary,
            team_id: replaced(input.team_id.map(|id| id.0), input.remove_team),
        };
        let done = ops::change_project(app, call, input.id.0, change).await;
        outcome(done.map(UpdateVolunteerProjectDone::from))
    }

    /// The caller joins a team. A repeat changes nothing. For Party members.
    async fn join_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: VolunteerTeamStepInput,
    ) -> Result<Outcome<JoinVolunteerTeamDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::go(app, call, input.team_id.0, true).await;
        outcome(done.map(JoinVolunteerTeamDone::from))
    }

    /// The caller leaves a team, whoever has added them: nobody may be kept. For who is in it; its captain
    /// leaves once another one is named.
    async fn leave_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: VolunteerTeamStepInput,
    ) -> Result<Outcome<LeaveVolunteerTeamDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::go(app, call, input.team_id.0, false).await;
        outcome(done.map(LeaveVolunteerTeamDone::from))
    }

    /// Takes members into a team; who is in it already stays as they are. For organizers of the unit and the
    /// team's captain.
    async fn add_volunteer_team_members(
        &self,
        ctx: &Context<'_>,
        input: AddVolunteerTeamMembersInput,
    ) -> Result<Outcome<AddVolunteerTeamMembersDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let members: Vec<_> = input.member_ids.iter().map(|id| id.0).collect();
        let done = ops::manage(app, call, input.team_id.0, &members, true).await;
        outcome(done.map(AddVolunteerTeamMembersDone::from))
    }

    /// Takes a member out of a team. For organizers of the unit and the team's captain.
    async fn remove_volunteer_team_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveVolunteerTeamMemberInput,
    ) -> Result<Outcome<RemoveVolunteerTeamMemberDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::manage(app, call, input.team_id.0, &[input.member_id.0], false).await;
        outcome(done.map(RemoveVolunteerTeamMemberDone::from))
    }
}
