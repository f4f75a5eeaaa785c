use async_graphql::{Context, Object, Result};
use zhibu_domain::policy::Denied;
use zhibu_persistence::organization;

use super::AccountObject;
use crate::{
    call::request,
    error::{OpError, OpExt},
    organization::OrgUnitObject,
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

    /// The caller's branch: the home unit, or of a member of a group or a hub the branch around it; null
    /// for who is no Party member.
    async fn branch(&self, ctx: &Context<'_>) -> Result<Option<OrgUnitObject>> {
        let (app, call) = request(ctx)?;
        let district = call.permit_own().op()?.district_id();
        let Some(membership) = &call.person().op()?.membership else { return Ok(None) };
        let line = app.memo.lines.get_or_load((district, membership.unit_id), async || {
            let mut places = membership.path.superiors();
            places.push(membership.path.clone());
            organization::units_at(&app.store, district, &places).await
        });
        let line = line.await.op()?;
        ctx.data::<Loading>()?.loader().know(&line);
        let branch = line.iter().rev().find(|unit| !unit.kind.is_within_branch());
        Ok(branch.or(line.last()).cloned().map(OrgUnitObject))
    }
}
