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

/// Who holds a post on a day: whoever was appointed, or since then a successor of the same kind.
async fn holder(
    tx: &Tx,
    district: DistrictId,
    post: Post,
    day: NaiveDate,
) -> Result<Option<Post>, StoreError> {
    if post.in_force(day) {
        return Ok(Some(post));
    }
    let others = posts_on(tx, district, &[post.unit_id]).await?.remove(&post.unit_id.0).unwrap_or_default();
    Ok(others.into_iter().find(|other| other.kind == post.kind && other.in_force(day)))
}

fn to_post(post: &Post) -> Placement {
    let addressee = Addressee::Post { post_id: post.id, owner: post.account_id };
    Placement { unit_id: post.unit_id, addressee }
}

/// Who answers from now on for what was given to a unit or a post; none where nobody does.
pub(super) async fn successor(
    tx: &Tx,
    district: DistrictId,
    before: &Placement,
    unit: &OrgUnit,
    day: NaiveDate,
) -> Result<Option<Placement>, StoreError> {
    Ok(match before.addressee {
        Addressee::Unit { .. } => {
            let posts = posts_on(tx, district, &[unit.id]).await?.remove(&unit.id.0).unwrap_or_default();
            to_unit(unit, &posts, day)
        }
        Addressee::Post { post_id, .. } => match member::post(tx, district, post_id).await? {
            Some(post) => holder(tx, district, post, day).await?.as_ref().map(to_post),
            None => None,
        },
        Addressee::Member { .. } | Addressee::Offer { .. } => None,
    })
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
            let holder = holder(tx, district, post, app.today(&on.time_zone)).await?;
            Ok(to_post(&holder.ok_or_else(|| refused(Refusal::NoOwner))?))
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
