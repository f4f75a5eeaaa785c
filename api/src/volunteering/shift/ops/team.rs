use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId, VolunteerTeamId},
    policy::Denied,
    volunteering::{VolunteerProjectRefusal as ProjectRefusal, VolunteerTeam},
};
use zhibu_persistence::{member, organization, volunteering};

use super::{finish, organize};
use crate::{app::App, call::Call, error::Stop, once::Once};

/// Founds a unit's team.
pub async fn found_team(
    app: &App,
    call: &Call,
    unit_id: OrgUnitId,
    name: String,
    captain_id: Option<PartyMemberId>,
    once: Once,
) -> Result<VolunteerTeam, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "createVolunteerTeam").await?;
    let district = call.district()?;
    let (unit, permit) = organize(&tx, call, district, unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_team(&tx, district, VolunteerTeamId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    if let Some(captain) = captain_id {
        let found = member::member(&tx, district, captain).await?.filter(|m| m.left_on.is_none());
        let home = found.map(|m| m.unit_id).ok_or(ProjectRefusal::NotAMember)?;
        let home = organization::unit(&tx, district, home).await?;
        if !home.is_some_and(|home| home.path.is_within(&unit.path)) {
            return Err(ProjectRefusal::NotAMember.into());
        }
    }
    let new = VolunteerTeam { id: app.id(), unit_id, name, captain_id, founded_at: tx.now(), ended_at: None };
    let team = new.found()?;
    volunteering::insert_team(&tx, &permit, &team).await?;
    once.keep(&tx, call, team.id.0).await?;
    finish(app, tx, &permit, "volunteerTeam.founded", team.id.0).await?;
    Ok(team)
}

/// Ends a team.
pub async fn end_team(
    app: &App,
    call: &Call,
    id: VolunteerTeamId,
) -> Result<VolunteerTeam, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "endVolunteerTeam").await?;
    let district = call.district()?;
    let before = volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (_, permit) = organize(&tx, call, district, before.unit_id).await?;
    let after = before.clone().end(tx.now())?;
    volunteering::update_team(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerTeam.ended", id.0).await?;
    Ok(after)
}
