use chrono::{
    DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

use super::{Booked, Service};
use crate::{
    activity::TimeWindow,
    rule::{RuleKey, Rules},
    vocabulary,
    vocabulary::Vocabulary,
};

vocabulary! {
    /// A hint for the reviewer, never a rejection.
    pub enum HourFlag {
        /// Longer in one go than is usual.
        Long = "LONG" => "时间较长", "Long";
        /// Reported later than records should be made (R30).
        LateReported = "LATE_REPORTED" => "补报较晚", "Reported late";
        /// Some of it lies between 23:00 and 5:00.
        Night = "NIGHT" => "含夜间时段", "At night";
        /// The member's entries of the month come to more than is usual.
        UnusualMonth = "UNUSUAL_MONTH" => "当月合计偏多", "Unusual sum of the month";
        /// Nobody checked out of the shift: it was closed at its end, and counts for no more than is usual.
        ForgottenCheckOut = "FORGOTTEN_CHECK_OUT" => "未签退", "Check-out was forgotten";
        /// Scanned without signal, and sent late or with times that don't fit.
        DoubtfulTimes = "DOUBTFUL_TIMES" => "离线时间存疑", "Times in doubt";
        /// Checked in or out by somebody responsible.
        OnBehalf = "ON_BEHALF" => "负责人代签", "Entered by somebody responsible";
        /// Overlaps another entry, or makes the day longer than is possible.
        Clash = "CLASH" => "与其他记录冲突", "Clashes with another entry";
    }
}

impl HourFlag {
    fn bit(self) -> i32 {
        match self {
            Self::Long => 1,
            Self::LateReported => 2,
            Self::Night => 4,
            Self::UnusualMonth => 8,
            Self::ForgottenCheckOut => 16,
            Self::DoubtfulTimes => 32,
            Self::OnBehalf => 64,
            Self::Clash => 128,
        }
    }
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HourFlags(i32);

impl HourFlags {
    /// Reads the stored bits; unknown ones are dropped.
    pub fn from_stored(bits: i32) -> Self {
        Self::words()
            .filter(|flag| bits & flag.bit() != 0)
            .fold(Self::default(), |all, f| all.with_if(f, true))
    }

    /// The bits to store.
    pub fn stored(self) -> i32 {
        self.0
    }

    /// With one more flag, if so.
    pub fn with_if(self, flag: HourFlag, so: bool) -> Self {
        if so { Self(self.0 | flag.bit()) } else { self }
    }

    /// The flags that are set, in order of declaration.
    pub fn list(self) -> Vec<HourFlag> {
        Self::words().filter(|flag| self.0 & flag.bit() != 0).collect()
    }

    /// How many are set: entries with more are looked at first.
    pub fn count(self) -> i32 {
        i32::try_from(self.0.count_ones()).unwrap_or(0)
    }

    fn words() -> impl Iterator<Item = HourFlag> {
        HourFlag::words().iter().map(|word| word.value)
    }
}

impl Serialize for HourFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.list())
    }
}

const NIGHT_BEGINS: i64 = 23;
const NIGHT_ENDS: i64 = 5;

/// Whether some of a window of at most a day lies at night.
fn at_night(window: TimeWindow, zone: Tz, day: NaiveDate) -> bool {
    let local = |at: DateTime<Utc>| -> NaiveDateTime {
        let utc = at.naive_utc();
        utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
    };
    let (from, until) = (local(window.starts_at), local(window.ends_at));
    let first = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    first.iter_days().take(3).any(|day| {
        let midnight = day.and_time(NaiveTime::MIN);
        let begins = midnight + Duration::hours(NIGHT_BEGINS);
        let ends = midnight + Duration::hours(24 + NIGHT_ENDS);
        from < ends && begins < until
    })
}

/// The hints about a service on `day` that is reported now, beside the member's others.
pub(super) fn flags(
    service: &Service,
    day: NaiveDate,
    others: &[Booked],
    zone: Tz,
    rules: &Rules,
    now: DateTime<Utc>,
) -> HourFlags {
    let month = |day: NaiveDate| (day.year(), day.month());
    let served = service.served_minutes();
    let sum: i64 = others.iter().filter(|o| month(o.served_on) == month(day)).map(|o| o.minutes).sum();
    let age = now.signed_duration_since(service.window.ends_at);
    HourFlags::default()
        .with_if(HourFlag::Long, served > rules.get(RuleKey::ServiceLongHours) * 60)
        .with_if(HourFlag::LateReported, age > Duration::days(rules.get(RuleKey::ServiceLateDays)))
        .with_if(HourFlag::Night, at_night(service.window, zone, day))
        .with_if(HourFlag::UnusualMonth, sum + served > rules.get(RuleKey::ServiceMonthHours) * 60)
}
