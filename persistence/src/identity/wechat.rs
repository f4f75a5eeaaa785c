use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId, WeChatBindingId},
    identity::{BindingCode, IdentityEvent, RevocationReason, SecretHash, WeChatBinding, WeChatIdentity},
    policy::Permit,
};

use super::{
    event::{Whom, record},
    session::revoke_where,
};
use crate::{Connect, Result, StoreError, Tx, sql};

#[derive(FromQueryResult)]
struct BindingRow {
    id: Uuid,
    account_id: Uuid,
    app_id: String,
    open_id: String,
    union_id: Option<String>,
    bound_at: chrono::DateTime<chrono::Utc>,
}

impl From<BindingRow> for WeChatBinding {
    fn from(row: BindingRow) -> Self {
        let BindingRow { app_id, open_id, union_id, .. } = row;
        Self {
            id: WeChatBindingId(row.id),
            account_id: AccountId(row.account_id),
            identity: WeChatIdentity { app_id, open_id, union_id },
            bound_at: row.bound_at,
        }
    }
}

async fn bindings_where(
    db: &impl Connect,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<WeChatBinding>> {
    let text = format!(
        "SELECT id, account_id, app_id, open_id, union_id, bound_at FROM wechat_binding
         WHERE district_id = $1 AND {condition} ORDER BY id"
    );
    let rows = sql::all::<BindingRow>(db, &text, values).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The bindings of the same person to WeChat: of this mini-program, or of another app of its owner.
pub async fn bindings_to(
    db: &impl Connect,
    district: DistrictId,
    identity: &WeChatIdentity,
) -> Result<Vec<WeChatBinding>> {
    let values = vec![
        district.0.into(),
        identity.app_id.as_str().into(),
        identity.open_id.as_str().into(),
        identity.union_id.clone().into(),
    ];
    bindings_where(db, "((app_id = $2 AND open_id = $3) OR union_id = $4)", values).await
}

/// An account's bindings, oldest first.
pub async fn bindings_of(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
) -> Result<Vec<WeChatBinding>> {
    bindings_where(db, "account_id = $2", vec![district.0.into(), account.0.into()]).await
}

/// Remembers a new binding.
pub async fn insert_binding(tx: &Tx, permit: &Permit, binding: &WeChatBinding) -> Result<()> {
    let text = "INSERT INTO wechat_binding (district_id, id, account_id, app_id, open_id, union_id, bound_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let WeChatIdentity { app_id, open_id, union_id } = &binding.identity;
    let values = vec![
        permit.district_id().0.into(),
        binding.id.0.into(),
        binding.account_id.0.into(),
        app_id.as_str().into(),
        open_id.as_str().into(),
        union_id.clone().into(),
        binding.bound_at.into(),
    ];
    sql::execute(tx, text, values).await?;
    tell(tx, permit, IdentityEvent::WeChatBound, binding, binding.account_id).await
}

async fn tell(
    tx: &Tx,
    permit: &Permit,
    event: IdentityEvent,
    binding: &WeChatBinding,
    account: AccountId,
) -> Result<()> {
    let details = [("binding", json!(binding.id)), ("miniProgram", json!(binding.identity.app_id))];
    record(tx, permit, event, Whom::Account(account), &details).await
}

/// Gives a binding to another account, with the consents to messages: both accounts' audit tells it.
pub async fn move_binding(tx: &Tx, permit: &Permit, binding: &WeChatBinding, to: AccountId) -> Result<()> {
    let text = "UPDATE wechat_binding SET account_id = $3 WHERE district_id = $1 AND id = $2";
    let values = vec![permit.district_id().0.into(), binding.id.0.into(), to.0.into()];
    sql::execute(tx, text, values).await?;
    tell(tx, permit, IdentityEvent::WeChatUnbound, binding, binding.account_id).await?;
    tell(tx, permit, IdentityEvent::WeChatBound, binding, to).await
}

/// Forgets a binding, with the consents to messages.
pub async fn delete_binding(tx: &Tx, permit: &Permit, binding: &WeChatBinding) -> Result<()> {
    let key = vec![permit.district_id().0.into(), binding.id.0.into()];
    sql::execute(tx, "DELETE FROM wechat_binding WHERE district_id = $1 AND id = $2", key).await?;
    tell(tx, permit, IdentityEvent::WeChatUnbound, binding, binding.account_id).await
}

/// Ends the sessions that began by a binding that is no more, all but one; answers which.
pub async fn revoke_bound_sessions(
    tx: &Tx,
    permit: &Permit,
    binding: &WeChatBinding,
    except: Option<SessionId>,
) -> Result<Vec<SessionId>> {
    let app = Some(binding.identity.app_id.as_str());
    revoke_where(tx, permit, binding.account_id, app, except, RevocationReason::Unbound).await
}

#[derive(FromQueryResult)]
struct CodeRow {
    account_id: Uuid,
    code_hash: Vec<u8>,
    issued_at: chrono::DateTime<chrono::Utc>,
    expires_at: chrono::DateTime<chrono::Utc>,
    used_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// The code with a digest, that is about to be used.
pub async fn lock_binding_code(
    tx: &Tx,
    district: DistrictId,
    hash: SecretHash,
) -> Result<Option<BindingCode>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let text = format!(
        "SELECT account_id, code_hash, issued_at, expires_at, used_at FROM binding_code
         WHERE district_id = $1 AND code_hash = $2{lock}"
    );
    let row = sql::one::<CodeRow>(tx, &text, vec![district.0.into(), hash.0.to_vec().into()]).await?;
    let read = |row: CodeRow| {
        Ok(BindingCode {
            account_id: AccountId(row.account_id),
            hash: SecretHash::from_stored(&row.code_hash).ok_or(StoreError::Unreadable("SecretHash"))?,
            issued_at: row.issued_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
    };
    row.map(read).transpose()
}

async fn save_code(tx: &Tx, permit: &Permit, code: &BindingCode) -> Result<()> {
    let text = "INSERT INTO binding_code (district_id, account_id, code_hash, issued_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (district_id, account_id) DO UPDATE SET code_hash = excluded.code_hash,
            issued_at = excluded.issued_at, expires_at = excluded.expires_at, used_at = excluded.used_at";
    let values = vec![
        permit.district_id().0.into(),
        code.account_id.0.into(),
        code.hash.0.to_vec().into(),
        code.issued_at.into(),
        code.expires_at.into(),
        code.used_at.into(),
    ];
    sql::execute(tx, text, values).await?;
    Ok(())
}

/// Remembers a code in place of the account's last.
pub async fn issue_binding_code(tx: &Tx, permit: &Permit, code: &BindingCode) -> Result<()> {
    save_code(tx, permit, code).await?;
    let details = [("expiresAt", json!(code.expires_at))];
    record(tx, permit, IdentityEvent::BindingCodeIssued, Whom::Account(code.account_id), &details).await
}

/// Remembers that a code was used; what for is an event of its own in the audit.
pub async fn spend_binding_code(tx: &Tx, permit: &Permit, code: &BindingCode) -> Result<()> {
    save_code(tx, permit, code).await
}
