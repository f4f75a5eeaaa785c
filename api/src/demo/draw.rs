//! Chance that repeats itself: the same seed draws the same names and ids.

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};
use uuid::Builder;
use zhibu_domain::id::TypedId;

/// Ids are drawn as if in 2025, so that those of whatever a visitor makes come after them.
const BASE_MILLIS: u64 = 1_735_689_600_000;
/// Ids in one stream, at most.
const STREAM: u64 = 1_000_000;

/// A stream of draws.
pub struct Draw {
    chance: Xoshiro256PlusPlus,
    millis: u64,
}

impl Draw {
    /// One of the streams of a seed, each independent of how much the others draw.
    pub fn stream(seed: u64, stream: u64) -> Self {
        let mixed = seed ^ stream.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self { chance: Xoshiro256PlusPlus::seed_from_u64(mixed), millis: BASE_MILLIS + stream * STREAM }
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.chance.next_u64() % bound).unwrap_or(0)
    }

    /// A whole number from `first` to `last`.
    pub fn between(&mut self, first: i32, last: i32) -> i32 {
        let span = usize::try_from(last - first + 1).unwrap_or(1);
        first + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True so often in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of them; the empty text of none.
    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// A character of the text.
    pub fn character(&mut self, of: &str) -> char {
        let at = self.below(of.chars().count());
        of.chars().nth(at).unwrap_or('一')
    }

    /// A new id, later than the last.
    pub fn id<I: TypedId>(&mut self) -> I {
        let mut bytes = [0; 10];
        self.chance.fill_bytes(&mut bytes);
        self.millis += 1;
        I::from_uuid(Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid())
    }
}
