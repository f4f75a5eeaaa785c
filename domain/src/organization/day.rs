use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeZone, Utc};

/// The civil day of a moment in a time zone.
pub fn civil_day(at: DateTime<Utc>, time_zone: &str) -> NaiveDate {
    let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let utc = at.naive_utc();
    // Checked: a client's time may lie at the end of all days.
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc).date()
}

/// The first moment of a civil day in a time zone; in Shanghai's where the name is unknown.
pub fn day_start(day: NaiveDate, time_zone: &str) -> DateTime<Utc> {
    let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}
