use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use zhibu_domain::{
    activity::{CheckInClaim, ClaimState},
    id::{AccountId, ActivityId, CheckInClaimId, DistrictId, PartyMemberId},
    policy::Permit,
    vocabulary::Vocabulary,
};

use super::row::{self, check_in_claim};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, update},
    sql,
};

/// A member's claim of an activity, decided or not.
pub async fn claim_of(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    member: PartyMemberId,
) -> Result<Option<CheckInClaim>> {
    let text = "SELECT * FROM check_in_claim WHERE district_id = $1 AND activity_id = $2 AND member_id = $3";
    let values = vec![district.0.into(), activity.0.into(), member.0.into()];
    sql::one::<check_in_claim::Model>(db, text, values).await?.map(row::read_claim).transpose()
}

/// A member's claims of some activities.
pub async fn claims_of(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    activities: &[ActivityId],
) -> Result<HashMap<ActivityId, CheckInClaim>> {
    let text = format!(
        "SELECT * FROM check_in_claim WHERE district_id = $1 AND member_id = $2 AND {}",
        sql::in_list("activity_id", 3, activities.len())
    );
    let ids = [district.0, member.0].into_iter().chain(activities.iter().map(|a| a.0));
    let rows = sql::all::<check_in_claim::Model>(db, &text, ids.map(Value::from).collect()).await?;
    rows.into_iter().map(|r| row::read_claim(r).map(|c| (c.claim.activity_id, c))).collect()
}

/// A claim.
pub async fn claim(
    db: &impl Connect,
    district: DistrictId,
    id: CheckInClaimId,
) -> Result<Option<CheckInClaim>> {
    let found = check_in_claim::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?;
    found.map(row::read_claim).transpose()
}

/// Claims by their ids.
pub async fn claims(
    db: &impl Connect,
    district: DistrictId,
    ids: &[CheckInClaimId],
) -> Result<HashMap<CheckInClaimId, CheckInClaim>> {
    let query = check_in_claim::Entity::find()
        .filter(check_in_claim::Column::DistrictId.eq(district.0))
        .filter(check_in_claim::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_claim(r).map(|c| (c.id, c))).collect()
}

/// A claim that is about to be decided.
pub async fn lock_claim(tx: &Tx, district: DistrictId, id: CheckInClaimId) -> Result<Option<CheckInClaim>> {
    let found =
        check_in_claim::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_claim).transpose()
}

/// The claims of an activity, in order of arrival.
pub async fn claim_page(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    state: Option<ClaimState>,
    page: PageRequest,
) -> Result<Page<CheckInClaim>> {
    let mut values: Vec<Value> = vec![district.0.into(), activity.0.into()];
    let mut text = "SELECT * FROM check_in_claim WHERE district_id = $1 AND activity_id = $2".to_owned();
    if let Some(state) = state {
        values.push(state.code().into());
        text.push_str(" AND state = $3");
    }
    page.append(&mut text, &mut values, "id", false);
    let rows: Vec<check_in_claim::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_claim).collect::<Result<_>>()?))
}

/// Remembers a new claim; `person` is the member's account.
pub async fn insert_claim(tx: &Tx, permit: &Permit, claim: &CheckInClaim, person: AccountId) -> Result<()> {
    insert(tx, row::stored_claim(permit.district_id(), claim)).await?;
    audit::append(tx, permit, Entry::about(claim.id).person(person).change(None, Some(claim))).await
}

/// Remembers a claim's decision.
pub async fn update_claim(
    tx: &Tx,
    permit: &Permit,
    before: &CheckInClaim,
    after: &CheckInClaim,
    person: AccountId,
) -> Result<()> {
    update(tx, row::stored_claim(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).person(person).change(Some(before), Some(after))).await
}
