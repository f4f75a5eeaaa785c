use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, PartyMemberId, ServiceHourEntryId, ServiceRecordSheetId},
    identity::SecretHash,
    policy::Permit,
    volunteering::{MAX_SHEET_LINES, ServiceRecordSheet, SheetLine},
};

use super::record_row::{read_sheet, sheet, sheet_line, stored_sheet};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, insert_all, word},
    sql,
};

#[derive(FromQueryResult)]
struct CountingRow {
    id: Uuid,
    origin: String,
    served_on: NaiveDate,
    minutes: i64,
}

/// What counts of a member's services within some civil days; one more than a sheet takes at most.
pub async fn counting(
    tx: &Tx,
    district: DistrictId,
    member: PartyMemberId,
    within: Option<(NaiveDate, NaiveDate)>,
) -> Result<Vec<SheetLine>> {
    let mut values: Vec<Value> = vec![district.0.into(), member.0.into()];
    let mut text = "SELECT id, origin, served_on, minutes FROM service_hour_entry
        WHERE district_id = $1 AND member_id = $2 AND state = 'GRANTED' AND minutes > 0"
        .to_owned();
    if let Some((first, last)) = within {
        values.extend([first.into(), last.into()]);
        text.push_str(" AND served_on >= $3 AND served_on <= $4");
    }
    text.push_str(&format!(" ORDER BY starts_at, id LIMIT {}", MAX_SHEET_LINES + 1));
    let line = |r: CountingRow| {
        Ok(SheetLine {
            entry_id: ServiceHourEntryId(r.id),
            origin: word(&r.origin)?,
            served_on: r.served_on,
            minutes: r.minutes,
        })
    };
    sql::all::<CountingRow>(tx, &text, values).await?.into_iter().map(line).collect()
}

/// Remembers a sheet with its lines, and the digest of the code by which it is looked up.
pub async fn insert_sheet(
    tx: &Tx,
    permit: &Permit,
    new: &ServiceRecordSheet,
    lines: &[SheetLine],
    code: SecretHash,
) -> Result<()> {
    let district_id = permit.district_id().0;
    insert(tx, stored_sheet(permit.district_id(), new, code)).await?;
    let line = |l: &SheetLine| sheet_line::Model {
        district_id,
        sheet_id: new.id.0,
        entry_id: l.entry_id.0,
        minutes: l.minutes,
    };
    insert_all(tx, lines.iter().map(line).collect()).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers that a sheet was revoked. The caller has locked `before`.
pub async fn revoke_sheet(
    tx: &Tx,
    permit: &Permit,
    before: &ServiceRecordSheet,
    after: &ServiceRecordSheet,
) -> Result<()> {
    let text = "UPDATE service_record_sheet SET revoked_at = $3 WHERE district_id = $1 AND id = $2";
    let values = vec![permit.district_id().0.into(), after.id.0.into(), after.revoked_at.into()];
    sql::execute(tx, text, values).await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}

/// A sheet by its id.
pub async fn sheet(
    db: &impl Connect,
    district: DistrictId,
    id: ServiceRecordSheetId,
) -> Result<Option<ServiceRecordSheet>> {
    let text = "SELECT * FROM service_record_sheet WHERE district_id = $1 AND id = $2";
    let row = sql::one::<sheet::Model>(db, text, vec![district.0.into(), id.0.into()]).await?;
    row.map(read_sheet).transpose()
}

/// A sheet that is about to be changed.
pub async fn lock_sheet(
    tx: &Tx,
    district: DistrictId,
    id: ServiceRecordSheetId,
) -> Result<Option<ServiceRecordSheet>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!("SELECT * FROM service_record_sheet WHERE district_id = $1 AND id = $2{lock}");
    let row = sql::one::<sheet::Model>(tx, &text, vec![district.0.into(), id.0.into()]).await?;
    row.map(read_sheet).transpose()
}

/// The sheet of whichever district with this code.
pub async fn sheet_by_code(
    db: &impl Connect,
    code: SecretHash,
) -> Result<Option<(DistrictId, ServiceRecordSheet)>> {
    let text = "SELECT * FROM service_record_sheet WHERE code_hash = $1";
    let row = sql::one::<sheet::Model>(db, text, vec![code.0.to_vec().into()]).await?;
    row.map(|row| Ok((DistrictId(row.district_id), read_sheet(row)?))).transpose()
}

/// The sheets of an account, latest first.
pub async fn sheet_page(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    page: PageRequest,
) -> Result<Page<ServiceRecordSheet>> {
    let mut values: Vec<Value> = vec![district.0.into(), account.0.into()];
    let mut text = "SELECT * FROM service_record_sheet WHERE district_id = $1 AND account_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    let rows = sql::all::<sheet::Model>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(read_sheet).collect::<Result<_>>()?))
}

/// Those of some sheets on which a service no longer counts as it did.
pub async fn superseded(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ServiceRecordSheetId],
) -> Result<Vec<ServiceRecordSheetId>> {
    let text = format!(
        "SELECT DISTINCT l.sheet_id AS id FROM service_record_sheet_line l
         JOIN service_hour_entry e ON e.district_id = l.district_id AND e.id = l.entry_id
         WHERE l.district_id = $1 AND {} AND (e.state <> 'GRANTED' OR e.minutes <> l.minutes)",
        sql::in_list("l.sheet_id", 2, ids.len())
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(rows.into_iter().map(|row| ServiceRecordSheetId(row.id)).collect())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct LineRow {
    entry_id: Uuid,
    minutes: i64,
}

/// The services on a sheet with the minutes by which they counted, in order of service.
pub async fn sheet_lines(
    db: &impl Connect,
    district: DistrictId,
    id: ServiceRecordSheetId,
) -> Result<Vec<(ServiceHourEntryId, i64)>> {
    let text = "SELECT l.entry_id, l.minutes FROM service_record_sheet_line l
        JOIN service_hour_entry e ON e.district_id = l.district_id AND e.id = l.entry_id
        WHERE l.district_id = $1 AND l.sheet_id = $2 ORDER BY e.starts_at, e.id";
    let rows = sql::all::<LineRow>(db, text, vec![district.0.into(), id.0.into()]).await?;
    Ok(rows.into_iter().map(|row| (ServiceHourEntryId(row.entry_id), row.minutes)).collect())
}
