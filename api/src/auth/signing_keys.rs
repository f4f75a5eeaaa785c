//! The keys that sign access tokens: one per period, derived from the master key, so that they
//! rotate by themselves and every server of an installation has the same ones.

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::secret::MasterKey;

/// Length of a period, in seconds.
pub const PERIOD_SECONDS: i64 = 30 * 24 * 3_600;

/// An Ed25519 private key in PKCS #8 (RFC 8410) is this and the 32 bytes of the seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// One period's public key.
pub struct PublicKey {
    /// Its name in a token's header.
    pub kid: String,
    /// For checking.
    pub decoding: DecodingKey,
    x: String,
}

/// The keys around one period: its own for signing, its neighbours' for checking as well. The
/// last period's tokens are still about when a period begins, and another server's clock may be
/// ahead.
pub struct KeyRing {
    period: i64,
    /// The name of the signing key.
    pub kid: String,
    /// The signing key.
    pub encoding: EncodingKey,
    public: [PublicKey; 3],
}

impl KeyRing {
    fn around(master: &MasterKey, period: i64) -> Self {
        let (_, previous) = derive(master, period.saturating_sub(1));
        let (encoding, current) = derive(master, period);
        let (_, next) = derive(master, period.saturating_add(1));
        Self { period, kid: current.kid.clone(), encoding, public: [current, previous, next] }
    }

    /// The public key with this name.
    pub fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.public.iter().find(|key| key.kid == kid)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        let jwk = |key: &PublicKey| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.x,
            })
        };
        json!({ "keys": self.public.iter().map(jwk).collect::<Vec<_>>() })
    }
}

fn derive(master: &MasterKey, period: i64) -> (EncodingKey, PublicKey) {
    let seed = master.derive("access-token", &period.to_be_bytes());
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let name = Sha256::digest(public);
    let key = PublicKey {
        kid: URL_SAFE_NO_PAD.encode(name.get(..12).unwrap_or_default()),
        decoding: DecodingKey::from_ed_der(&public),
        x: URL_SAFE_NO_PAD.encode(public),
    };
    (EncodingKey::from_ed_der(&[&PKCS8_PREFIX[..], &seed].concat()), key)
}

/// Hands out the ring of the present period.
pub struct KeyRings {
    master: MasterKey,
    latest: RwLock<Arc<KeyRing>>,
}

impl KeyRings {
    /// The rings of a master key.
    pub fn new(master: MasterKey) -> Self {
        let latest = RwLock::new(Arc::new(KeyRing::around(&master, 0)));
        Self { master, latest }
    }

    /// The ring of `now`'s period, made when the first in it asks.
    pub fn at(&self, now: DateTime<Utc>) -> Arc<KeyRing> {
        let period = now.timestamp().div_euclid(PERIOD_SECONDS);
        let latest = Arc::clone(&self.latest.read().unwrap_or_else(PoisonError::into_inner));
        if latest.period == period {
            return latest;
        }
        let ring = Arc::new(KeyRing::around(&self.master, period));
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        ring
    }
}
