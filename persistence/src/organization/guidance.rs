//! Lines of guidance, beside the tree.

use std::collections::HashMap;

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    policy::Permit,
};

use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    sql,
};

#[derive(FromQueryResult)]
struct GuidanceRow {
    unit_id: Uuid,
    guide_id: Uuid,
}

/// Who guides each of the units, beside their superiors.
pub async fn guides(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    guidance(db, district, ids, "unit_id", |r| (r.unit_id, r.guide_id)).await
}

/// Whom each of the units guides.
pub async fn guided(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    guidance(db, district, ids, "guide_id", |r| (r.guide_id, r.unit_id)).await
}

async fn guidance(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
    column: &str,
    pair: fn(&GuidanceRow) -> (Uuid, Uuid),
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    let list = sql::in_list(column, 2, ids.len());
    let text = format!(
        "SELECT unit_id, guide_id FROM guidance WHERE district_id = $1 AND {list} ORDER BY starts_at"
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let mut lines: HashMap<_, Vec<_>> = HashMap::new();
    for row in sql::all::<GuidanceRow>(db, &text, values).await? {
        let (key, value) = pair(&row);
        lines.entry(OrgUnitId(key)).or_default().push(OrgUnitId(value));
    }
    Ok(lines)
}

/// Adds a guidance line.
pub async fn insert_guidance(tx: &Tx, permit: &Permit, unit: OrgUnitId, guide: OrgUnitId) -> Result<()> {
    let values = vec![permit.district_id().0.into(), unit.0.into(), guide.0.into(), tx.now().into()];
    sql::execute(
        tx,
        "INSERT INTO guidance (district_id, unit_id, guide_id, starts_at) VALUES ($1, $2, $3, $4)",
        values,
    )
    .await?;
    audit::append(tx, permit, Entry::about(unit).change(None, Some(&guide))).await
}

/// Ends a guidance line; answers whether there was one.
pub async fn delete_guidance(tx: &Tx, permit: &Permit, unit: OrgUnitId, guide: OrgUnitId) -> Result<bool> {
    let values = vec![permit.district_id().0.into(), unit.0.into(), guide.0.into()];
    let gone = sql::execute(
        tx,
        "DELETE FROM guidance WHERE district_id = $1 AND unit_id = $2 AND guide_id = $3",
        values,
    )
    .await?;
    audit::append(tx, permit, Entry::about(unit).change(Some(&guide), None)).await?;
    Ok(gone == 1)
}
