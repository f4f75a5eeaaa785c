use serde::Serialize;

use super::{Attendee, check_in::AttendanceState};

/// A share of the voters that must be exceeded, in whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Numerator.
    pub numerator: u64,
    /// Denominator.
    pub denominator: u64,
}

impl Quorum {
    /// More than half of the voters expected (R13).
    pub const ORDINARY: Self = Self { numerator: 1, denominator: 2 };
    /// More than four fifths of them, for elections (R14).
    pub const ELECTION: Self = Self { numerator: 4, denominator: 5 };

    /// Whether `present` of `expected` exceed the share.
    pub fn met(self, present: u32, expected: u32) -> bool {
        u64::from(present) * self.denominator > u64::from(expected) * self.numerator
    }
}

/// The count of an activity's attendance. All but the guests are counted in 应到.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// 应到.
    pub expected: u32,
    /// Present in time.
    pub present: u32,
    /// Present, but late.
    pub late: u32,
    /// On leave.
    pub on_leave: u32,
    /// Absent.
    pub absent: u32,
    /// Present without being counted in 应到: guests, and exempt members who came.
    pub guests: u32,
    /// Those expected who vote.
    pub expected_voters: u32,
    /// Those of them who are present, late or not.
    pub present_voters: u32,
}

impl Tally {
    /// Counts attendees with their standing; `None` is nothing yet.
    pub fn of<'a>(standings: impl IntoIterator<Item = (&'a Attendee, Option<AttendanceState>)>) -> Self {
        standings.into_iter().fold(Self::default(), |mut tally, (attendee, standing)| {
            let there = standing.is_some_and(AttendanceState::is_there);
            if !attendee.counted {
                tally.guests += u32::from(there);
                return tally;
            }
            tally.expected += 1;
            tally.expected_voters += u32::from(attendee.votes);
            tally.present_voters += u32::from(attendee.votes && there);
            match standing {
                Some(AttendanceState::Present) => tally.present += 1,
                Some(AttendanceState::Late) => tally.late += 1,
                Some(AttendanceState::OnLeave) => tally.on_leave += 1,
                Some(AttendanceState::Absent) => tally.absent += 1,
                None => {}
            }
            tally
        })
    }

    /// Those expected of whom nothing is known yet.
    pub fn pending(&self) -> u32 {
        let known = self.present + self.late + self.on_leave + self.absent;
        self.expected.saturating_sub(known)
    }

    /// Whether the meeting can decide.
    pub fn quorum_met(&self) -> bool {
        self.meets(Quorum::ORDINARY)
    }

    /// Whether the voters present exceed `quorum`.
    pub fn meets(&self, quorum: Quorum) -> bool {
        quorum.met(self.present_voters, self.expected_voters)
    }
}
