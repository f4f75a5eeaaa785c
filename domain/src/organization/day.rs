use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};

/// The civil day of a moment in a time zone.
pub fn civil_day(at: DateTime<Utc>, time_zone: &str) -> NaiveDate {
    let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let utc = at.naive_utc();
    // Checked: a client's time may lie at the end of all days.
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc).date()
}
