//! Access tokens: JWT signed with Ed25519, checked against our own clock.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{
    Algorithm, Header, TokenData, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zhibu_domain::id::{AccountId, DistrictId, SessionId};

use super::{secret::MasterKey, signing_keys::KeyRings};

/// How long a token is valid.
pub const LIFETIME: Duration = Duration::minutes(15);

/// How far ahead another server's clock may be.
const CLOCK_SKEW: Duration = Duration::seconds(60);

/// Longest token that is looked at. Ours have about 600 characters.
const LONGEST_TOKEN: usize = 2_048;

/// How many checked tokens are remembered.
const REMEMBERED: u64 = 100_000;

/// The kind of token, in its header (RFC 9068): nothing else that we may ever sign passes for one.
const TYPE: &str = "at+jwt";

/// What a token says. No personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The account.
    pub sub: Uuid,
    /// The tenant.
    pub did: Uuid,
    /// The session.
    pub sid: Uuid,
    /// Whether the session has proved the second factor.
    pub sfa: bool,
    /// Whether nothing but changing the password is allowed.
    pub pcd: bool,
    /// Issued at, in Unix seconds.
    pub iat: i64,
    /// Valid until.
    pub exp: i64,
}

/// Whom a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The account.
    pub account_id: AccountId,
    /// The tenant.
    pub district_id: DistrictId,
    /// The session.
    pub session_id: SessionId,
    /// Whether the session has proved the second factor.
    pub second_factor: bool,
    /// Whether nothing but changing the password is allowed.
    pub password_change_due: bool,
}

impl Claims {
    /// Whom the token is for.
    pub fn bearer(&self) -> Bearer {
        Bearer {
            account_id: AccountId(self.sub),
            district_id: DistrictId(self.did),
            session_id: SessionId(self.sid),
            second_factor: self.sfa,
            password_change_due: self.pcd,
        }
    }

    fn in_time(&self, now: DateTime<Utc>) -> Result<(), TokenError> {
        if now.timestamp() >= self.exp {
            return Err(TokenError::Expired);
        }
        if self.iat > (now + CLOCK_SKEW).timestamp() {
            return Err(TokenError::NotYetValid);
        }
        Ok(())
    }
}

/// Why a token isn't accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not an access token of ours in form.
    #[error("malformed token")]
    Malformed,
    /// Signed, or not signed, by another method.
    #[error("wrong algorithm")]
    WrongAlgorithm,
    /// Signed with a key that we don't have, or have no more.
    #[error("unknown key")]
    UnknownKey,
    /// Forged or damaged.
    #[error("bad signature")]
    BadSignature,
    /// Of another installation.
    #[error("wrong issuer or audience")]
    WrongParty,
    /// Too old.
    #[error("expired token")]
    Expired,
    /// From the future.
    #[error("token not valid yet")]
    NotYetValid,
    /// It couldn't be signed.
    #[error("the token could not be signed")]
    Unsigned,
}

/// Issues and checks access tokens.
pub struct Tokens {
    issuer: String,
    audience: String,
    rings: KeyRings,
    validation: Validation,
    checked: Cache<[u8; 32], Arc<Claims>>,
}

impl Tokens {
    /// The tokens of an installation.
    pub fn new(master: MasterKey, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library reads the system's clock; ours is an argument.
        validation.validate_exp = false;
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            rings: KeyRings::new(master),
            validation,
            checked: Cache::new(REMEMBERED),
        }
    }

    /// Signs a token.
    pub fn issue(&self, bearer: Bearer, now: DateTime<Utc>) -> Result<String, TokenError> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: bearer.account_id.0,
            did: bearer.district_id.0,
            sid: bearer.session_id.0,
            sfa: bearer.second_factor,
            pcd: bearer.password_change_due,
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
        };
        let ring = self.rings.at(now);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(ring.kid.clone());
        encode(&header, &claims, &ring.encoding).map_err(|_| TokenError::Unsigned)
    }

    /// Checks a token. A token seen before costs a digest and no curve arithmetic. Whether the
    /// session still runs is not asked here.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Malformed);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(claims) = self.checked.get(&digest) {
            claims.in_time(now)?;
            return Ok(claims);
        }
        let claims = Arc::new(self.check_signature(token, now)?);
        claims.in_time(now)?;
        self.checked.insert(digest, Arc::clone(&claims));
        Ok(claims)
    }

    fn check_signature(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let header = decode_header(token).map_err(refusal)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::WrongAlgorithm);
        }
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let ring = self.rings.at(now);
        let key = header.kid.as_deref().and_then(|kid| ring.find(kid)).ok_or(TokenError::UnknownKey)?;
        let data: TokenData<Claims> = decode(token, &key.decoding, &self.validation).map_err(refusal)?;
        Ok(data.claims)
    }

    /// The public keys as a JWK set.
    pub fn jwks(&self, now: DateTime<Utc>) -> serde_json::Value {
        self.rings.at(now).jwks()
    }
}

fn refusal(error: jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenError::WrongAlgorithm,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenError::WrongParty,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
