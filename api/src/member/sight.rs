//! Who sees a member's record, and how much of it.

use zhibu_domain::{
    id::{AccountId, PartyMemberId},
    member::PartyMember,
    policy::{Action, Denied, Permit, Subject},
};

use crate::{
    error::OpError,
    reads::{Loading, NameRead},
};

/// Lets out who people are: a token needs the scope for that, and each reading through one is audited.
pub async fn named(reads: &Loading, whose: impl IntoIterator<Item = AccountId>) -> Result<(), OpError> {
    let loader = reads.loader();
    let Some(permit) = loader.call.naming()? else { return Ok(()) };
    loader.naming.get_or_init(|| permit);
    reads.load_many(whose.into_iter().map(NameRead)).await?;
    Ok(())
}

/// Asks the policy about a member.
pub async fn see(reads: &Loading, action: Action, member: &PartyMember) -> Result<Permit, OpError> {
    let home = reads.load_one(member.unit_id).await?.ok_or(Denied::Hidden)?;
    Ok(reads.loader().call.permit(action, Subject::of(&home.path, member.account_id))?)
}

/// A member whom the caller may see so.
pub async fn seen(
    reads: &Loading,
    action: Action,
    id: PartyMemberId,
) -> Result<(PartyMember, Permit), OpError> {
    let member = reads.load_one(id).await?.ok_or(Denied::Hidden)?;
    let permit = see(reads, action, &member).await?;
    Ok((member, permit))
}

/// Asks the policy about a member by id.
pub async fn see_by_id(reads: &Loading, action: Action, id: PartyMemberId) -> Result<Permit, OpError> {
    Ok(seen(reads, action, id).await?.1)
}
