use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use zhibu_domain::{
    id::{DistrictId, ObjectionId, ServiceHourEntryId},
    organization::OrgUnitPath,
    policy::Permit,
    vocabulary::Vocabulary,
    volunteering::{Objection, ObjectionState},
};

use super::row::{self, objection};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    organization::below,
    row::{insert, update},
    sql,
};

/// An objection.
pub async fn objection(
    db: &impl Connect,
    district: DistrictId,
    id: ObjectionId,
) -> Result<Option<Objection>> {
    let found = objection::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?;
    found.map(row::read_objection).transpose()
}

/// Objections by their ids.
pub async fn objections_by_id(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ObjectionId],
) -> Result<HashMap<ObjectionId, Objection>> {
    let query = objection::Entity::find()
        .filter(objection::Column::DistrictId.eq(district.0))
        .filter(objection::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_objection(r).map(|o| (o.id, o))).collect()
}

/// The objections to some entries, in order of raising.
pub async fn objections(
    db: &impl Connect,
    district: DistrictId,
    entries: &[ServiceHourEntryId],
) -> Result<HashMap<ServiceHourEntryId, Vec<Objection>>> {
    let text = format!(
        "SELECT * FROM objection WHERE district_id = $1 AND {} ORDER BY id",
        sql::in_list("entry_id", 2, entries.len())
    );
    let values = std::iter::once(district.0).chain(entries.iter().map(|id| id.0)).map(Value::from).collect();
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in sql::all::<objection::Model>(db, &text, values).await? {
        let objection = row::read_objection(row)?;
        found.entry(objection.entry_id).or_default().push(objection);
    }
    Ok(found)
}

/// The open objections to an entry. The caller has locked the entry.
pub async fn open_objections(
    tx: &Tx,
    district: DistrictId,
    entry: ServiceHourEntryId,
) -> Result<Vec<Objection>> {
    let all = objections(tx, district, &[entry]).await?.remove(&entry).unwrap_or_default();
    Ok(all.into_iter().filter(|o| o.state() == ObjectionState::Open).collect())
}

/// The objections to entries of a unit and all below it, in order of raising.
pub async fn objection_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    state: Option<ObjectionState>,
    page: PageRequest,
) -> Result<Page<Objection>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let condition = below(path, "u.path", &mut values);
    let mut text = format!(
        "SELECT o.* FROM objection o
         JOIN service_hour_entry e ON e.district_id = o.district_id AND e.id = o.entry_id
         JOIN org_unit u ON u.district_id = e.district_id AND u.id = e.unit_id
         WHERE o.district_id = $1 AND {condition}"
    );
    if let Some(state) = state {
        values.push(state.code().into());
        text.push_str(&format!(" AND o.state = ${}", values.len()));
    }
    page.append(&mut text, &mut values, "o.id", false);
    let rows: Vec<objection::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_objection).collect::<Result<_>>()?))
}

/// Remembers a new objection. The audit names no person whose data it is: the member would learn
/// there who objects.
pub async fn insert_objection(tx: &Tx, permit: &Permit, new: &Objection) -> Result<()> {
    insert(tx, row::stored_objection(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers an objection's decision.
pub async fn update_objection(tx: &Tx, permit: &Permit, before: &Objection, after: &Objection) -> Result<()> {
    update(tx, row::stored_objection(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}
