//! The one source of chance.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};
use rand::{TryRng, rngs::SysRng};
use uuid::Uuid;

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

    /// An identifier: UUIDv7 of our clock's time. Those of one process are in order even within a
    /// microsecond: RFC 9562, section 6.2, a clock of more precision, then a counter that begins
    /// anywhere, then chance.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        static COUNTER: LazyLock<AtomicU64> =
            LazyLock::new(|| AtomicU64::new(u64::from_le_bytes(Randomness.bytes()) >> 26));
        let millis = u128::try_from(now.timestamp_millis()).unwrap_or(0);
        let fraction = u128::from(now.timestamp_subsec_micros() % 1_000) * 4_096 / 1_000;
        let count = u128::from(COUNTER.fetch_add(1, Ordering::Relaxed)) & ((1 << 40) - 1);
        let chance = u128::from(u32::from_le_bytes(self.bytes()) >> 10);
        let (version, variant) = (7 << 76, 0b10 << 62);
        Uuid::from_u128(
            (millis & 0xffff_ffff_ffff) << 80 | version | fraction << 64 | variant | count << 22 | chance,
        )
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
        assert_eq!(early.get_variant(), uuid::Variant::RFC4122);
        assert_eq!(early.get_timestamp().map(|t| t.to_unix().0), Some(1));
    }

    #[test]
    fn ids_of_one_moment_are_in_order() {
        let now = DateTime::from_timestamp_micros(1_767_225_600_123_456).unwrap();
        let drawn: Vec<_> = (0..1_000).map(|_| Randomness.id(now)).collect();
        assert!(drawn.is_sorted_by(|a, b| a < b));
        let later = now + chrono::Duration::microseconds(1);
        assert!(drawn.iter().all(|id| *id < Randomness.id(later)));
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
