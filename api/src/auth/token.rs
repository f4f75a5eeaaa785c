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
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId, TokenGrantId},
    token::TokenScopes,
};

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

/// What the access token of another system says (RFC 9068).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientClaims {
    /// Who issued it.
    pub iss: String,
    /// For whom: never the audience of people's tokens, so that neither passes for the other.
    pub aud: String,
    /// The client.
    pub sub: String,
    /// The client.
    pub client_id: String,
    /// The token's own id.
    pub jti: Uuid,
    /// What it may be used for, as OAuth speaks.
    pub scope: String,
    /// The tenant.
    pub did: Uuid,
    /// The client's account.
    pub acc: Uuid,
    /// Issued at, in Unix seconds.
    pub iat: i64,
    /// Valid until.
    pub exp: i64,
}

/// A token that we have signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Signed {
    /// A person's, of a session.
    Session(Claims),
    /// Another system's.
    Client(ClientClaims),
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
    /// What limits it; none where a person has signed in.
    pub grant: Option<Shown>,
}

/// A grant as a token shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: TokenGrantId,
    /// Those of its scopes that the token was issued for.
    pub scopes: TokenScopes,
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
            grant: None,
        }
    }
}

/// The id of a client as OAuth has it: without dashes, so that it needs no encoding anywhere.
pub fn client_id(grant: TokenGrantId) -> String {
    grant.0.simple().to_string()
}

impl ClientClaims {
    /// Whom the token is for; `None` where it names no client of ours. In the audit its own id stands for a session.
    pub fn bearer(&self) -> Option<Bearer> {
        Some(Bearer {
            account_id: AccountId(self.acc),
            district_id: DistrictId(self.did),
            session_id: SessionId(self.jti),
            second_factor: false,
            password_change_due: false,
            grant: Some(Shown {
                id: TokenGrantId(Uuid::try_parse(&self.client_id).ok()?),
                scopes: TokenScopes::heard(&self.scope)?,
            }),
        })
    }
}

impl Signed {
    /// Whom the token is for.
    pub fn bearer(&self) -> Option<Bearer> {
        match self {
            Self::Session(claims) => Some(claims.bearer()),
            Self::Client(claims) => claims.bearer(),
        }
    }

    /// Until when it is valid, in Unix seconds.
    pub fn exp(&self) -> i64 {
        match self {
            Self::Session(claims) => claims.exp,
            Self::Client(claims) => claims.exp,
        }
    }

    fn in_time(&self, now: DateTime<Utc>) -> Result<(), TokenError> {
        let iat = match self {
            Self::Session(claims) => claims.iat,
            Self::Client(claims) => claims.iat,
        };
        if now.timestamp() >= self.exp() {
            return Err(TokenError::Expired);
        }
        if iat > (now + CLOCK_SKEW).timestamp() {
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

/// What a client's token is to say.
#[derive(Clone, Debug)]
pub struct NewClientToken {
    /// The token's own id.
    pub id: SessionId,
    /// The client.
    pub grant: TokenGrantId,
    /// Its account.
    pub account_id: AccountId,
    /// The tenant.
    pub district_id: DistrictId,
    /// What it may be used for, as OAuth speaks.
    pub scope: String,
    /// Valid until.
    pub until: DateTime<Utc>,
}

fn resource(issuer: &str) -> String {
    format!("{issuer}/api")
}

/// Issues and checks access tokens.
pub struct Tokens {
    issuer: String,
    audience: String,
    rings: KeyRings,
    validation: Validation,
    checked: Cache<[u8; 32], Arc<Signed>>,
}

impl Tokens {
    /// The tokens of an installation.
    pub fn new(master: MasterKey, issuer: &str, audience: &str) -> Self {
        let issuer = issuer.trim_end_matches('/');
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience, &resource(issuer)]);
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
        self.sign(&claims, now)
    }

    /// Signs a token of another system's client, which ends with its grant at the latest.
    pub fn issue_client(&self, new: NewClientToken, now: DateTime<Utc>) -> Result<String, TokenError> {
        let id = client_id(new.grant);
        let claims = ClientClaims {
            iss: self.issuer.clone(),
            aud: self.resource(),
            sub: id.clone(),
            client_id: id,
            jti: new.id.0,
            scope: new.scope,
            did: new.district_id.0,
            acc: new.account_id.0,
            iat: now.timestamp(),
            exp: new.until.timestamp(),
        };
        self.sign(&claims, now)
    }

    /// Who issues tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The resource for which clients' tokens are (RFC 8707): their audience.
    pub fn resource(&self) -> String {
        resource(&self.issuer)
    }

    fn sign(&self, claims: &impl Serialize, now: DateTime<Utc>) -> Result<String, TokenError> {
        let ring = self.rings.at(now);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(ring.kid.clone());
        encode(&header, claims, &ring.encoding).map_err(|_| TokenError::Unsigned)
    }

    /// Checks a token. A token seen before costs a digest and no curve arithmetic. Whether the
    /// session still runs is not asked here.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Signed>, TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Malformed);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(signed) = self.checked.get(&digest) {
            signed.in_time(now)?;
            return Ok(signed);
        }
        let signed = Arc::new(self.check_signature(token, now)?);
        signed.in_time(now)?;
        self.checked.insert(digest, Arc::clone(&signed));
        Ok(signed)
    }

    fn check_signature(&self, token: &str, now: DateTime<Utc>) -> Result<Signed, TokenError> {
        let header = decode_header(token).map_err(refusal)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::WrongAlgorithm);
        }
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let ring = self.rings.at(now);
        let key = header.kid.as_deref().and_then(|kid| ring.find(kid)).ok_or(TokenError::UnknownKey)?;
        let TokenData { claims: signed, .. } =
            decode(token, &key.decoding, &self.validation).map_err(refusal)?;
        // Each kind has claims and an audience of its own.
        let ours = match &signed {
            Signed::Session(claims) => claims.aud == self.audience,
            Signed::Client(claims) => claims.aud == self.resource(),
        };
        if ours { Ok(signed) } else { Err(TokenError::WrongParty) }
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
