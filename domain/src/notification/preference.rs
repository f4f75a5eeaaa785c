use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};
use serde::Serialize;

use super::NotificationKind;
use crate::vocabulary;

vocabulary! {
    /// Why the preferences weren't set.
    pub refusal enum NotificationRefusal {
        /// A kind was named that can't be muted.
        CannotBeMuted = "CANNOT_BE_MUTED" => "该类消息不能关闭。", "This kind of notification can't be muted.";
        /// The quiet hours aren't two different times of day, `HH:MM`.
        BadQuietHours = "BAD_QUIET_HOURS" => "请填写两个不同的时刻，如22:00至07:00。", "Give two different times of day, such as 22:00 to 07:00.";
        /// There is no such template of subscribe messages here, or WeChat isn't bound.
        UnknownTemplate = "UNKNOWN_TEMPLATE" => "没有该订阅消息，或您尚未绑定微信。", "There is no such subscribe message, or WeChat isn't bound.";
    }
}

/// The hours of each day in which a phone stays silent; from the evening over midnight, mostly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct QuietHours {
    from: NaiveTime,
    until: NaiveTime,
}

impl QuietHours {
    /// From one time of day until another.
    pub fn new(from: NaiveTime, until: NaiveTime) -> Result<Self, NotificationRefusal> {
        if from == until {
            return Err(NotificationRefusal::BadQuietHours);
        }
        Ok(Self { from, until })
    }

    /// When they begin.
    pub fn from(self) -> NaiveTime {
        self.from
    }

    /// When they end.
    pub fn until(self) -> NaiveTime {
        self.until
    }

    /// When a phone may make itself heard of what happens at `at`: then, or when the quiet hours in
    /// which that lies are over.
    pub fn audible(self, at: DateTime<Utc>, time_zone: &str) -> DateTime<Utc> {
        let zone: chrono_tz::Tz = time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
        let local = at.with_timezone(&zone);
        let (day, time) = (local.date_naive(), local.time());
        let over_midnight = self.from > self.until;
        let evening = time >= self.from && (over_midnight || time < self.until);
        let morning = over_midnight && time < self.until;
        if !evening && !morning {
            return at;
        }
        let day = if evening && over_midnight { day.checked_add_days(Days::new(1)) } else { Some(day) };
        let end = day.and_then(|day| zone.from_local_datetime(&day.and_time(self.until)).latest());
        end.map_or(at, |end| end.with_timezone(&Utc))
    }
}

/// What a person wants to be told of, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Preferences {
    muted: BTreeSet<NotificationKind>,
    quiet: Option<QuietHours>,
}

impl Preferences {
    /// Checks what a person wants.
    pub fn new(
        muted: impl IntoIterator<Item = NotificationKind>,
        quiet: Option<QuietHours>,
    ) -> Result<Self, NotificationRefusal> {
        let muted: BTreeSet<_> = muted.into_iter().collect();
        if muted.iter().any(|kind| !kind.can_be_muted()) {
            return Err(NotificationRefusal::CannotBeMuted);
        }
        Ok(Self { muted, quiet })
    }

    /// As stored. A kind that can't be muted any more isn't.
    pub fn from_stored(muted: impl IntoIterator<Item = NotificationKind>, quiet: Option<QuietHours>) -> Self {
        Self { muted: muted.into_iter().filter(|kind| kind.can_be_muted()).collect(), quiet }
    }

    /// The kinds that the person doesn't want.
    pub fn muted(&self) -> impl Iterator<Item = NotificationKind> {
        self.muted.iter().copied()
    }

    /// The quiet hours.
    pub fn quiet(&self) -> Option<QuietHours> {
        self.quiet
    }

    /// Whether the person wants to be told.
    pub fn wants(&self, kind: NotificationKind) -> bool {
        !self.muted.contains(&kind)
    }

    /// When a phone may make itself heard of what happens at `at`.
    pub fn audible(&self, at: DateTime<Utc>, time_zone: &str) -> DateTime<Utc> {
        self.quiet.map_or(at, |quiet| quiet.audible(at, time_zone))
    }
}
