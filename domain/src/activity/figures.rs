use std::{
    iter::Sum,
    ops::{Add, AddAssign},
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{Tally, check_in::AttendanceState};

/// Attendance added up over activities that are closed: of a member, a branch or a subtree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AttendanceFigures {
    /// Activities held.
    pub held: i64,
    /// Persons expected, summed over the activities.
    pub expected: i64,
    /// Present in time.
    pub present: i64,
    /// Late.
    pub late: i64,
    /// On leave.
    pub on_leave: i64,
    /// Absent.
    pub absent: i64,
}

impl AttendanceFigures {
    /// One activity's figures.
    pub fn of(tally: &Tally) -> Self {
        Self {
            held: 1,
            expected: tally.expected.into(),
            present: tally.present.into(),
            late: tally.late.into(),
            on_leave: tally.on_leave.into(),
            absent: tally.absent.into(),
        }
    }

    /// One member's figures at one activity at which they were expected.
    pub fn of_member(state: Option<AttendanceState>) -> Self {
        let is = |wanted| i64::from(state == Some(wanted));
        Self {
            held: 1,
            expected: 1,
            present: is(AttendanceState::Present),
            late: is(AttendanceState::Late),
            on_leave: is(AttendanceState::OnLeave),
            absent: is(AttendanceState::Absent),
        }
    }

    /// 到会率 in thousandths, rounded down: those present, late or not, of those expected.
    /// `None` where nobody was expected.
    pub fn rate_permille(&self) -> Option<i64> {
        (self.expected > 0).then(|| (self.present + self.late) * 1_000 / self.expected)
    }
}

impl Add for AttendanceFigures {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            held: self.held + other.held,
            expected: self.expected + other.expected,
            present: self.present + other.present,
            late: self.late + other.late,
            on_leave: self.on_leave + other.on_leave,
            absent: self.absent + other.absent,
        }
    }
}

impl AddAssign for AttendanceFigures {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for AttendanceFigures {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::default(), Add::add)
    }
}

/// A civil month, by which figures are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct YearMonth {
    /// Year.
    pub year: i32,
    /// Month, 1–12.
    pub month: u32,
}

impl YearMonth {
    /// The month of an instant in a unit's time zone.
    pub fn of(at: DateTime<Utc>, zone: Tz) -> Self {
        Self::of_day(at.with_timezone(&zone).date_naive())
    }

    /// The month of a day.
    pub fn of_day(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }
}
