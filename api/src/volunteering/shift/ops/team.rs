use zhibu_domain::{
    id::{DistrictId, OrgUnitId, PartyMemberId, VolunteerTeamId},
    member::PartyMember,
    organization::OrgUnit,
    policy::Denied,
    volunteering::{TeamChange, VolunteerProjectRefusal as ProjectRefusal, VolunteerTeam},
};
use zhibu_persistence::{Tx, member, organization, volunteering};

use super::{finish, organize, team_member::enroll};
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
    let captain = captain(&tx, &unit, district, captain_id).await?;
    let new = VolunteerTeam { id: app.id(), unit_id, name, captain_id, founded_at: tx.now(), ended_at: None };
    let team = new.found()?;
    volunteering::insert_team(&tx, &permit, &team).await?;
    if let Some(captain) = captain {
        enroll(app, &tx, &permit, &team, &captain).await?;
    }
    once.keep(&tx, call, team.id.0).await?;
    finish(app, tx, &permit, "volunteerTeam.founded", team.id.0).await?;
    Ok(team)
}

/// Who is to be a team's captain: of its unit, or of one below it.
async fn captain(
    tx: &Tx,
    unit: &OrgUnit,
    district: DistrictId,
    id: Option<PartyMemberId>,
) -> Result<Option<PartyMember>, Stop<ProjectRefusal>> {
    let Some(id) = id else { return Ok(None) };
    let found = member::member(tx, district, id).await?.filter(|m| m.left_on.is_none());
    let found = found.ok_or(ProjectRefusal::NotAMember)?;
    let home = organization::unit(tx, district, found.unit_id).await?;
    if !home.is_some_and(|home| home.path.is_within(&unit.path)) {
        return Err(ProjectRefusal::NotAMember.into());
    }
    Ok(Some(found))
}

/// Changes a team. Whoever becomes its captain is in it.
pub async fn change_team(
    app: &App,
    call: &Call,
    id: VolunteerTeamId,
    change: TeamChange,
) -> Result<VolunteerTeam, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "updateVolunteerTeam").await?;
    let district = call.district()?;
    let before = volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (unit, permit) = organize(&tx, call, district, before.unit_id).await?;
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    let named = change.captain_id.flatten().filter(|new| before.captain_id != Some(*new));
    let after = before.clone().change(change)?;
    if let Some(captain) = captain(&tx, &unit, district, named).await? {
        enroll(app, &tx, &permit, &after, &captain).await?;
    }
    volunteering::update_team(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerTeam.changed", id.0).await?;
    Ok(after)
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
