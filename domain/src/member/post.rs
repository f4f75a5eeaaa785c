use chrono::NaiveDate;
use serde::Serialize;

use super::PostRefusal as Refusal;
use crate::{
    id::{AccountId, OrgUnitId, PostId},
    organization::{OrgUnitKind, OrgUnitPath},
    policy::{HeldPost, Person},
    vocabulary,
};

vocabulary! {
    /// A post on a unit. Its rights reach the whole subtree of the unit; see `docs/access.md`. The
    /// levels of units stand with `OrgUnitKind`.
    ///
    /// | post | on units of |
    /// | --- | --- |
    /// | `DISTRICT_ADMINISTRATOR`, `AUDITOR` | level 0, the district's root |
    /// | `OFFICE_STAFF` | levels 0 to 2 |
    /// | `SECRETARY`, `DEPUTY_SECRETARY` | levels 0 to 4 |
    /// | `ORGANIZATION_COMMISSIONER` | levels 2 to 4 |
    /// | `GROUP_LEADER` | level 5, Party groups |
    /// | `INSTRUCTOR`, `GRID_WORKER`, `GRID_ASSISTANT` | levels 3 to 6 |
    pub enum PostKind {
        /// District administrator (系统管理员): units, posts, rules; no personal data.
        DistrictAdministrator = "DISTRICT_ADMINISTRATOR" => "系统管理员", "District administrator";
        /// Auditor (审计管理员): reads the audit, nothing else (三员分立).
        Auditor = "AUDITOR" => "审计管理员", "Auditor";
        /// Staff of a Party-building office (党建办工作人员).
        OfficeStaff = "OFFICE_STAFF" => "党建办工作人员", "Office staff";
        /// Secretary of a branch, general branch or committee (书记).
        Secretary = "SECRETARY" => "书记", "Secretary";
        /// Deputy secretary (副书记).
        DeputySecretary = "DEPUTY_SECRETARY" => "副书记", "Deputy secretary";
        /// Organization commissioner (组织委员).
        OrganizationCommissioner = "ORGANIZATION_COMMISSIONER" => "组织委员", "Organization commissioner";
        /// Leader of a Party group (党小组长).
        GroupLeader = "GROUP_LEADER" => "党小组长", "Group leader";
        /// Party-building instructor (党建指导员).
        Instructor = "INSTRUCTOR" => "党建指导员", "Instructor";
        /// Grid worker (网格员).
        GridWorker = "GRID_WORKER" => "网格员", "Grid worker";
        /// Grid assistant (网格助理员).
        GridAssistant = "GRID_ASSISTANT" => "网格助理员", "Grid assistant";
    }
}

impl PostKind {
    /// Whether the holder sees other people's data and so must prove a second factor (R40).
    pub fn needs_second_factor(self) -> bool {
        !matches!(self, Self::GridWorker | Self::GridAssistant)
    }

    /// Whether the post can be held on a unit of this type.
    pub fn fits(self, unit: OrgUnitKind) -> bool {
        match self {
            Self::DistrictAdministrator | Self::Auditor => unit == OrgUnitKind::DistrictCommittee,
            Self::OfficeStaff => unit.level() <= 2,
            Self::Secretary | Self::DeputySecretary => unit.level() <= 4,
            Self::OrganizationCommissioner => (2..=4).contains(&unit.level()),
            Self::GroupLeader => unit == OrgUnitKind::PartyGroup,
            Self::Instructor => unit.level() >= 3,
            Self::GridWorker | Self::GridAssistant => unit.level() >= 3,
        }
    }
}

/// A post held from–to. Whole civil days in the unit's time zone, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Post {
    /// Identity.
    pub id: PostId,
    /// The holder.
    pub account_id: AccountId,
    /// On which unit.
    pub unit_id: OrgUnitId,
    /// Which.
    pub kind: PostKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; open while none.
    pub ends_on: Option<NaiveDate>,
}

impl Post {
    /// Whether the post gives rights on `day`.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end)
    }

    /// Ends the post with `last_day` as its last day.
    pub fn end(mut self, last_day: NaiveDate) -> Result<Self, Refusal> {
        if self.ends_on.is_some_and(|end| end <= last_day) {
            return Err(Refusal::AlreadyEnded);
        }
        self.ends_on = Some(last_day.max(self.starts_on.pred_opt().unwrap_or(self.starts_on)));
        Ok(self)
    }
}

/// Whether `appointer` may give or end `kind` on a unit at `unit_path`. The district's
/// administrator may all but can't name himself; an office may name whoever works in the units
/// below it, never administrators, auditors or staff of offices at its own level or above.
pub fn check_appointment(
    appointer: &Person,
    kind: PostKind,
    unit_kind: OrgUnitKind,
    unit_path: &OrgUnitPath,
    holder: AccountId,
) -> Result<(), Refusal> {
    if !kind.fits(unit_kind) {
        return Err(Refusal::WrongUnit);
    }
    if holder == appointer.account_id {
        return Err(Refusal::Self_);
    }
    let may = |post: &HeldPost| match post.kind {
        PostKind::DistrictAdministrator => unit_path.is_within(&post.path),
        PostKind::OfficeStaff => {
            unit_path.is_within(&post.path)
                && match kind {
                    PostKind::DistrictAdministrator | PostKind::Auditor => false,
                    PostKind::OfficeStaff => unit_path != &post.path,
                    _ => true,
                }
        }
        _ => false,
    };
    if appointer.posts.iter().any(may) { Ok(()) } else { Err(Refusal::BeyondYours) }
}
