//! What has changed of a roster, for those who keep a copy of it.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{id::DistrictId, member::PartyMember, organization::OrgUnitPath};

use super::{MEMBER_BESIDE, member_beside};
use crate::{Connect, Page, Result, Tx, organization::below, sql};

/// Which changes.
#[derive(Clone, Debug)]
pub struct ChangesFilter {
    /// Of the roster of this subtree.
    pub path: OrgUnitPath,
    /// Only of this time or later, and then of those as well who are no longer there.
    pub since: Option<DateTime<Utc>>,
    /// Only after this time and member.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: u64,
}

/// A member as last changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The member.
    pub member: PartyMember,
    /// When.
    pub updated_at: DateTime<Utc>,
    /// Whether the member is on the roster.
    pub is_here: bool,
}

#[derive(FromQueryResult)]
struct ChangeRow {
    updated_at: DateTime<Utc>,
    path: String,
}

/// Every unit that lies in the subtree, or once lay below one that did: the rosters on which a member
/// may have been seen there.
fn places(path: &OrgUnitPath, values: &mut Vec<Value>) -> String {
    let inside = below(path, "o.path", values);
    format!(
        "WITH RECURSIVE place (id) AS (
            SELECT o.id FROM org_unit o WHERE o.district_id = $1 AND {inside}
            UNION SELECT h.unit_id FROM org_unit_history h JOIN place p ON p.id = h.parent_id
            WHERE h.district_id = $1) "
    )
}

/// The members of a subtree in the order of their last changes: one statement.
pub async fn roster_changes(
    db: &impl Connect,
    district: DistrictId,
    filter: &ChangesFilter,
) -> Result<Page<Changed>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let select = format!(
        "SELECT {MEMBER_BESIDE}, m.updated_at, u.path FROM party_member m
         JOIN account p ON p.district_id = m.district_id AND p.id = m.account_id
         JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id WHERE m.district_id = $1"
    );
    let mut text = match filter.since {
        Some(since) => {
            let places = places(&filter.path, &mut values);
            values.push(since.into());
            format!(
                "{places}{select} AND m.updated_at >= ${} AND EXISTS (SELECT 1 FROM membership s
                    JOIN place l ON l.id = s.unit_id WHERE s.district_id = m.district_id AND s.member_id = m.id)",
                values.len()
            )
        }
        None => {
            let inside = below(&filter.path, "u.path", &mut values);
            format!("{select} AND {inside} AND m.left_on IS NULL")
        }
    };
    if let Some((at, id)) = filter.after {
        values.extend([at.into(), id.into()]);
        text.push_str(&format!(" AND (m.updated_at, m.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    text.push_str(&format!(" ORDER BY m.updated_at, m.id LIMIT {}", filter.limit + 1));
    let read = |row: &sea_orm::QueryResult| -> Result<Changed> {
        let ChangeRow { updated_at, path } = ChangeRow::from_query_result(row, "")?;
        let member = member_beside(row)?;
        let is_here = member.left_on.is_none() && OrgUnitPath::from_stored(path).is_within(&filter.path);
        Ok(Changed { member, updated_at, is_here })
    };
    let mut rows: Vec<_> = sql::rows(db, &text, values).await?.iter().map(read).collect::<Result<_>>()?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Page { rows, has_more })
}

/// Marks all who are at home in a subtree as changed: it has moved, and they are on other rosters now.
pub(crate) async fn touch(tx: &Tx, district: DistrictId, path: &OrgUnitPath) -> Result<()> {
    let mut values: Vec<Value> = vec![district.0.into(), tx.now().into()];
    let inside = below(path, "u.path", &mut values);
    let text = format!(
        "UPDATE party_member SET updated_at = $2 WHERE district_id = $1 AND unit_id IN
            (SELECT u.id FROM org_unit u WHERE u.district_id = $1 AND {inside})"
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}
