use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, PartyMemberId, VolunteerShiftId},
    organization::OrgUnit,
    policy::Permit,
    volunteering::VolunteerShift,
};

use super::shift_row::{self as row, shift};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    organization::below,
    row::{insert, update},
    sql,
};

/// Shifts by their ids.
pub async fn shifts(
    db: &impl Connect,
    district: DistrictId,
    ids: &[VolunteerShiftId],
) -> Result<HashMap<VolunteerShiftId, VolunteerShift>> {
    let query = shift::Entity::find()
        .filter(shift::Column::DistrictId.eq(district.0))
        .filter(shift::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_shift(r).map(|s| (s.id, s))).collect()
}

#[derive(FromQueryResult)]
struct ProjectRow {
    project_name: String,
}

/// The shifts in which a member has a place, with the names of their projects: those that end at or after a
/// time, at most `limit`, in order of their start.
pub async fn places(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    from: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<(VolunteerShift, String)>> {
    let text = format!(
        "SELECT s.*, j.name AS project_name FROM sign_up p
         JOIN volunteer_shift s ON s.district_id = p.district_id AND s.id = p.shift_id
         JOIN volunteer_project j ON j.district_id = s.district_id AND j.id = s.project_id
         WHERE p.district_id = $1 AND p.member_id = $2 AND p.state = 'SIGNED_UP' AND s.ends_at >= $3
             AND s.published_at IS NOT NULL
         ORDER BY s.starts_at, s.id LIMIT {limit}"
    );
    let rows = sql::rows(db, &text, vec![district.0.into(), member.0.into(), from.into()]).await?;
    let read = |found: &QueryResult| {
        let name = ProjectRow::from_query_result(found, "")?.project_name;
        Ok((row::read_shift(shift::Model::from_query_result(found, "")?)?, name))
    };
    rows.iter().map(read).collect()
}

/// A shift that is about to be changed. Whoever writes sign-ups locks their shift first.
pub async fn lock_shift(
    tx: &Tx,
    district: DistrictId,
    id: VolunteerShiftId,
) -> Result<Option<VolunteerShift>> {
    let found = shift::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_shift).transpose()
}

/// What to list of the shifts.
#[derive(Clone, Debug)]
pub struct ShiftFilter {
    /// Of which unit.
    pub unit: OrgUnit,
    /// Those of all units below as well.
    pub deep: bool,
    /// Only those that were made known: no drafts, and none that were called off before.
    pub known_only: bool,
    /// Only those that end at or after this time.
    pub from: DateTime<Utc>,
    /// Only those that start before this time.
    pub until: Option<DateTime<Utc>>,
}

/// A page of shifts in order of their start.
pub async fn shift_page(
    db: &impl Connect,
    district: DistrictId,
    filter: ShiftFilter,
    page: PageRequest,
) -> Result<Page<VolunteerShift>> {
    let mut values: Vec<Value> = vec![district.0.into(), filter.from.into()];
    let mut text = "SELECT t.* FROM volunteer_shift t".to_owned();
    if filter.deep {
        text.push_str(" JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id");
    }
    text.push_str(" WHERE t.district_id = $1 AND t.ends_at >= $2 AND ");
    if filter.deep {
        text.push_str(&below(&filter.unit.path, "u.path", &mut values));
    } else {
        values.push(filter.unit.id.0.into());
        text.push_str("t.unit_id = $3");
    }
    if let Some(until) = filter.until {
        values.push(until.into());
        text.push_str(&format!(" AND t.starts_at < ${}", values.len()));
    }
    if filter.known_only {
        text.push_str(" AND t.published_at IS NOT NULL");
    }
    page.append_by(&mut text, &mut values, "volunteer_shift", "starts_at", false);
    let rows: Vec<shift::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_shift).collect::<Result<_>>()?))
}

/// Remembers a new shift.
pub async fn insert_shift(tx: &Tx, permit: &Permit, new: &VolunteerShift) -> Result<()> {
    insert(tx, row::stored_shift(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers a shift's change.
pub async fn update_shift(
    tx: &Tx,
    permit: &Permit,
    before: &VolunteerShift,
    after: &VolunteerShift,
) -> Result<()> {
    update(tx, row::stored_shift(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

#[derive(FromQueryResult)]
struct CaptainRow {
    id: Uuid,
    captain_id: Uuid,
}

/// The captains of the teams that carry some shifts, as long as the team lives.
pub async fn captains(
    db: &impl Connect,
    district: DistrictId,
    shifts: &[VolunteerShiftId],
) -> Result<HashMap<VolunteerShiftId, PartyMemberId>> {
    if shifts.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT s.id, t.captain_id FROM volunteer_shift s
         JOIN volunteer_project p ON p.district_id = s.district_id AND p.id = s.project_id
         JOIN volunteer_team t ON t.district_id = p.district_id AND t.id = p.team_id
         WHERE s.district_id = $1 AND t.captain_id IS NOT NULL AND t.ended_at IS NULL AND {}",
        sql::in_list("s.id", 2, shifts.len())
    );
    let values = std::iter::once(district.0).chain(shifts.iter().map(|id| id.0)).map(Value::from).collect();
    let rows = sql::all::<CaptainRow>(db, &text, values).await?;
    Ok(rows.into_iter().map(|r| (VolunteerShiftId(r.id), PartyMemberId(r.captain_id))).collect())
}
