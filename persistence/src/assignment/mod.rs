//! Assignments, their steps and parts.

mod alert;
mod figures;
mod list;
mod roll_up;
mod row;
mod succession;
mod template;

pub use alert::{ALERTS_DUE, reconsider, save_alert};
pub use figures::{FiguresOf, figure_page, figures};
pub use list::{AssignmentFilter, assignment_page, children, has_open_parts, is_claimed, waiting_for};
pub use roll_up::roll_ups;
pub(crate) use succession::look_through;
pub use succession::{SUCCESSIONS_DUE, asked, is_orphaned, looked_through, orphaned};
pub use template::{TEMPLATES_DUE, insert_template, lock_template, template, template_page, update_template};

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use zhibu_domain::{
    assignment::{Assignment, AssignmentStepKind, Step},
    id::{AssignmentId, DistrictId},
    policy::Permit,
    rule::Rules,
};

use self::row::{assignment, step};
use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    row::{insert, insert_all, update, update_all},
};

/// Assignments by their ids.
pub async fn assignments(
    db: &impl Connect,
    district: DistrictId,
    ids: &[AssignmentId],
) -> Result<HashMap<AssignmentId, Assignment>> {
    let query = assignment::Entity::find()
        .filter(assignment::Column::DistrictId.eq(district.0))
        .filter(assignment::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read(r).map(|a| (a.id, a))).collect()
}

/// An assignment.
pub async fn assignment(
    db: &impl Connect,
    district: DistrictId,
    id: AssignmentId,
) -> Result<Option<Assignment>> {
    assignment::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(row::read).transpose()
}

/// An assignment that is about to be changed.
pub async fn lock_assignment(tx: &Tx, district: DistrictId, id: AssignmentId) -> Result<Option<Assignment>> {
    let found = assignment::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read).transpose()
}

/// Assignments that are about to be changed, locked in order of their ids.
pub async fn lock_assignments(
    tx: &Tx,
    district: DistrictId,
    ids: &[AssignmentId],
) -> Result<HashMap<AssignmentId, Assignment>> {
    let query = assignment::Entity::find()
        .filter(assignment::Column::DistrictId.eq(district.0))
        .filter(assignment::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(assignment::Column::Id)
        .lock_exclusive();
    query.all(tx.conn()).await?.into_iter().map(|r| row::read(r).map(|a| (a.id, a))).collect()
}

/// The parts of an assignment, right below it, that are about to be changed, in order of their ids.
pub async fn lock_parts(tx: &Tx, district: DistrictId, id: AssignmentId) -> Result<Vec<Assignment>> {
    let query = assignment::Entity::find()
        .filter(assignment::Column::DistrictId.eq(district.0))
        .filter(assignment::Column::ParentId.eq(id.0))
        .order_by_asc(assignment::Column::Id)
        .lock_exclusive();
    query.all(tx.conn()).await?.into_iter().map(row::read).collect()
}

/// The histories of assignments, oldest line first.
pub async fn histories(
    db: &impl Connect,
    district: DistrictId,
    ids: &[AssignmentId],
) -> Result<HashMap<AssignmentId, Vec<Step>>> {
    let query = step::Entity::find()
        .filter(step::Column::DistrictId.eq(district.0))
        .filter(step::Column::AssignmentId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(step::Column::Version);
    let mut histories: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        histories.entry(AssignmentId(row.assignment_id)).or_default().push(row::read_step(row)?);
    }
    Ok(histories)
}

fn entry<'a>(before: Option<&Assignment>, after: &Assignment, step: &'a Step) -> Entry<'a> {
    let entry = Entry::about(after.id).reason(step.note.as_deref()).change(before, Some(after));
    // Whom it concerns reads it: nobody before they know of it, and whoever gets it next nothing of why
    // it was taken from somebody else.
    let concerned = match step.kind {
        AssignmentStepKind::Reassigned => before.and_then(Assignment::owner),
        _ => after.owner(),
    };
    match concerned.filter(|_| after.is_known()) {
        Some(owner) => entry.person(owner),
        None => entry,
    }
}

/// Remembers new assignments, each with the lines of its history; where many are filled in at once,
/// they needn't be in the audit one by one.
pub async fn insert_assignments(
    tx: &Tx,
    permit: &Permit,
    made: &[(Assignment, Vec<Step>)],
    rules: &Rules,
    audited: bool,
) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, made.iter().map(|(a, _)| row::stored(district, a, rules)).collect()).await?;
    let steps = made.iter().flat_map(|(a, steps)| steps.iter().map(|s| row::stored_step(district, a.id, s)));
    insert_all(tx, steps.collect()).await?;
    if !audited {
        return Ok(());
    }
    let entries = made.iter().filter_map(|(a, steps)| Some(entry(None, a, steps.last()?))).collect();
    audit::append_all(tx, permit, entries).await
}

/// Remembers what a step has made of an assignment. The caller has locked `before`.
pub async fn update_assignment(
    tx: &Tx,
    permit: &Permit,
    before: &Assignment,
    after: &Assignment,
    step: &Step,
    rules: &Rules,
) -> Result<()> {
    let district = permit.district_id();
    update(tx, row::stored(district, after, rules)).await?;
    insert(tx, row::stored_step(district, after.id, step)).await?;
    audit::append(tx, permit, entry(Some(before), after, step)).await
}

/// Remembers what steps have made of assignments: as many statements for many as for one. The caller
/// has locked those before.
pub async fn update_assignments(
    tx: &Tx,
    permit: &Permit,
    changed: &[(Assignment, Assignment, Step)],
    rules: &Rules,
) -> Result<()> {
    let district = permit.district_id();
    update_all(tx, changed.iter().map(|(_, after, _)| row::stored(district, after, rules)).collect()).await?;
    let steps = changed.iter().map(|(_, after, step)| row::stored_step(district, after.id, step));
    insert_all(tx, steps.collect()).await?;
    let entries = changed.iter().map(|(before, after, step)| entry(Some(before), after, step)).collect();
    audit::append_all(tx, permit, entries).await
}
