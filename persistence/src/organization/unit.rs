use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value, sea_query::LockType};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{OrgUnit, OrgUnitPath},
    policy::Permit,
};

use super::{
    below,
    row::{self, org_unit},
};
use crate::{
    Connect, Result, Tx, assignment,
    audit::{self, Entry},
    member,
    row::{insert, insert_all, update},
    sql, volunteering,
};

/// A unit.
pub async fn unit(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<Option<OrgUnit>> {
    org_unit::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(row::read).transpose()
}

/// Units by their ids.
pub async fn units(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read(r).map(|u| (u.id, u))).collect()
}

/// Units by their paths: the superiors of a unit, from the root down.
pub async fn units_at(
    db: &impl Connect,
    district: DistrictId,
    paths: &[OrgUnitPath],
) -> Result<Vec<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Path.is_in(paths.iter().map(OrgUnitPath::as_str)))
        .order_by_asc(org_unit::Column::Path);
    query.all(db.conn()).await?.into_iter().map(row::read).collect()
}

/// The district's root.
pub async fn root(db: &impl Connect, district: DistrictId) -> Result<Option<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.is_null());
    query.one(db.conn()).await?.map(row::read).transpose()
}

/// The places of units in the tree.
pub async fn paths(db: &impl Connect, district: DistrictId, ids: &[OrgUnitId]) -> Result<Vec<OrgUnitPath>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(units(db, district, ids).await?.into_values().map(|u| u.path).collect())
}

/// All live units of a subtree, the tree's order.
pub async fn subtree(db: &impl Connect, district: DistrictId, path: &OrgUnitPath) -> Result<Vec<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Path.gte(path.as_str()))
        .filter(org_unit::Column::Path.lt(path.range_end()))
        .filter(org_unit::Column::DissolvedAt.is_null())
        .order_by_asc(org_unit::Column::Path);
    query.all(db.conn()).await?.into_iter().map(row::read).collect()
}

/// A unit that is about to be changed.
pub async fn lock_unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<Option<OrgUnit>> {
    let found = org_unit::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read).transpose()
}

/// Keeps the shape of a district's tree as it is until the end of the transaction: units are
/// founded and moved one after the other, for each reads the paths that the others write.
pub async fn lock_tree(tx: &Tx, district: DistrictId) -> Result<()> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.is_null())
        .lock(LockType::NoKeyUpdate);
    query.one(tx.conn()).await?;
    Ok(())
}

/// Units that must stay as they are until the end of the transaction.
pub async fn hold_units(
    tx: &Tx,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, OrgUnit>> {
    let mut held = HashMap::new();
    for ids in ids.chunks(500) {
        let query = org_unit::Entity::find()
            .filter(org_unit::Column::DistrictId.eq(district.0))
            .filter(org_unit::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(org_unit::Column::Id)
            .lock(LockType::Share);
        for found in query.all(tx.conn()).await? {
            let unit = row::read(found)?;
            held.insert(unit.id, unit);
        }
    }
    Ok(held)
}

/// Remembers a new unit.
pub async fn insert_unit(tx: &Tx, permit: &Permit, unit: &OrgUnit) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored(district, unit)).await?;
    insert(tx, row::remembered(district, unit, tx.now())).await?;
    audit::append(tx, permit, Entry::about(unit.id).change(None, Some(unit))).await
}

/// Remembers many new units (demo data): superiors first.
pub async fn insert_units(tx: &Tx, permit: &Permit, units: &[OrgUnit]) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, units.iter().map(|u| row::stored(district, u)).collect()).await?;
    insert_all(tx, units.iter().map(|u| row::remembered(district, u, tx.now())).collect()).await
}

/// Remembers a unit's change. The caller has locked `before`.
pub async fn update_unit(tx: &Tx, permit: &Permit, before: &OrgUnit, after: &OrgUnit) -> Result<()> {
    let district = permit.district_id();
    update(tx, row::stored(district, after)).await?;
    insert(tx, row::remembered(district, after, tx.now())).await?;
    if before.path != after.path {
        move_subtree(tx, district, &before.path, &after.path).await?;
        member::touch(tx, district, &after.path).await?;
        volunteering::follow_unit(tx, district, &after.path).await?;
        assignment::look_through(tx, district).await?;
    }
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

async fn move_subtree(tx: &Tx, district: DistrictId, from: &OrgUnitPath, to: &OrgUnitPath) -> Result<()> {
    let mut values: Vec<Value> = vec![district.0.into(), to.as_str().into()];
    let condition = below(from, "path", &mut values);
    let from_length = from.as_str().len();
    let text = format!(
        "UPDATE org_unit SET path = $2 || substr(path, {}) WHERE district_id = $1 AND {condition}",
        from_length + 1
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}
