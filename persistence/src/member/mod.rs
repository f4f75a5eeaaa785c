//! People: accounts, the roster, exemptions.

mod change;
mod membership;
mod post;
mod row;
mod sync;

pub use post::{HeldOn, held_posts, insert_post, insert_posts, lock_post, post, posts, update_post};
pub(crate) use sync::touch;
pub use sync::{Changed, ChangesFilter, roster_changes};

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use zhibu_domain::{
    id::{AccountId, DistrictId, ExemptionId, OrgUnitId, PartyMemberId},
    member::{Account, Exemption, PartyMember, PhoneNumber},
    organization::OrgUnitPath,
    policy::Permit,
};

use self::row::{MEMBER, MemberRow, account, exemption};
pub(crate) use self::row::{MEMBER_BESIDE, member_beside};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    organization::below,
    row::{insert, insert_all, update},
    sql,
};

/// An account.
pub async fn account(db: &impl Connect, district: DistrictId, id: AccountId) -> Result<Option<Account>> {
    account::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(row::read_account).transpose()
}

/// Accounts by their ids.
pub async fn accounts(
    db: &impl Connect,
    district: DistrictId,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, Account>> {
    let query = account::Entity::find()
        .filter(account::Column::DistrictId.eq(district.0))
        .filter(account::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_account(r).map(|a| (a.id, a))).collect()
}

/// The account with a phone number.
pub async fn account_by_phone(
    db: &impl Connect,
    district: DistrictId,
    phone: &PhoneNumber,
) -> Result<Option<Account>> {
    let query = account::Entity::find()
        .filter(account::Column::DistrictId.eq(district.0))
        .filter(account::Column::Phone.eq(phone.as_e164()));
    query.one(db.conn()).await?.map(row::read_account).transpose()
}

/// The accounts with some phone numbers, by E.164.
pub async fn accounts_by_phone(
    db: &impl Connect,
    district: DistrictId,
    phones: &[&PhoneNumber],
) -> Result<HashMap<String, Account>> {
    let mut found = HashMap::new();
    for phones in phones.chunks(500) {
        let query = account::Entity::find()
            .filter(account::Column::DistrictId.eq(district.0))
            .filter(account::Column::Phone.is_in(phones.iter().map(|p| p.as_e164())));
        for row in query.all(db.conn()).await? {
            let phone = row.phone.clone().unwrap_or_default();
            found.insert(phone, row::read_account(row)?);
        }
    }
    Ok(found)
}

/// Remembers a new account.
pub async fn insert_account(tx: &Tx, permit: &Permit, account: &Account) -> Result<()> {
    insert(tx, row::stored_account(permit.district_id(), account)).await?;
    audit::append(tx, permit, Entry::about(account.id).person(account.id).change(None, Some(account))).await
}

/// Remembers an account's new name, phone or language.
pub async fn update_account(tx: &Tx, permit: &Permit, before: &Account, after: &Account) -> Result<()> {
    update(tx, row::stored_account(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).person(after.id).change(Some(before), Some(after))).await
}

/// Members by their ids.
pub async fn members(
    db: &impl Connect,
    district: DistrictId,
    ids: &[PartyMemberId],
) -> Result<HashMap<PartyMemberId, PartyMember>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = members_where(db, district, "m.id", &ids).await?;
    Ok(rows.into_iter().map(|m| (m.id, m)).collect())
}

/// The members that accounts are.
pub async fn members_of_accounts(
    db: &impl Connect,
    district: DistrictId,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, PartyMember>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = members_where(db, district, "m.account_id", &ids).await?;
    Ok(rows.into_iter().map(|m| (m.account_id, m)).collect())
}

async fn members_where(
    db: &impl Connect,
    district: DistrictId,
    column: &str,
    ids: &[uuid::Uuid],
) -> Result<Vec<PartyMember>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let text = format!("{MEMBER} WHERE m.district_id = $1 AND {}", sql::in_list(column, 2, ids.len()));
        let values = std::iter::once(district.0).chain(ids.iter().copied()).map(Value::from).collect();
        for row in sql::all::<MemberRow>(db, &text, values).await? {
            found.push(row::read_member(row)?);
        }
    }
    Ok(found)
}

/// A member.
pub async fn member(
    db: &impl Connect,
    district: DistrictId,
    id: PartyMemberId,
) -> Result<Option<PartyMember>> {
    Ok(members(db, district, &[id]).await?.remove(&id))
}

/// The member that an account is, on the roster or not, who is about to be changed.
pub async fn lock_member_of(
    tx: &Tx,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<PartyMember>> {
    match members_of_accounts(tx, district, &[account]).await?.remove(&account) {
        Some(member) => lock_member(tx, district, member.id).await,
        None => Ok(None),
    }
}

/// A member who is about to be changed.
pub async fn lock_member(tx: &Tx, district: DistrictId, id: PartyMemberId) -> Result<Option<PartyMember>> {
    let lock = if tx.is_postgres() { " FOR UPDATE OF m" } else { "" };
    let text = format!("{MEMBER} WHERE m.district_id = $1 AND m.id = $2{lock}");
    sql::one::<MemberRow>(tx, &text, vec![district.0.into(), id.0.into()])
        .await?
        .map(row::read_member)
        .transpose()
}

const IN_SUBTREE: &str =
    "JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id WHERE m.district_id = $1";

/// The whole active roster of a subtree.
pub async fn roster(db: &impl Connect, district: DistrictId, path: &OrgUnitPath) -> Result<Vec<PartyMember>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let condition = below(path, "u.path", &mut values);
    let text = format!("{MEMBER} {IN_SUBTREE} AND {condition} AND m.left_on IS NULL ORDER BY m.id");
    sql::all::<MemberRow>(db, &text, values).await?.into_iter().map(row::read_member).collect()
}

/// A page of the roster of a subtree, in order of entry; `name` is a part of the name.
pub async fn roster_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    name: Option<&str>,
    page: PageRequest,
) -> Result<Page<PartyMember>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let condition = below(path, "u.path", &mut values);
    let mut text = format!("{MEMBER} {IN_SUBTREE} AND {condition} AND m.left_on IS NULL");
    if let Some(name) = name {
        values.push(sql::containing(name).into());
        text.push_str(&format!(" AND {}", sql::contains(db, "a.name", values.len())));
    }
    page.append(&mut text, &mut values, "m.id", false);
    let rows: Vec<MemberRow> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_member).collect::<Result<_>>()?))
}

/// How many active members a subtree has.
pub async fn count_roster(db: &impl Connect, district: DistrictId, path: &OrgUnitPath) -> Result<u64> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let condition = below(path, "u.path", &mut values);
    let text =
        format!("SELECT count(*) FROM party_member m {IN_SUBTREE} AND {condition} AND m.left_on IS NULL");
    sql::count(db, &text, values).await
}

/// Remembers a new member; the account stands already.
pub async fn insert_member(tx: &Tx, permit: &Permit, member: &PartyMember) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored_member(district, member, tx.now())).await?;
    let today = membership::today(tx, district, member.unit_id).await?;
    membership::begin(tx, district, std::iter::once(member), Some(today)).await?;
    audit::append(tx, permit, Entry::about(member.id).person(member.account_id).change(None, Some(member)))
        .await
}

/// Remembers many new members with their accounts (import, demo data), each in the audit
/// where `audited`. A roster says who is there, not since when: they count as having been there.
pub async fn insert_members(
    tx: &Tx,
    permit: &Permit,
    people: &[(Option<Account>, PartyMember)],
    audited: bool,
) -> Result<()> {
    let district = permit.district_id();
    let accounts = people.iter().filter_map(|(a, _)| a.as_ref());
    insert_all(tx, accounts.map(|a| row::stored_account(district, a)).collect()).await?;
    insert_all(tx, people.iter().map(|(_, m)| row::stored_member(district, m, tx.now())).collect()).await?;
    membership::begin(tx, district, people.iter().map(|(_, m)| m), None).await?;
    if audited {
        let entry = |m: &PartyMember| Entry::about(m.id).person(m.account_id).change(None, Some(m));
        audit::append_all(tx, permit, people.iter().map(|(_, m)| entry(m)).collect()).await?;
    }
    Ok(())
}

/// Remembers a member's change, with the account's name and phone. The caller has locked `before`.
pub async fn update_member(
    tx: &Tx,
    permit: &Permit,
    before: &PartyMember,
    after: &PartyMember,
    reason: Option<&str>,
) -> Result<()> {
    write_changes(tx, permit, std::slice::from_ref(&(before.clone(), after.clone())), reason).await
}

/// Remembers many members' changes (before, after). [`Stale`](crate::StoreError::Stale) if one of
/// them isn't as `before` says any more.
pub async fn update_members(tx: &Tx, permit: &Permit, changes: &[(PartyMember, PartyMember)]) -> Result<()> {
    write_changes(tx, permit, changes, None).await
}

async fn write_changes(
    tx: &Tx,
    permit: &Permit,
    changes: &[(PartyMember, PartyMember)],
    reason: Option<&str>,
) -> Result<()> {
    let district = permit.district_id();
    let (back, staying): (Vec<_>, Vec<_>) =
        changes.iter().partition(|(before, after)| before.left_on.is_some() && after.left_on.is_none());
    for (changes, entered) in [(staying, false), (back, true)] {
        let rows = changes.iter().map(|(_, after)| row::stored_member(district, after, tx.now())).collect();
        change::members(tx, rows, entered).await?;
        for (before, after) in changes {
            membership::follow(tx, district, before, after).await?;
        }
    }
    let renamed = |(before, after): &&(PartyMember, PartyMember)| {
        before.name != after.name || before.phone != after.phone
    };
    let accounts: Vec<_> = changes.iter().filter(renamed).map(|(_, after)| after).collect();
    change::accounts(tx, district, &accounts).await?;
    let entry = |(before, after): &'_ (PartyMember, PartyMember)| {
        Entry::about(after.id).person(after.account_id).reason(reason).change(Some(before), Some(after))
    };
    audit::append_all(tx, permit, changes.iter().map(entry).collect()).await
}

/// The exemptions of members.
pub async fn exemptions(
    db: &impl Connect,
    district: DistrictId,
    ids: &[PartyMemberId],
) -> Result<HashMap<PartyMemberId, Vec<Exemption>>> {
    let query = exemption::Entity::find()
        .filter(exemption::Column::DistrictId.eq(district.0))
        .filter(exemption::Column::MemberId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(exemption::Column::Id);
    let mut exemptions: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        let exemption = row::read_exemption(row)?;
        exemptions.entry(exemption.member_id).or_default().push(exemption);
    }
    Ok(exemptions)
}

/// An exemption.
pub async fn exemption(
    db: &impl Connect,
    district: DistrictId,
    id: ExemptionId,
) -> Result<Option<Exemption>> {
    exemption::Entity::find_by_id((district.0, id.0))
        .one(db.conn())
        .await?
        .map(row::read_exemption)
        .transpose()
}

/// Remembers a new exemption of a member with this account.
pub async fn insert_exemption(
    tx: &Tx,
    permit: &Permit,
    exemption: &Exemption,
    account: AccountId,
) -> Result<()> {
    insert(tx, row::stored_exemption(permit.district_id(), exemption)).await?;
    let entry = Entry::about(exemption.id).person(account).reason(Some(&exemption.reason));
    audit::append(tx, permit, entry.change(None, Some(exemption))).await
}

/// Remembers an exemption's new last day.
pub async fn update_exemption(
    tx: &Tx,
    permit: &Permit,
    before: &Exemption,
    after: &Exemption,
    account: AccountId,
) -> Result<()> {
    update(tx, row::stored_exemption(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).person(account).change(Some(before), Some(after))).await
}

/// The home units of members: what a unit's own page counts.
pub async fn count_by_unit(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, u64>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Count {
        unit_id: uuid::Uuid,
        members: i64,
    }
    let text = format!(
        "SELECT t.id AS unit_id, count(m.id) AS members FROM org_unit t
         JOIN org_unit u ON u.district_id = t.district_id AND u.path >= t.path AND u.path < substr(t.path, 1, length(t.path) - 1) || '0'
         JOIN party_member m ON m.district_id = u.district_id AND m.unit_id = u.id AND m.left_on IS NULL
         WHERE t.district_id = $1 AND {} GROUP BY t.id",
        sql::in_list("t.id", 2, ids.len())
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let rows = sql::all::<Count>(db, &text, values).await?;
    Ok(rows.into_iter().map(|r| (OrgUnitId(r.unit_id), u64::try_from(r.members).unwrap_or(0))).collect())
}
