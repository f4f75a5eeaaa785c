//! Hours, teams, projects and shifts by their ids, for those who may see them.

use async_graphql::{Context, Result};
use zhibu_domain::{
    id::{OrgUnitId, ServiceHourEntryId, VolunteerProjectId, VolunteerShiftId, VolunteerTeamId},
    member::PartyMember,
    organization::OrgUnit,
    policy::{Action, Denied, Subject},
    volunteering::{ServiceHourEntry, ShiftState, VolunteerShift},
};

use super::{
    ServiceHourEntryObject,
    shift::{VolunteerProjectObject, VolunteerShiftObject, VolunteerTeamObject},
};
use crate::{
    call::request,
    error::{OpError, OpExt},
    reads::Loading,
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

/// An entry of volunteer hours as a node.
pub async fn entry_node(ctx: &Context<'_>, id: ServiceHourEntryId) -> Result<Option<ServiceHourEntryObject>> {
    let loading = ctx.data::<Loading>()?;
    let Some(entry): Option<ServiceHourEntry> = loading.load_one(id).await.op()? else { return Ok(None) };
    let member: Option<PartyMember> = loading.load_one(entry.member_id).await.op()?;
    let home = match member {
        Some(member) => vec![unit(ctx, member.unit_id).await?.path],
        None => Vec::new(),
    };
    let reported_to = unit(ctx, entry.unit_id).await?;
    let subject = Subject::of(&reported_to.path, entry.account_id).joint(&home);
    Ok(sees(ctx, Action::ViewHours, subject)?.then_some(ServiceHourEntryObject(entry)))
}

/// A team as a node.
pub async fn team_node(ctx: &Context<'_>, id: VolunteerTeamId) -> Result<Option<VolunteerTeamObject>> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let visible = sees(ctx, Action::ViewService, Subject::default())?;
    Ok(found.filter(|_| visible).map(VolunteerTeamObject))
}

/// A project as a node.
pub async fn project_node(
    ctx: &Context<'_>,
    id: VolunteerProjectId,
) -> Result<Option<VolunteerProjectObject>> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let visible = sees(ctx, Action::ViewService, Subject::default())?;
    Ok(found.filter(|_| visible).map(VolunteerProjectObject))
}

/// A shift as a node; a draft is there for the organizers of its unit alone.
pub async fn shift_node(ctx: &Context<'_>, id: VolunteerShiftId) -> Result<Option<VolunteerShiftObject>> {
    let found: Option<VolunteerShift> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    let Some(shift) = found else { return Ok(None) };
    let unit = unit(ctx, shift.unit_id).await?;
    let action =
        if shift.state() == ShiftState::Draft { Action::OrganizeService } else { Action::ViewService };
    Ok(sees(ctx, action, Subject::unit(&unit.path))?.then_some(VolunteerShiftObject(shift)))
}
