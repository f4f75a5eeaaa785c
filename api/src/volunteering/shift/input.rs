use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId, SignUpId, VolunteerProjectId, VolunteerShiftId, VolunteerTeamId},
    volunteering::ShiftChange,
};

use crate::graphql::GlobalId;

/// A team to found.
#[derive(InputObject)]
pub struct CreateVolunteerTeamInput {
    /// Whose.
    pub unit_id: GlobalId<OrgUnitId>,
    /// Name, 1–100 characters.
    pub name: String,
    /// Who answers for it to others: a member of the unit or of one below it.
    pub captain_id: Option<GlobalId<PartyMemberId>>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A change of a team; what is absent stays.
#[derive(InputObject)]
pub struct UpdateVolunteerTeamInput {
    /// Which.
    pub id: GlobalId<VolunteerTeamId>,
    /// New name, 1–100 characters.
    pub name: Option<String>,
    /// New captain: a member of the unit or of one below it, who is in the team from then on.
    pub captain_id: Option<GlobalId<PartyMemberId>>,
    /// Whether it is left without a captain.
    #[graphql(default)]
    pub remove_captain: bool,
}

/// A team to join or leave.
#[derive(InputObject)]
pub struct VolunteerTeamStepInput {
    /// Which.
    pub team_id: GlobalId<VolunteerTeamId>,
}

/// Members to take into a team.
#[derive(InputObject)]
pub struct AddVolunteerTeamMembersInput {
    /// Which team.
    pub team_id: GlobalId<VolunteerTeamId>,
    /// Who, 1–200; all or none.
    #[graphql(validator(min_items = 1, max_items = 200))]
    pub member_ids: Vec<GlobalId<PartyMemberId>>,
}

/// A member to take out of a team.
#[derive(InputObject)]
pub struct RemoveVolunteerTeamMemberInput {
    /// Which team.
    pub team_id: GlobalId<VolunteerTeamId>,
    /// Who.
    pub member_id: GlobalId<PartyMemberId>,
}

/// A team to end.
#[derive(InputObject)]
pub struct EndVolunteerTeamInput {
    /// Which.
    pub id: GlobalId<VolunteerTeamId>,
}

/// A project to begin.
#[derive(InputObject)]
pub struct CreateVolunteerProjectInput {
    /// Whose.
    pub unit_id: GlobalId<OrgUnitId>,
    /// The unit's team that carries it.
    pub team_id: Option<GlobalId<VolunteerTeamId>>,
    /// Name, 1–100 characters.
    pub name: String,
    /// What it is about, up to 2,000 characters.
    pub description: Option<String>,
    /// For whom it is, in general words, up to 100 characters: never a name. Stands in the hours of its shifts.
    pub beneficiary: Option<String>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A change of a project; what is absent stays. The hours of shifts that are over keep what they say.
#[derive(InputObject)]
pub struct UpdateVolunteerProjectInput {
    /// Which.
    pub id: GlobalId<VolunteerProjectId>,
    /// New name, 1–100 characters.
    pub name: Option<String>,
    /// New description, up to 2,000 characters; an empty one removes it.
    pub description: Option<String>,
    /// For whom it is now, up to 100 characters; an empty text removes it.
    pub beneficiary: Option<String>,
    /// The unit's team that carries it from now on.
    pub team_id: Option<GlobalId<VolunteerTeamId>>,
    /// Whether no team carries it from now on.
    #[graphql(default)]
    pub remove_team: bool,
}

/// A project to end.
#[derive(InputObject)]
pub struct EndVolunteerProjectInput {
    /// Which.
    pub id: GlobalId<VolunteerProjectId>,
}

/// A shift to plan.
#[derive(InputObject)]
pub struct CreateVolunteerShiftInput {
    /// Of which project.
    pub project_id: GlobalId<VolunteerProjectId>,
    /// When it begins, within the next 400 days.
    pub starts_at: DateTime<Utc>,
    /// When it ends, at most 24 hours later.
    pub ends_at: DateTime<Utc>,
    /// Where, 1–100 characters.
    pub place: String,
    /// How many volunteers it takes, 1–1,000.
    pub capacity: i32,
    /// What they must be able to do, at most ten of 1–30 characters.
    #[graphql(default)]
    pub skills: Vec<String>,
    /// How old they must be, 14–99.
    pub minimum_age: Option<i32>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A change of a shift; what is absent stays. Once it has begun only place and capacity may change.
#[derive(InputObject)]
pub struct UpdateVolunteerShiftInput {
    /// Which.
    pub id: GlobalId<VolunteerShiftId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// New start; the end stays where `endsAt` is absent.
    pub starts_at: Option<DateTime<Utc>>,
    /// New end; the start stays where `startsAt` is absent.
    pub ends_at: Option<DateTime<Utc>>,
    /// New place, 1–100 characters.
    pub place: Option<String>,
    /// How many volunteers it takes, 1–1,000. A larger one moves up who waits; who has a place keeps it.
    pub capacity: Option<i32>,
    /// What who signs up from now on must be able to do, at most ten of 1–30 characters.
    pub skills: Option<Vec<String>>,
    /// How old who signs up from now on must be, 14–99.
    pub minimum_age: Option<i32>,
    /// Whether age doesn't matter any more.
    #[graphql(default)]
    pub remove_minimum_age: bool,
}

impl UpdateVolunteerShiftInput {
    pub(super) fn change(self) -> ShiftChange {
        ShiftChange {
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: self.place,
            capacity: self.capacity,
            skills: self.skills,
            minimum_age: replaced(self.minimum_age, self.remove_minimum_age),
        }
    }
}

/// What replaces a value that may be removed.
pub(super) fn replaced<T>(new: Option<T>, removes: bool) -> Option<Option<T>> {
    if new.is_some() || removes { Some(new) } else { None }
}

/// A shift to make known.
#[derive(InputObject)]
pub struct PublishVolunteerShiftInput {
    /// Which.
    pub id: GlobalId<VolunteerShiftId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
}

/// A shift to call off.
#[derive(InputObject)]
pub struct CancelVolunteerShiftInput {
    /// Which.
    pub id: GlobalId<VolunteerShiftId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// Why, 1–200 characters; told to those signed up.
    pub reason: String,
}

/// How many came to a shift unasked: head-counts, never names.
#[derive(InputObject)]
pub struct CountHeadsInput {
    /// To which shift.
    pub shift_id: GlobalId<VolunteerShiftId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// Persons who were served, 0–100,000.
    pub beneficiaries: i32,
    /// Groups that helped or were served, 0–100,000.
    #[graphql(default)]
    pub groups: i32,
}

/// A shift to sign up for.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Which.
    pub shift_id: GlobalId<VolunteerShiftId>,
    /// That the caller has the skills that the shift needs; needed where it needs any. Not kept.
    #[graphql(default)]
    pub has_skills: bool,
}

/// An offered place to confirm.
#[derive(InputObject)]
pub struct ConfirmSignUpInput {
    /// The sign-up.
    pub id: GlobalId<SignUpId>,
}

/// A sign-up to take back.
#[derive(InputObject)]
pub struct WithdrawSignUpInput {
    /// Which.
    pub id: GlobalId<SignUpId>,
}
