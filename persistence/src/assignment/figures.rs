use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use zhibu_domain::{
    assignment::{AssignmentFigures, AssignmentKind, Counted},
    id::{AccountId, DistrictId},
    organization::OrgUnitPath,
    vocabulary::Vocabulary,
};

use super::list::WAITING;
use crate::{Connect, Result, organization::below, row::word, sql};

#[derive(FromQueryResult)]
struct CountedRow {
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
    /// Only those that lie with a unit of this subtree.
    pub subtree: Option<OrgUnitPath>,
    /// Only those of this owner.
    pub owner: Option<AccountId>,
    /// Only of this kind.
    pub kind: Option<AssignmentKind>,
    /// Those due at or after this time …
    pub from: DateTime<Utc>,
    /// … and before this one.
    pub until: DateTime<Utc>,
}

/// The figures of the assignments due in a period: one statement.
pub async fn figures(
    db: &impl Connect,
    district: DistrictId,
    of: &FiguresOf,
    now: DateTime<Utc>,
) -> Result<AssignmentFigures> {
    let mut values: Vec<Value> = vec![district.0.into(), of.from.into(), of.until.into(), now.into()];
    let mut text = format!(
        "SELECT t.state, t.measure_unit, count(*) AS count,
            count(CASE WHEN t.submitted_at > t.due_at OR (t.state IN {WAITING} AND t.due_at < $4) THEN 1 END) AS late,
            CAST(COALESCE(sum(t.measure_target), 0) AS bigint) AS target,
            CAST(COALESCE(sum(t.amount), 0) AS bigint) AS amount
         FROM assignment t JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
         WHERE t.district_id = $1 AND t.due_at >= $2 AND t.due_at < $3
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
    if let Some(subtree) = &of.subtree {
        let condition = below(subtree, "u.path", &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    text.push_str(" GROUP BY t.state, t.measure_unit");
    let mut figures = AssignmentFigures::default();
    for row in sql::all::<CountedRow>(db, &text, values).await? {
        figures.count(Counted {
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
