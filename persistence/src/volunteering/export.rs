use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, ServiceHourEntryId, ServiceHourExportId},
    organization::OrgUnitPath,
    policy::Permit,
    volunteering::{ExportCounts, ExportRequest, ExportRow, MAX_EXPORT_ROWS, ServiceHourExport},
};

use super::record_row::{export, read_export, stored_export};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    organization::below,
    row::{insert, update, word},
    sql,
};

/// Draws an export's rows by one statement, each with what it says beyond the export before it; one
/// more than an export takes at most. What was taken back comes once, as a correction.
pub async fn draw_rows(
    tx: &Tx,
    permit: &Permit,
    id: ServiceHourExportId,
    path: &OrgUnitPath,
    asked: &ExportRequest,
) -> Result<ExportCounts> {
    let district = permit.district_id();
    let mut values: Vec<Value> = vec![district.0.into(), id.0.into(), asked.from.into(), asked.until.into()];
    let condition = below(path, "u.path", &mut values);
    let text = format!(
        "INSERT INTO service_hour_export_row (district_id, export_id, entry_id, mark, minutes, before_minutes)
         SELECT $1, $2, id, CASE WHEN previous IS NULL THEN 'NEW' WHEN previous = counted THEN 'REPEATED'
            ELSE 'CORRECTION' END, counted, previous
         FROM (SELECT e.id, CASE WHEN e.state = 'GRANTED' THEN e.minutes ELSE 0 END AS counted,
                (SELECT p.minutes FROM service_hour_export_row p WHERE p.district_id = e.district_id
                    AND p.entry_id = e.id ORDER BY p.export_id DESC LIMIT 1) AS previous
            FROM service_hour_entry e JOIN org_unit u ON u.district_id = e.district_id AND u.id = e.unit_id
            WHERE e.district_id = $1 AND e.served_on >= $3 AND e.served_on <= $4
                AND e.state IN ('GRANTED', 'REVERSED') AND {condition}) t
         WHERE counted > 0 OR previous > 0 LIMIT {}",
        MAX_EXPORT_ROWS + 1
    );
    sql::execute(tx, &text, values).await?;
    counts(tx, district, id).await
}

#[derive(FromQueryResult)]
struct CountRow {
    mark: String,
    n: i64,
    minutes: i64,
}

async fn counts(tx: &Tx, district: DistrictId, id: ServiceHourExportId) -> Result<ExportCounts> {
    let text = "SELECT mark, count(*) AS n, CAST(sum(minutes) AS bigint) AS minutes
        FROM service_hour_export_row WHERE district_id = $1 AND export_id = $2 GROUP BY mark";
    let mut counts = ExportCounts::default();
    for row in sql::all::<CountRow>(tx, text, vec![district.0.into(), id.0.into()]).await? {
        use zhibu_domain::volunteering::ExportMark::*;
        counts.minutes += row.minutes;
        match word(&row.mark)? {
            New => counts.new = row.n,
            Repeated => counts.repeated = row.n,
            Correction => counts.corrections = row.n,
        }
    }
    Ok(counts)
}

#[derive(FromQueryResult)]
struct PersonRow {
    account_id: Uuid,
}

/// Remembers what an export came to, once its rows are drawn. The audit tells each person whose hours
/// it holds.
pub async fn finish_export(tx: &Tx, permit: &Permit, new: &ServiceHourExport) -> Result<()> {
    let text = "SELECT DISTINCT e.account_id FROM service_hour_export_row r
        JOIN service_hour_entry e ON e.district_id = r.district_id AND e.id = r.entry_id
        WHERE r.district_id = $1 AND r.export_id = $2";
    let values = vec![permit.district_id().0.into(), new.id.0.into()];
    let people = sql::all::<PersonRow>(tx, text, values).await?;
    update(tx, stored_export(permit.district_id(), new)).await?;
    let purpose = Some(new.purpose.as_str());
    let whole = Entry::about(new.id).reason(purpose).change(None, Some(new));
    let each = people.iter().map(|p| Entry::about(new.id).person(AccountId(p.account_id)).reason(purpose));
    audit::append_all(tx, permit, std::iter::once(whole).chain(each).collect()).await
}

/// Begins an export: its rows name it.
pub async fn begin_export(tx: &Tx, permit: &Permit, new: &ServiceHourExport) -> Result<()> {
    insert(tx, stored_export(permit.district_id(), new)).await
}

/// An export by its id.
pub async fn export(
    db: &impl Connect,
    district: DistrictId,
    id: ServiceHourExportId,
) -> Result<Option<ServiceHourExport>> {
    let text = "SELECT * FROM service_hour_export WHERE district_id = $1 AND id = $2";
    let row = sql::one::<export::Model>(db, text, vec![district.0.into(), id.0.into()]).await?;
    Ok(row.map(read_export))
}

/// The exports of a unit, latest first; those of units below are theirs.
pub async fn export_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    page: PageRequest,
) -> Result<Page<ServiceHourExport>> {
    let mut values: Vec<Value> = vec![district.0.into(), unit.0.into()];
    let mut text = "SELECT * FROM service_hour_export WHERE district_id = $1 AND unit_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    let rows = sql::all::<export::Model>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(read_export).collect()))
}

#[derive(FromQueryResult)]
struct RowRow {
    entry_id: Uuid,
    mark: String,
    minutes: i64,
    before_minutes: Option<i64>,
}

/// The rows of an export, in order of reporting.
pub async fn export_rows(
    db: &impl Connect,
    district: DistrictId,
    id: ServiceHourExportId,
    page: PageRequest,
) -> Result<Page<ExportRow>> {
    let mut values: Vec<Value> = vec![district.0.into(), id.0.into()];
    let mut text = "SELECT entry_id, mark, minutes, before_minutes FROM service_hour_export_row
        WHERE district_id = $1 AND export_id = $2"
        .to_owned();
    page.append(&mut text, &mut values, "entry_id", false);
    let row = |r: RowRow| {
        Ok(ExportRow {
            entry_id: ServiceHourEntryId(r.entry_id),
            mark: word(&r.mark)?,
            minutes: r.minutes,
            before: r.before_minutes,
        })
    };
    let rows = sql::all::<RowRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row).collect::<Result<_>>()?))
}
