use chrono::{DateTime, Utc};
use serde::Serialize;

use super::VolunteerTeam;
use crate::{
    id::{AccountId, PartyMemberId, VolunteerTeamId, VolunteerTeamMemberId},
    vocabulary,
};

vocabulary! {
    /// Why somebody didn't join a team or leave it.
    pub refusal enum TeamMemberRefusal {
        /// Only Party members join here.
        NotAMember = "NOT_A_MEMBER" => "只有党员可以加入服务队。", "Only Party members join here.";
        /// The team has ended.
        Ended = "ENDED" => "该服务队已结束。", "The team has ended.";
        /// The person isn't in the team.
        NotInTeam = "NOT_IN_TEAM" => "不是该服务队成员。", "Not a member of the team.";
        /// The captain stays until another is named.
        IsCaptain = "IS_CAPTAIN" => "队长须先更换后才能退队。", "The captain leaves once another one is named.";
    }
}

use TeamMemberRefusal as Refusal;

/// Somebody's time in a team of volunteers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolunteerTeamMember {
    /// Identity.
    pub id: VolunteerTeamMemberId,
    /// Which team.
    pub team_id: VolunteerTeamId,
    /// Who.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    /// Who added them, where they didn't join themselves.
    pub added_by: Option<AccountId>,
    /// Until when; none while they are in it.
    pub left_at: Option<DateTime<Utc>>,
}

impl VolunteerTeam {
    /// Whether it takes anybody in.
    pub fn check_open(&self) -> Result<(), Refusal> {
        if self.ended_at.is_some() { Err(Refusal::Ended) } else { Ok(()) }
    }

    /// Somebody leaves, or is taken out. Nobody is kept: even of a team that has ended.
    pub fn let_go(
        &self,
        current: Option<VolunteerTeamMember>,
        now: DateTime<Utc>,
    ) -> Result<VolunteerTeamMember, Refusal> {
        let current = current.ok_or(Refusal::NotInTeam)?;
        if self.captain_id == Some(current.member_id) && self.ended_at.is_none() {
            return Err(Refusal::IsCaptain);
        }
        Ok(VolunteerTeamMember { left_at: Some(now.max(current.joined_at)), ..current })
    }
}
