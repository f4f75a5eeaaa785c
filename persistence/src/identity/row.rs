use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId},
    identity::{OneTimeCode, RecoveryCode, Revocation, SecondFactor, SecondFactorState, SecretHash, Session},
    vocabulary::Vocabulary,
};

use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod credential {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credential")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub password_hash: String,
        pub changed_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();

    // Not even a hash belongs into a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("credential(…)")
        }
    }
}

pub(super) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub device_label: Option<String>,
        pub created_at: DateTimeUtc,
        pub last_used_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub by_password: bool,
        pub wechat_app_id: Option<String>,
        pub second_factor_at: Option<DateTimeUtc>,
        pub refresh_hash: Vec<u8>,
        pub previous_refresh_hash: Option<Vec<u8>>,
        pub rotated_at: DateTimeUtc,
        pub generation: i32,
        pub revoked_at: Option<DateTimeUtc>,
        pub revoked_why: Option<String>,
    }
    crate::row::plain_entity!();
}

pub(super) mod one_time_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "one_time_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub phone_hash: Vec<u8>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub purpose: String,
        pub code_hash: Vec<u8>,
        pub sent_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub attempts: i32,
        pub used_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

pub(super) mod second_factor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub sealed_secret: Vec<u8>,
        pub pending_since: Option<DateTimeUtc>,
        pub active_since: Option<DateTimeUtc>,
        pub last_step: Option<i64>,
        pub recovery_codes: Json,
    }
    crate::row::plain_entity!();
}

fn hash(bytes: &[u8]) -> Result<SecretHash> {
    SecretHash::from_stored(bytes).ok_or(StoreError::Unreadable("SecretHash"))
}

pub(super) fn stored_session(district: DistrictId, session: &Session) -> session::Model {
    session::Model {
        district_id: district.0,
        id: session.id.0,
        account_id: session.account_id.0,
        device_label: session.device_label.clone(),
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        by_password: session.by_password,
        wechat_app_id: session.mini_program.clone(),
        second_factor_at: session.second_factor_at,
        refresh_hash: session.refresh.0.to_vec(),
        previous_refresh_hash: session.previous.map(|h| h.0.to_vec()),
        rotated_at: session.rotated_at,
        generation: session.generation,
        revoked_at: session.revoked.map(|r| r.at),
        revoked_why: session.revoked.map(|r| r.reason.code().to_owned()),
    }
}

pub(super) fn read_session(row: session::Model) -> Result<Session> {
    let why = word_opt(row.revoked_why.as_deref())?;
    Ok(Session {
        id: SessionId(row.id),
        account_id: AccountId(row.account_id),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        device_label: row.device_label,
        by_password: row.by_password,
        mini_program: row.wechat_app_id,
        second_factor_at: row.second_factor_at,
        revoked: row.revoked_at.zip(why).map(|(at, reason)| Revocation { at, reason }),
        refresh: hash(&row.refresh_hash)?,
        previous: row.previous_refresh_hash.as_deref().map(hash).transpose()?,
        rotated_at: row.rotated_at,
        generation: row.generation,
    })
}

pub(super) fn stored_code(
    district: DistrictId,
    phone: SecretHash,
    code: &OneTimeCode,
) -> one_time_code::Model {
    one_time_code::Model {
        district_id: district.0,
        phone_hash: phone.0.to_vec(),
        purpose: code.purpose.code().to_owned(),
        code_hash: code.hash.0.to_vec(),
        sent_at: code.sent_at,
        expires_at: code.expires_at,
        attempts: code.attempts,
        used_at: code.used_at,
    }
}

pub(super) fn read_code(row: one_time_code::Model) -> Result<OneTimeCode> {
    Ok(OneTimeCode {
        purpose: word(&row.purpose)?,
        hash: hash(&row.code_hash)?,
        sent_at: row.sent_at,
        expires_at: row.expires_at,
        attempts: row.attempts,
        used_at: row.used_at,
    })
}

#[derive(Serialize, Deserialize)]
struct StoredRecoveryCode {
    hash: Vec<u8>,
    used_at: Option<DateTime<Utc>>,
}

pub(super) fn stored_factor(
    district: DistrictId,
    account: AccountId,
    factor: &SecondFactor,
) -> Result<second_factor::Model> {
    let (pending_since, active_since, last_step, codes) = match &factor.state {
        SecondFactorState::Pending { since } => (Some(*since), None, None, &[][..]),
        SecondFactorState::Active { since, last_step, recovery } => {
            (None, Some(*since), Some(*last_step), recovery.as_slice())
        }
    };
    let stored =
        |code: &RecoveryCode| StoredRecoveryCode { hash: code.hash.0.to_vec(), used_at: code.used_at };
    let codes: Vec<_> = codes.iter().map(stored).collect();
    Ok(second_factor::Model {
        district_id: district.0,
        account_id: account.0,
        sealed_secret: factor.sealed_secret.clone(),
        pending_since,
        active_since,
        last_step,
        recovery_codes: serde_json::to_value(codes).map_err(|_| StoreError::Unreadable("RecoveryCode"))?,
    })
}

pub(super) fn read_factor(row: second_factor::Model) -> Result<SecondFactor> {
    let state = match (row.pending_since, row.active_since, row.last_step) {
        (_, Some(since), Some(last_step)) => {
            let stored: Vec<StoredRecoveryCode> = serde_json::from_value(row.recovery_codes)
                .map_err(|_| StoreError::Unreadable("RecoveryCode"))?;
            let read = |code: StoredRecoveryCode| {
                Ok(RecoveryCode { hash: hash(&code.hash)?, used_at: code.used_at })
            };
            let recovery = stored.into_iter().map(read).collect::<Result<_>>()?;
            SecondFactorState::Active { since, last_step, recovery }
        }
        (Some(since), ..) => SecondFactorState::Pending { since },
        _ => return Err(StoreError::Unreadable("SecondFactor")),
    };
    Ok(SecondFactor { sealed_secret: row.sealed_secret, state })
}
