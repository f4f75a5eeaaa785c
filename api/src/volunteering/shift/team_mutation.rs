use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::volunteering::{ProjectChange, TeamChange, TeamMemberRefusal, VolunteerProjectRefusal};

use super::{
    VolunteerProjectObject, VolunteerTeamObject,
    input::{
        AddVolunteerTeamMembersInput, CreateVolunteerProjectInput, CreateVolunteerTeamInput,
        EndVolunteerProjectInput, EndVolunteerTeamInput, RemoveVolunteerTeamMemberInput,
        UpdateVolunteerProjectInput, UpdateVolunteerTeamInput, VolunteerTeamStepInput, replaced,
    },
    ops::{self, NewProject},
};
use crate::{call::request, error::outcome, graphql::Outcome, once::Once};

macro_rules! done {
    ($($(#[$doc:meta])+ $name:ident { $field:ident: $object:ty };)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub struct $name {
            /// As it now stands.
            $field: $object,
        }
    )+};
}
done! {
    /// The team was founded.
    CreateVolunteerTeamDone { team: VolunteerTeamObject };
    /// The team was changed.
    UpdateVolunteerTeamDone { team: VolunteerTeamObject };
    /// The team has ended.
    EndVolunteerTeamDone { team: VolunteerTeamObject };
    /// The caller is in the team.
    JoinVolunteerTeamDone { team: VolunteerTeamObject };
    /// The caller has left the team.
    LeaveVolunteerTeamDone { team: VolunteerTeamObject };
    /// All of them are in the team.
    AddVolunteerTeamMembersDone { team: VolunteerTeamObject };
    /// The member isn't in the team any more.
    RemoveVolunteerTeamMemberDone { team: VolunteerTeamObject };
    /// The project was begun.
    CreateVolunteerProjectDone { project: VolunteerProjectObject };
    /// The project was changed.
    UpdateVolunteerProjectDone { project: VolunteerProjectObject };
    /// The project has ended.
    EndVolunteerProjectDone { project: VolunteerProjectObject };
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
        outcome(done.map(|t| CreateVolunteerTeamDone { team: VolunteerTeamObject(t) }))
    }

    /// Ends a team; its projects stay. For organizers of the unit.
    async fn end_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: EndVolunteerTeamInput,
    ) -> Result<Outcome<EndVolunteerTeamDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_team(app, call, input.id.0).await;
        outcome(done.map(|t| EndVolunteerTeamDone { team: VolunteerTeamObject(t) }))
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
        outcome(done.map(|p| CreateVolunteerProjectDone { project: VolunteerProjectObject(p) }))
    }

    /// Ends a project of which no shift is to come. For organizers of the unit.
    async fn end_volunteer_project(
        &self,
        ctx: &Context<'_>,
        input: EndVolunteerProjectInput,
    ) -> Result<Outcome<EndVolunteerProjectDone, VolunteerProjectRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_project(app, call, input.id.0).await;
        outcome(done.map(|p| EndVolunteerProjectDone { project: VolunteerProjectObject(p) }))
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
        outcome(done.map(|t| UpdateVolunteerTeamDone { team: VolunteerTeamObject(t) }))
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
        outcome(done.map(|p| UpdateVolunteerProjectDone { project: VolunteerProjectObject(p) }))
    }

    /// The caller joins a team. A repeat changes nothing. For Party members.
    async fn join_volunteer_team(
        &self,
        ctx: &Context<'_>,
        input: VolunteerTeamStepInput,
    ) -> Result<Outcome<JoinVolunteerTeamDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::go(app, call, input.team_id.0, true).await;
        outcome(done.map(|t| JoinVolunteerTeamDone { team: VolunteerTeamObject(t) }))
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
        outcome(done.map(|t| LeaveVolunteerTeamDone { team: VolunteerTeamObject(t) }))
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
        outcome(done.map(|t| AddVolunteerTeamMembersDone { team: VolunteerTeamObject(t) }))
    }

    /// Takes a member out of a team. For organizers of the unit and the team's captain.
    async fn remove_volunteer_team_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveVolunteerTeamMemberInput,
    ) -> Result<Outcome<RemoveVolunteerTeamMemberDone, TeamMemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::manage(app, call, input.team_id.0, &[input.member_id.0], false).await;
        outcome(done.map(|t| RemoveVolunteerTeamMemberDone { team: VolunteerTeamObject(t) }))
    }
}
