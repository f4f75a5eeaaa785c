//! Month reports that are taken out as spreadsheets, and their files in sealed pieces.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use zhibu_domain::{
    activity::YearMonth,
    id::{AccountId, DistrictId, OrgUnitId, ReportExportId},
    policy::Permit,
    report::{ReportExport, ReportExportProgress as Progress, ReportExportState as State},
    vocabulary::Vocabulary,
};

use crate::{
    Connect, Page, PageRequest, Result, Store, StoreError, Tx,
    audit::{self, Entry},
    due::Due,
    row::{insert, update, word},
    sql,
};

/// What waits, what was begun and left, and files whose time is over.
pub const EXPORTS_DUE: Due<ReportExportId> = Due::new("report_export", "id", "due_at");

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "report_export")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub unit_id: Uuid,
        pub year: i32,
        pub month: i32,
        pub purpose: String,
        pub account_id: Uuid,
        pub asked_at: DateTimeUtc,
        pub state: String,
        pub state_at: Option<DateTimeUtc>,
        pub tries: i32,
        pub done_rows: i64,
        pub total_rows: Option<i64>,
        pub bytes: Option<i64>,
        pub expires_at: Option<DateTimeUtc>,
        pub failure: Option<String>,
        pub due_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

/// An export as stored; `lease` is until when nobody else takes it up while it is being made.
fn stored(district: DistrictId, e: &ReportExport, lease: Option<DateTime<Utc>>) -> row::Model {
    let base = row::Model {
        district_id: district.0,
        id: e.id.0,
        kind: e.kind.code().to_owned(),
        unit_id: e.unit_id.0,
        year: e.month.year,
        month: i32::try_from(e.month.month).unwrap_or(0),
        purpose: e.purpose.clone(),
        account_id: e.account_id.0,
        asked_at: e.asked_at,
        state: e.state().code().to_owned(),
        state_at: None,
        tries: 0,
        done_rows: 0,
        total_rows: None,
        bytes: None,
        expires_at: None,
        failure: None,
        due_at: None,
    };
    match e.progress {
        Progress::Waiting => row::Model { due_at: Some(e.asked_at), ..base },
        Progress::Running { tries, done, total } => {
            row::Model { tries, done_rows: done, total_rows: total, due_at: lease, ..base }
        }
        Progress::Ready { tries, at, rows, bytes, expires_at } => row::Model {
            state_at: Some(at),
            tries,
            done_rows: rows,
            total_rows: Some(rows),
            bytes: Some(bytes),
            expires_at: Some(expires_at),
            due_at: Some(expires_at),
            ..base
        },
        Progress::Failed { at, why } => {
            row::Model { state_at: Some(at), failure: Some(why.code().to_owned()), ..base }
        }
        Progress::Cancelled { at } | Progress::Expired { at } => row::Model { state_at: Some(at), ..base },
    }
}

fn read(row: row::Model) -> Result<ReportExport> {
    let lost = StoreError::Unreadable("ReportExport");
    let at = row.state_at.ok_or(lost.clone());
    let progress = match word(&row.state)? {
        State::Waiting => Progress::Waiting,
        State::Running => Progress::Running { tries: row.tries, done: row.done_rows, total: row.total_rows },
        State::Ready => Progress::Ready {
            tries: row.tries,
            at: at?,
            rows: row.done_rows,
            bytes: row.bytes.ok_or(lost.clone())?,
            expires_at: row.expires_at.ok_or(lost.clone())?,
        },
        State::Failed => Progress::Failed { at: at?, why: word(&row.failure.ok_or(lost.clone())?)? },
        State::Cancelled => Progress::Cancelled { at: at? },
        State::Expired => Progress::Expired { at: at? },
    };
    Ok(ReportExport {
        id: ReportExportId(row.id),
        kind: word(&row.kind)?,
        unit_id: OrgUnitId(row.unit_id),
        month: YearMonth { year: row.year, month: u32::try_from(row.month).map_err(|_| lost)? },
        purpose: row.purpose,
        account_id: AccountId(row.account_id),
        asked_at: row.asked_at,
        progress,
    })
}

/// Remembers what was asked for.
pub async fn insert_export(tx: &Tx, permit: &Permit, new: &ReportExport) -> Result<()> {
    insert(tx, stored(permit.district_id(), new, None)).await?;
    let entry = Entry::about(new.id).person(new.account_id).reason(Some(&new.purpose));
    audit::append(tx, permit, entry.change(None, Some(new))).await
}

/// Remembers how far an export has come, and erases what no longer belongs to it. Until `lease` nobody else
/// takes it up. The caller has locked `before`.
pub async fn update_export(
    tx: &Tx,
    permit: &Permit,
    before: &ReportExport,
    after: &ReportExport,
    lease: Option<DateTime<Utc>>,
) -> Result<()> {
    let district = permit.district_id();
    let kept = match after.progress {
        Progress::Ready { tries, .. } => tries,
        _ => 0,
    };
    let text = "DELETE FROM report_export_piece WHERE district_id = $1 AND export_id = $2 AND tries <> $3";
    sql::execute(tx, text, vec![district.0.into(), after.id.0.into(), kept.into()]).await?;
    update(tx, stored(district, after, lease)).await?;
    let entry = Entry::about(after.id).person(after.account_id).reason(Some(&after.purpose));
    audit::append(tx, permit, entry.change(Some(before), Some(after))).await
}

/// Remembers that somebody has fetched the file.
pub async fn fetched(tx: &Tx, permit: &Permit, export: &ReportExport) -> Result<()> {
    let entry = Entry::about(export.id).person(export.account_id).reason(Some(&export.purpose));
    audit::append(tx, permit, entry).await
}

/// An export by its id.
pub async fn export(
    db: &impl Connect,
    district: DistrictId,
    id: ReportExportId,
) -> Result<Option<ReportExport>> {
    let text = "SELECT * FROM report_export WHERE district_id = $1 AND id = $2";
    let row = sql::one::<row::Model>(db, text, vec![district.0.into(), id.0.into()]).await?;
    row.map(read).transpose()
}

/// An export that is about to be changed, and when its next step is due.
pub async fn lock_export(
    tx: &Tx,
    district: DistrictId,
    id: ReportExportId,
) -> Result<Option<(ReportExport, Option<DateTime<Utc>>)>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!("SELECT * FROM report_export WHERE district_id = $1 AND id = $2{lock}");
    let row = sql::one::<row::Model>(tx, &text, vec![district.0.into(), id.0.into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let due_at = row.due_at;
    Ok(Some((read(row)?, due_at)))
}

/// The exports of an account, latest first.
pub async fn export_page(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    page: PageRequest,
) -> Result<Page<ReportExport>> {
    let mut values: Vec<Value> = vec![district.0.into(), account.0.into()];
    let mut text = "SELECT * FROM report_export WHERE district_id = $1 AND account_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    let rows = sql::all::<row::Model>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(read).collect::<Result<_>>()?))
}

/// How many exports of an account wait or are being made.
pub async fn count_unfinished(tx: &Tx, district: DistrictId, account: AccountId) -> Result<u64> {
    let text = "SELECT count(*) FROM report_export
        WHERE district_id = $1 AND account_id = $2 AND state IN ('WAITING', 'RUNNING')";
    sql::count(tx, text, vec![district.0.into(), account.0.into()]).await
}

/// Which export is being made, by which try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// Of which district.
    pub district: DistrictId,
    /// Which export.
    pub id: ReportExportId,
    /// The how many-th.
    pub tries: i32,
}

/// The export is still this try's to make.
const OURS: &str = "district_id = $1 AND id = $2 AND tries = $3 AND state = 'RUNNING'";

impl Try {
    fn values(self) -> Vec<Value> {
        vec![self.district.0.into(), self.id.0.into(), self.tries.into()]
    }
}

/// Remembers how many rows of how many are written and keeps others away until `lease`; answers whether the
/// export is still this try's: it may have been cancelled, or taken up by another server. Not in the audit,
/// as it decides nothing.
pub async fn tick(store: &Store, of: Try, (done, total): (i64, i64), lease: DateTime<Utc>) -> Result<bool> {
    let text = format!("UPDATE report_export SET done_rows = $4, total_rows = $5, due_at = $6 WHERE {OURS}");
    let mut values = of.values();
    values.extend([done.into(), total.into(), lease.into()]);
    Ok(sql::execute(&store.writing(), &text, values).await? == 1)
}

/// Keeps a sealed piece of the file; answers whether the export is still this try's.
pub async fn insert_piece(
    tx: &Tx,
    of: Try,
    position: i32,
    sealed: Vec<u8>,
    lease: DateTime<Utc>,
) -> Result<bool> {
    let mut values = of.values();
    values.push(lease.into());
    let ours =
        sql::execute(tx, &format!("UPDATE report_export SET due_at = $4 WHERE {OURS}"), values).await?;
    if ours == 0 {
        return Ok(false);
    }
    let text = "INSERT INTO report_export_piece (district_id, export_id, tries, position, sealed)
        VALUES ($1, $2, $3, $4, $5)";
    let mut values = of.values();
    values.extend([position.into(), sealed.into()]);
    sql::execute(tx, text, values).await?;
    Ok(true)
}

#[derive(FromQueryResult)]
struct PieceRow {
    sealed: Vec<u8>,
}

/// A sealed piece of a file.
pub async fn piece(db: &impl Connect, of: Try, position: i32) -> Result<Option<Vec<u8>>> {
    let text = "SELECT sealed FROM report_export_piece
        WHERE district_id = $1 AND export_id = $2 AND tries = $3 AND position = $4";
    let mut values = of.values();
    values.push(position.into());
    Ok(sql::one::<PieceRow>(db, text, values).await?.map(|row| row.sealed))
}

/// Forgets exports that were over before a moment, at most `limit`; their files are gone since then.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let over = "state_at < $1 AND due_at IS NULL";
    sql::delete_some(&store.writing(), "report_export", over, vec![before.into()], "state_at", limit).await
}
