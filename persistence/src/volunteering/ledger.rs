use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, QueryResult, Value};
use zhibu_domain::{
    id::{DistrictId, HourLedgerLineId, OrgUnitId, PartyMemberId},
    organization::OrgUnitPath,
    policy::Permit,
    volunteering::{HourLedgerLine, Posting, ServiceHourEntry},
};

use super::{
    recognition,
    row::{self, BalanceRow, ledger},
};
use crate::{
    Connect, Page, PageRequest, Result, StoreError, Tx,
    organization::{below, rooted_at},
    row::insert,
    sql,
};

#[derive(FromQueryResult)]
struct Minutes {
    minutes: i64,
}

/// Writes a line into the ledger and moves the balance of its member, unit and year, and the sum of the
/// member's year, by as much, in the transaction that changes the entry. Whoever does that has its change in the audit.
pub async fn post(tx: &Tx, permit: &Permit, posting: Posting) -> Result<HourLedgerLine> {
    let district = permit.district_id();
    let values = vec![
        district.0.into(),
        posting.member_id.0.into(),
        posting.unit_id.0.into(),
        posting.year.into(),
        posting.delta().into(),
    ];
    // A first line is always a grant; whatever follows finds the balance.
    let text = if posting.delta() > 0 {
        "INSERT INTO hour_balance (district_id, member_id, unit_id, year, minutes) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (district_id, member_id, unit_id, year)
         DO UPDATE SET minutes = hour_balance.minutes + excluded.minutes RETURNING minutes"
    } else {
        "UPDATE hour_balance SET minutes = minutes + $5
         WHERE district_id = $1 AND member_id = $2 AND unit_id = $3 AND year = $4 RETURNING minutes"
    };
    let balance =
        sql::one::<Minutes>(tx, text, values).await?.ok_or(StoreError::Unreadable("HourBalance"))?;
    recognition::add(tx, district, &posting).await?;
    let line = HourLedgerLine { id: HourLedgerLineId(tx.new_id()), posting, balance: balance.minutes };
    insert(tx, row::stored_line(district, &line)).await?;
    Ok(line)
}

/// The counted minutes of a member for a unit in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourBalance {
    /// For which unit.
    pub unit_id: OrgUnitId,
    /// The year of the service.
    pub year: i32,
    /// How many minutes count.
    pub minutes: i64,
}

/// The balances of some members, latest year first.
pub async fn balances(
    db: &impl Connect,
    district: DistrictId,
    members: &[PartyMemberId],
) -> Result<HashMap<PartyMemberId, Vec<HourBalance>>> {
    let text = format!(
        "SELECT member_id, unit_id, year, minutes FROM hour_balance WHERE district_id = $1 AND {}
         ORDER BY year DESC, unit_id",
        sql::in_list("member_id", 2, members.len())
    );
    let values = std::iter::once(district.0).chain(members.iter().map(|id| id.0)).map(Value::from).collect();
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in sql::all::<BalanceRow>(db, &text, values).await? {
        let balance = HourBalance { unit_id: OrgUnitId(row.unit_id), year: row.year, minutes: row.minutes };
        found.entry(PartyMemberId(row.member_id)).or_default().push(balance);
    }
    Ok(found)
}

/// By how many minutes an entry counted before the last line that the ledger has of it. The caller has locked
/// the entry.
pub async fn counted_before(tx: &Tx, district: DistrictId, entry: &ServiceHourEntry) -> Result<i64> {
    let text = "SELECT before_minutes AS minutes FROM hour_ledger
        WHERE district_id = $1 AND member_id = $2 AND entry_id = $3 ORDER BY id DESC LIMIT 1";
    let values = vec![district.0.into(), entry.member_id.0.into(), entry.id.0.into()];
    Ok(sql::one::<Minutes>(tx, text, values).await?.map_or(0, |line| line.minutes))
}

/// The lines of a member's ledger, latest first.
pub async fn ledger_page(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    page: PageRequest,
) -> Result<Page<HourLedgerLine>> {
    let mut values: Vec<Value> = vec![district.0.into(), member.0.into()];
    let mut text = "SELECT * FROM hour_ledger WHERE district_id = $1 AND member_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    let rows: Vec<ledger::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_line).collect::<Result<_>>()?))
}

/// What was served for a unit and all below it in a year: numbers without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct UnitHours {
    /// The counted minutes.
    pub minutes: i64,
    /// How many members they come from.
    pub volunteers: i64,
}

/// The hours that count for a unit and all below it in a year.
pub async fn unit_hours(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    year: i32,
) -> Result<UnitHours> {
    let mut values: Vec<Value> = vec![district.0.into(), year.into()];
    let condition = below(path, "u.path", &mut values);
    let text = format!(
        "SELECT CAST(coalesce(sum(b.minutes), 0) AS bigint) AS minutes,
            count(DISTINCT CASE WHEN b.minutes > 0 THEN b.member_id END) AS volunteers
         FROM hour_balance b JOIN org_unit u ON u.district_id = b.district_id AND u.id = b.unit_id
         WHERE b.district_id = $1 AND b.year = $2 AND {condition}"
    );
    let none = UnitHours { minutes: 0, volunteers: 0 };
    Ok(sql::one::<UnitHours>(db, &text, values).await?.unwrap_or(none))
}

/// A line of the ledger with the names that a print-out needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The line.
    pub line: HourLedgerLine,
    /// The member's name.
    pub name: String,
    /// The name of the unit for which it counts.
    pub unit: String,
    /// The civil day of the service.
    pub served_on: NaiveDate,
    /// The name of who posted it; none is the end of the notice.
    pub by: Option<String>,
}

#[derive(FromQueryResult)]
struct NamesRow {
    name: String,
    unit: String,
    served_on: NaiveDate,
    by_name: Option<String>,
}

/// The lines of a unit's ledger and of all below it that were posted in a stretch of time, `t`, from
/// `FROM` on, with what stands before the statement.
fn posted(
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> (String, &'static str, Vec<Value>) {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let from = "FROM place p JOIN hour_ledger t ON t.district_id = $1 AND t.unit_id = p.unit_id
            AND t.posted_at >= $2 AND t.posted_at < $3";
    (roots, from, values)
}

/// The lines of a unit's ledger and of all below it that were posted in a stretch of time, in order of
/// posting: one statement.
pub async fn posted_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    times: (DateTime<Utc>, DateTime<Utc>),
    page: PageRequest,
) -> Result<Page<LedgerRow>> {
    let (roots, from, mut values) = posted(district, unit, times);
    let mut text = format!(
        "{roots} SELECT t.*, c.name, u.name AS unit, e.served_on, b.name AS by_name {from}
         JOIN service_hour_entry e ON e.district_id = $1 AND e.id = t.entry_id
         JOIN account c ON c.district_id = $1 AND c.id = e.account_id
         JOIN org_unit u ON u.district_id = $1 AND u.id = t.unit_id
         LEFT JOIN account b ON b.district_id = $1 AND b.id = t.posted_by
         WHERE t.district_id = $1"
    );
    page.append(&mut text, &mut values, "t.id", false);
    let read = |row: &QueryResult| -> Result<LedgerRow> {
        let line = row::read_line(ledger::Model::from_query_result(row, "")?)?;
        let NamesRow { name, unit, served_on, by_name } = NamesRow::from_query_result(row, "")?;
        Ok(LedgerRow { line, name, unit, served_on, by: by_name })
    };
    let rows = sql::rows(db, &text, values).await?;
    Ok(page.page(rows.iter().map(read).collect::<Result<_>>()?))
}

/// How many lines of a unit's ledger and of all below it were posted in a stretch of time.
pub async fn count_posted(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    times: (DateTime<Utc>, DateTime<Utc>),
) -> Result<u64> {
    let (roots, from, values) = posted(district, unit, times);
    sql::count(db, &format!("{roots} SELECT count(*) {from}"), values).await
}
