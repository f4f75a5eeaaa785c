//! Joining teams and leaving them.

use zhibu_domain::{
    id::{PartyMemberId, VolunteerTeamId},
    member::PartyMember,
    policy::{Action, Denied, Permit, Subject},
    volunteering::{TeamMemberRefusal as Refusal, VolunteerTeam, VolunteerTeamMember},
};
use zhibu_persistence::{StoreError, Tx, member, volunteering};

use super::{finish, unit};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Somebody is in a team from now on; who is in it already stays as they are. The caller has locked the
/// team, or just founded it.
pub(super) async fn enroll(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    team: &VolunteerTeam,
    member: &PartyMember,
) -> Result<(), OpError> {
    let current = volunteering::team_member(tx, permit.district_id(), team.id, member.id).await?;
    let new = VolunteerTeamMember {
        id: app.id(),
        team_id: team.id,
        member_id: member.id,
        account_id: member.account_id,
        joined_at: tx.now(),
        added_by: permit.account_id().filter(|by| *by != member.account_id),
        left_at: None,
    };
    if current.is_none() {
        volunteering::insert_team_member(tx, permit, &new).await?;
    }
    Ok(())
}

/// The caller joins a team, or leaves it.
pub async fn go(
    app: &App,
    call: &Call,
    id: VolunteerTeamId,
    joins: bool,
) -> Result<VolunteerTeam, Stop<Refusal>> {
    let operation = if joins { "joinVolunteerTeam" } else { "leaveVolunteerTeam" };
    let tx = app.begin(call, operation).await?;
    let (district, account) = (call.district()?, call.account()?);
    let team = volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(&tx, district, team.unit_id).await?;
    let permit = call.permit(Action::SignUp, Subject::of(&unit.path, account))?;
    let own = call.person()?.membership.as_ref().map(|m| m.member_id).ok_or(Refusal::NotAMember)?;
    if joins {
        team.check_open()?;
        let own = member::member(&tx, district, own).await?.ok_or(Refusal::NotAMember)?;
        enroll(app, &tx, &permit, &team, &own).await?;
    } else {
        dismiss(&tx, &permit, &team, own).await?;
    }
    finish(app, tx, &permit, "volunteer_team.members_changed", id.0).await?;
    Ok(team)
}

async fn dismiss(
    tx: &Tx,
    permit: &Permit,
    team: &VolunteerTeam,
    member: PartyMemberId,
) -> Result<(), Stop<Refusal>> {
    let before = volunteering::team_member(tx, permit.district_id(), team.id, member).await?;
    let after = team.let_go(before.clone(), tx.now())?;
    if let Some(before) = before {
        volunteering::update_team_member(tx, permit, &before, &after).await?;
    }
    Ok(())
}

/// Whoever leads a team takes members in, or one of them out; all or none.
pub async fn manage(
    app: &App,
    call: &Call,
    id: VolunteerTeamId,
    members: &[PartyMemberId],
    takes_in: bool,
) -> Result<VolunteerTeam, Stop<Refusal>> {
    let operation = if takes_in { "addVolunteerTeamMembers" } else { "removeVolunteerTeamMember" };
    let tx = app.begin(call, operation).await?;
    let district = call.district()?;
    let team = volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(&tx, district, team.unit_id).await?;
    let permit = call.permit(Action::ManageTeam, Subject::unit(&unit.path).captain(acting_captain(&team)))?;
    if takes_in {
        team.check_open()?;
    }
    let found = member::members(&tx, district, members).await?;
    for member in members {
        if takes_in {
            let member = found.get(member).filter(|m| m.left_on.is_none()).ok_or(Refusal::NotAMember)?;
            enroll(app, &tx, &permit, &team, member).await?;
        } else {
            dismiss(&tx, &permit, &team, *member).await?;
        }
    }
    finish(app, tx, &permit, "volunteer_team.members_changed", id.0).await?;
    Ok(team)
}

/// The captain of a team, as long as it lives.
fn acting_captain(team: &VolunteerTeam) -> Option<PartyMemberId> {
    team.captain_id.filter(|_| team.ended_at.is_none())
}

/// A team, for somebody who may see what concerns it.
pub async fn see_team(
    app: &App,
    call: &Call,
    action: Action,
    id: VolunteerTeamId,
) -> Result<Permit, OpError> {
    let district = call.district()?;
    let team = volunteering::teams(&app.store, district, &[id]).await?.remove(&id).ok_or(Denied::Hidden)?;
    let unit = unit(&app.store, district, team.unit_id).await?;
    let subject = Subject::unit(&unit.path).captain(acting_captain(&team));
    Ok(call.permit(action, subject.invited(is_in(app, call, id).await?))?)
}

async fn is_in(app: &App, call: &Call, id: VolunteerTeamId) -> Result<bool, StoreError> {
    let own = call.actor.person().and_then(|p| p.membership.as_ref());
    match (own, call.actor.district_id()) {
        (Some(own), Some(district)) => {
            Ok(volunteering::teams_of(&app.store, district, own.member_id).await?.contains(&id))
        }
        _ => Ok(false),
    }
}
