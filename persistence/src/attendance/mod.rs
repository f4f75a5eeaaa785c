//! Who is expected at an activity and who came; leave, claims, counts.

mod batch;
mod claim;
mod figures;
mod leave;
mod roster;
mod row;

pub use batch::{CheckInRow, record_batch};
pub use claim::{claim, claim_of, claim_page, claims, claims_of, insert_claim, lock_claim, update_claim};
pub use figures::{
    MemberFigures, MonthFigures, count_member_figures, figure_page, held_page, member_figures,
    member_figures_page, save_tally, tallies, unit_figures,
};
pub use leave::{
    insert_leave, latest_leave, leave, leave_page, leaves, leaves_granted, leaves_of, lock_leave,
    lock_leaves, update_leave, update_leaves,
};
pub use roster::{RosterRow, RosterSelection, not_yet, roster_page, shared_devices};

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Value,
    sea_query::OnConflict,
};
use serde::Serialize;
use uuid::Uuid;
use zhibu_domain::{
    activity::{Attendance, Attendee, Candidate},
    id::{AccountId, ActivityId, DistrictId, OrgUnitId, PartyMemberId},
    organization::OrgUnitPath,
    policy::Permit,
    vocabulary::Vocabulary,
};

use self::row::{attendance, attendee};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    member,
    organization::below,
    row::{insert_all, update, word},
    sql,
};

#[derive(FromQueryResult)]
struct CandidateRow {
    id: Uuid,
    account_id: Uuid,
    unit_id: Uuid,
    status: String,
    entered_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
}

async fn candidates(
    db: &impl Connect,
    district: DistrictId,
    text: &str,
    values: Vec<Value>,
) -> Result<Vec<Candidate>> {
    let rows = sql::all::<CandidateRow>(db, text, values).await?;
    let ids: Vec<_> = rows.iter().map(|r| PartyMemberId(r.id)).collect();
    let mut exemptions = HashMap::new();
    for ids in ids.chunks(500) {
        exemptions.extend(member::exemptions(db, district, ids).await?);
    }
    rows.into_iter()
        .map(|r| {
            Ok(Candidate {
                member_id: PartyMemberId(r.id),
                account_id: AccountId(r.account_id),
                status: word(&r.status)?,
                unit_id: OrgUnitId(r.unit_id),
                entered_on: r.entered_on,
                left_on: r.left_on,
                exemptions: exemptions.remove(&PartyMemberId(r.id)).unwrap_or_default(),
            })
        })
        .collect()
}

/// The members on the rosters of some units and all below them on a day, each with the home of
/// that day.
pub async fn candidates_of_units(
    db: &impl Connect,
    district: DistrictId,
    units: &[OrgUnitPath],
    day: NaiveDate,
) -> Result<Vec<Candidate>> {
    let mut values: Vec<Value> = vec![district.0.into(), day.into()];
    let ranges: Vec<_> = units.iter().map(|path| below(path, "u.path", &mut values)).collect();
    let text = format!(
        "SELECT m.id, m.account_id, s.unit_id, m.status, s.entered_on, s.left_on FROM org_unit u
         JOIN membership s ON s.district_id = u.district_id AND s.unit_id = u.id
            AND (s.entered_on IS NULL OR s.entered_on <= $2) AND (s.left_on IS NULL OR s.left_on > $2)
         JOIN party_member m ON m.district_id = s.district_id AND m.id = s.member_id
         WHERE u.district_id = $1 AND ({}) ORDER BY m.id",
        ranges.join(" OR ")
    );
    candidates(db, district, &text, values).await
}

/// Some members by their ids: whoever is chosen or invited may have come to the roster later.
pub async fn candidates_by_id(
    db: &impl Connect,
    district: DistrictId,
    ids: &[PartyMemberId],
) -> Result<Vec<Candidate>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT m.id, m.account_id, m.unit_id, m.status, CAST(NULL AS date) AS entered_on, m.left_on
         FROM party_member m WHERE m.district_id = $1 AND {} ORDER BY m.id",
        sql::in_list("m.id", 2, ids.len())
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    candidates(db, district, &text, values).await
}

/// An activity's list.
pub async fn attendees(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
) -> Result<Vec<Attendee>> {
    let query = attendee::Entity::find()
        .filter(attendee::Column::DistrictId.eq(district.0))
        .filter(attendee::Column::ActivityId.eq(activity.0));
    query.all(db.conn()).await?.into_iter().map(row::read_attendee).collect()
}

/// A member's entry in an activity's list.
pub async fn attendee(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    member: PartyMemberId,
) -> Result<Option<Attendee>> {
    let found = attendee::Entity::find_by_id((district.0, activity.0, member.0)).one(db.conn()).await?;
    found.map(row::read_attendee).transpose()
}

/// The activities, among some, on whose lists a member stands.
pub async fn invited(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    activities: &[ActivityId],
) -> Result<HashSet<ActivityId>> {
    let query = attendee::Entity::find()
        .filter(attendee::Column::DistrictId.eq(district.0))
        .filter(attendee::Column::MemberId.eq(member.0))
        .filter(attendee::Column::ActivityId.is_in(activities.iter().map(|id| id.0)));
    Ok(query.all(db.conn()).await?.into_iter().map(|r| ActivityId(r.activity_id)).collect())
}

/// Replaces an activity's list; records of attendance stay. The audit keeps who came off it, who
/// came onto it, and whose place on it changed. The caller has locked the activity.
pub async fn save_attendees(
    tx: &Tx,
    permit: &Permit,
    activity: ActivityId,
    before: &[Attendee],
    after: &[Attendee],
) -> Result<()> {
    let (old, new) = (not_in(before, after), not_in(after, before));
    if old.is_empty() && new.is_empty() {
        return Ok(());
    }
    let district = permit.district_id();
    let key = vec![district.0.into(), activity.0.into()];
    sql::execute(tx, "DELETE FROM attendee WHERE district_id = $1 AND activity_id = $2", key).await?;
    insert_all(tx, after.iter().map(|a| row::stored_attendee(district, activity, a)).collect()).await?;
    let entry = Entry::about(activity).change(Some(&Places::of(old)), Some(&Places::of(new)));
    audit::append(tx, permit, entry).await
}

/// Members and their places on a list, as the audit tells them.
#[derive(Serialize)]
struct Places {
    attendees: BTreeMap<PartyMemberId, &'static str>,
}

impl Places {
    fn of(attendees: Vec<&Attendee>) -> Self {
        let place = |a: &Attendee| a.exclusion.map_or(a.source.code(), Vocabulary::code);
        Self { attendees: attendees.into_iter().map(|a| (a.member_id, place(a))).collect() }
    }
}

fn not_in<'a>(list: &'a [Attendee], other: &[Attendee]) -> Vec<&'a Attendee> {
    let other: HashMap<_, _> = other.iter().map(|a| (a.member_id, a)).collect();
    list.iter().filter(|a| other.get(&a.member_id) != Some(a)).collect()
}

/// Remembers many lists (demo data).
pub async fn insert_attendees(tx: &Tx, permit: &Permit, lists: &[(ActivityId, Attendee)]) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, lists.iter().map(|(id, a)| row::stored_attendee(district, *id, a)).collect()).await
}

/// All records of an activity.
pub async fn attendances(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
) -> Result<Vec<Attendance>> {
    let query = attendance::Entity::find()
        .filter(attendance::Column::DistrictId.eq(district.0))
        .filter(attendance::Column::ActivityId.eq(activity.0));
    query.all(db.conn()).await?.into_iter().map(row::read_attendance).collect()
}

/// A member's record.
pub async fn attendance(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    member: PartyMemberId,
) -> Result<Option<Attendance>> {
    let found = attendance::Entity::find_by_id((district.0, activity.0, member.0)).one(db.conn()).await?;
    found.map(row::read_attendance).transpose()
}

/// A member's record that is about to be changed.
pub async fn lock_attendance(
    tx: &Tx,
    district: DistrictId,
    activity: ActivityId,
    member: PartyMemberId,
) -> Result<Option<Attendance>> {
    let found = attendance::Entity::find_by_id((district.0, activity.0, member.0)).lock_exclusive();
    found.one(tx.conn()).await?.map(row::read_attendance).transpose()
}

/// A member's records in some activities.
pub async fn attendances_of(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    activities: &[ActivityId],
) -> Result<HashMap<ActivityId, Attendance>> {
    let query = attendance::Entity::find()
        .filter(attendance::Column::DistrictId.eq(district.0))
        .filter(attendance::Column::MemberId.eq(member.0))
        .filter(attendance::Column::ActivityId.is_in(activities.iter().map(|id| id.0)));
    query
        .all(db.conn())
        .await?
        .into_iter()
        .map(|r| row::read_attendance(r).map(|a| (a.activity_id, a)))
        .collect()
}

/// A page of a member's records, latest first.
pub async fn attendance_page(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    page: PageRequest,
) -> Result<Page<Attendance>> {
    let mut values: Vec<Value> = vec![district.0.into(), member.0.into()];
    // By way of the lists: an index of its own would be a random page to write at each check-in.
    let own = "(SELECT a.* FROM attendee e
         JOIN attendance a ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE e.district_id = $1 AND e.member_id = $2)";
    let mut text = format!("SELECT t.* FROM {own} t WHERE t.district_id = $1");
    page.append_by(&mut text, &mut values, &format!("{own} own"), "occurred_at", true);
    let rows: Vec<attendance::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_attendance).collect::<Result<_>>()?))
}

/// Remembers a record; `person` is the member's account. Answers whether it is remembered: a
/// check-in that arrives at the same moment wins.
pub async fn insert_attendance(
    tx: &Tx,
    permit: &Permit,
    attendance: &Attendance,
    person: AccountId,
) -> Result<bool> {
    let recorded = insert_missing(tx, permit, &[(attendance.clone(), person)]).await?;
    Ok(recorded.contains(&attendance.member_id))
}

/// Remembers many records, each in the audit where `audited`.
pub async fn insert_attendances(
    tx: &Tx,
    permit: &Permit,
    records: &[(Attendance, AccountId)],
    audited: bool,
) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, records.iter().map(|(a, _)| row::stored_attendance(district, a)).collect()).await?;
    if audited {
        let entry =
            |(a, person): &(Attendance, AccountId)| Entry::about(a.id).person(*person).change(None, Some(a));
        audit::append_all(tx, permit, records.iter().map(entry).collect()).await?;
    }
    Ok(())
}

/// Remembers records of members who have none; a check-in that arrives at the same moment wins.
/// Answers whose were remembered.
pub async fn insert_missing(
    tx: &Tx,
    permit: &Permit,
    records: &[(Attendance, AccountId)],
) -> Result<HashSet<PartyMemberId>> {
    let district = permit.district_id();
    // The order of the batches of check-ins, so that none can wait for the other.
    let mut records: Vec<_> = records.iter().collect();
    records.sort_by_key(|(a, _)| (a.activity_id, a.member_id));
    let mut recorded = HashSet::new();
    for records in records.chunks(500) {
        let rows = records.iter().map(|(a, _)| row::stored_attendance(district, a).into_active_model());
        let key =
            [attendance::Column::DistrictId, attendance::Column::ActivityId, attendance::Column::MemberId];
        let first_wins = OnConflict::columns(key).do_nothing().to_owned();
        let new = attendance::Entity::insert_many(rows)
            .on_conflict(first_wins)
            .exec_with_returning_keys(tx.conn())
            .await?;
        let new: HashSet<_> = new.into_iter().map(|(_, _, member)| PartyMemberId(member)).collect();
        let entries = records.iter().filter(|(a, _)| new.contains(&a.member_id)).map(|(a, person)| {
            Entry::about(a.id).person(*person).reason(a.reason.as_deref()).change(None, Some(a))
        });
        audit::append_all(tx, permit, entries.collect()).await?;
        recorded.extend(new);
    }
    Ok(recorded)
}

/// Remembers a record's change. The caller has locked `before`.
pub async fn update_attendance(
    tx: &Tx,
    permit: &Permit,
    before: &Attendance,
    after: &Attendance,
    person: AccountId,
) -> Result<()> {
    update(tx, row::stored_attendance(permit.district_id(), after)).await?;
    let entry = Entry::about(after.id).person(person).reason(after.reason.as_deref());
    audit::append(tx, permit, entry.change(Some(before), Some(after))).await
}

/// Forgets the phones' marks of an activity: once it is final, they have no use.
pub async fn forget_devices(tx: &Tx, permit: &Permit, activity: ActivityId) -> Result<()> {
    let key = || vec![Value::from(permit.district_id().0), activity.0.into()];
    for table in ["attendance", "check_in_claim"] {
        let text = format!(
            "UPDATE {table} SET device = NULL WHERE district_id = $1 AND activity_id = $2 AND device IS NOT NULL"
        );
        sql::execute(tx, &text, key()).await?;
    }
    Ok(())
}
