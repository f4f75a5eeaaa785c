//! Grants of other systems and of people's scripts, and their secrets.

mod row;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId, TokenGrantId},
    identity::SecretHash,
    organization::OrgUnitPath,
    policy::Permit,
    token::{Grant, Secret},
};

use self::row::{KnownRow, grant, secret};
use crate::{
    Connect, Page, PageRequest, Result, Store, Tx,
    audit::{self, Entry},
    epoch,
    row::{insert, insert_all, update},
    sql,
};

/// A grant with what it takes to judge a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The tenant.
    pub district_id: DistrictId,
    /// What was given.
    pub grant: Grant,
    /// What opens it.
    pub secrets: Vec<Secret>,
    /// The place of its unit.
    pub path: OrgUnitPath,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// By what a grant is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantKey {
    /// By its id.
    Id(TokenGrantId),
    /// By one of its secrets.
    Secret(SecretHash),
}

const KNOWN: &str = "SELECT g.*, u.path FROM token_grant g
    JOIN org_unit u ON u.district_id = g.district_id AND u.id = g.unit_id";

/// Gives grants their secrets.
async fn with_secrets(db: &impl Connect, rows: Vec<KnownRow>) -> Result<Vec<Known>> {
    let Some(district) = rows.first().map(|row| row.district_id) else { return Ok(Vec::new()) };
    let query = secret::Entity::find()
        .filter(secret::Column::DistrictId.eq(district))
        .filter(secret::Column::GrantId.is_in(rows.iter().map(|row| row.id)));
    let mut secrets: HashMap<Uuid, Vec<Secret>> = HashMap::new();
    for found in query.all(db.conn()).await? {
        secrets.entry(found.grant_id).or_default().push(row::read_secret(found)?);
    }
    rows.into_iter()
        .map(|known| {
            let mut own = secrets.remove(&known.id).unwrap_or_default();
            own.sort_by_key(|secret| secret.created_at);
            row::read(known, own)
        })
        .collect()
}

/// Finds a grant in whichever of the districts it is.
pub async fn find(db: &impl Connect, districts: &[DistrictId], key: GrantKey) -> Result<Option<Known>> {
    let within = sql::in_list("g.district_id", 2, districts.len());
    let (condition, value): (_, Value) = match key {
        GrantKey::Id(id) => ("g.id = $1", id.0.into()),
        GrantKey::Secret(hash) => (
            "g.id = (SELECT s.grant_id FROM token_secret s WHERE s.district_id = g.district_id AND s.hash = $1)",
            hash.0.to_vec().into(),
        ),
    };
    let text = format!("{KNOWN} WHERE {within} AND {condition}");
    let values = std::iter::once(value).chain(districts.iter().map(|d| d.0.into())).collect();
    let found = sql::one::<KnownRow>(db, &text, values).await?;
    Ok(with_secrets(db, found.into_iter().collect()).await?.pop())
}

/// A grant that is about to be changed.
pub async fn lock(tx: &Tx, district: DistrictId, id: TokenGrantId) -> Result<Option<Known>> {
    let locked = grant::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    match locked {
        Some(_) => find(tx, &[district], GrantKey::Id(id)).await,
        None => Ok(None),
    }
}

/// The clients in a subtree, latest first.
pub async fn client_page(
    db: &impl Connect,
    district: DistrictId,
    subtree: &OrgUnitPath,
    page: PageRequest,
) -> Result<Page<Known>> {
    let mut text =
        format!("{KNOWN} WHERE g.district_id = $1 AND g.kind = 'CLIENT' AND u.path >= $2 AND u.path < $3");
    let mut values: Vec<Value> = vec![district.0.into(), subtree.as_str().into(), subtree.range_end().into()];
    page.append(&mut text, &mut values, "g.id", true);
    let Page { rows, has_more } = page.page(sql::all::<KnownRow>(db, &text, values).await?);
    Ok(Page { rows: with_secrets(db, rows).await?, has_more })
}

/// A person's own tokens that count, latest first.
pub async fn personal(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Known>> {
    let text = format!(
        "{KNOWN} WHERE g.district_id = $1 AND g.account_id = $2 AND g.kind = 'PERSONAL'
         AND g.revoked_at IS NULL AND g.expires_at > $3 ORDER BY g.id DESC"
    );
    let values = vec![district.0.into(), account.0.into(), now.into()];
    with_secrets(db, sql::all(db, &text, values).await?).await
}

/// How many tokens of their own a person has that count; nobody else counts them until the end of the transaction,
/// who would find room for the same.
pub async fn count_personal(tx: &Tx, district: DistrictId, account: AccountId) -> Result<usize> {
    if tx.is_postgres() {
        let text = "SELECT 1 FROM account WHERE district_id = $1 AND id = $2 FOR NO KEY UPDATE";
        sql::execute(tx, text, vec![district.0.into(), account.0.into()]).await?;
    }
    Ok(personal(tx, district, account, tx.now()).await?.len())
}

/// Remembers a new grant with its first secret.
pub async fn insert_grant(tx: &Tx, permit: &Permit, new: &Grant, secret: &Secret) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored_grant(district, new)).await?;
    insert(tx, row::stored_secret(district, new.id, secret)).await?;
    epoch::advance(tx).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers that a grant was changed or taken back.
pub async fn update_grant(tx: &Tx, permit: &Permit, before: &Grant, after: &Grant) -> Result<()> {
    update(tx, row::stored_grant(permit.district_id(), after)).await?;
    epoch::advance(tx).await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}

/// Takes all personal tokens of an account back.
pub async fn revoke_personal(tx: &Tx, permit: &Permit, account: AccountId) -> Result<()> {
    for known in personal(tx, permit.district_id(), account, tx.now()).await? {
        let after = known.grant.clone().revoke(tx.now());
        update_grant(tx, permit, &known.grant, &after).await?;
    }
    Ok(())
}

/// Remembers a grant's new secrets in place of those that it had; the audit knows them by their last letters.
pub async fn replace_secrets(tx: &Tx, permit: &Permit, known: &Known, secrets: &[Secret]) -> Result<()> {
    let (district, id) = (permit.district_id(), known.grant.id);
    let text = "DELETE FROM token_secret WHERE district_id = $1 AND grant_id = $2";
    sql::execute(tx, text, vec![district.0.into(), id.0.into()]).await?;
    insert_all(tx, secrets.iter().map(|new| row::stored_secret(district, id, new)).collect()).await?;
    epoch::advance(tx).await?;
    let tails = |of: &[Secret]| json!({ "secrets": of.iter().map(|s| s.tail.as_str()).collect::<Vec<_>>() });
    let entry = Entry::about(id).person(known.grant.account_id);
    audit::append(tx, permit, entry.change(Some(&tails(&known.secrets)), Some(&tails(secrets)))).await
}

/// Remembers that a grant was used: no business of the audit, and at most once a minute.
pub async fn used(store: &Store, district: DistrictId, id: TokenGrantId, now: DateTime<Utc>) -> Result<()> {
    let text = "UPDATE token_grant SET last_used_at = $3
        WHERE district_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    sql::execute(&store.writing(), text, vec![district.0.into(), id.0.into(), now.into()]).await?;
    Ok(())
}

/// Takes an access token back before its end.
pub async fn revoke_access_token(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    id: SessionId,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let text = "INSERT INTO revoked_access_token (district_id, id, account_id, revoked_at, expires_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values = vec![
        permit.district_id().0.into(),
        id.0.into(),
        account.0.into(),
        tx.now().into(),
        expires_at.into(),
    ];
    if sql::execute(tx, text, values).await? == 1 {
        tx.signal(epoch::MOVED).await?;
        audit::append(tx, permit, Entry::about(id).person(account)).await?;
    }
    Ok(())
}

/// Forgets access tokens that have expired before `before`, at most `limit`.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let (old, values) = ("expires_at < $1", vec![before.into()]);
    sql::delete_some(&store.writing(), "revoked_access_token", old, values, "expires_at", limit).await
}
