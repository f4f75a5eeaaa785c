use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::OrgUnitKind,
};

use super::row::org_unit_history;
use crate::{Connect, Result, row::word};

/// A version of a unit's name, type and superior.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitVersion {
    /// Counts from 1.
    pub version: i32,
    /// Type.
    pub kind: OrgUnitKind,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Superior.
    pub parent_id: Option<OrgUnitId>,
    /// From when; until the next version.
    pub starts_at: DateTime<Utc>,
}

/// The histories of units, oldest version first.
pub async fn histories(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<UnitVersion>>> {
    let query = org_unit_history::Entity::find()
        .filter(org_unit_history::Column::DistrictId.eq(district.0))
        .filter(org_unit_history::Column::UnitId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(org_unit_history::Column::Version);
    let mut histories: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        let version = UnitVersion {
            version: row.version,
            kind: word(&row.kind)?,
            name: row.name,
            short_name: row.short_name,
            parent_id: row.parent_id.map(OrgUnitId),
            starts_at: row.starts_at,
        };
        histories.entry(OrgUnitId(row.unit_id)).or_default().push(version);
    }
    Ok(histories)
}
