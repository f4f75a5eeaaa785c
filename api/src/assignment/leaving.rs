//! Work of somebody who has left the roster: it lies with whoever issued it again.

use zhibu_domain::{
    assignment::{Addressee, Assignment, AssignmentRefusal as Refusal},
    id::{AccountId, DistrictId},
    policy::Permit,
    rule::Rules,
};
use zhibu_persistence::{StoreError, Tx, assignment, member};

use super::{ops::Done, parts::lock_offer, tell::tell_step};
use crate::{
    app::App,
    error::{OpError, Stop},
};

/// Hands back what waits for somebody who leaves the roster, and what they have claimed for themselves; what
/// they have handed in waits to be verified. The caller has locked the member.
pub async fn hand_back(app: &App, tx: &Tx, permit: &Permit, owner: AccountId) -> Result<(), OpError> {
    let district = permit.district_id();
    let rules = app.rules(district).await?;
    for id in assignment::waiting_for(tx, district, owner).await? {
        let offer = lock_offer(tx, district, id).await?;
        let Some(before) = assignment::lock_assignment(tx, district, id).await? else { continue };
        match give_back(tx, permit, before, offer, &rules).await {
            // It was handed in, passed on or called off meanwhile.
            Ok(_) | Err(Stop::Refused(..)) => {}
            Err(Stop::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Hands one back; the place that it had in an offer is free again.
pub(super) async fn give_back(
    tx: &Tx,
    permit: &Permit,
    before: Assignment,
    offer: Option<Assignment>,
    rules: &Rules,
) -> Done<Assignment> {
    let by = permit.account_id().unwrap_or(before.issued_by);
    let (after, step) = before.clone().handed_back(by, tx.now())?;
    assignment::update_assignment(tx, permit, &before, &after, &step, rules).await?;
    if let Some(offer) = offer
        && let Some((recounted, step)) = offer.clone().recounted(&before, &after, by, tx.now())?
    {
        assignment::update_assignment(tx, permit, &offer, &recounted, &step, rules).await?;
    }
    tell_step(tx, permit.district_id(), &before, &after, &step).await?;
    Ok(after)
}

/// Whether a member to whom it is given has left the roster.
pub(super) async fn has_left(
    tx: &Tx,
    district: DistrictId,
    assignment: &Assignment,
) -> Result<bool, StoreError> {
    let Addressee::Member { owner } = assignment.placement.addressee else { return Ok(false) };
    let members = member::members_of_accounts(tx, district, &[owner]).await?;
    Ok(members.values().any(|member| member.left_on.is_some()))
}

/// Refuses to give work to a member who has left the roster.
pub(super) async fn check_owner(tx: &Tx, district: DistrictId, assignment: &Assignment) -> Done<()> {
    if has_left(tx, district, assignment).await? { Err(Refusal::LeftRoster.into()) } else { Ok(()) }
}
