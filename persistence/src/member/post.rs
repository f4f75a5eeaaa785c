use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PostId},
    member::Post,
    organization::OrgUnitPath,
    policy::{HeldPost, Permit},
};

use super::row::{self, post};
use crate::{
    Connect, Result, Tx, assignment,
    audit::{self, Entry},
    row::{insert, insert_all, update, word},
    sql,
};

#[derive(FromQueryResult)]
struct HeldRow {
    kind: String,
    unit_id: Uuid,
    path: String,
}

/// The posts of an account that are in force on a day, with the paths of their units.
pub async fn held_posts(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    day: NaiveDate,
) -> Result<Vec<HeldPost>> {
    let text = "SELECT p.kind, p.unit_id, u.path FROM post p
        JOIN org_unit u ON u.district_id = p.district_id AND u.id = p.unit_id
        WHERE p.district_id = $1 AND p.account_id = $2 AND p.starts_on <= $3 AND (p.ends_on IS NULL OR p.ends_on >= $3)";
    let rows = sql::all::<HeldRow>(db, text, vec![district.0.into(), account.0.into(), day.into()]).await?;
    rows.into_iter()
        .map(|r| {
            Ok(HeldPost {
                kind: word(&r.kind)?,
                unit_id: OrgUnitId(r.unit_id),
                path: OrgUnitPath::from_stored(r.path),
            })
        })
        .collect()
}

/// Whose or which unit's posts to list.
#[derive(Clone, Copy, Debug)]
pub enum HeldOn<'a> {
    /// Of units.
    Units(&'a [OrgUnitId]),
    /// Of accounts.
    Accounts(&'a [AccountId]),
}

/// The posts on units or of accounts, by the id asked for; ended ones too.
pub async fn posts(
    db: &impl Connect,
    district: DistrictId,
    of: HeldOn<'_>,
) -> Result<HashMap<Uuid, Vec<Post>>> {
    let query =
        post::Entity::find().filter(post::Column::DistrictId.eq(district.0)).order_by_asc(post::Column::Id);
    let query = match of {
        HeldOn::Units(ids) => query.filter(post::Column::UnitId.is_in(ids.iter().map(|id| id.0))),
        HeldOn::Accounts(ids) => query.filter(post::Column::AccountId.is_in(ids.iter().map(|id| id.0))),
    };
    let mut posts: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        let key = if matches!(of, HeldOn::Units(_)) { row.unit_id } else { row.account_id };
        posts.entry(key).or_default().push(row::read_post(row)?);
    }
    Ok(posts)
}

/// A post.
pub async fn post(db: &impl Connect, district: DistrictId, id: PostId) -> Result<Option<Post>> {
    post::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(row::read_post).transpose()
}

/// A post that is about to be changed.
pub async fn lock_post(tx: &Tx, district: DistrictId, id: PostId) -> Result<Option<Post>> {
    let found = post::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_post).transpose()
}

/// Remembers a new post.
pub async fn insert_post(tx: &Tx, permit: &Permit, post: &Post) -> Result<()> {
    insert(tx, row::stored_post(permit.district_id(), post)).await?;
    assignment::look_through(tx, permit.district_id()).await?;
    audit::append(tx, permit, Entry::about(post.id).person(post.account_id).change(None, Some(post))).await
}

/// Remembers many new posts (demo data).
pub async fn insert_posts(tx: &Tx, permit: &Permit, posts: &[Post]) -> Result<()> {
    insert_all(tx, posts.iter().map(|p| row::stored_post(permit.district_id(), p)).collect()).await?;
    assignment::look_through(tx, permit.district_id()).await
}

/// Remembers a post's end.
pub async fn update_post(tx: &Tx, permit: &Permit, before: &Post, after: &Post) -> Result<()> {
    update(tx, row::stored_post(permit.district_id(), after)).await?;
    assignment::look_through(tx, permit.district_id()).await?;
    audit::append(
        tx,
        permit,
        Entry::about(after.id).person(after.account_id).change(Some(before), Some(after)),
    )
    .await
}
