//! Refresh tokens: `zhr_` and base64url of the district's and the session's id, a random secret
//! and our seal.
//!
//! The database keeps a digest only. The seal tells any token that we ever
//! issued from a guess: a sealed one that isn't the present one has been used before and ends its
//! session, however old it is, and a guess reaches neither the database nor anybody's session.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, SessionId},
    identity::SecretHash,
};

use super::{
    random::Randomness,
    secret::{MasterKey, is_keyed_hash, keyed_hash},
};

const PREFIX: &str = "zhr_";
const ID: usize = 16;
const SECRET: usize = 32;
const SEAL: usize = 16;

/// A token for the client, and its digest for the database.
pub struct IssuedRefresh {
    /// For the client; shown once.
    pub token: String,
    /// For the database.
    pub hash: SecretHash,
}

/// A token of ours that a client presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentedRefresh {
    /// In which district.
    pub district_id: DistrictId,
    /// Of which session.
    pub session_id: SessionId,
    /// Its digest.
    pub hash: SecretHash,
}

/// Issues and reads refresh tokens.
#[derive(Clone)]
pub struct RefreshTokens {
    key: [u8; 32],
}

impl RefreshTokens {
    /// The refresh tokens of an installation.
    pub fn new(master: &MasterKey) -> Self {
        Self { key: master.derive("refresh-token", b"") }
    }

    /// A new token of a session.
    pub fn issue(
        &self,
        district_id: DistrictId,
        session_id: SessionId,
        random: &Randomness,
    ) -> IssuedRefresh {
        let secret = random.bytes::<SECRET>();
        let body = [district_id.0.as_bytes(), session_id.0.as_bytes(), &secret[..]].concat();
        let seal = keyed_hash(&self.key, &[&body]);
        let bytes = [&body, seal.get(..SEAL).unwrap_or_default()].concat();
        IssuedRefresh { token: format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)), hash: digest(&body) }
    }

    /// Reads a token; `None` unless it is one that we issued.
    pub fn read(&self, token: &str) -> Option<PresentedRefresh> {
        if token.len() > 128 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (body, seal) = bytes.split_at_checked(2 * ID + SECRET)?;
        let district_id = DistrictId(Uuid::from_slice(body.get(..ID)?).ok()?);
        let session_id = SessionId(Uuid::from_slice(body.get(ID..2 * ID)?).ok()?);
        let ours = seal.len() == SEAL && is_keyed_hash(&self.key, &[body], seal);
        ours.then(|| PresentedRefresh { district_id, session_id, hash: digest(body) })
    }
}

fn digest(body: &[u8]) -> SecretHash {
    SecretHash(Sha256::digest(body).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> RefreshTokens {
        RefreshTokens::new(&MasterKey::from_bytes(&Randomness.bytes::<32>()).unwrap())
    }

    #[test]
    fn reads_what_it_issued_and_nothing_else() {
        let tokens = tokens();
        let (district_id, session_id) = (DistrictId(Uuid::from_u128(3)), SessionId(Uuid::from_u128(7)));
        let issued = tokens.issue(district_id, session_id, &Randomness);
        let read = tokens.read(&issued.token).unwrap();
        assert_eq!(read, PresentedRefresh { district_id, session_id, hash: issued.hash });
        assert!(tokens.issue(district_id, session_id, &Randomness).hash != issued.hash);
        assert_eq!(self::tokens().read(&issued.token), None);
        for at in 0..issued.token.len() {
            let mut forged = issued.token.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(tokens.read(std::str::from_utf8(&forged).unwrap()), None, "{at}");
        }
        let cut = &issued.token[..issued.token.len() - 4];
        for bad in ["", "zhr_", "zhr_é", cut, &format!("{}AAAA", issued.token), &"zhr_A".repeat(1_000_000)] {
            assert_eq!(tokens.read(bad), None);
        }
    }
}
