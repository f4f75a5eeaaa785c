use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    id::{AccountId, OrgUnitId, PartyMemberId, VolunteerProjectId, VolunteerTeamId},
    text, vocabulary,
};

vocabulary! {
    /// Why a team or a project wasn't founded, changed or ended.
    pub refusal enum VolunteerProjectRefusal {
        /// The name is empty, longer than 100 characters, or holds characters that can't be shown.
        BadName = "BAD_NAME" => "名称须为1至100个可显示的字符。", "The name must be 1 to 100 printable characters.";
        /// The description is longer than 2,000 characters or holds characters that can't be shown.
        BadDescription = "BAD_DESCRIPTION" => "说明不能超过2000字，且不能含有无法显示的字符。", "The description must be at most 2,000 printable characters.";
        /// For whom is longer than 100 characters or holds characters that can't be shown.
        BadBeneficiary = "BAD_BENEFICIARY" => "请用不超过100字概括服务对象（勿写姓名）。", "Say for whom in at most 100 characters, without names.";
        /// The unit has been dissolved.
        UnitDissolved = "UNIT_DISSOLVED" => "该组织已撤销。", "The unit has been dissolved.";
        /// The captain isn't a member of the unit or of one below it.
        NotAMember = "NOT_A_MEMBER" => "队长须为本组织党员。", "The captain must be a member of the unit.";
        /// The team belongs to another unit.
        OtherUnit = "OTHER_UNIT" => "该服务队不属于此组织。", "The team belongs to another unit.";
        /// It has ended.
        Ended = "ENDED" => "该服务队或项目已结束。", "The team or project has ended.";
        /// Shifts of it are still to come.
        HasShifts = "HAS_SHIFTS" => "该项目还有未开始的班次，请先取消。", "Shifts of it are still to come; cancel them first.";
    }
}

use VolunteerProjectRefusal as Refusal;

/// A unit's team of volunteers (志愿服务队).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolunteerTeam {
    /// Identity.
    pub id: VolunteerTeamId,
    /// Whose.
    pub unit_id: OrgUnitId,
    /// Name.
    pub name: String,
    /// Who answers for it to others.
    pub captain_id: Option<PartyMemberId>,
    /// When it was founded.
    pub founded_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Something that volunteers do again and again, in shifts (志愿服务项目).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolunteerProject {
    /// Identity.
    pub id: VolunteerProjectId,
    /// Whose.
    pub unit_id: OrgUnitId,
    /// Which team carries it.
    pub team_id: Option<VolunteerTeamId>,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// For whom it is, in general words: never a name.
    pub beneficiary: Option<String>,
    /// Who began it.
    pub created_by: AccountId,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A change of a team: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// New name.
    pub name: Option<String>,
    /// New captain; `Some(None)` leaves it without one.
    pub captain_id: Option<Option<PartyMemberId>>,
}

/// A change of a project: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    /// New name.
    pub name: Option<String>,
    /// New description; an empty one removes it.
    pub description: Option<String>,
    /// For whom it is now; an empty text removes it.
    pub beneficiary: Option<String>,
    /// The team that carries it from now on; `Some(None)` is none.
    pub team_id: Option<Option<VolunteerTeamId>>,
}

impl VolunteerTeam {
    /// Changes it.
    pub fn change(self, change: TeamChange) -> Result<Self, Refusal> {
        if self.ended_at.is_some() {
            return Err(Refusal::Ended);
        }
        let name = change.name.unwrap_or(self.name);
        let captain_id = change.captain_id.unwrap_or(self.captain_id);
        Self { name, captain_id, ..self }.found()
    }

    /// Checks a new team.
    pub fn found(self) -> Result<Self, Refusal> {
        Ok(Self { name: text::line(&self.name, 100).ok_or(Refusal::BadName)?, ..self })
    }

    /// It is no more; what it did stays.
    pub fn end(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.ended_at.is_some() { Err(Refusal::Ended) } else { Ok(Self { ended_at: Some(now), ..self }) }
    }
}

impl VolunteerProject {
    /// Changes it; `team` is the one that carries it from now on.
    pub fn change(self, change: ProjectChange, team: Option<&VolunteerTeam>) -> Result<Self, Refusal> {
        if self.ended_at.is_some() {
            return Err(Refusal::Ended);
        }
        // A team that has ended stays named on what it carried.
        let team = team.filter(|team| Some(team.id) != self.team_id);
        let changed = Self {
            name: change.name.unwrap_or(self.name),
            description: change.description.or(self.description),
            beneficiary: change.beneficiary.or(self.beneficiary),
            team_id: change.team_id.unwrap_or(self.team_id),
            ..self
        };
        changed.begin(team)
    }

    /// Checks a new project; `team` is the one that it names.
    pub fn begin(self, team: Option<&VolunteerTeam>) -> Result<Self, Refusal> {
        let name = text::line(&self.name, 100).ok_or(Refusal::BadName)?;
        let description = self.description.as_deref().filter(|d| !d.trim().is_empty());
        let description =
            description.map(|d| text::paragraphs(d, 2_000).ok_or(Refusal::BadDescription)).transpose()?;
        let beneficiary = self.beneficiary.as_deref().filter(|b| !b.trim().is_empty());
        let beneficiary =
            beneficiary.map(|b| text::line(b, 100).ok_or(Refusal::BadBeneficiary)).transpose()?;
        match team {
            Some(team) if team.unit_id != self.unit_id => return Err(Refusal::OtherUnit),
            Some(team) if team.ended_at.is_some() => return Err(Refusal::Ended),
            _ => {}
        }
        Ok(Self { name, description, beneficiary, ..self })
    }

    /// It is over; `shifts_to_come` says whether one is still planned.
    pub fn end(self, shifts_to_come: bool, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.ended_at.is_some() {
            return Err(Refusal::Ended);
        }
        if shifts_to_come { Err(Refusal::HasShifts) } else { Ok(Self { ended_at: Some(now), ..self }) }
    }
}
