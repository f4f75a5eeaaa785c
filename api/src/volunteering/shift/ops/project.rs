use zhibu_domain::{
    id::{OrgUnitId, VolunteerProjectId, VolunteerTeamId},
    policy::Denied,
    volunteering::{ProjectChange, VolunteerProject, VolunteerProjectRefusal as ProjectRefusal},
};
use zhibu_persistence::volunteering;

use super::{finish, organize};
use crate::{app::App, call::Call, error::Stop, once::Once};

/// A project to begin.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Whose.
    pub unit_id: OrgUnitId,
    /// Which team carries it.
    pub team_id: Option<VolunteerTeamId>,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// For whom it is.
    pub beneficiary: Option<String>,
}

/// Begins a project.
pub async fn begin_project(
    app: &App,
    call: &Call,
    new: NewProject,
    once: Once,
) -> Result<VolunteerProject, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "createVolunteerProject").await?;
    let district = call.district()?;
    let (unit, permit) = organize(&tx, call, district, new.unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_project(&tx, district, VolunteerProjectId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    let team = match new.team_id {
        Some(id) => Some(volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?),
        None => None,
    };
    let project = VolunteerProject {
        id: app.id(),
        unit_id: new.unit_id,
        team_id: new.team_id,
        name: new.name,
        description: new.description,
        beneficiary: new.beneficiary,
        created_by: call.account()?,
        created_at: tx.now(),
        ended_at: None,
    };
    let project = project.begin(team.as_ref())?;
    volunteering::insert_project(&tx, &permit, &project).await?;
    once.keep(&tx, call, project.id.0).await?;
    finish(app, tx, &permit, "volunteerProject.begun", project.id.0).await?;
    Ok(project)
}

/// Changes a project.
pub async fn change_project(
    app: &App,
    call: &Call,
    id: VolunteerProjectId,
    change: ProjectChange,
) -> Result<VolunteerProject, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "updateVolunteerProject").await?;
    let district = call.district()?;
    let before = volunteering::lock_project(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (unit, permit) = organize(&tx, call, district, before.unit_id).await?;
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    let team = match change.team_id.flatten() {
        Some(id) => Some(volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?),
        None => None,
    };
    let after = before.clone().change(change, team.as_ref())?;
    volunteering::update_project(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerProject.changed", id.0).await?;
    Ok(after)
}

/// Ends a project of which no shift is to come.
pub async fn end_project(
    app: &App,
    call: &Call,
    id: VolunteerProjectId,
) -> Result<VolunteerProject, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "endVolunteerProject").await?;
    let district = call.district()?;
    let before = volunteering::lock_project(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (_, permit) = organize(&tx, call, district, before.unit_id).await?;
    let to_come = volunteering::has_shifts_to_come(&tx, district, id).await?;
    let after = before.clone().end(to_come, tx.now())?;
    volunteering::update_project(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerProject.ended", id.0).await?;
    Ok(after)
}
