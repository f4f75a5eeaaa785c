use zhibu_domain::{
    id::OrgUnitId,
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
};

use crate::{error::OpError, reads::Loading};

/// The unit that an argument names; what doesn't exist is `NOT_FOUND`.
pub async fn named_unit(reads: &Loading, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(reads.load_one(id).await?.ok_or(Denied::Hidden)?)
}

/// The unit that an argument names, where the caller may do this with it.
pub async fn permitted_unit(
    reads: &Loading,
    action: Action,
    id: OrgUnitId,
) -> Result<(OrgUnit, Permit), OpError> {
    let unit = named_unit(reads, id).await?;
    let permit = reads.loader().call.permit(action, Subject::unit(&unit.path))?;
    Ok((unit, permit))
}
