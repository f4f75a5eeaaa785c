use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId, VolunteerProjectId, VolunteerTeamId},
    policy::Permit,
    volunteering::{VolunteerProject, VolunteerTeam},
};

use super::shift_row::{self as row, project, team};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, update},
    sql,
};

/// Teams by their ids.
pub async fn teams(
    db: &impl Connect,
    district: DistrictId,
    ids: &[VolunteerTeamId],
) -> Result<HashMap<VolunteerTeamId, VolunteerTeam>> {
    let query = team::Entity::find()
        .filter(team::Column::DistrictId.eq(district.0))
        .filter(team::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let found = query.all(db.conn()).await?.into_iter().map(row::read_team);
    Ok(found.map(|t| (t.id, t)).collect())
}

/// A team that is about to be changed, or to be given a project.
pub async fn lock_team(tx: &Tx, district: DistrictId, id: VolunteerTeamId) -> Result<Option<VolunteerTeam>> {
    let found = team::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    Ok(found.map(row::read_team))
}

/// The teams of a unit in order of founding.
pub async fn team_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    page: PageRequest,
) -> Result<Page<VolunteerTeam>> {
    let mut values: Vec<Value> = vec![district.0.into(), unit.0.into()];
    let mut text = "SELECT * FROM volunteer_team WHERE district_id = $1 AND unit_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", false);
    let rows: Vec<team::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_team).collect()))
}

/// Remembers a new team.
pub async fn insert_team(tx: &Tx, permit: &Permit, new: &VolunteerTeam) -> Result<()> {
    insert(tx, row::stored_team(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers a team's change.
pub async fn update_team(
    tx: &Tx,
    permit: &Permit,
    before: &VolunteerTeam,
    after: &VolunteerTeam,
) -> Result<()> {
    update(tx, row::stored_team(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

/// Projects by their ids.
pub async fn projects(
    db: &impl Connect,
    district: DistrictId,
    ids: &[VolunteerProjectId],
) -> Result<HashMap<VolunteerProjectId, VolunteerProject>> {
    let query = project::Entity::find()
        .filter(project::Column::DistrictId.eq(district.0))
        .filter(project::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let found = query.all(db.conn()).await?.into_iter().map(row::read_project);
    Ok(found.map(|p| (p.id, p)).collect())
}

/// A project that is about to be changed, or to be given a shift.
pub async fn lock_project(
    tx: &Tx,
    district: DistrictId,
    id: VolunteerProjectId,
) -> Result<Option<VolunteerProject>> {
    let found = project::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    Ok(found.map(row::read_project))
}

/// The projects of a unit, latest first.
pub async fn project_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    page: PageRequest,
) -> Result<Page<VolunteerProject>> {
    let mut values: Vec<Value> = vec![district.0.into(), unit.0.into()];
    let mut text = "SELECT * FROM volunteer_project WHERE district_id = $1 AND unit_id = $2".to_owned();
    page.append(&mut text, &mut values, "id", true);
    let rows: Vec<project::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_project).collect()))
}

/// Whether shifts of a project are still to come.
pub async fn has_shifts_to_come(tx: &Tx, district: DistrictId, project: VolunteerProjectId) -> Result<bool> {
    let text = "SELECT count(*) FROM volunteer_shift
        WHERE district_id = $1 AND project_id = $2 AND state <> 'CANCELLED' AND starts_at > $3";
    let values = vec![district.0.into(), project.0.into(), tx.now().into()];
    Ok(sql::count(tx, text, values).await? > 0)
}

/// Remembers a new project.
pub async fn insert_project(tx: &Tx, permit: &Permit, new: &VolunteerProject) -> Result<()> {
    insert(tx, row::stored_project(permit.district_id(), new)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers a project's change.
pub async fn update_project(
    tx: &Tx,
    permit: &Permit,
    before: &VolunteerProject,
    after: &VolunteerProject,
) -> Result<()> {
    update(tx, row::stored_project(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}
