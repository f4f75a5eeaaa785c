use chrono::{DateTime, Duration, Utc};

use super::{Grant, TokenRefusal as Refusal};
use crate::identity::SecretHash;

/// The longest time that an old secret may be used beside a new one.
pub const LONGEST_OVERLAP: Duration = Duration::hours(168);

/// What opens a grant. It is shown once; its digest is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its digest.
    pub hash: SecretHash,
    /// Its last letters, by which people know it again.
    pub tail: String,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
    /// Until when, where it has been replaced; else as long as its grant.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Secret {
    /// Whether it opens the grant.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Puts a new secret beside the present one, which goes on for `overlap`; of two at most.
pub fn rotate(
    grant: &Grant,
    secrets: &[Secret],
    new: Secret,
    overlap: Duration,
    now: DateTime<Utc>,
) -> Result<Vec<Secret>, Refusal> {
    if !grant.is_live(now) {
        return Err(Refusal::Ended);
    }
    if overlap < Duration::zero() || overlap > LONGEST_OVERLAP {
        return Err(Refusal::BadOverlap);
    }
    let end = now + overlap;
    let latest = secrets.iter().filter(|secret| secret.is_live(now)).max_by_key(|secret| secret.created_at);
    let old = latest.filter(|_| !overlap.is_zero()).map(|secret| Secret {
        expires_at: Some(secret.expires_at.map_or(end, |earlier| earlier.min(end))),
        ..secret.clone()
    });
    Ok(old.into_iter().chain([new]).collect())
}
