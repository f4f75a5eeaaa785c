//! When a recurrence falls due. Everything is reckoned in civil days, and only then placed on
//! the clock of the host's zone, so that no change of summer time moves a Party day.

use std::str::FromStr;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};
use serde::Serialize;

use super::{RecurrenceRefusal as Refusal, TimeWindow};

/// The parts of an RRULE that say on which days; those that say at what times are left out.
const PARTS: [&str; 8] = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"];
const LONGEST_RULE: usize = 200;
/// Every fortnight is 27 days in a leap year; more would be a burden (R45).
const MOST_PER_YEAR: usize = 27;
/// How far a rule is followed: longer than any needs to show its pattern.
const YEARS_FOLLOWED: u64 = 10;

/// On which days, at what time and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The RRULE (RFC 5545), without its name.
    pub rule: String,
    /// The first day on which it may fall.
    pub starts_on: NaiveDate,
    /// Time of day.
    pub time: NaiveTime,
    /// How long each occurrence lasts.
    pub minutes: i64,
    /// IANA name of the zone of day and time.
    pub time_zone: String,
}

impl Schedule {
    /// Checks a new schedule of gatherings.
    pub fn check(self, today: NaiveDate) -> Result<Self, Refusal> {
        self.check_within(24 * 60, MOST_PER_YEAR, today)
    }

    /// Checks a new schedule of what lasts so many minutes at most, and comes so often in a year.
    pub fn check_within(self, longest: i64, most_per_year: usize, today: NaiveDate) -> Result<Self, Refusal> {
        let zone = self.zone()?;
        if self.starts_on.signed_duration_since(today).abs() > Duration::days(400) {
            return Err(Refusal::BadStart);
        }
        if !(1..=longest).contains(&self.minutes) {
            return Err(Refusal::BadDuration);
        }
        let rule = tidy(&self.rule)?;
        let schedule = Self { rule, time_zone: zone.name().to_owned(), ..self };
        let horizon =
            schedule.starts_on.checked_add_days(Days::new(366 * YEARS_FOLLOWED)).ok_or(Refusal::BadStart)?;
        let days = schedule.days(horizon)?;
        if days.is_empty() {
            return Err(Refusal::Never);
        }
        let crowded = days.iter().zip(days.iter().skip(most_per_year));
        if crowded.into_iter().any(|(a, b)| b.signed_duration_since(*a) < Duration::days(366)) {
            return Err(Refusal::TooOften);
        }
        Ok(schedule)
    }

    /// The occurrences that start after `from` and not after `to`, in order.
    pub fn occurrences(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<TimeWindow>, Refusal> {
        let zone = self.zone()?;
        let last_day = to.with_timezone(&zone).date_naive();
        let windows = self.days(last_day)?.into_iter().map(|day| {
            let starts_at = on_clock(day.and_time(self.time), zone);
            TimeWindow { starts_at, ends_at: starts_at + Duration::minutes(self.minutes) }
        });
        Ok(windows.filter(|window| from < window.starts_at && window.starts_at <= to).collect())
    }

    fn zone(&self) -> Result<Tz, Refusal> {
        self.time_zone.parse().map_err(|_| Refusal::BadTimeZone)
    }

    /// The days until `horizon`. The rule is run on dates alone: its times are midnights of UTC.
    fn days(&self, horizon: NaiveDate) -> Result<Vec<NaiveDate>, Refusal> {
        if horizon < self.starts_on {
            return Ok(Vec::new());
        }
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().with_timezone(&rrule::Tz::UTC);
        let (rule, until) = self.split_until()?;
        let until = until.map_or(horizon, |until| until.min(horizon));
        if until < self.starts_on {
            return Ok(Vec::new());
        }
        let start = midnight(self.starts_on);
        let rule = RRule::<Unvalidated>::from_str(&rule)
            .map_err(|_| Refusal::BadRule)?
            // A rule ends where we stop asking, so that it never runs on towards the year 9999.
            .until(midnight(until))
            .validate(start)
            .map_err(|_| Refusal::BadRule)?;
        let most = u16::try_from(366 * YEARS_FOLLOWED).unwrap_or(u16::MAX);
        Ok(RRuleSet::new(start).rrule(rule).all(most).dates.iter().map(DateTime::date_naive).collect())
    }

    /// The rule without its UNTIL, and the last civil day that UNTIL allows.
    fn split_until(&self) -> Result<(String, Option<NaiveDate>), Refusal> {
        let (until, rest): (Vec<&str>, Vec<&str>) =
            self.rule.split(';').partition(|part| part.starts_with("UNTIL="));
        let until = until.first().and_then(|part| part.strip_prefix("UNTIL="));
        let until = until.map(|text| self.read_until(text).ok_or(Refusal::BadRule)).transpose()?;
        Ok((rest.join(";"), until))
    }

    /// A date, a civil time, or an instant of UTC.
    fn read_until(&self, text: &str) -> Option<NaiveDate> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
            return Some(day);
        }
        let until = match text.strip_suffix('Z') {
            Some(instant) => {
                let instant = NaiveDateTime::parse_from_str(instant, "%Y%m%dT%H%M%S").ok()?.and_utc();
                instant.with_timezone(&self.zone().ok()?).naive_local()
            }
            None => NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?,
        };
        if self.time <= until.time() { Some(until.date()) } else { until.date().pred_opt() }
    }
}

/// A rule in capitals, without spaces and its name, with known parts, each once.
fn tidy(rule: &str) -> Result<String, Refusal> {
    let rule: String = rule.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule).trim_end_matches(';');
    if rule.len() > LONGEST_RULE || !rule.is_ascii() {
        return Err(Refusal::BadRule);
    }
    let mut seen = Vec::new();
    let mut bounded = false;
    for part in rule.split(';') {
        let (name, value) = part.split_once('=').ok_or(Refusal::BadRule)?;
        let number = value.parse::<u32>().unwrap_or(0);
        let good = match name {
            "FREQ" => matches!(value, "WEEKLY" | "MONTHLY" | "YEARLY"),
            "INTERVAL" => (1..=60).contains(&number),
            "COUNT" => (1..=999).contains(&number) && !std::mem::replace(&mut bounded, true),
            "UNTIL" => matches!(value.len(), 8 | 15 | 16) && !std::mem::replace(&mut bounded, true),
            _ => PARTS.contains(&name) && !value.is_empty(),
        };
        if !good || seen.contains(&name) {
            return Err(Refusal::BadRule);
        }
        seen.push(name);
    }
    // BYSETPOS picks from what another part gives (RFC 5545, 3.3.10).
    let picks_from = seen.iter().any(|name| name.starts_with("BY") && *name != "BYSETPOS");
    if seen.contains(&"FREQ") && (picks_from || !seen.contains(&"BYSETPOS")) {
        Ok(rule.to_owned())
    } else {
        Err(Refusal::BadRule)
    }
}

/// A civil time as an instant. A time that the clock skips is taken with the offset before the
/// gap, one that it shows twice is the first (RFC 5545, 3.3.5).
fn on_clock(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local).earliest() {
        Some(at) => at.with_timezone(&Utc),
        None => {
            let before = zone.offset_from_utc_datetime(&(local - Duration::days(1))).fix();
            (local - before).and_utc()
        }
    }
}
