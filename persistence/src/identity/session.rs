use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId},
    identity::{IdentityEvent, RevocationReason, Session},
    policy::Permit,
    vocabulary::Vocabulary,
};

use super::{
    event::{Whom, record},
    row::{self, session},
};
use crate::{
    Connect, Result, Tx, epoch,
    row::{insert, update},
    sql, token,
};

/// Most sessions that are listed.
const LISTED: u64 = 100;

/// Remembers a new session: somebody signed in.
pub async fn insert_session(tx: &Tx, permit: &Permit, session: &Session) -> Result<()> {
    insert(tx, row::stored_session(permit.district_id(), session)).await?;
    let details = [
        ("session", json!(session.id)),
        ("byPassword", json!(session.by_password)),
        ("secondFactor", json!(session.second_factor_at.is_some())),
        ("miniProgram", json!(session.mini_program)),
    ];
    record(tx, permit, IdentityEvent::SignedIn, Whom::Account(session.account_id), &details).await
}

/// A session that is about to be continued or ended.
pub async fn lock_session(tx: &Tx, district: DistrictId, id: SessionId) -> Result<Option<Session>> {
    let found = session::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_session).transpose()
}

/// Remembers a session that was continued or ended. Its end stands in the audit; that it goes
/// on doesn't.
pub async fn save_session(tx: &Tx, permit: &Permit, before: &Session, after: &Session) -> Result<()> {
    update(tx, row::stored_session(permit.district_id(), after)).await?;
    match after.revoked.filter(|_| before.revoked.is_none()) {
        Some(end) => {
            let details = [("session", json!(after.id)), ("why", json!(end.reason.code()))];
            record(tx, permit, IdentityEvent::SessionEnded, Whom::Account(after.account_id), &details)
                .await?;
            tx.signal(epoch::MOVED).await
        }
        None => Ok(()),
    }
}

/// The live sessions of an account, newest first; at most 100.
pub async fn live_sessions(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Session>> {
    let query = session::Entity::find()
        .filter(session::Column::DistrictId.eq(district.0))
        .filter(session::Column::AccountId.eq(account.0))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::Id)
        .limit(LISTED);
    query.all(db.conn()).await?.into_iter().map(row::read_session).collect()
}

#[derive(FromQueryResult)]
struct EndedRow {
    id: Uuid,
}

/// Ends the live sessions of an account, all but one; answers which. Where none is left, somebody else may have
/// had the account: then its personal tokens end, too.
pub async fn revoke_sessions(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    except: Option<SessionId>,
    reason: RevocationReason,
) -> Result<Vec<SessionId>> {
    revoke_where(tx, permit, account, None, except, reason).await
}

/// Ends the live sessions of an account, of all or of one mini-program.
pub(super) async fn revoke_where(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    mini_program: Option<&str>,
    except: Option<SessionId>,
    reason: RevocationReason,
) -> Result<Vec<SessionId>> {
    let mut text = "UPDATE session SET revoked_at = $3, revoked_why = $4
        WHERE district_id = $1 AND account_id = $2 AND revoked_at IS NULL AND expires_at > $3"
        .to_owned();
    let mut values: Vec<Value> =
        vec![permit.district_id().0.into(), account.0.into(), tx.now().into(), reason.code().into()];
    if let Some(except) = except {
        values.push(except.0.into());
        text.push_str(&format!(" AND id <> ${}", values.len()));
    }
    if let Some(mini_program) = mini_program {
        values.push(mini_program.into());
        text.push_str(&format!(" AND wechat_app_id = ${}", values.len()));
    }
    text.push_str(" RETURNING id");
    let rows = sql::all::<EndedRow>(tx, &text, values).await?;
    let ended: Vec<_> = rows.into_iter().map(|row| SessionId(row.id)).collect();
    if !ended.is_empty() {
        let details = [("sessions", json!(ended)), ("why", json!(reason.code()))];
        record(tx, permit, IdentityEvent::SessionEnded, Whom::Account(account), &details).await?;
        tx.signal(epoch::MOVED).await?;
    }
    if except.is_none() {
        token::revoke_personal(tx, permit, account).await?;
    }
    Ok(ended)
}

#[derive(FromQueryResult)]
struct RevokedRow {
    id: Uuid,
    account_id: Uuid,
}

/// The sessions ended since a moment, of all districts: their access tokens are void; and the access tokens of
/// clients that were taken back, each of which stands for itself.
pub async fn revoked_since(db: &impl Connect, since: DateTime<Utc>) -> Result<Vec<(SessionId, AccountId)>> {
    let text = "SELECT id, account_id FROM session WHERE revoked_at IS NOT NULL AND revoked_at >= $1
        UNION ALL SELECT id, account_id FROM revoked_access_token WHERE revoked_at >= $1";
    let rows = sql::all::<RevokedRow>(db, text, vec![since.into()]).await?;
    Ok(rows.into_iter().map(|row| (SessionId(row.id), AccountId(row.account_id))).collect())
}
