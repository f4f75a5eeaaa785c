//! Counts per key in a sliding window, in this process and in bounded memory.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use moka::{policy::EvictionPolicy, sync::Cache};

/// Two neighbouring windows of fixed length. The sliding count takes of the earlier one the share
/// that the sliding window still covers: two numbers instead of a list of times.
#[derive(Default)]
struct Windows {
    index: i64,
    current: u32,
    previous: u32,
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// So many more may come at once.
    pub remaining: u32,
    /// How long until the window is over in which they were counted.
    pub reset: Duration,
}

/// Counts what happened per key (an address, an account) in the last `window`.
pub struct Limiter<K> {
    window_millis: i64,
    counts: Cache<K, Arc<Mutex<Windows>>>,
}

impl<K: Hash + Eq + Send + Sync + 'static> Limiter<K> {
    /// Counts over `window`, for at most `keys` keys; the one unused for longest is forgotten
    /// first, so that a new key is counted however many others there are.
    pub fn new(window: Duration, keys: u64) -> Self {
        let counts = Cache::builder().max_capacity(keys).eviction_policy(EvictionPolicy::lru()).build();
        Self { window_millis: window.num_milliseconds().max(1), counts }
    }

    /// Whether `limit` has been reached; if so, how long until the next may come.
    pub fn check(&self, key: K, limit: u32, now: DateTime<Utc>) -> Result<(), Duration> {
        let Some(windows) = self.counts.get(&key) else { return Ok(()) };
        let mut windows = lock(&windows);
        let into = self.advance(&mut windows, now);
        self.room(&windows, limit, into)
    }

    /// Counts one.
    pub fn record(&self, key: K, now: DateTime<Utc>) {
        let windows = self.counts.get_with(key, Arc::default);
        let mut windows = lock(&windows);
        self.advance(&mut windows, now);
        windows.current = windows.current.saturating_add(1);
    }

    /// Counts one if `limit` hasn't been reached and says what is left; else how long until the next may come.
    pub fn admit(&self, key: K, limit: u32, now: DateTime<Utc>) -> Result<Room, Duration> {
        let windows = self.counts.get_with(key, Arc::default);
        let mut windows = lock(&windows);
        let into = self.advance(&mut windows, now);
        self.room(&windows, limit, into)?;
        windows.current = windows.current.saturating_add(1);
        let window = self.window_millis;
        let sliding = i64::from(windows.previous) * (window - into) / window;
        let left = i64::from(limit) - i64::from(windows.current) - sliding;
        let remaining = u32::try_from(left).unwrap_or(0);
        Ok(Room { remaining, reset: Duration::milliseconds((window - into).max(1)) })
    }

    /// Moves to `now`'s window; returns the milliseconds since its beginning. A clock that steps
    /// back stays in the window already reached.
    fn advance(&self, windows: &mut Windows, now: DateTime<Utc>) -> i64 {
        let millis = now.timestamp_millis();
        let index = millis.div_euclid(self.window_millis);
        if index > windows.index {
            let neighbour = index == windows.index + 1;
            windows.previous = if neighbour { windows.current } else { 0 };
            windows.current = 0;
            windows.index = index;
        }
        if index < windows.index { 0 } else { millis.rem_euclid(self.window_millis) }
    }

    fn room(&self, windows: &Windows, limit: u32, into: i64) -> Result<(), Duration> {
        let (current, previous) = (i64::from(windows.current), i64::from(windows.previous));
        let window = self.window_millis;
        let free = i64::from(limit) - current;
        // previous × (window − into) / window + current < limit, without losing the fraction.
        if previous * (window - into) < free * window {
            return Ok(());
        }
        let wait = if free > 0 && previous > 0 {
            // Until enough of the earlier window has slid out.
            window - free * window / previous + 1 - into
        } else {
            window - into
        };
        Err(Duration::milliseconds(wait.clamp(1, window)))
    }
}

fn lock(windows: &Mutex<Windows>) -> MutexGuard<'_, Windows> {
    windows.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The key of a network address: whoever has one IPv6 address has 2⁶⁴ of them.
pub fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(6_000_000 + seconds, 0).unwrap()
    }

    fn limiter() -> Limiter<u32> {
        Limiter::new(Duration::seconds(60), 1_000)
    }

    #[test]
    fn admits_up_to_the_limit_and_again_when_the_window_has_slid() {
        let limiter = limiter();
        let reset = Duration::seconds(30);
        for remaining in (0..10).rev() {
            assert_eq!(limiter.admit(1, 10, at(30)), Ok(Room { remaining, reset }));
        }
        assert!(limiter.admit(2, 10, at(30)).is_ok());
        let wait = limiter.admit(1, 10, at(30)).unwrap_err();
        assert_eq!(wait, Duration::seconds(30));
        // At the border of the windows nobody gets twice the limit.
        let wait = limiter.admit(1, 10, at(60)).unwrap_err();
        assert!(limiter.admit(1, 10, at(60) + wait).is_ok());
        let more = (0..10).filter(|_| limiter.admit(1, 10, at(90)).is_ok()).count();
        assert_eq!(more, 4);
        assert_eq!(limiter.check(1, 10, at(200)), Ok(()));
    }

    #[test]
    fn checking_does_not_count_and_recording_does_not_ask() {
        let limiter = limiter();
        for _ in 0..5 {
            assert_eq!(limiter.check(1, 3, at(0)), Ok(()));
        }
        for _ in 0..3 {
            limiter.record(1, at(0));
        }
        assert!(limiter.check(1, 3, at(1)).is_err());
        assert!(limiter.check(1, 4, at(1)).is_ok());
        // A clock that steps back forgives nothing.
        assert!(limiter.check(1, 3, at(-100)).is_err());
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = limiter();
        for key in 0..50_000 {
            limiter.record(key, at(0));
        }
        limiter.counts.run_pending_tasks();
        assert!(limiter.counts.entry_count() <= 1_000);
    }

    #[test]
    fn an_ipv6_network_is_one_key() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2:3::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    }
}
