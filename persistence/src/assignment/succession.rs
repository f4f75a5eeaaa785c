//! Work whose owner doesn't answer for it any more: a post has ended, and another may have begun. A district's
//! work is looked through once a civil day, and when a post was written down or a unit moved.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::id::{AssignmentId, DistrictId};

use crate::{Connect, Result, Tx, due::Due, sql};

/// The districts whose work is to be looked through.
pub const SUCCESSIONS_DUE: Due<DistrictId> = Due::new("succession", "district_id", "due_at");

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Open work of units and posts whose owner holds no post on the unit or above on a day, `$2`. One index
/// holds the open work of units and posts, under these very words.
const ORPHANED: &str = "SELECT t.id FROM assignment t
    JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
    WHERE t.district_id = $1 AND t.addressee IN ('UNIT', 'POST')
    AND t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED', 'SUBMITTED')
    AND NOT EXISTS (SELECT 1 FROM post p
        JOIN org_unit o ON o.district_id = p.district_id AND o.id = p.unit_id
        WHERE p.district_id = t.district_id AND p.account_id = t.owner_id
        AND p.starts_on <= $2 AND (p.ends_on IS NULL OR p.ends_on >= $2)
        AND substr(u.path, 1, length(o.path)) = o.path)";

/// Work whose owner doesn't answer for it on a day, in order of the ids, after `last`.
pub async fn orphaned(
    db: &impl Connect,
    district: DistrictId,
    day: NaiveDate,
    last: Option<AssignmentId>,
    limit: u32,
) -> Result<Vec<AssignmentId>> {
    let after = if last.is_some() { "AND t.id > $3" } else { "" };
    let text = format!("{ORPHANED} {after} ORDER BY t.id LIMIT {limit}");
    let mut values: Vec<Value> = vec![district.0.into(), day.into()];
    values.extend(last.map(|id| Value::from(id.0)));
    let rows = sql::all::<Row>(db, &text, values).await?;
    Ok(rows.into_iter().map(|row| AssignmentId(row.id)).collect())
}

/// Whether it is so of one of them. The caller has locked it.
pub async fn is_orphaned(tx: &Tx, district: DistrictId, id: AssignmentId, day: NaiveDate) -> Result<bool> {
    let text = format!("{ORPHANED} AND t.id = $3");
    let values = vec![district.0.into(), day.into(), id.0.into()];
    Ok(sql::one::<Row>(tx, &text, values).await?.is_some())
}

/// Has the district's work looked through as soon as this is committed: whoever answered for some of it may
/// not any more, or somebody may now.
pub(crate) async fn look_through(tx: &Tx, district: DistrictId) -> Result<()> {
    let text = "INSERT INTO succession (district_id, due_at, asked) VALUES ($1, $2, 1)
        ON CONFLICT (district_id) DO UPDATE SET due_at = excluded.due_at, asked = succession.asked + 1";
    sql::execute(tx, text, vec![district.0.into(), tx.now().into()]).await?;
    Ok(())
}

/// How often it was asked to look through a district's work.
pub async fn asked(db: &impl Connect, district: DistrictId) -> Result<u64> {
    sql::count(db, "SELECT asked FROM succession WHERE district_id = $1", vec![district.0.into()]).await
}

/// Remembers when the district's work is looked through next, unless it was asked to since it was `asked`
/// so often.
pub async fn looked_through(tx: &Tx, district: DistrictId, asked: u64, next: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE succession SET due_at = $3 WHERE district_id = $1 AND asked = $2";
    let asked = i64::try_from(asked).unwrap_or(i64::MAX);
    sql::execute(tx, text, vec![district.0.into(), asked.into(), next.into()]).await?;
    Ok(())
}
