//! Hours, objections, teams, projects and shifts by their ids, for those who may see them.

use async_graphql::{Context, Result};
use zhibu_domain::{
    id::{
        ObjectionId, OrgUnitId, ServiceHourEntryId, SignUpId, VolunteerProjectId, VolunteerShiftId,
        VolunteerTeamId,
    },
    member::PartyMember,
    organization::OrgUnit,
    policy::{Action, Denied, Subject},
    volunteering::{ServiceHourEntry, SignUp, VolunteerProject, VolunteerShift, VolunteerTeam},
};

use super::{
    ObjectionObject, ServiceHourEntryObject,
    shift::{SignUpObject, VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamObject},
};
use crate::{
    call::request,
    error::{OpError, OpExt},
    reads::{CaptainOf, Loading},
};

/// Whether the policy gives an action; what it hides, or doesn't give, isn't there.
fn sees(ctx: &Context<'_>, action: Action, subject: Subject<'_>) -> Result<bool> {
    match request(ctx)?.1.permit(action, subject) {
        Ok(_) => Ok(true),
        Err(Denied::Hidden | Denied::Forbidden) => Ok(false),
        Err(denied) => Err(OpError::from(denied).into()),
    }
}

async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnit> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(found.ok_or(OpError::internal("volunteering without a unit"))?)
}

async fn sees_entry(ctx: &Context<'_>, entry: &ServiceHourEntry) -> Result<bool> {
    let loading = ctx.data::<Loading>()?;
    let member: Option<PartyMember> = loading.load_one(entry.member_id).await.op()?;
    let home = match member {
        Some(member) => vec![unit(ctx, member.unit_id).await?.path],
        None => Vec::new(),
    };
    let reported_to = unit(ctx, entry.unit_id).await?;
    let captain = match entry.shift_id {
        Some(shift) => loading.load_one(CaptainOf(shift)).await.op()?,
        None => None,
    };
    let subject = Subject::of(&reported_to.path, entry.account_id).joint(&home).captain(captain);
    sees(ctx, Action::ViewHours, subject)
}

/// An entry of volunteer hours as a node.
pub async fn entry_node(ctx: &Context<'_>, id: ServiceHourEntryId) -> Result<Option<ServiceHourEntryObject>> {
    let found: Option<ServiceHourEntry> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(entry) = found else { return Ok(None) };
    Ok(sees_entry(ctx, &entry).await?.then_some(ServiceHourEntryObject(entry)))
}

/// An objection as a node: for who raised it, and for whoever sees the entry.
pub async fn objection_node(ctx: &Context<'_>, id: ObjectionId) -> Result<Option<ObjectionObject>> {
    let loading = ctx.data::<Loading>()?;
    let Some(objection) = loading.load_one(id).await.op()? else { return Ok(None) };
    if sees(ctx, Action::ObjectToHours, Subject::owner(objection.account_id))? {
        return Ok(Some(ObjectionObject(objection)));
    }
    let Some(entry) = loading.load_one(objection.entry_id).await.op()? else { return Ok(None) };
    Ok(sees_entry(ctx, &entry).await?.then_some(ObjectionObject(objection)))
}

/// A team as a node.
pub async fn team_node(ctx: &Context<'_>, id: VolunteerTeamId) -> Result<Option<VolunteerTeamObject>> {
    let found: Option<VolunteerTeam> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(team) = found else { return Ok(None) };
    let unit = unit(ctx, team.unit_id).await?;
    Ok(sees(ctx, Action::ViewService, Subject::unit(&unit.path))?.then_some(VolunteerTeamObject(team)))
}

/// A project as a node.
pub async fn project_node(
    ctx: &Context<'_>,
    id: VolunteerProjectId,
) -> Result<Option<VolunteerProjectObject>> {
    let found: Option<VolunteerProject> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(project) = found else { return Ok(None) };
    let unit = unit(ctx, project.unit_id).await?;
    Ok(sees(ctx, Action::ViewService, Subject::unit(&unit.path))?.then_some(VolunteerProjectObject(project)))
}

/// A shift as a node; what was never made known is there for the organizers of its unit alone.
pub async fn shift_node(ctx: &Context<'_>, id: VolunteerShiftId) -> Result<Option<VolunteerShiftObject>> {
    let found: Option<VolunteerShift> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(shift) = found else { return Ok(None) };
    let unit = unit(ctx, shift.unit_id).await?;
    // What was never made known stays so when it is called off.
    let action = if shift.published_at().is_some() { Action::ViewService } else { Action::OrganizeService };
    Ok(sees(ctx, action, Subject::unit(&unit.path))?.then_some(VolunteerShiftObject(shift)))
}

/// A sign-up as a node: for the member, and for who runs the shift.
pub async fn sign_up_node(ctx: &Context<'_>, id: SignUpId) -> Result<Option<SignUpObject>> {
    let loading = ctx.data::<Loading>()?;
    let found: Option<SignUp> = loading.load_one(id).await.op()?;
    let Some(sign_up) = found else { return Ok(None) };
    if sees(ctx, Action::SignUp, Subject::owner(sign_up.account_id))? {
        return Ok(Some(SignUpObject(sign_up)));
    }
    let shift: Option<VolunteerShift> = loading.load_one(sign_up.shift_id).await.op()?;
    let unit = unit(ctx, shift.ok_or(OpError::internal("a sign-up without a shift"))?.unit_id).await?;
    let captain = loading.load_one(CaptainOf(sign_up.shift_id)).await.op()?;
    let runs = sees(ctx, Action::RunShift, Subject::unit(&unit.path).captain(captain))?;
    Ok(runs.then_some(SignUpObject(sign_up)))
}
