use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::TimeWindow,
    id::{DistrictId, PartyMemberId, SignUpId, VolunteerShiftId},
    policy::Permit,
    vocabulary::Vocabulary,
    volunteering::{Booked, Booking, SignUp, SignUpState, VolunteerShift},
};

use super::sign_up_row::{self as row, sign_up};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    due::Due,
    row::{insert, update},
    sql,
};

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

/// Sign-ups by their ids.
pub async fn sign_ups_by_id(
    db: &impl Connect,
    district: DistrictId,
    ids: &[SignUpId],
) -> Result<HashMap<SignUpId, SignUp>> {
    let query = sign_up::Entity::find()
        .filter(sign_up::Column::DistrictId.eq(district.0))
        .filter(sign_up::Column::Id.is_in(ids.iter().map(|id| id.0)));
    Ok(read_all(query.all(db.conn()).await?)?.into_iter().map(|s| (s.id, s)).collect())
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

/// From the sign-ups of some members for other shifts that aren't called off and overlap one, in some states.
fn overlapping(members: usize, states: &[SignUpState]) -> String {
    let states: Vec<_> = states.iter().map(|state| format!("'{}'", state.code())).collect();
    format!(
        "FROM sign_up p JOIN volunteer_shift s ON s.district_id = p.district_id AND s.id = p.shift_id
         WHERE p.district_id = $1 AND p.shift_id <> $2 AND p.state IN ({})
             AND s.state = 'PUBLISHED' AND s.starts_at < $4 AND s.ends_at > $3 AND {}",
        states.join(", "),
        sql::in_list("p.member_id", 5, members)
    )
}

fn overlapped(district: DistrictId, shift: &VolunteerShift, members: &[PartyMemberId]) -> Vec<Value> {
    let window = shift.window;
    let values = [district.0.into(), shift.id.0.into(), window.starts_at.into(), window.ends_at.into()];
    values.into_iter().chain(members.iter().map(|id| id.0.into())).collect()
}

#[derive(FromQueryResult)]
struct ElsewhereRow {
    member_id: Uuid,
}

/// Those of some members who have a place in another shift at the time of one: which counts as such, the
/// states say. Stays true for members whom the caller has locked.
pub async fn elsewhere(
    tx: &Tx,
    district: DistrictId,
    members: &[PartyMemberId],
    shift: &VolunteerShift,
    states: &[SignUpState],
) -> Result<HashSet<PartyMemberId>> {
    if members.is_empty() {
        return Ok(HashSet::new());
    }
    let text = format!("SELECT p.member_id {}", overlapping(members.len(), states));
    let rows = sql::all::<ElsewhereRow>(tx, &text, overlapped(district, shift, members)).await?;
    Ok(rows.into_iter().map(|row| PartyMemberId(row.member_id)).collect())
}

/// The shifts at the time of one for which some members wait: they may have been passed over there.
pub async fn waited_for(
    tx: &Tx,
    district: DistrictId,
    members: &[PartyMemberId],
    shift: &VolunteerShift,
) -> Result<Vec<VolunteerShiftId>> {
    if members.is_empty() {
        return Ok(vec![]);
    }
    let text = format!("SELECT DISTINCT p.shift_id {}", overlapping(members.len(), &[SignUpState::Waiting]));
    let rows = sql::all::<AheadRow>(tx, &text, overlapped(district, shift, members)).await?;
    Ok(rows.into_iter().map(|row| VolunteerShiftId(row.shift_id)).collect())
}

#[derive(FromQueryResult)]
struct AheadRow {
    shift_id: Uuid,
}

/// The shifts to come in which a member has a place or waits for one, in the order in which everybody
/// locks them. The caller has locked the member.
pub async fn signed_up_ahead(
    tx: &Tx,
    district: DistrictId,
    member: PartyMemberId,
) -> Result<Vec<VolunteerShiftId>> {
    let text = "SELECT p.shift_id FROM sign_up p
        JOIN volunteer_shift s ON s.district_id = p.district_id AND s.id = p.shift_id
        WHERE p.district_id = $1 AND p.member_id = $2 AND p.state IN ('SIGNED_UP', 'WAITING', 'OFFERED')
            AND s.state = 'PUBLISHED' AND s.starts_at > $3
        ORDER BY p.shift_id";
    let values = vec![district.0.into(), member.0.into(), tx.now().into()];
    let rows = sql::all::<AheadRow>(tx, text, values).await?;
    Ok(rows.into_iter().map(|r| VolunteerShiftId(r.shift_id)).collect())
}

#[derive(FromQueryResult)]
struct HereRow {
    id: Uuid,
    checked_in_at: DateTime<Utc>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

/// The times of the shifts at which a member is: taken, though it isn't known yet how many minutes they
/// come to.
pub(super) async fn open_check_ins(
    tx: &Tx,
    district: DistrictId,
    member: PartyMemberId,
) -> Result<Vec<Booked>> {
    let text = "SELECT p.id, p.checked_in_at, s.starts_at, s.ends_at FROM sign_up p
        JOIN volunteer_shift s ON s.district_id = p.district_id AND s.id = p.shift_id
        WHERE p.district_id = $1 AND p.member_id = $2 AND p.closes_at IS NOT NULL AND s.state = 'PUBLISHED'";
    let rows = sql::all::<HereRow>(tx, text, vec![district.0.into(), member.0.into()]).await?;
    let taken = |r: HereRow| Booked {
        by: Booking::Visit(SignUpId(r.id)),
        window: TimeWindow { starts_at: r.checked_in_at.max(r.starts_at), ends_at: r.ends_at },
        served_on: r.starts_at.date_naive(),
        minutes: 0,
    };
    Ok(rows.into_iter().map(taken).collect())
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

/// The sign-ups of those who were at a shift and didn't check out in time.
pub const CHECK_OUTS_DUE: Due<SignUpId> = Due::new("sign_up", "id", "closes_at");
