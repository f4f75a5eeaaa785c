//! Volunteer hours: entries, objections, the ledger and its balances; sheets and exports of them.

mod books;
mod export;
mod figures;
mod ledger;
mod objection;
mod recognition;
mod record_row;
mod record_sheet;
mod row;
mod shift;
mod shift_row;
mod sign_up;
mod sign_up_row;
mod team;
mod team_member;

pub use books::{balance_books, open_books};
pub use export::{begin_export, draw_rows, export, export_page, export_rows, finish_export};
pub use figures::{service_figures, service_page};
pub use ledger::{
    HourBalance, LedgerRow, UnitHours, balances, count_posted, counted_before, ledger_page, post,
    posted_page, unit_hours,
};
pub use objection::{
    insert_objection, objection, objection_page, objection_page_of, objections, objections_by_id,
    open_objections, update_objection,
};

pub use recognition::{Recognizable, recognizable};
pub(crate) use recognition::{follow_member, follow_unit};
pub use record_sheet::{
    counting, insert_sheet, lock_sheet, revoke_sheet, sheet, sheet_by_code, sheet_lines, sheet_page,
    superseded,
};
pub use shift::{ShiftFilter, captains, insert_shift, lock_shift, places, shift_page, shifts, update_shift};
pub use sign_up::{
    CHECK_OUTS_DUE, OFFERS_DUE, elsewhere, insert_sign_up, sign_up, sign_up_page, sign_ups, sign_ups_by_id,
    signed_up_ahead, update_sign_up, waited_for,
};
pub use team::{
    has_shifts_to_come, insert_project, insert_team, lock_project, lock_team, project_page, projects,
    team_page, teams, update_project, update_team,
};
pub use team_member::{
    insert_team_member, team_member, team_member_page, team_sizes, teams_of, update_team_member,
};

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::TimeWindow,
    id::{DistrictId, OrgUnitId, PartyMemberId, ServiceHourEntryId, VolunteerTeamId},
    organization::OrgUnitPath,
    policy::Permit,
    vocabulary::Vocabulary,
    volunteering::{Booked, Booking, HourState, ServiceHourEntry},
};

use self::row::entry;
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    due::Due,
    organization::below,
    row::{insert, update, update_all},
    sql,
};

fn read_all(rows: Vec<entry::Model>) -> Result<Vec<ServiceHourEntry>> {
    rows.into_iter().map(row::read_entry).collect()
}

/// Entries by their ids.
pub async fn entries(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ServiceHourEntryId],
) -> Result<HashMap<ServiceHourEntryId, ServiceHourEntry>> {
    let query = entry::Entity::find()
        .filter(entry::Column::DistrictId.eq(district.0))
        .filter(entry::Column::Id.is_in(ids.iter().map(|id| id.0)));
    Ok(read_all(query.all(db.conn()).await?)?.into_iter().map(|e| (e.id, e)).collect())
}

/// Entries that are about to be changed, in the order in which everybody locks them.
pub async fn lock_entries(
    tx: &Tx,
    district: DistrictId,
    ids: &[ServiceHourEntryId],
) -> Result<Vec<ServiceHourEntry>> {
    let query = entry::Entity::find()
        .filter(entry::Column::DistrictId.eq(district.0))
        .filter(entry::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(entry::Column::Id)
        .lock_exclusive();
    read_all(query.all(tx.conn()).await?)
}

#[derive(FromQueryResult)]
struct BookedRow {
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    served_on: chrono::NaiveDate,
    minutes: i64,
}

/// The live entries of a member within about a month of a window, in all units, and the shifts at which
/// the member is: what a new one may overlap, and with what it is summed. The caller has locked the
/// member.
pub async fn booked(
    tx: &Tx,
    district: DistrictId,
    member: PartyMemberId,
    around: TimeWindow,
) -> Result<Vec<Booked>> {
    let month = Duration::days(32);
    let from = around.starts_at.checked_sub_signed(month).unwrap_or(around.starts_at);
    let until = around.ends_at.checked_add_signed(month).unwrap_or(around.ends_at);
    let text = "SELECT id, starts_at, ends_at, served_on, minutes FROM service_hour_entry
        WHERE district_id = $1 AND member_id = $2 AND starts_at >= $3 AND starts_at <= $4
            AND state IN ('REPORTED', 'IN_PUBLICITY', 'GRANTED')";
    let values = vec![district.0.into(), member.0.into(), from.into(), until.into()];
    let rows = sql::all::<BookedRow>(tx, text, values).await?;
    let booked = |r: BookedRow| Booked {
        by: Booking::Entry(ServiceHourEntryId(r.id)),
        window: TimeWindow { starts_at: r.starts_at, ends_at: r.ends_at },
        served_on: r.served_on,
        minutes: r.minutes,
    };
    let open = sign_up::open_check_ins(tx, district, member).await?;
    Ok(rows.into_iter().map(booked).chain(open).collect())
}

/// A member's entries, latest reported first.
pub async fn entry_page(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    state: Option<HourState>,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>> {
    let mut values: Vec<Value> = vec![district.0.into(), member.0.into()];
    let mut text = "SELECT * FROM service_hour_entry WHERE district_id = $1 AND member_id = $2".to_owned();
    if let Some(state) = state {
        values.push(state.code().into());
        text.push_str(" AND state = $3");
    }
    page.append(&mut text, &mut values, "id", true);
    Ok(page.page(read_all(sql::all(db, &text, values).await?)?))
}

/// The entries of a unit and all below it that stand somewhere, those with most hints first, then
/// in order of reporting.
pub async fn unit_entry_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    state: HourState,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>> {
    let mut values: Vec<Value> = vec![district.0.into(), state.code().into()];
    let condition = below(path, "u.path", &mut values);
    let mut text = format!(
        "SELECT t.* FROM service_hour_entry t
         JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
         WHERE t.district_id = $1 AND t.state = $2 AND {condition}"
    );
    page.append_by(&mut text, &mut values, "service_hour_entry", "calm", false);
    Ok(page.page(read_all(sql::all(db, &text, values).await?)?))
}

/// The entries from the shifts of a team that stand somewhere, those with most hints first, then in
/// order of their entry.
pub async fn team_entry_page(
    db: &impl Connect,
    district: DistrictId,
    team: VolunteerTeamId,
    state: HourState,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>> {
    let mut values: Vec<Value> = vec![district.0.into(), team.0.into(), state.code().into()];
    let mut text = "SELECT t.* FROM volunteer_project p
         JOIN volunteer_shift s ON s.district_id = p.district_id AND s.project_id = p.id
         JOIN service_hour_entry t ON t.district_id = s.district_id AND t.shift_id = s.id
         WHERE p.district_id = $1 AND p.team_id = $2 AND t.state = $3"
        .to_owned();
    page.append_by(&mut text, &mut values, "service_hour_entry", "calm", false);
    Ok(page.page(read_all(sql::all(db, &text, values).await?)?))
}

/// The entries that are in public notice in a unit, in order of reporting. Those below it have
/// notices of their own.
pub async fn publicity_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    page: PageRequest,
) -> Result<Page<ServiceHourEntry>> {
    let mut values: Vec<Value> = vec![district.0.into(), unit.0.into()];
    let mut text = "SELECT * FROM service_hour_entry
        WHERE district_id = $1 AND unit_id = $2 AND state = 'IN_PUBLICITY'"
        .to_owned();
    page.append(&mut text, &mut values, "id", false);
    Ok(page.page(read_all(sql::all(db, &text, values).await?)?))
}

/// The entries whose public notice is over.
pub const ENTRIES_DUE: Due<ServiceHourEntryId> = Due::new("service_hour_entry", "id", "due_at");

/// Remembers a new entry.
pub async fn insert_entry(tx: &Tx, permit: &Permit, new: &ServiceHourEntry) -> Result<()> {
    insert(tx, row::stored_entry(permit.district_id(), new, false)).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers an entry's change; `disputed` says whether an objection to it is open. The caller has
/// locked `before`.
pub async fn update_entry(
    tx: &Tx,
    permit: &Permit,
    before: &ServiceHourEntry,
    after: &ServiceHourEntry,
    disputed: bool,
) -> Result<()> {
    update(tx, row::stored_entry(permit.district_id(), after, disputed)).await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}

/// Remembers the changes of entries that aren't disputed: as many statements for many as for one. The
/// caller has locked those before.
pub async fn update_entries(
    tx: &Tx,
    permit: &Permit,
    changed: &[(ServiceHourEntry, ServiceHourEntry)],
) -> Result<()> {
    let district = permit.district_id();
    update_all(tx, changed.iter().map(|(_, after)| row::stored_entry(district, after, false)).collect())
        .await?;
    let entry = |(before, after): &(ServiceHourEntry, ServiceHourEntry)| {
        Entry::about(after.id).person(after.account_id).change(Some(before), Some(after))
    };
    audit::append_all(tx, permit, changed.iter().map(entry).collect()).await
}

/// Keeps when an entry begins to count in step with its objections. That it is kept says nothing
/// new of the entry: the audit has no entry of it. The caller has locked it.
pub async fn set_disputed(tx: &Tx, permit: &Permit, entry: &ServiceHourEntry, disputed: bool) -> Result<()> {
    let text = "UPDATE service_hour_entry SET due_at = $3 WHERE district_id = $1 AND id = $2";
    let due = entry.due_at(disputed);
    sql::execute(tx, text, vec![permit.district_id().0.into(), entry.id.0.into(), due.into()]).await?;
    Ok(())
}
