use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use zhibu_domain::{
    activity::Recurrence,
    id::{DistrictId, OrgUnitId, RecurrenceId},
    policy::Permit,
};

use super::row::{self, recurrence};
use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    row::{insert, update},
};

/// A recurrence.
pub async fn recurrence(
    db: &impl Connect,
    district: DistrictId,
    id: RecurrenceId,
) -> Result<Option<Recurrence>> {
    let found = recurrence::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?;
    found.map(row::read_recurrence).transpose()
}

/// Recurrences by their ids.
pub async fn recurrences(
    db: &impl Connect,
    district: DistrictId,
    ids: &[RecurrenceId],
) -> Result<HashMap<RecurrenceId, Recurrence>> {
    let query = recurrence::Entity::find()
        .filter(recurrence::Column::DistrictId.eq(district.0))
        .filter(recurrence::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let rows = query.all(db.conn()).await?;
    rows.into_iter().map(|r| row::read_recurrence(r).map(|r| (r.id, r))).collect()
}

/// A recurrence that is about to be changed.
pub async fn lock_recurrence(tx: &Tx, district: DistrictId, id: RecurrenceId) -> Result<Option<Recurrence>> {
    let found = recurrence::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_recurrence).transpose()
}

/// The recurrences of a unit, stopped ones too.
pub async fn recurrences_of(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
) -> Result<Vec<Recurrence>> {
    let query = recurrence::Entity::find()
        .filter(recurrence::Column::DistrictId.eq(district.0))
        .filter(recurrence::Column::HostUnitId.eq(unit.0))
        .order_by_asc(recurrence::Column::Id);
    query.all(db.conn()).await?.into_iter().map(row::read_recurrence).collect()
}

/// The running recurrences whose drafts don't reach `until` yet, in order of their ids after `last`.
pub async fn recurrences_due(
    db: &impl Connect,
    district: DistrictId,
    until: DateTime<Utc>,
    last: Option<RecurrenceId>,
    limit: u64,
) -> Result<Vec<RecurrenceId>> {
    let mut query = recurrence::Entity::find()
        .filter(recurrence::Column::DistrictId.eq(district.0))
        .filter(recurrence::Column::StoppedAt.is_null())
        .filter(recurrence::Column::DraftedUntil.lt(until))
        .order_by_asc(recurrence::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        query = query.filter(recurrence::Column::Id.gt(last.0));
    }
    Ok(query.all(db.conn()).await?.into_iter().map(|r| RecurrenceId(r.id)).collect())
}

/// Remembers a new recurrence.
pub async fn insert_recurrence(tx: &Tx, permit: &Permit, recurrence: &Recurrence) -> Result<()> {
    insert(tx, row::stored_recurrence(permit.district_id(), recurrence)).await?;
    audit::append(tx, permit, Entry::about(recurrence.id).change(None, Some(recurrence))).await
}

/// Remembers a recurrence's change.
pub async fn update_recurrence(
    tx: &Tx,
    permit: &Permit,
    before: &Recurrence,
    after: &Recurrence,
) -> Result<()> {
    update(tx, row::stored_recurrence(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}
