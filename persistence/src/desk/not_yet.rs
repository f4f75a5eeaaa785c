//! Who hasn't done yet what was given or offered to them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    desk::DutyStep,
    id::{AccountId, AssignmentId, DistrictId},
    notification::NotificationKind,
    organization::OrgUnitPath,
    vocabulary::Vocabulary,
};

use super::{IdRow, branches};
use crate::{Connect, Page, PageRequest, Result, sql};

/// An assignment that waits for its owner.
#[derive(Clone, Debug)]
pub struct NotYet {
    /// Which.
    pub assignment_id: AssignmentId,
    /// Who.
    pub owner: AccountId,
    /// What it is called.
    pub title: String,
    /// Until when.
    pub due_at: DateTime<Utc>,
}

/// An assignment and its parts at every depth, those that have no parts themselves and whose owners
/// haven't taken a step; `$1` is the district, `$2` the assignment.
fn waiting(step: DutyStep, columns: &str) -> String {
    let states = match step {
        DutyStep::Accepted | DutyStep::Claimed => "t.state = 'DISPATCHED'",
        DutyStep::Submitted => "t.state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED')",
    };
    format!(
        "WITH RECURSIVE tree (id) AS (
            SELECT id FROM assignment WHERE district_id = $1 AND id = $2
            UNION ALL
            SELECT a.id FROM tree w JOIN assignment a ON a.district_id = $1 AND a.parent_id = w.id)
         SELECT {columns} FROM tree w JOIN assignment t ON t.district_id = $1 AND t.id = w.id
         WHERE t.district_id = $1 AND t.owner_id IS NOT NULL AND {states}
            AND NOT EXISTS (SELECT 1 FROM assignment c WHERE c.district_id = $1 AND c.parent_id = t.id
                AND c.state <> 'CANCELLED')"
    )
}

/// A page of the assignments whose owners haven't taken a step, in order of their ids.
pub async fn not_yet_page(
    db: &impl Connect,
    district: DistrictId,
    whole: AssignmentId,
    step: DutyStep,
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let mut values: Vec<Value> = vec![district.0.into(), whole.0.into()];
    let mut text = waiting(step, "t.id");
    page.append(&mut text, &mut values, "t.id", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}

#[derive(FromQueryResult)]
struct OwnerRow {
    id: Uuid,
    owner_id: Uuid,
    title: String,
    due_at: DateTime<Utc>,
}

/// The same, at most `limit`, with what a reminder of each says.
pub async fn owners_not_yet(
    db: &impl Connect,
    district: DistrictId,
    whole: AssignmentId,
    step: DutyStep,
    limit: usize,
) -> Result<Vec<NotYet>> {
    let text =
        format!("{} ORDER BY t.id LIMIT {limit}", waiting(step, "t.id, t.owner_id, t.title, t.due_at"));
    let rows = sql::all::<OwnerRow>(db, &text, vec![district.0.into(), whole.0.into()]).await?;
    let read = |r: OwnerRow| NotYet {
        assignment_id: AssignmentId(r.id),
        owner: AccountId(r.owner_id),
        title: r.title,
        due_at: r.due_at,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The live branches of a subtree in which nobody has claimed one of an offer, in order of founding.
pub async fn unclaimed_branches(
    db: &impl Connect,
    district: DistrictId,
    offer: AssignmentId,
    path: &OrgUnitPath,
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let mut values: Vec<Value> = vec![district.0.into(), offer.0.into()];
    let which = branches(path, &mut values);
    let mut text = format!(
        "SELECT r.id FROM org_unit r WHERE r.district_id = $1 AND {which} AND NOT EXISTS (
            SELECT 1 FROM assignment c JOIN org_unit u ON u.district_id = c.district_id AND u.id = c.unit_id
            WHERE c.district_id = $1 AND c.parent_id = $2 AND c.state NOT IN ('DECLINED', 'CANCELLED')
                AND u.path >= r.path AND u.path < substr(r.path, 1, length(r.path) - 1) || '0')"
    );
    page.append(&mut text, &mut values, "r.id", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}

/// The kinds of notifications that remind.
const REMINDING: [NotificationKind; 4] = [
    NotificationKind::ActivityReminder,
    NotificationKind::AssignmentReminder,
    NotificationKind::AssignmentDueSoon,
    NotificationKind::AssignmentOverdue,
];

#[derive(FromQueryResult)]
struct RemindedRow {
    account_id: Uuid,
    subject_id: Uuid,
}

/// Who of some people has been reminded of which of some things since a time, by somebody or by itself.
pub async fn reminded(
    db: &impl Connect,
    district: DistrictId,
    accounts: &[AccountId],
    subjects: &[Uuid],
    since: DateTime<Utc>,
) -> Result<HashSet<(AccountId, Uuid)>> {
    let mut values: Vec<Value> = vec![district.0.into(), since.into()];
    values.extend(REMINDING.iter().map(|kind| Value::from(kind.code())));
    let people = sql::in_list("account_id", values.len() + 1, accounts.len());
    values.extend(accounts.iter().map(|id| Value::from(id.0)));
    let things = sql::in_list("subject_id", values.len() + 1, subjects.len());
    values.extend(subjects.iter().map(|id| Value::from(*id)));
    let text = format!(
        "SELECT account_id, subject_id FROM notification WHERE district_id = $1 AND created_at >= $2
         AND {} AND {people} AND {things}",
        sql::in_list("kind", 3, REMINDING.len())
    );
    let rows = sql::all::<RemindedRow>(db, &text, values).await?;
    Ok(rows.into_iter().map(|r| (AccountId(r.account_id), r.subject_id)).collect())
}
