//! Signing in: passwords, counts of failures, sessions, one-time codes, second factors. What
//! several of these functions lock in one transaction they lock in this order: the count of the
//! number, its code, the password, the count of the account, its second factor, a session.

mod event;
mod lockout;
mod proof;
mod row;
mod session;
mod wechat;

pub use event::Whom;
pub use lockout::{Counted, lock_count, lockout, save_counts, save_failure};
pub use proof::{
    accept_code, delete_second_factor, lock_code, lock_second_factor, save_code, save_second_factor,
    second_factor, send_code,
};
pub use session::{
    insert_session, live_sessions, lock_session, revoke_sessions, revoked_since, save_session,
};
pub use wechat::{
    bindings_of, bindings_to, delete_binding, insert_binding, issue_binding_code, lock_binding_code,
    move_binding, revoke_bound_sessions, spend_binding_code,
};

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, FromQueryResult, QuerySelect};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId},
    identity::{IdentityEvent, Lockout, SecretHash},
    member::{Account, PhoneNumber},
    organization::OrgUnitPath,
    policy::{Membership, Permit},
};

use self::row::credential;
use crate::{
    Connect, Result, Store, Tx,
    row::{insert_all, upsert, word},
    sql,
};

/// An account's password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its hash, as a PHC string.
    pub password_hash: String,
    /// When its holder chose it; `None` while it is the initial one that somebody else set.
    pub changed_at: Option<DateTime<Utc>>,
}

// Not even a hash belongs into a log.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// What is known of a number when somebody tries to sign in with it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its account.
    pub account: Option<Account>,
    /// That account's password.
    pub credential: Option<Credential>,
    /// The failures with this number.
    pub lockout: Lockout,
}

#[derive(FromQueryResult)]
struct KnownRow {
    id: Option<Uuid>,
    name: Option<String>,
    language: Option<String>,
    created_at: Option<DateTime<Utc>>,
    password_hash: Option<String>,
    changed_at: Option<DateTime<Utc>>,
    failures: Option<i32>,
    locked_until: Option<DateTime<Utc>>,
}

/// What is known of a number: one statement, whether or not anyone has it.
pub async fn known(
    db: &impl Connect,
    district: DistrictId,
    phone: &PhoneNumber,
    key: SecretHash,
) -> Result<Known> {
    let text = "SELECT a.id, a.name, a.language, a.created_at, c.password_hash, c.changed_at, l.failures, l.locked_until
        FROM (SELECT 1 AS one) AS anybody
        LEFT JOIN account a ON a.district_id = $1 AND a.phone = $2
        LEFT JOIN credential c ON c.district_id = a.district_id AND c.account_id = a.id
        LEFT JOIN lockout l ON l.district_id = $1 AND l.key_hash = $3";
    let values = vec![district.0.into(), phone.as_e164().into(), key.0.to_vec().into()];
    let Some(row) = sql::one::<KnownRow>(db, text, values).await? else {
        return Ok(Known { account: None, credential: None, lockout: Lockout::default() });
    };
    let account = match (row.id, row.name, row.language, row.created_at) {
        (Some(id), Some(name), Some(language), Some(created_at)) => Some(Account {
            id: AccountId(id),
            name,
            phone: Some(phone.clone()),
            language: word(&language)?,
            created_at,
        }),
        _ => None,
    };
    Ok(Known {
        account,
        credential: row
            .password_hash
            .map(|password_hash| Credential { password_hash, changed_at: row.changed_at }),
        lockout: Lockout { failures: row.failures.unwrap_or(0), locked_until: row.locked_until },
    })
}

/// What an account is, beside its posts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The membership, of a Party member on the roster.
    pub membership: Option<Membership>,
    /// Whether the second factor is in use.
    pub second_factor_active: bool,
}

#[derive(FromQueryResult)]
struct StandingRow {
    member_id: Option<Uuid>,
    unit_id: Option<Uuid>,
    path: Option<String>,
    active_since: Option<DateTime<Utc>>,
}

/// What an account is.
pub async fn standing(db: &impl Connect, district: DistrictId, account: AccountId) -> Result<Standing> {
    let text = "SELECT m.id AS member_id, m.unit_id, u.path, f.active_since FROM account a
        LEFT JOIN party_member m ON m.district_id = a.district_id AND m.account_id = a.id AND m.left_on IS NULL
        LEFT JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id
        LEFT JOIN second_factor f ON f.district_id = a.district_id AND f.account_id = a.id
        WHERE a.district_id = $1 AND a.id = $2";
    let row = sql::one::<StandingRow>(db, text, vec![district.0.into(), account.0.into()]).await?;
    let Some(row) = row else { return Ok(Standing::default()) };
    let membership = match (row.member_id, row.unit_id, row.path) {
        (Some(member_id), Some(unit_id), Some(path)) => Some(Membership {
            member_id: PartyMemberId(member_id),
            unit_id: OrgUnitId(unit_id),
            path: OrgUnitPath::from_stored(path),
        }),
        _ => None,
    };
    Ok(Standing { membership, second_factor_active: row.active_since.is_some() })
}

fn read_credential(row: credential::Model) -> Credential {
    Credential { password_hash: row.password_hash, changed_at: row.changed_at }
}

fn stored_credential(district: DistrictId, account: AccountId, credential: &Credential) -> credential::Model {
    credential::Model {
        district_id: district.0,
        account_id: account.0,
        password_hash: credential.password_hash.clone(),
        changed_at: credential.changed_at,
    }
}

/// An account's password.
pub async fn credential(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<Credential>> {
    let found = credential::Entity::find_by_id((district.0, account.0)).one(db.conn()).await?;
    Ok(found.map(read_credential))
}

/// An account's password that is about to be changed, or must not change meanwhile.
pub async fn lock_credential(
    tx: &Tx,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<Credential>> {
    let query = credential::Entity::find_by_id((district.0, account.0)).lock_exclusive();
    Ok(query.one(tx.conn()).await?.map(read_credential))
}

/// Remembers a new password: its holder's own, or an initial one.
pub async fn save_credential(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    credential: &Credential,
) -> Result<()> {
    upsert(tx, stored_credential(permit.district_id(), account, credential)).await?;
    let chosen = credential.changed_at.is_some();
    let event = if chosen { IdentityEvent::PasswordChanged } else { IdentityEvent::PasswordIssued };
    event::record(tx, permit, event, Whom::Account(account), &[]).await
}

/// Remembers the same password under a newer hash: nothing that the audit tells.
pub async fn rehash(tx: &Tx, permit: &Permit, account: AccountId, password_hash: String) -> Result<()> {
    let text = "UPDATE credential SET password_hash = $3 WHERE district_id = $1 AND account_id = $2";
    let values = vec![permit.district_id().0.into(), account.0.into(), password_hash.into()];
    sql::execute(tx, text, values).await?;
    Ok(())
}

/// Remembers many new passwords (demo data).
pub async fn insert_credentials(
    tx: &Tx,
    permit: &Permit,
    credentials: &[(AccountId, Credential)],
) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, credentials.iter().map(|(id, c)| stored_credential(district, *id, c)).collect()).await
}

/// Forgets sessions, codes and counts of failures untouched since `before`, at most `limit` of each; the
/// audit keeps what they were. One table that fails keeps none of the others.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<()> {
    let db = store.writing();
    let mut done = Ok(());
    for (table, old, by) in [
        ("session", "expires_at < $1", "expires_at"),
        ("one_time_code", "expires_at < $1", "expires_at"),
        ("binding_code", "expires_at < $1", "expires_at"),
        ("lockout", "changed_at < $1 AND (locked_until IS NULL OR locked_until < $1)", "changed_at"),
    ] {
        let forgotten = sql::delete_some(&db, table, old, vec![before.into()], by, limit).await;
        done = done.and(forgotten.map(drop));
    }
    done
}
