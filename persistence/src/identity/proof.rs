use sea_orm::{EntityTrait, QuerySelect};
use serde_json::json;
use zhibu_domain::{
    id::{AccountId, DistrictId},
    identity::{IdentityEvent, OneTimeCode, OneTimeCodePurpose, SecondFactor, SecretHash},
    policy::Permit,
    vocabulary::Vocabulary,
};

use super::{
    event::{Whom, record},
    row::{self, one_time_code, second_factor},
};
use crate::{
    Connect, Result, Tx,
    row::{update, upsert},
    sql,
};

/// The latest one-time code of a number and purpose, known or not, that is about to be tried or
/// replaced.
pub async fn lock_code(
    tx: &Tx,
    district: DistrictId,
    phone: SecretHash,
    purpose: OneTimeCodePurpose,
) -> Result<Option<OneTimeCode>> {
    let key = (district.0, phone.0.to_vec(), purpose.code().to_owned());
    let found = one_time_code::Entity::find_by_id(key).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_code).transpose()
}

/// Remembers a code in place of the latest.
pub async fn send_code(
    tx: &Tx,
    permit: &Permit,
    whom: Whom,
    phone: SecretHash,
    code: &OneTimeCode,
) -> Result<()> {
    upsert(tx, row::stored_code(permit.district_id(), phone, code)).await?;
    record(tx, permit, IdentityEvent::CodeRequested, whom, &[("purpose", json!(code.purpose.code()))]).await
}

/// Remembers that a code was tried; what came of it is an event of its own in the audit.
pub async fn save_code(tx: &Tx, permit: &Permit, phone: SecretHash, code: &OneTimeCode) -> Result<()> {
    update(tx, row::stored_code(permit.district_id(), phone, code)).await
}

/// Tells that a code was right.
pub async fn accept_code(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    purpose: OneTimeCodePurpose,
) -> Result<()> {
    let details = [("purpose", json!(purpose.code()))];
    record(tx, permit, IdentityEvent::CodeAccepted, Whom::Account(account), &details).await
}

/// An account's second factor.
pub async fn second_factor(
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<SecondFactor>> {
    let found = second_factor::Entity::find_by_id((district.0, account.0)).one(db.conn()).await?;
    found.map(row::read_factor).transpose()
}

/// An account's second factor that is about to be used or changed.
pub async fn lock_second_factor(
    tx: &Tx,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<SecondFactor>> {
    let query = second_factor::Entity::find_by_id((district.0, account.0)).lock_exclusive();
    query.one(tx.conn()).await?.map(row::read_factor).transpose()
}

/// Remembers a second factor after an event.
pub async fn save_second_factor(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    factor: &SecondFactor,
    event: IdentityEvent,
) -> Result<()> {
    upsert(tx, row::stored_factor(permit.district_id(), account, factor)?).await?;
    record(tx, permit, event, Whom::Account(account), &[("recoveryCodesLeft", json!(factor.recovery_left()))])
        .await
}

/// Forgets an account's second factor, and that sessions have proved it.
pub async fn delete_second_factor(tx: &Tx, permit: &Permit, account: AccountId) -> Result<()> {
    let key = || vec![permit.district_id().0.into(), account.0.into()];
    sql::execute(tx, "DELETE FROM second_factor WHERE district_id = $1 AND account_id = $2", key()).await?;
    let unproved = "UPDATE session SET second_factor_at = NULL
        WHERE district_id = $1 AND account_id = $2 AND second_factor_at IS NOT NULL";
    sql::execute(tx, unproved, key()).await?;
    record(tx, permit, IdentityEvent::SecondFactorDisabled, Whom::Account(account), &[]).await
}
