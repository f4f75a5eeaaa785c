//! Times of the small world: Beijing's wall clock.

use chrono::{DateTime, FixedOffset, TimeZone, Utc};

fn beijing() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).unwrap()
}

/// A moment in Beijing.
pub fn beijing_time(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    beijing().with_ymd_and_hms(year, month, day, hour, minute, 0).unwrap().to_utc()
}

/// When every world begins: a Monday morning.
pub fn beginning() -> DateTime<Utc> {
    beijing_time(2026, 3, 2, 9, 0)
}

/// As the API writes and reads times.
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
