use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    report::ServiceFigures,
};

use crate::{Connect, Page, PageRequest, Result, organization::rooted_at, sql};

/// Which entries `t` a period's figures are of; `$2` and `$3` are its bounds.
const COUNTED: &str = "t.state = 'GRANTED' AND t.served_on >= $2 AND t.served_on < $3";

#[derive(FromQueryResult)]
struct FiguresRow {
    root: Uuid,
    entries: i64,
    minutes: i64,
}

/// The hours that count of services between two days, of units each with all below it: one statement.
pub async fn service_figures(
    db: &impl Connect,
    district: DistrictId,
    units: &[OrgUnitId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<HashMap<OrgUnitId, ServiceFigures>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(units, &mut values);
    let text = format!(
        "{roots} SELECT p.root, count(*) AS entries, CAST(sum(t.minutes) AS bigint) AS minutes
         FROM service_hour_entry t JOIN place p ON p.unit_id = t.unit_id
         WHERE t.district_id = $1 AND {COUNTED} GROUP BY p.root"
    );
    let rows = sql::all::<FiguresRow>(db, &text, values).await?;
    let figures = |r: &FiguresRow| ServiceFigures { entries: r.entries, minutes: r.minutes };
    Ok(rows.iter().map(|row| (OrgUnitId(row.root), figures(row))).collect())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// The entries that make up these figures of a unit: one statement.
pub async fn service_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (NaiveDate, NaiveDate),
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let mut text = format!(
        "{roots} SELECT t.id FROM service_hour_entry t JOIN place p ON p.unit_id = t.unit_id
         WHERE t.district_id = $1 AND {COUNTED}"
    );
    page.append(&mut text, &mut values, "t.id", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}
