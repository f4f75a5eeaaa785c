//! What the API shows of volunteer hours.

mod entry;
mod ledger;
mod objection;
mod publicity;

pub use entry::ServiceHourEntryObject;
pub use ledger::{HourLedgerLineObject, UnitHoursObject, VolunteerRecord};
pub use objection::ObjectionObject;
pub use publicity::PublicityEntry;

use async_graphql::{Context, Result};
use zhibu_domain::{
    id::{AccountId, OrgUnitId, PartyMemberId},
    member::PartyMember,
};

use crate::{
    error::{OpError, OpExt},
    member::AccountObject,
    organization::OrgUnitObject,
    reads::Loading,
};

async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnitObject> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(OrgUnitObject(found.ok_or(OpError::internal("hours without a unit"))?))
}

async fn member(ctx: &Context<'_>, id: PartyMemberId) -> Result<PartyMember> {
    let found = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(found.ok_or(OpError::internal("hours without a member"))?)
}

async fn account(ctx: &Context<'_>, id: Option<AccountId>) -> Result<Option<AccountObject>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
}
