use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, TokenGrantId},
    identity::SecretHash,
    organization::OrgUnitPath,
    token::{Grant, Secret},
    vocabulary::Vocabulary,
};

use super::Known;
use crate::{Result, StoreError, row::word};

// When a grant was last used isn't among these columns: whoever changes one leaves that alone.
pub(super) mod grant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "token_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub account_id: Uuid,
        pub name: String,
        pub purpose: Option<String>,
        pub scopes: Json,
        pub unit_id: Uuid,
        pub addresses: Json,
        pub per_minute: i32,
        pub second_factor: bool,
        pub expires_at: DateTimeUtc,
        pub created_by: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod secret {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "token_secret")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub grant_id: Uuid,
        pub tail: String,
        pub created_at: DateTimeUtc,
        pub expires_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();

    // Not even a hash belongs into a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("token_secret(…)")
        }
    }
}

/// A grant with what lies around it.
#[derive(FromQueryResult)]
pub(super) struct KnownRow {
    pub district_id: Uuid,
    pub id: Uuid,
    kind: String,
    account_id: Uuid,
    name: String,
    purpose: Option<String>,
    scopes: Value,
    unit_id: Uuid,
    addresses: Value,
    per_minute: i32,
    second_factor: bool,
    expires_at: DateTime<Utc>,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    version: i32,
    path: String,
}

pub(super) fn stored_grant(district: DistrictId, g: &Grant) -> grant::Model {
    grant::Model {
        district_id: district.0,
        id: g.id.0,
        kind: g.kind.code().to_owned(),
        account_id: g.account_id.0,
        name: g.name.clone(),
        purpose: g.purpose.clone(),
        scopes: json!(g.scopes),
        unit_id: g.unit_id.0,
        addresses: json!(g.addresses),
        per_minute: g.per_minute,
        second_factor: g.second_factor,
        expires_at: g.expires_at,
        created_by: g.created_by.map(|a| a.0),
        created_at: g.created_at,
        revoked_at: g.revoked_at,
        version: g.version,
    }
}

pub(super) fn stored_secret(district: DistrictId, grant: TokenGrantId, s: &Secret) -> secret::Model {
    secret::Model {
        district_id: district.0,
        hash: s.hash.0.to_vec(),
        grant_id: grant.0,
        tail: s.tail.clone(),
        created_at: s.created_at,
        expires_at: s.expires_at,
    }
}

pub(super) fn read_secret(row: secret::Model) -> Result<Secret> {
    let hash = row.hash.try_into().map_err(|_| StoreError::Unreadable("SecretHash"))?;
    Ok(Secret {
        hash: SecretHash(hash),
        tail: row.tail,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}

fn listed<T: DeserializeOwned>(value: Value, what: &'static str) -> Result<Vec<T>> {
    serde_json::from_value(value).map_err(|_| StoreError::Unreadable(what))
}

pub(super) fn read(row: KnownRow, secrets: Vec<Secret>) -> Result<Known> {
    let grant = Grant {
        id: TokenGrantId(row.id),
        kind: word(&row.kind)?,
        account_id: AccountId(row.account_id),
        name: row.name,
        purpose: row.purpose,
        scopes: listed(row.scopes, "TokenScope")?,
        unit_id: OrgUnitId(row.unit_id),
        addresses: listed(row.addresses, "IpNet")?,
        per_minute: row.per_minute,
        second_factor: row.second_factor,
        expires_at: row.expires_at,
        created_by: row.created_by.map(AccountId),
        created_at: row.created_at,
        revoked_at: row.revoked_at,
        version: row.version,
    };
    Ok(Known {
        district_id: DistrictId(row.district_id),
        grant,
        secrets,
        path: OrgUnitPath::from_stored(row.path),
        last_used_at: row.last_used_at,
    })
}
