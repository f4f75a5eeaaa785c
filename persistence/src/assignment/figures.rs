use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    assignment::{AssignmentFigures, AssignmentKind, Counted},
    id::{AccountId, DistrictId, OrgUnitId},
    report::ReportFigure,
    vocabulary::Vocabulary,
};

use super::list::WAITING;
use crate::{Connect, Page, PageRequest, Result, organization::rooted_at, row::word, sql};

#[derive(FromQueryResult)]
struct CountedRow {
    root: Uuid,
    state: String,
    measure_unit: Option<String>,
    count: i64,
    late: i64,
    target: i64,
    amount: i64,
}

/// Whose assignments to count, of which period.
#[derive(Clone, Debug)]
pub struct FiguresOf {
    /// Those that lie with these units or below them, summed for each; wherever they lie where none is
    /// named, summed under the district.
    pub units: Vec<OrgUnitId>,
    /// Only those of this owner.
    pub owner: Option<AccountId>,
    /// Only of this kind.
    pub kind: Option<AssignmentKind>,
    /// Those due at or after this time …
    pub from: DateTime<Utc>,
    /// … and before this one.
    pub until: DateTime<Utc>,
}

/// What the figures are of, from `FROM` on, with what stands before the statement; `$4` is now.
fn due(district: DistrictId, of: &FiguresOf, now: DateTime<Utc>) -> (String, String, Vec<Value>) {
    let mut values: Vec<Value> = vec![district.0.into(), of.from.into(), of.until.into(), now.into()];
    let (roots, place) = match of.units.is_empty() {
        true => (String::new(), ""),
        false => (rooted_at(&of.units, &mut values), "JOIN place p ON p.unit_id = t.unit_id"),
    };
    let mut text = format!(
        "FROM assignment t {place} WHERE t.district_id = $1 AND t.due_at >= $2 AND t.due_at < $3
         AND t.state NOT IN ('DRAFT', 'CANCELLED') AND t.addressee <> 'OFFER'
         AND NOT EXISTS (SELECT 1 FROM assignment c WHERE c.district_id = $1 AND c.parent_id = t.id
            AND c.state <> 'CANCELLED')"
    );
    if let Some(owner) = of.owner {
        values.push(owner.0.into());
        text.push_str(&format!(" AND t.owner_id = ${}", values.len()));
    }
    if let Some(kind) = of.kind {
        values.push(kind.code().into());
        text.push_str(&format!(" AND t.kind = ${}", values.len()));
    }
    (roots, text, values)
}

/// The figures of the assignments due in a period: one statement.
pub async fn figures(
    db: &impl Connect,
    district: DistrictId,
    of: &FiguresOf,
    now: DateTime<Utc>,
) -> Result<HashMap<OrgUnitId, AssignmentFigures>> {
    let (roots, from, values) = due(district, of, now);
    let root = if of.units.is_empty() { "t.district_id" } else { "p.root" };
    let text = format!(
        "{roots} SELECT {root} AS root, t.state, t.measure_unit, count(*) AS count,
            count(CASE WHEN t.submitted_at > t.due_at OR (t.state IN {WAITING} AND t.due_at < $4) THEN 1 END) AS late,
            CAST(COALESCE(sum(t.measure_target), 0) AS bigint) AS target,
            CAST(COALESCE(sum(t.amount), 0) AS bigint) AS amount
         {from} GROUP BY {root}, t.state, t.measure_unit"
    );
    let mut figures: HashMap<_, AssignmentFigures> = HashMap::new();
    for row in sql::all::<CountedRow>(db, &text, values).await? {
        figures.entry(OrgUnitId(row.root)).or_default().count(Counted {
            state: word(&row.state)?,
            unit: row.measure_unit,
            count: row.count,
            late: row.late,
            target: row.target,
            amount: row.amount,
        });
    }
    Ok(figures)
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// The assignments that make up a figure: one statement.
pub async fn figure_page(
    db: &impl Connect,
    district: DistrictId,
    of: &FiguresOf,
    figure: ReportFigure,
    now: DateTime<Utc>,
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let (roots, from, mut values) = due(district, of, now);
    let which = match figure {
        ReportFigure::AssignmentsDelivered => " AND t.state = 'VERIFIED'".to_owned(),
        ReportFigure::AssignmentsDeliveredLate => {
            " AND t.state = 'VERIFIED' AND t.submitted_at > t.due_at".to_owned()
        }
        ReportFigure::AssignmentsSubmitted => " AND t.state = 'SUBMITTED'".to_owned(),
        ReportFigure::AssignmentsOpen => format!(" AND t.state IN {WAITING}"),
        ReportFigure::AssignmentsOverdue => format!(" AND t.state IN {WAITING} AND t.due_at < $4"),
        ReportFigure::AssignmentsDeclined => " AND t.state = 'DECLINED'".to_owned(),
        _ => String::new(),
    };
    let mut text = format!("{roots} SELECT t.id {from}{which}");
    page.append(&mut text, &mut values, "t.id", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}
