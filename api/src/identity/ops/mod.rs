//! The use-cases of signing in, by theme.

pub mod admin;
pub mod initial;
pub mod one_time_code;
pub mod password;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod wechat;

use chrono::{DateTime, Utc};
use zhibu_domain::{
    error_code::ErrorCode,
    id::{AccountId, DistrictId},
    identity::{LONGEST_PASSWORD, SecretHash, Session},
    member::Account,
};
use zhibu_persistence::{identity::Credential, organization::District};

use crate::{
    app::App,
    auth::{
        password_hash::HashError,
        rate::address_key,
        refresh::IssuedRefresh,
        token::{Bearer, LIFETIME},
    },
    call::Call,
    error::OpError,
};

/// What continues and proves a session.
pub struct AuthTokens {
    /// For `Authorization: Bearer`.
    pub access: String,
    /// Until when.
    pub access_expires_at: DateTime<Utc>,
    /// For `refreshSession`, once.
    pub refresh: String,
    /// Until when.
    pub refresh_expires_at: DateTime<Utc>,
}

/// Whom the tokens of a session are for.
fn bearer(district: DistrictId, session: &Session, password_change_due: bool) -> Bearer {
    Bearer {
        account_id: session.account_id,
        district_id: district,
        session_id: session.id,
        second_factor: session.second_factor_at.is_some(),
        password_change_due,
        grant: None,
    }
}

/// The tokens of a session that goes on with `refresh`.
fn tokens(
    app: &App,
    district: DistrictId,
    session: &Session,
    refresh: IssuedRefresh,
    password_change_due: bool,
    now: DateTime<Utc>,
) -> Result<AuthTokens, OpError> {
    let bearer = bearer(district, session, password_change_due);
    let access =
        app.auth.tokens.issue(bearer, now).map_err(|_| OpError::internal("a token can't be signed"))?;
    Ok(AuthTokens {
        access,
        access_expires_at: now + LIFETIME,
        refresh: refresh.token,
        refresh_expires_at: session.expires_at,
    })
}

/// The district that a client means; `None` if it must name one.
async fn district(app: &App, code: Option<&str>) -> Result<Option<District>, OpError> {
    let districts = app.districts().await?;
    let found = match code.or(app.config.default_district.as_deref()) {
        Some(code) => districts.iter().find(|d| d.code == code),
        None => districts.first().filter(|_| districts.len() == 1),
    };
    Ok(found.cloned())
}

/// The digest under which failures of an account's password are counted.
fn password_key(app: &App, account: &Account) -> SecretHash {
    match &account.phone {
        Some(phone) => app.auth.codes.phone_digest(phone),
        None => app.auth.codes.account_digest(account.id),
    }
}

/// Whether the address has failed too often.
fn address_blocked(app: &App, call: &Call, limit: i64, now: DateTime<Utc>) -> bool {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    call.address.is_some_and(|a| app.auth.failures.check(address_key(a), limit, now).is_err())
}

/// Counts a failure against the address.
fn count_failure(app: &App, call: &Call, now: DateTime<Utc>) {
    if let Some(address) = call.address {
        app.auth.failures.record(address_key(address), now);
    }
}

fn unhashed(error: HashError) -> OpError {
    match error {
        HashError::Overloaded => OpError::Code(ErrorCode::Overloaded, "too many passwords are being checked"),
        HashError::BadHash => OpError::internal("a stored password hash can't be read"),
        HashError::Failed => OpError::internal("a password can't be hashed"),
    }
}

/// Whether a password is right. Takes as long for nobody's.
async fn is_right(app: &App, credential: Option<&Credential>, password: &str) -> Result<bool, OpError> {
    // No password is longer; what is isn't worth the hash's time on it.
    let too_long = password.len() > LONGEST_PASSWORD * 4;
    let checked = match credential {
        Some(known) if !too_long => {
            app.auth.passwords.verify(password.to_owned(), known.password_hash.clone()).await
        }
        _ => app.auth.passwords.verify_dummy(String::new()).await,
    };
    checked.map_err(unhashed)
}

/// A new hash.
async fn hashed(app: &App, password: String) -> Result<String, OpError> {
    app.auth.passwords.hash(password).await.map_err(unhashed)
}

/// The account's rights have changed: nobody goes by what was kept.
async fn forget_rights(app: &App, district: DistrictId, account: AccountId) {
    app.memo.rights.forget(&(district, account)).await;
}
