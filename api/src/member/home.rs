use async_graphql::{Context, Object, Result};
use zhibu_domain::policy::Denied;

use super::AccountObject;
use crate::{
    call::request,
    error::{OpError, OpExt},
    organization::{OrgUnitObject, unit_node},
    reads::Loading,
};

/// What people and units give to the home screen.
#[derive(Default)]
pub struct MemberHome;

/// The account of who asks.
pub(super) async fn own_account(ctx: &Context<'_>) -> Result<AccountObject> {
    let (_, call) = request(ctx)?;
    call.permit_own().op()?;
    let account = call.account().op()?;
    let found = ctx.data::<Loading>()?.load_one(account).await.op()?;
    Ok(AccountObject(found.ok_or(OpError::Denied(Denied::Unauthenticated))?))
}

#[Object]
impl MemberHome {
    /// The account of who asks.
    async fn me(&self, ctx: &Context<'_>) -> Result<AccountObject> {
        own_account(ctx).await
    }

    /// The caller's home unit, the branch; null for who is no Party member.
    async fn branch(&self, ctx: &Context<'_>) -> Result<Option<OrgUnitObject>> {
        let (_, call) = request(ctx)?;
        call.permit_own().op()?;
        match &call.person().op()?.membership {
            Some(membership) => unit_node(ctx, membership.unit_id).await,
            None => Ok(None),
        }
    }
}
