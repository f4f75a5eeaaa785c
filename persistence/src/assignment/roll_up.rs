use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    assignment::RollUp,
    id::{AssignmentId, DistrictId},
};

use super::list::WAITING;
use crate::{Connect, Result, row::word, sql};

#[derive(FromQueryResult)]
struct PartsRow {
    root: Uuid,
    state: String,
    parts: i64,
    overdue: i64,
    target: i64,
    amount: i64,
}

/// How far the parts of assignments are, at every depth: one statement.
pub async fn roll_ups(
    db: &impl Connect,
    district: DistrictId,
    ids: &[AssignmentId],
    now: DateTime<Utc>,
) -> Result<HashMap<AssignmentId, RollUp>> {
    let text = format!(
        "WITH RECURSIVE below (root, id) AS (
            SELECT parent_id, id FROM assignment WHERE district_id = $1 AND {}
            UNION ALL
            SELECT b.root, a.id FROM below b JOIN assignment a ON a.district_id = $1 AND a.parent_id = b.id)
         SELECT b.root, a.state, count(*) AS parts,
            count(CASE WHEN a.state IN {WAITING} AND a.due_at < $2 THEN 1 END) AS overdue,
            CAST(COALESCE(sum(a.measure_target), 0) AS bigint) AS target,
            CAST(COALESCE(sum(a.amount), 0) AS bigint) AS amount
         FROM below b JOIN assignment a ON a.district_id = $1 AND a.id = b.id
         WHERE NOT EXISTS (SELECT 1 FROM assignment c WHERE c.district_id = $1 AND c.parent_id = a.id
            AND c.state <> 'CANCELLED')
         GROUP BY b.root, a.state",
        sql::in_list("parent_id", 3, ids.len())
    );
    let values =
        [Value::from(district.0), now.into()].into_iter().chain(ids.iter().map(|id| Value::from(id.0)));
    let mut sums: HashMap<_, RollUp> = HashMap::new();
    for row in sql::all::<PartsRow>(db, &text, values.collect()).await? {
        let part = RollUp::of(word(&row.state)?, row.parts, row.overdue, row.target, row.amount);
        *sums.entry(AssignmentId(row.root)).or_default() += part;
    }
    Ok(sums)
}
