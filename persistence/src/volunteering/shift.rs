use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use zhibu_domain::{
    activity::TimeWindow,
    id::{DistrictId, PartyMemberId, SignUpId, VolunteerShiftId},
    organization::OrgUnit,
    policy::Permit,
    volunteering::{SignUp, VolunteerShift},
};

use super::shift_row::{self as row, shift, sign_up};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    due::Due,
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

fn read_all(rows: Vec<sign_up::Model>) -> Result<Vec<SignUp>> {
    rows.into_iter().map(row::read_sign_up).collect()
}

/// The sign-ups of some shifts, in order of signing up.
pub async fn sign_ups(
    db: &impl Connect,
    district: DistrictId,
    shifts: &[VolunteerShiftId],
) -> Result<HashMap<VolunteerShiftId, Vec<SignUp>>> {
    let text = format!(
        "SELECT * FROM sign_up WHERE district_id = $1 AND {} ORDER BY signed_up_at, id",
        sql::in_list("shift_id", 2, shifts.len())
    );
    let values = std::iter::once(district.0).chain(shifts.iter().map(|id| id.0)).map(Value::from).collect();
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for sign_up in read_all(sql::all(db, &text, values).await?)? {
        found.entry(sign_up.shift_id).or_default().push(sign_up);
    }
    Ok(found)
}

/// A sign-up.
pub async fn sign_up(db: &impl Connect, district: DistrictId, id: SignUpId) -> Result<Option<SignUp>> {
    let found = sign_up::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?;
    found.map(row::read_sign_up).transpose()
}

/// A member's sign-ups, latest first.
pub async fn sign_up_page(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    page: PageRequest,
) -> Result<Page<SignUp>> {
    let mut values: Vec<Value> = vec![district.0.into(), member.0.into()];
    let mut text = "SELECT * FROM sign_up WHERE district_id = $1 AND member_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    Ok(page.page(read_all(sql::all(db, &text, values).await?)?))
}

/// Whether a member has a place in another shift that isn't called off and overlaps a window. The
/// caller has locked the member.
pub async fn is_elsewhere(
    tx: &Tx,
    district: DistrictId,
    member: PartyMemberId,
    window: TimeWindow,
) -> Result<bool> {
    let text = "SELECT count(*) FROM sign_up p
        JOIN volunteer_shift s ON s.district_id = p.district_id AND s.id = p.shift_id
        WHERE p.district_id = $1 AND p.member_id = $2 AND p.state IN ('SIGNED_UP', 'OFFERED')
            AND s.state = 'PUBLISHED' AND s.starts_at < $4 AND s.ends_at > $3";
    let values = vec![district.0.into(), member.0.into(), window.starts_at.into(), window.ends_at.into()];
    Ok(sql::count(tx, text, values).await? > 0)
}

/// Remembers a new sign-up.
pub async fn insert_sign_up(tx: &Tx, permit: &Permit, new: &SignUp) -> Result<()> {
    insert(tx, row::stored_sign_up(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers a sign-up's change. The caller has locked the shift.
pub async fn update_sign_up(tx: &Tx, permit: &Permit, before: &SignUp, after: &SignUp) -> Result<()> {
    update(tx, row::stored_sign_up(permit.district_id(), after)).await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}

/// The shifts in which an offered place wasn't confirmed in time.
pub const OFFERS_DUE: Due<VolunteerShiftId> = Due::new("sign_up", "shift_id", "due_at");
