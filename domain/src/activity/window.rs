use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::ActivityRefusal as Refusal;

/// The longest activity.
const LONGEST: Duration = Duration::hours(24);
/// How far ahead an activity may be planned.
const AHEAD: Duration = Duration::days(400);
/// How long after the event it may still be entered from a paper list.
const BEHIND: Duration = Duration::days(31);

/// The moment at which a civil day begins. Where the clocks leave midnight out, it is the next hour.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    let begins =
        (0..3).find_map(|hour| zone.from_local_datetime(&(local + Duration::hours(hour))).earliest());
    begins.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct TimeWindow {
    /// The first instant.
    pub starts_at: DateTime<Utc>,
    /// The end.
    pub ends_at: DateTime<Utc>,
}

impl TimeWindow {
    /// The civil day on which it starts, in the host's time zone.
    pub fn day(self, zone: Tz) -> NaiveDate {
        let utc = self.starts_at.naive_utc();
        // Checked: a client's time may lie at the end of all days.
        utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc).date()
    }

    /// The civil days that it touches.
    pub fn days(self, zone: Tz) -> impl Iterator<Item = NaiveDate> {
        let last = Self { starts_at: self.ends_at, ..self }.day(zone);
        self.day(zone).iter_days().take_while(move |day| *day <= last)
    }

    /// The minutes of it that lie in a civil day.
    pub fn minutes_on(self, day: NaiveDate, zone: Tz) -> i64 {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let from = self.starts_at.max(midnight(day, zone));
        self.ends_at.min(midnight(next, zone)).signed_duration_since(from).num_minutes().max(0)
    }

    /// Whether `at` lies inside, both ends included.
    pub fn contains(self, at: DateTime<Utc>) -> bool {
        self.starts_at <= at && at <= self.ends_at
    }

    /// Checks the length.
    pub(super) fn check_length(self) -> Result<Self, Refusal> {
        let length = self.ends_at.signed_duration_since(self.starts_at);
        if length <= Duration::zero() {
            return Err(Refusal::EndsBeforeStart);
        }
        if length > LONGEST {
            return Err(Refusal::TooLong);
        }
        Ok(self)
    }

    /// Checks the length and that the window lies where an activity may be planned.
    pub(super) fn check(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let distance = self.starts_at.signed_duration_since(now);
        if distance > AHEAD {
            return Err(Refusal::TooFarAhead);
        }
        if distance < -BEHIND {
            return Err(Refusal::TooLongAgo);
        }
        self.check_length()
    }
}
