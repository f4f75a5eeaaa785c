use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::{LeaveRequest, LeaveState},
    id::{AccountId, ActivityId, DistrictId, LeaveRequestId, PartyMemberId},
    policy::Permit,
    vocabulary::Vocabulary,
};

use super::row::{self, leave_request};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, update, update_all},
    sql,
};

/// A member's latest request for an activity.
pub async fn latest_leave(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    member: PartyMemberId,
) -> Result<Option<LeaveRequest>> {
    let text = "SELECT * FROM leave_request WHERE district_id = $1 AND activity_id = $2 AND member_id = $3 ORDER BY id DESC LIMIT 1";
    let values = vec![district.0.into(), activity.0.into(), member.0.into()];
    sql::one::<leave_request::Model>(db, text, values).await?.map(row::read_leave).transpose()
}

/// A member's latest requests for some activities.
pub async fn leaves_of(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    activities: &[ActivityId],
) -> Result<HashMap<ActivityId, LeaveRequest>> {
    let text = format!(
        "SELECT * FROM leave_request WHERE district_id = $1 AND member_id = $2 AND {} ORDER BY id",
        sql::in_list("activity_id", 3, activities.len())
    );
    let ids = [district.0, member.0].into_iter().chain(activities.iter().map(|a| a.0));
    let rows = sql::all::<leave_request::Model>(db, &text, ids.map(Value::from).collect()).await?;
    // In order of asking, so that the latest of an activity stays.
    rows.into_iter().map(|r| row::read_leave(r).map(|l| (l.activity_id, l))).collect()
}

/// A request.
pub async fn leave(
    db: &impl Connect,
    district: DistrictId,
    id: LeaveRequestId,
) -> Result<Option<LeaveRequest>> {
    let found = leave_request::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?;
    found.map(row::read_leave).transpose()
}

/// Requests by their ids.
pub async fn leaves(
    db: &impl Connect,
    district: DistrictId,
    ids: &[LeaveRequestId],
) -> Result<HashMap<LeaveRequestId, LeaveRequest>> {
    let query = leave_request::Entity::find()
        .filter(leave_request::Column::DistrictId.eq(district.0))
        .filter(leave_request::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_leave(r).map(|l| (l.id, l))).collect()
}

/// A request that is about to be decided or withdrawn.
pub async fn lock_leave(tx: &Tx, district: DistrictId, id: LeaveRequestId) -> Result<Option<LeaveRequest>> {
    let found = leave_request::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_leave).transpose()
}

/// Requests that are about to be decided, locked in order of their ids.
pub async fn lock_leaves(
    tx: &Tx,
    district: DistrictId,
    ids: &[LeaveRequestId],
) -> Result<HashMap<LeaveRequestId, LeaveRequest>> {
    let query = leave_request::Entity::find()
        .filter(leave_request::Column::DistrictId.eq(district.0))
        .filter(leave_request::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(leave_request::Column::Id)
        .lock_exclusive();
    query.all(tx.conn()).await?.into_iter().map(|r| row::read_leave(r).map(|l| (l.id, l))).collect()
}

/// The requests of an activity, in order of asking.
pub async fn leave_page(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    state: Option<LeaveState>,
    page: PageRequest,
) -> Result<Page<LeaveRequest>> {
    let mut values: Vec<Value> = vec![district.0.into(), activity.0.into()];
    let mut text = "SELECT * FROM leave_request WHERE district_id = $1 AND activity_id = $2".to_owned();
    if let Some(state) = state {
        values.push(state.code().into());
        text.push_str(" AND state = $3");
    }
    page.append(&mut text, &mut values, "id", false);
    let rows: Vec<leave_request::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_leave).collect::<Result<_>>()?))
}

#[derive(FromQueryResult)]
struct MemberRow {
    member_id: Uuid,
}

/// The members who have been granted leave from an activity.
pub async fn leaves_granted(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
) -> Result<HashSet<PartyMemberId>> {
    let text = "SELECT member_id FROM leave_request WHERE district_id = $1 AND activity_id = $2 AND state = 'GRANTED'";
    let rows = sql::all::<MemberRow>(db, text, vec![district.0.into(), activity.0.into()]).await?;
    Ok(rows.into_iter().map(|r| PartyMemberId(r.member_id)).collect())
}

/// Remembers a new request; `person` is the member's account.
pub async fn insert_leave(tx: &Tx, permit: &Permit, leave: &LeaveRequest, person: AccountId) -> Result<()> {
    insert(tx, row::stored_leave(permit.district_id(), leave)).await?;
    audit::append(tx, permit, Entry::about(leave.id).person(person).change(None, Some(leave))).await
}

/// Remembers a request's change.
pub async fn update_leave(
    tx: &Tx,
    permit: &Permit,
    before: &LeaveRequest,
    after: &LeaveRequest,
    person: AccountId,
) -> Result<()> {
    update(tx, row::stored_leave(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).person(person).change(Some(before), Some(after))).await
}

/// Remembers the changes of requests, each with its member's account: as many statements for many as
/// for one.
pub async fn update_leaves(
    tx: &Tx,
    permit: &Permit,
    changed: &[(LeaveRequest, LeaveRequest, AccountId)],
) -> Result<()> {
    let district = permit.district_id();
    update_all(tx, changed.iter().map(|(_, after, _)| row::stored_leave(district, after)).collect()).await?;
    let entry = |(before, after, person): &(LeaveRequest, LeaveRequest, AccountId)| {
        Entry::about(after.id).person(*person).change(Some(before), Some(after))
    };
    audit::append_all(tx, permit, changed.iter().map(entry).collect()).await
}
