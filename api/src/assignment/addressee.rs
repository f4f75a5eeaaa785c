//! To whom an assignment is given: finds the one who answers for it.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;
use zhibu_domain::{
    assignment::{Addressee, AssignmentRefusal as Refusal, Placement, Recipient, head},
    id::{DistrictId, OrgUnitId},
    member::Post,
    organization::{OrgUnit, OrgUnitPath},
    policy::Denied,
};
use zhibu_persistence::{StoreError, Tx, member, organization};

use crate::{
    app::App,
    error::{OpError, Stop, at},
};

/// A unit that exists.
pub(super) async fn unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

fn check_place(unit: &OrgUnit, issuer: &OrgUnitPath) -> Result<(), Refusal> {
    if !unit.path.is_within(issuer) {
        Err(Refusal::BeyondIssuer)
    } else if unit.dissolved_at.is_some() {
        Err(Refusal::UnitDissolved)
    } else {
        Ok(())
    }
}

/// A unit's assignment; none where nobody there could be the owner.
pub(super) fn to_unit(unit: &OrgUnit, posts: &[Post], today: NaiveDate) -> Option<Placement> {
    let owner = head(posts, today)?.account_id;
    Some(Placement { unit_id: unit.id, addressee: Addressee::Unit { owner } })
}

/// The posts on units.
pub(super) async fn posts_on(
    tx: &Tx,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<Uuid, Vec<Post>>, StoreError> {
    member::posts(tx, district, member::HeldOn::Units(ids)).await
}

/// Finds the one who answers for it, somewhere in the issuer's subtree.
pub(super) async fn place(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    issuer: &OrgUnitPath,
    to: Recipient,
) -> Result<Placement, Stop<Refusal>> {
    let refused = at("to");
    match to {
        Recipient::Member(id) => {
            let found = member::member(tx, district, id).await?.ok_or(Denied::Hidden)?;
            let home = unit(tx, district, found.unit_id).await?;
            check_place(&home, issuer).map_err(&refused)?;
            if found.left_on.is_some() {
                return Err(refused(Refusal::LeftRoster));
            }
            Ok(Placement { unit_id: home.id, addressee: Addressee::Member { owner: found.account_id } })
        }
        Recipient::Post(id) => {
            let post = member::post(tx, district, id).await?.ok_or(Denied::Hidden)?;
            let on = unit(tx, district, post.unit_id).await?;
            check_place(&on, issuer).map_err(&refused)?;
            if !post.in_force(app.today(&on.time_zone)) {
                return Err(refused(Refusal::NoOwner));
            }
            let addressee = Addressee::Post { post_id: id, owner: post.account_id };
            Ok(Placement { unit_id: on.id, addressee })
        }
        Recipient::Unit(id) => {
            let found = unit(tx, district, id).await?;
            check_place(&found, issuer).map_err(&refused)?;
            let posts = posts_on(tx, district, &[id]).await?.remove(&id.0).unwrap_or_default();
            to_unit(&found, &posts, app.today(&found.time_zone)).ok_or_else(|| refused(Refusal::NoOwner))
        }
        Recipient::Offer(id, capacity) => {
            check_place(&unit(tx, district, id).await?, issuer).map_err(&refused)?;
            Ok(Placement { unit_id: id, addressee: Addressee::Offer { capacity, claimed: 0 } })
        }
    }
}
