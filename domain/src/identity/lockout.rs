use chrono::{DateTime, Duration, Utc};

use crate::rule::{RuleKey, Rules};

/// The longest lock.
pub const LONGEST_LOCK: Duration = Duration::hours(24);

/// Failures in a row against one key, and the lock that they brought. The key is the digest of
/// a phone number, whether or not anyone has it: an unknown number locks as a known one does,
/// so that being told of the lock tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lockout {
    /// Failures since the last success.
    pub failures: i32,
    /// End of the latest lock.
    pub locked_until: Option<DateTime<Utc>>,
}

impl Lockout {
    /// Whether an attempt may be made now; else the end of the lock.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.locked_until.filter(|until| now < *until).map_or(Ok(()), Err)
    }

    /// After a failure: from the limit on each one locks, twice as long as the one before, a day
    /// at most. A day after the last lock's end the count starts anew.
    pub fn failed(self, now: DateTime<Utc>, rules: &Rules) -> Self {
        let forgotten = self.locked_until.is_some_and(|until| now >= until + LONGEST_LOCK);
        let before = if forgotten { 0 } else { self.failures.max(0) };
        let failures = before.saturating_add(1);
        let beyond = i64::from(failures) - rules.get(RuleKey::LockoutFailures);
        if beyond < 0 {
            return Self { failures, ..self };
        }
        let first = rules.minutes(RuleKey::LockoutMinutes);
        // 2^11 of the shortest lock exceeds a day; the cap keeps the shift in range.
        let doubled = first * (1 << beyond.min(11));
        let until = now + doubled.min(LONGEST_LOCK);
        Self { failures, locked_until: self.locked_until.max(Some(until)) }
    }

    /// After a success.
    pub fn succeeded(self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(20_000)
    }

    #[test]
    fn the_fifth_failure_locks_ten_minutes_and_the_sixth_twenty() {
        let rules = Rules::defaults();
        let mut lockout = Lockout::default();
        for _ in 0..4 {
            lockout = lockout.failed(start(), &rules);
            assert_eq!(lockout.check(start()), Ok(()));
        }
        lockout = lockout.failed(start(), &rules);
        let until = start() + Duration::minutes(10);
        assert_eq!(lockout.check(start()), Err(until));
        assert_eq!(lockout.check(until), Ok(()));
        lockout = lockout.failed(until, &rules);
        assert_eq!(lockout.check(until), Err(until + Duration::minutes(20)));
        assert_eq!(lockout.succeeded(), Lockout::default());
    }

    #[test]
    fn a_day_after_the_lock_the_count_starts_anew() {
        let rules = Rules::defaults();
        let locked = Lockout { failures: 9, locked_until: Some(start()) };
        assert_eq!(locked.failed(start() + Duration::hours(23), &rules).failures, 10);
        let later = start() + Duration::hours(24);
        let lockout = locked.failed(later, &rules);
        assert_eq!((lockout.failures, lockout.check(later)), (1, Ok(())));
    }

    proptest! {
        /// Whoever waits for the end of each lock and fails again waits ever longer, a day at
        /// most; no failure shortens a lock, however many arrive at once.
        #[test]
        fn locks_grow_and_never_shrink(waits in prop::collection::vec(0i64..2_000, 1..60)) {
            let rules = Rules::defaults();
            let (mut lockout, mut now, mut longest) = (Lockout::default(), start(), Duration::zero());
            for minutes in waits {
                now += Duration::minutes(minutes % 30);
                let next = lockout.failed(now, &rules);
                prop_assert!(next.locked_until >= lockout.locked_until);
                if let Err(until) = next.check(now) {
                    let lock = until - now;
                    prop_assert!(lock <= LONGEST_LOCK);
                    if lockout.check(now).is_ok() {
                        prop_assert!(lock >= longest);
                        prop_assert!(lock >= rules.minutes(RuleKey::LockoutMinutes));
                        longest = lock;
                    }
                    if minutes % 2 == 0 { now = until; }
                }
                lockout = next;
            }
        }
    }
}
