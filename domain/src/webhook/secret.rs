use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::WebhookRefusal as Refusal;
use crate::token::LONGEST_OVERLAP;

/// What messages to an endpoint are signed with. It is shown once; what is kept is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// The key, sealed.
    pub sealed: Vec<u8>,
    /// Its last letters, by which people know it again.
    pub tail: String,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
    /// Until when messages bear its signature, where it has been replaced.
    pub expires_at: Option<DateTime<Utc>>,
}

impl SigningSecret {
    /// Whether messages bear its signature.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Puts a new secret beside the present one, which goes on for `overlap`; of two at most.
pub fn rotate(
    secrets: &[SigningSecret],
    new: SigningSecret,
    overlap: Duration,
    now: DateTime<Utc>,
) -> Result<Vec<SigningSecret>, Refusal> {
    if overlap < Duration::zero() || overlap > LONGEST_OVERLAP {
        return Err(Refusal::BadOverlap);
    }
    let latest = secrets.iter().filter(|secret| secret.is_live(now)).max_by_key(|secret| secret.created_at);
    let old = latest
        .filter(|_| !overlap.is_zero())
        .map(|secret| SigningSecret { expires_at: Some(now + overlap), ..secret.clone() });
    Ok(old.into_iter().chain([new]).collect())
}

/// Signs a message as Standard Webhooks has it (symmetric, `v1`).
pub fn sign(key: &[u8], id: &str, timestamp: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}
