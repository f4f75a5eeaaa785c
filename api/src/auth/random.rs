//! The one source of chance.

use chrono::{DateTime, Utc};
use rand::{TryRng, rngs::SysRng};
use uuid::{Builder, Uuid};

/// Draws from the operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Randomness;

impl Randomness {
    /// Random bytes.
    #[expect(clippy::expect_used, reason = "without chance there are no secrets: nothing may go on")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        SysRng.try_fill_bytes(&mut bytes).expect("the operating system has no randomness");
        bytes
    }

    /// A whole number below `bound`, each as likely as the other.
    pub fn below(&self, bound: u32) -> u32 {
        let bound = bound.max(1);
        // Numbers above the last whole multiple would favour the small ones.
        let fair = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < fair {
                return drawn % bound;
            }
        }
    }

    /// An identifier: UUIDv7 of our clock's time.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_our_clock() {
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap();
        let (early, late) = (Randomness.id(at(1_000)), Randomness.id(at(1_001)));
        assert_eq!(early.get_version_num(), 7);
        assert!(early < late);
        assert_ne!(Randomness.id(at(1_000)), early);
    }

    #[test]
    fn every_number_below_the_bound_comes_up() {
        let mut seen = [false; 7];
        for _ in 0..2_000 {
            seen[Randomness.below(7) as usize] = true;
        }
        assert!(seen.iter().all(|s| *s));
        assert_eq!(Randomness.below(1), 0);
    }
}
