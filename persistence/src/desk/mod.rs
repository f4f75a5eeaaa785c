//! What is due, late and missing: counted for units with all below them, and listed.

mod not_yet;
mod source;

pub use not_yet::{NotYet, not_yet_page, owners_not_yet, reminded, unclaimed_branches};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    desk::{DeskItem, PartyDays},
    id::{DistrictId, OrgUnitId},
    organization::OrgUnitPath,
    vocabulary::Vocabulary,
};

use self::source::source;
use crate::{
    Connect, Page, PageRequest, Result,
    organization::{below, rooted, rooted_at},
    row::word,
    sql,
};

/// By what times a desk is looked at.
#[derive(Clone, Copy, Debug)]
pub struct DeskTimes {
    /// Now.
    pub now: DateTime<Utc>,
    /// What is due before this time is due soon.
    pub soon: DateTime<Utc>,
    /// The first moment of the month whose Party days are looked for.
    pub from: DateTime<Utc>,
    /// The first moment of the next.
    pub until: DateTime<Utc>,
    /// How many Party days a month wants.
    pub wanted: i64,
}

fn values(district: DistrictId, times: &DeskTimes) -> Vec<Value> {
    let DeskTimes { now, soon, from, until, wanted } = *times;
    vec![district.0.into(), now.into(), soon.into(), from.into(), until.into(), wanted.into()]
}

/// The live branches of a subtree.
fn branches(path: &OrgUnitPath, values: &mut Vec<Value>) -> String {
    let condition = below(path, "r.path", values);
    format!("r.kind IN ('PARTY_BRANCH', 'JOINT_BRANCH') AND r.dissolved_at IS NULL AND {condition}")
}

/// These units.
fn these(ids: &[OrgUnitId], values: &mut Vec<Value>) -> String {
    let list = sql::in_list("r.id", values.len() + 1, ids.len());
    values.extend(ids.iter().map(|id| Value::from(id.0)));
    list
}

fn items() -> impl Iterator<Item = DeskItem> {
    DeskItem::words().iter().map(|word| word.value)
}

#[derive(FromQueryResult)]
struct CountRow {
    root: Uuid,
    item: String,
    n: i64,
}

/// How much of each item lies with some units and all below each: one statement.
pub async fn counts(
    db: &impl Connect,
    district: DistrictId,
    units: &[OrgUnitId],
    times: &DeskTimes,
) -> Result<HashMap<OrgUnitId, HashMap<DeskItem, i64>>> {
    let mut values = values(district, times);
    let roots = rooted_at(units, &mut values);
    let each: Vec<_> = items()
        .map(|item| {
            let (code, text) = (item.code(), source(item).text());
            format!("SELECT p.root, '{code}' AS item, count(*) AS n {text} GROUP BY p.root")
        })
        .collect();
    let text = format!("{roots} {}", each.join(" UNION ALL "));
    let mut counted: HashMap<_, HashMap<_, _>> = HashMap::new();
    for row in sql::all::<CountRow>(db, &text, values).await? {
        counted.entry(OrgUnitId(row.root)).or_default().insert(word(&row.item)?, row.n);
    }
    Ok(counted)
}

/// What one late thing weighs against those that merely wait.
const LATE: i64 = 1_000;

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// The live branches of a subtree, those that need attention most first: by what is late, then by what
/// waits. One statement.
pub async fn branch_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    times: &DeskTimes,
    page: PageRequest,
) -> Result<Page<OrgUnitId>> {
    let mut values = values(district, times);
    let roots = rooted(&branches(path, &mut values));
    let each: Vec<_> = items()
        .map(|item| {
            let weight = if item.is_late() { LATE } else { 1 };
            format!("SELECT p.root, count(*) * {weight} AS n {} GROUP BY p.root", source(item).text())
        })
        .collect();
    let mut text = format!(
        "{roots}, waits (root, n) AS ({}),
         line (district_id, id, calm) AS (
            SELECT r.district_id, r.root, CAST(-coalesce(sum(w.n), 0) AS bigint) FROM root r
            LEFT JOIN waits w ON w.root = r.root GROUP BY r.district_id, r.root)
         SELECT t.id FROM line t WHERE t.district_id = $1",
        each.join(" UNION ALL ")
    );
    page.append_by(&mut text, &mut values, "line", "calm", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| OrgUnitId(row.id)).collect()))
}

/// Which branches.
#[derive(Clone, Copy, Debug)]
pub enum Branches<'a> {
    /// Those of a subtree.
    Below(&'a OrgUnitPath),
    /// These.
    These(&'a [OrgUnitId]),
}

#[derive(FromQueryResult)]
struct DaysRow {
    id: Uuid,
    held: i64,
    planned: i64,
    drafted: i64,
}

/// The Party days of the month of branches that were founded by then: one statement.
pub async fn party_days(
    db: &impl Connect,
    district: DistrictId,
    of: Branches<'_>,
    times: &DeskTimes,
) -> Result<HashMap<OrgUnitId, PartyDays>> {
    let mut values = values(district, times);
    let which = match of {
        Branches::Below(path) => branches(path, &mut values),
        Branches::These(ids) => these(ids, &mut values),
    };
    let day =
        "a.kind = 'THEME_PARTY_DAY' AND a.starts_at >= $4 AND a.starts_at < $5 AND a.state <> 'CANCELLED'";
    // Each branch stands there once more without a day, so that none is left out.
    let text = format!(
        "WITH branch AS (SELECT r.district_id, r.id FROM org_unit r WHERE r.district_id = $1 AND r.created_at < $5 AND {which}),
         day (unit_id, published_at, ends_at) AS (
            SELECT b.id, a.published_at, a.ends_at
            FROM branch b JOIN activity a ON a.district_id = b.district_id AND a.host_unit_id = b.id WHERE {day}
            UNION ALL
            SELECT b.id, a.published_at, a.ends_at
            FROM branch b JOIN activity_joint_host j ON j.district_id = b.district_id AND j.unit_id = b.id
            JOIN activity a ON a.district_id = j.district_id AND a.id = j.activity_id WHERE {day}
            UNION ALL
            SELECT b.id, NULL, NULL FROM branch b)
         SELECT d.unit_id AS id, count(CASE WHEN d.published_at IS NOT NULL AND d.ends_at <= $2 THEN 1 END) AS held,
            count(CASE WHEN d.published_at IS NOT NULL AND d.ends_at > $2 THEN 1 END) AS planned,
            count(CASE WHEN d.published_at IS NULL AND d.ends_at IS NOT NULL THEN 1 END) AS drafted
         FROM day d GROUP BY d.unit_id"
    );
    let rows = sql::all::<DaysRow>(db, &text, values).await?;
    let days = |r: &DaysRow| PartyDays { held: r.held, planned: r.planned, drafted: r.drafted };
    Ok(rows.iter().map(|row| (OrgUnitId(row.id), days(row))).collect())
}

/// The records behind a count: one statement.
pub async fn record_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    item: DeskItem,
    times: &DeskTimes,
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let mut values = values(district, times);
    let roots = rooted_at(&[unit], &mut values);
    let source = source(item);
    let mut text = format!("{roots} SELECT t.id {}", source.text());
    match source.order {
        Some(column) => page.append_by(&mut text, &mut values, source.table, column, false),
        None => page.append(&mut text, &mut values, "t.id", false),
    }
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}
