//! Addresses of calendars. Of their secret there is only a digest.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use zhibu_domain::{
    calendar::CalendarLink,
    id::{AccountId, CalendarLinkId, DistrictId, OrgUnitId},
    identity::SecretHash,
    policy::Permit,
};

use crate::{
    Connect, Result, Store, Tx,
    audit::{self, Entry},
    row::insert,
    sql,
};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub token_hash: Vec<u8>,
        pub created_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

fn read(row: row::Model) -> CalendarLink {
    CalendarLink {
        id: CalendarLinkId(row.id),
        account_id: AccountId(row.account_id),
        unit_id: row.unit_id.map(OrgUnitId),
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    }
}

/// Remembers a new address with the digest of its secret.
pub async fn insert_link(tx: &Tx, permit: &Permit, new: &CalendarLink, token: SecretHash) -> Result<()> {
    let stored = row::Model {
        district_id: permit.district_id().0,
        id: new.id.0,
        account_id: new.account_id.0,
        unit_id: new.unit_id.map(|unit| unit.0),
        token_hash: token.0.to_vec(),
        created_at: new.created_at,
        revoked_at: new.revoked_at,
    };
    insert(tx, stored).await?;
    audit::append(tx, permit, Entry::about(new.id).person(new.account_id).change(None, Some(new))).await
}

/// Remembers that an address was revoked. The caller has locked `before`.
pub async fn revoke_link(
    tx: &Tx,
    permit: &Permit,
    before: &CalendarLink,
    after: &CalendarLink,
) -> Result<()> {
    let text = "UPDATE calendar_link SET revoked_at = $3 WHERE district_id = $1 AND id = $2";
    sql::execute(tx, text, vec![permit.district_id().0.into(), after.id.0.into(), after.revoked_at.into()])
        .await?;
    let entry = Entry::about(after.id).person(after.account_id).change(Some(before), Some(after));
    audit::append(tx, permit, entry).await
}

/// An address that is about to be changed.
pub async fn lock_link(tx: &Tx, district: DistrictId, id: CalendarLinkId) -> Result<Option<CalendarLink>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!("SELECT * FROM calendar_link WHERE district_id = $1 AND id = $2{lock}");
    let row = sql::one::<row::Model>(tx, &text, vec![district.0.into(), id.0.into()]).await?;
    Ok(row.map(read))
}

/// The address of whichever district with this secret.
pub async fn link_by_token(
    db: &impl Connect,
    token: SecretHash,
) -> Result<Option<(DistrictId, CalendarLink)>> {
    let text = "SELECT * FROM calendar_link WHERE token_hash = $1";
    let row = sql::one::<row::Model>(db, text, vec![token.0.to_vec().into()]).await?;
    Ok(row.map(|row| (DistrictId(row.district_id), read(row))))
}

/// The addresses of an account that stand, latest first. There is one for each calendar.
pub async fn links(db: &impl Connect, district: DistrictId, account: AccountId) -> Result<Vec<CalendarLink>> {
    let text = "SELECT * FROM calendar_link WHERE district_id = $1 AND account_id = $2 AND revoked_at IS NULL
        ORDER BY id DESC LIMIT 1000";
    let values: Vec<Value> = vec![district.0.into(), account.0.into()];
    Ok(sql::all::<row::Model>(db, text, values).await?.into_iter().map(read).collect())
}

/// Forgets addresses that were revoked before a moment, at most `limit`.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let values = vec![before.into()];
    sql::delete_some(&store.writing(), "calendar_link", "revoked_at < $1", values, "revoked_at", limit).await
}
