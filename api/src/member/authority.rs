//! Whoever sets somebody's phone number or password can sign in as them. So for the holder of
//! posts it needs who could give each of them: those of today, and those that will begin.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use zhibu_domain::{
    id::{AccountId, DistrictId},
    member::{Post, check_appointment},
    organization::OrgUnit,
    policy::{Action, Actor, Person, Subject},
};
use zhibu_persistence::{Connect, member, organization};

use crate::{call::Call, error::OpError};

/// Accounts asked about at once.
const STEP: usize = 500;

/// Those of the accounts that hold, or will hold, a post that the caller couldn't give. One's own
/// account is never among them.
pub async fn out_of_reach(
    call: &Call,
    db: &impl Connect,
    accounts: &[AccountId],
    today: NaiveDate,
) -> Result<HashSet<AccountId>, OpError> {
    let mut beyond = HashSet::new();
    if matches!(call.actor, Actor::System(_)) {
        return Ok(beyond);
    }
    let (district, caller) = (call.district()?, call.person()?);
    for accounts in accounts.chunks(STEP) {
        let held = standing_posts(db, district, accounts, today).await?;
        let ids: Vec<_> = held.iter().map(|post| post.unit_id).collect();
        let units =
            if ids.is_empty() { HashMap::new() } else { organization::units(db, district, &ids).await? };
        let others = held.iter().filter(|post| post.account_id != caller.account_id);
        let withheld = others.filter(|post| !could_give(call, caller, post, units.get(&post.unit_id)));
        beyond.extend(withheld.map(|post| post.account_id));
    }
    Ok(beyond)
}

/// The posts of accounts that haven't ended.
async fn standing_posts(
    db: &impl Connect,
    district: DistrictId,
    accounts: &[AccountId],
    today: NaiveDate,
) -> Result<Vec<Post>, OpError> {
    let held = member::posts(db, district, member::HeldOn::Accounts(accounts)).await?;
    let standing = |post: &Post| post.ends_on.is_none_or(|end| end >= today);
    Ok(held.into_values().flatten().filter(standing).collect())
}

fn could_give(call: &Call, caller: &Person, post: &Post, unit: Option<&OrgUnit>) -> bool {
    unit.is_some_and(|unit| {
        call.permit(Action::Appoint, Subject::unit(&unit.path)).is_ok()
            && check_appointment(caller, post.kind, unit.kind, &unit.path, post.account_id).is_ok()
    })
}
