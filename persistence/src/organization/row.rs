use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{OrgUnit, OrgUnitPath},
    vocabulary::Vocabulary,
};

use crate::{Result, row};

pub(super) mod org_unit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_unit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub parent_id: Option<Uuid>,
        pub path: String,
        pub kind: String,
        pub name: String,
        pub short_name: String,
        pub code: String,
        pub domain: Option<String>,
        pub community_class: Option<String>,
        pub time_zone: String,
        pub created_at: DateTimeUtc,
        pub dissolved_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod org_unit_history {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_unit_history")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub kind: String,
        pub name: String,
        pub short_name: String,
        pub parent_id: Option<Uuid>,
        pub starts_at: DateTimeUtc,
    }
    crate::row::plain_entity!();
}

pub(super) fn stored(district: DistrictId, unit: &OrgUnit) -> org_unit::Model {
    org_unit::Model {
        district_id: district.0,
        id: unit.id.0,
        parent_id: unit.parent_id.map(|p| p.0),
        path: unit.path.as_str().to_owned(),
        kind: unit.kind.code().to_owned(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        code: unit.code.clone(),
        domain: unit.domain.map(|d| d.code().to_owned()),
        community_class: unit.community_class.map(|c| c.code().to_owned()),
        time_zone: unit.time_zone.clone(),
        created_at: unit.created_at,
        dissolved_at: unit.dissolved_at,
        version: unit.version,
    }
}

pub(super) fn read(row: org_unit::Model) -> Result<OrgUnit> {
    Ok(OrgUnit {
        id: OrgUnitId(row.id),
        parent_id: row.parent_id.map(OrgUnitId),
        path: OrgUnitPath::from_stored(row.path),
        kind: row::word(&row.kind)?,
        name: row.name,
        short_name: row.short_name,
        code: row.code,
        domain: row::word_opt(row.domain.as_deref())?,
        community_class: row::word_opt(row.community_class.as_deref())?,
        time_zone: row.time_zone,
        created_at: row.created_at,
        dissolved_at: row.dissolved_at,
        version: row.version,
    })
}

pub(super) fn remembered(district: DistrictId, unit: &OrgUnit, at: DateTime<Utc>) -> org_unit_history::Model {
    org_unit_history::Model {
        district_id: district.0,
        unit_id: unit.id.0,
        version: unit.version,
        kind: unit.kind.code().to_owned(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        parent_id: unit.parent_id.map(|p| p.0),
        starts_at: at,
    }
}
