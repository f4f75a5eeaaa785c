//! Work whose owner doesn't answer for it any more: a post has ended, and another may have begun.

use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::id::{AssignmentId, DistrictId};

use crate::{Connect, Result, sql};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Open work of units and posts whose owner holds no post on the unit or above on a day; in order of
/// the ids, after `last`.
pub async fn orphaned(
    db: &impl Connect,
    district: DistrictId,
    day: NaiveDate,
    last: Option<AssignmentId>,
    limit: u32,
) -> Result<Vec<AssignmentId>> {
    let after = if last.is_some() { "AND t.id > $3" } else { "" };
    let text = format!(
        "SELECT t.id FROM assignment t JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
         WHERE t.district_id = $1 AND t.addressee IN ('UNIT', 'POST')
         AND t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED', 'SUBMITTED') {after}
         AND NOT EXISTS (SELECT 1 FROM post p
            JOIN org_unit o ON o.district_id = p.district_id AND o.id = p.unit_id
            WHERE p.district_id = t.district_id AND p.account_id = t.owner_id
            AND p.starts_on <= $2 AND (p.ends_on IS NULL OR p.ends_on >= $2)
            AND substr(u.path, 1, length(o.path)) = o.path)
         ORDER BY t.id LIMIT {limit}"
    );
    let mut values: Vec<Value> = vec![district.0.into(), day.into()];
    values.extend(last.map(|id| Value::from(id.0)));
    let rows = sql::all::<Row>(db, &text, values).await?;
    Ok(rows.into_iter().map(|row| AssignmentId(row.id)).collect())
}
