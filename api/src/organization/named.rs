use async_graphql::{Context, Result};
use zhibu_domain::{
    id::OrgUnitId,
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
};

use crate::{
    call::request,
    error::{OpError, OpExt},
    reads::Loading,
};

/// The unit that an argument names; what doesn't exist is `NOT_FOUND`.
pub async fn named_unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnit> {
    let loading = ctx.data::<Loading>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
    Ok(loading.load_one(id).await.op()?.ok_or(Denied::Hidden).op()?)
}

/// The unit that an argument names, where the caller may do this with it.
pub async fn permitted_unit(ctx: &Context<'_>, action: Action, id: OrgUnitId) -> Result<(OrgUnit, Permit)> {
    let (_, call) = request(ctx)?;
    let unit = named_unit(ctx, id).await?;
    let permit = call.permit(action, Subject::unit(&unit.path)).op()?;
    Ok((unit, permit))
}
