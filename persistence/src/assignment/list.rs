use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    assignment::{AddresseeKind, Assignment, AssignmentKind, AssignmentState, Claimant},
    id::{AccountId, AssignmentId, DistrictId, OrgUnitId},
    organization::OrgUnitPath,
    vocabulary::Vocabulary,
};

use super::row::{self, assignment};
use crate::{Connect, Page, PageRequest, Result, Tx, organization::below, sql};

/// What to list of the assignments.
#[derive(Clone, Debug, Default)]
pub struct AssignmentFilter {
    /// Only those that lie with this unit.
    pub unit: Option<OrgUnitId>,
    /// Only those that lie with a unit of this subtree.
    pub subtree: Option<OrgUnitPath>,
    /// Only those that this unit has issued.
    pub issuer: Option<OrgUnitId>,
    /// Only those that a unit of this subtree has issued.
    pub issued_within: Option<OrgUnitPath>,
    /// Drafts only where the issuer lies in this subtree; none at all where it isn't said.
    pub drafts_of: Option<OrgUnitPath>,
    /// Only those of this owner.
    pub owner: Option<AccountId>,
    /// Only offers that are made to this unit, by itself or a superior, and not claimed in full.
    pub offered_to: Option<OrgUnitPath>,
    /// Only of this kind.
    pub kind: Option<AssignmentKind>,
    /// Only in one of these states; all where empty.
    pub states: Vec<AssignmentState>,
    /// Only those due at or after this time.
    pub from: Option<DateTime<Utc>>,
    /// Only those due before this time.
    pub until: Option<DateTime<Utc>>,
    /// Only those with which their owners are late at this time.
    pub overdue_at: Option<DateTime<Utc>>,
}

/// The states in which the owner has something to do, as SQL has them.
pub(super) const WAITING: &str = "('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED')";

/// A page of assignments, those due first first.
pub async fn assignment_page(
    db: &impl Connect,
    district: DistrictId,
    filter: AssignmentFilter,
    page: PageRequest,
) -> Result<Page<Assignment>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let mut text = "SELECT t.* FROM assignment t".to_owned();
    if filter.subtree.is_some() || filter.offered_to.is_some() {
        text.push_str(" JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id");
    }
    if filter.issued_within.is_some() || filter.drafts_of.is_some() {
        text.push_str(" JOIN org_unit i ON i.district_id = t.district_id AND i.id = t.issuer_unit_id");
    }
    text.push_str(" WHERE t.district_id = $1");
    let mut and = |values: &mut Vec<Value>, value: Value, condition: &str| {
        values.push(value);
        text.push_str(&format!(" AND {condition} ${}", values.len()));
    };
    if let Some(unit) = filter.unit {
        and(&mut values, unit.0.into(), "t.unit_id =");
    }
    if let Some(unit) = filter.issuer {
        and(&mut values, unit.0.into(), "t.issuer_unit_id =");
    }
    if let Some(owner) = filter.owner {
        and(&mut values, owner.0.into(), "t.owner_id =");
    }
    if let Some(kind) = filter.kind {
        and(&mut values, kind.code().into(), "t.kind =");
    }
    if let Some(from) = filter.from {
        and(&mut values, from.into(), "t.due_at >=");
    }
    if let Some(until) = filter.until {
        and(&mut values, until.into(), "t.due_at <");
    }
    if let Some(now) = filter.overdue_at {
        and(
            &mut values,
            now.into(),
            &format!("t.addressee <> 'OFFER' AND t.state IN {WAITING} AND t.due_at <"),
        );
    }
    if !filter.states.is_empty() {
        text.push_str(&format!(" AND {}", sql::in_list("t.state", values.len() + 1, filter.states.len())));
        values.extend(filter.states.iter().map(|s| Value::from(s.code())));
    }
    if let Some(subtree) = &filter.subtree {
        let condition = below(subtree, "u.path", &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    if let Some(subtree) = &filter.issued_within {
        let condition = below(subtree, "i.path", &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    if let Some(unit) = &filter.offered_to {
        let paths: Vec<_> = unit.superiors().into_iter().chain([unit.clone()]).collect();
        let above = sql::in_list("u.path", values.len() + 1, paths.len());
        text.push_str(&format!(
            " AND t.addressee = 'OFFER' AND t.state = 'DISPATCHED' AND t.claimed < t.capacity AND {above}"
        ));
        values.extend(paths.iter().map(|path| Value::from(path.as_str())));
    }
    match &filter.drafts_of {
        Some(subtree) => {
            let condition = below(subtree, "i.path", &mut values);
            text.push_str(&format!(" AND (t.dispatched_at IS NOT NULL OR {condition})"));
        }
        None => text.push_str(" AND t.dispatched_at IS NOT NULL"),
    }
    page.append_by(&mut text, &mut values, "assignment", "due_at", false);
    let rows: Vec<assignment::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read).collect::<Result<_>>()?))
}

/// The parts of an assignment, right below it, in the order of the tree of units, after `last`; at most `limit`.
pub async fn children(
    db: &impl Connect,
    district: DistrictId,
    id: AssignmentId,
    last: Option<AssignmentId>,
    limit: usize,
) -> Result<Vec<Assignment>> {
    let mut values = vec![district.0.into(), id.0.into()];
    let mut text = "SELECT t.* FROM assignment t JOIN org_unit u ON u.district_id = $1 AND u.id = t.unit_id
        WHERE t.district_id = $1 AND t.parent_id = $2"
        .to_owned();
    if let Some(last) = last {
        text.push_str(
            " AND (u.path, t.id) > (SELECT p.path, a.id FROM assignment a
                JOIN org_unit p ON p.district_id = $1 AND p.id = a.unit_id WHERE a.district_id = $1 AND a.id = $3)",
        );
        values.push(last.0.into());
    }
    text.push_str(&format!(" ORDER BY u.path, t.id LIMIT {limit}"));
    let rows: Vec<assignment::Model> = sql::all(db, &text, values).await?;
    rows.into_iter().map(row::read).collect()
}

/// Whether parts of an assignment are neither verified nor cancelled.
pub async fn has_open_parts(tx: &Tx, district: DistrictId, id: AssignmentId) -> Result<bool> {
    let text = "SELECT count(*) FROM assignment
        WHERE district_id = $1 AND parent_id = $2 AND state NOT IN ('VERIFIED', 'CANCELLED')";
    Ok(sql::count(tx, text, vec![district.0.into(), id.0.into()]).await? > 0)
}

/// Whether a unit or person has claimed one of an offer already; what was declined or cancelled doesn't
/// count.
pub async fn is_claimed(
    db: &impl Connect,
    district: DistrictId,
    offer: AssignmentId,
    claimant: &Claimant,
) -> Result<bool> {
    let (addressee, column, id) = if claimant.for_unit {
        (AddresseeKind::Unit, "unit_id", claimant.unit_id.0)
    } else {
        (AddresseeKind::Member, "owner_id", claimant.account_id.0)
    };
    let text = format!(
        "SELECT count(*) FROM assignment WHERE district_id = $1 AND parent_id = $2 AND addressee = $3
         AND {column} = $4 AND state NOT IN ('DECLINED', 'CANCELLED')"
    );
    let values = vec![district.0.into(), offer.0.into(), addressee.code().into(), id.into()];
    Ok(sql::count(db, &text, values).await? > 0)
}

#[derive(FromQueryResult)]
struct WaitingRow {
    id: Uuid,
}

/// What waits for a member as its owner, in order of the ids.
pub async fn waiting_for(tx: &Tx, district: DistrictId, owner: AccountId) -> Result<Vec<AssignmentId>> {
    let text = "SELECT id FROM assignment WHERE district_id = $1 AND owner_id = $2 AND addressee = 'MEMBER'
        AND state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED') ORDER BY id";
    let rows = sql::all::<WaitingRow>(tx, text, vec![district.0.into(), owner.0.into()]).await?;
    Ok(rows.into_iter().map(|row| AssignmentId(row.id)).collect())
}
