use zhibu_domain::{
    activity::TimeWindow,
    id::{
        AccountId, DistrictId, OrgUnitId, PartyMemberId, VolunteerProjectId, VolunteerShiftId,
        VolunteerTeamId,
    },
    vocabulary::Vocabulary,
    volunteering::{HeadCount, ShiftProgress, ShiftState, VolunteerProject, VolunteerShift, VolunteerTeam},
};

use crate::{Result, StoreError, row::word};

pub(super) mod team {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "volunteer_team")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Uuid,
        pub name: String,
        pub captain_id: Option<Uuid>,
        pub founded_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

pub(super) mod project {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "volunteer_project")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Uuid,
        pub team_id: Option<Uuid>,
        pub name: String,
        pub description: Option<String>,
        pub beneficiary: Option<String>,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

pub(super) mod shift {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "volunteer_shift")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project_id: Uuid,
        pub unit_id: Uuid,
        pub starts_at: DateTimeUtc,
        pub ends_at: DateTimeUtc,
        pub place: String,
        pub capacity: i32,
        pub skills: Json,
        pub minimum_age: Option<i32>,
        pub beneficiaries: i32,
        pub groups: i32,
        pub created_by: Uuid,
        pub state: String,
        pub published_at: Option<DateTimeUtc>,
        pub cancelled_at: Option<DateTimeUtc>,
        pub cancel_reason: Option<String>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) fn stored_team(district: DistrictId, t: &VolunteerTeam) -> team::Model {
    team::Model {
        district_id: district.0,
        id: t.id.0,
        unit_id: t.unit_id.0,
        name: t.name.clone(),
        captain_id: t.captain_id.map(|c| c.0),
        founded_at: t.founded_at,
        ended_at: t.ended_at,
    }
}

pub(super) fn read_team(row: team::Model) -> VolunteerTeam {
    VolunteerTeam {
        id: VolunteerTeamId(row.id),
        unit_id: OrgUnitId(row.unit_id),
        name: row.name,
        captain_id: row.captain_id.map(PartyMemberId),
        founded_at: row.founded_at,
        ended_at: row.ended_at,
    }
}

pub(super) fn stored_project(district: DistrictId, p: &VolunteerProject) -> project::Model {
    project::Model {
        district_id: district.0,
        id: p.id.0,
        unit_id: p.unit_id.0,
        team_id: p.team_id.map(|t| t.0),
        name: p.name.clone(),
        description: p.description.clone(),
        beneficiary: p.beneficiary.clone(),
        created_by: p.created_by.0,
        created_at: p.created_at,
        ended_at: p.ended_at,
    }
}

pub(super) fn read_project(row: project::Model) -> VolunteerProject {
    VolunteerProject {
        id: VolunteerProjectId(row.id),
        unit_id: OrgUnitId(row.unit_id),
        team_id: row.team_id.map(VolunteerTeamId),
        name: row.name,
        description: row.description,
        beneficiary: row.beneficiary,
        created_by: AccountId(row.created_by),
        created_at: row.created_at,
        ended_at: row.ended_at,
    }
}

pub(super) fn stored_shift(district: DistrictId, s: &VolunteerShift) -> shift::Model {
    let (cancelled_at, cancel_reason) = match &s.progress {
        ShiftProgress::Draft | ShiftProgress::Published { .. } => (None, None),
        ShiftProgress::Cancelled { at, reason, .. } => (Some(*at), Some(reason.clone())),
    };
    shift::Model {
        district_id: district.0,
        id: s.id.0,
        project_id: s.project_id.0,
        unit_id: s.unit_id.0,
        starts_at: s.window.starts_at,
        ends_at: s.window.ends_at,
        place: s.place.clone(),
        capacity: s.capacity,
        skills: serde_json::json!(s.skills),
        minimum_age: s.minimum_age,
        beneficiaries: s.head_count.beneficiaries,
        groups: s.head_count.groups,
        created_by: s.created_by.0,
        state: s.state().code().to_owned(),
        published_at: s.published_at(),
        cancelled_at,
        cancel_reason,
        version: s.version,
    }
}

pub(super) fn read_shift(row: shift::Model) -> Result<VolunteerShift> {
    let lacks = || StoreError::Unreadable("ShiftProgress");
    let progress = match word(&row.state)? {
        ShiftState::Draft => ShiftProgress::Draft,
        ShiftState::Published => ShiftProgress::Published { at: row.published_at.ok_or_else(lacks)? },
        ShiftState::Cancelled => ShiftProgress::Cancelled {
            published_at: row.published_at,
            at: row.cancelled_at.ok_or_else(lacks)?,
            reason: row.cancel_reason.unwrap_or_default(),
        },
    };
    let skills = serde_json::from_value(row.skills);
    Ok(VolunteerShift {
        id: VolunteerShiftId(row.id),
        project_id: VolunteerProjectId(row.project_id),
        unit_id: OrgUnitId(row.unit_id),
        window: TimeWindow { starts_at: row.starts_at, ends_at: row.ends_at },
        place: row.place,
        capacity: row.capacity,
        skills: skills.map_err(|_| StoreError::Unreadable("VolunteerShift.skills"))?,
        minimum_age: row.minimum_age,
        head_count: HeadCount { beneficiaries: row.beneficiaries, groups: row.groups },
        created_by: AccountId(row.created_by),
        progress,
        version: row.version,
    })
}
