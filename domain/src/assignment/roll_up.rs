use std::ops::AddAssign;

use super::AssignmentState as State;

/// How far the parts of an assignment are, at every depth: of those that have no parts themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RollUp {
    /// All parts that are to be done: neither declined nor cancelled.
    pub parts: i64,
    /// Given, and not accepted.
    pub waiting: i64,
    /// Accepted, being done, or returned.
    pub underway: i64,
    /// Handed in.
    pub submitted: i64,
    /// Verified.
    pub verified: i64,
    /// Declined: nobody does them now.
    pub declined: i64,
    /// What the measures of those declined add up to: it isn't in `target`.
    pub declined_target: i64,
    /// Overdue, of those waiting or underway.
    pub overdue: i64,
    /// What their measures add up to.
    pub target: i64,
    /// How much of it is done, as their owners report.
    pub amount: i64,
}

impl RollUp {
    /// `count` parts in a state, of which some are overdue.
    pub fn of(state: State, count: i64, overdue: i64, target: i64, amount: i64) -> Self {
        let zero = Self::default();
        match state {
            State::Draft | State::Cancelled => return zero,
            State::Declined => return Self { declined: count, declined_target: target, ..zero },
            _ => {}
        }
        let is = |wanted: bool| if wanted { count } else { 0 };
        Self {
            parts: count,
            waiting: is(state == State::Dispatched),
            underway: is(state.is_underway()),
            submitted: is(state == State::Submitted),
            verified: is(state == State::Verified),
            declined: 0,
            declined_target: 0,
            overdue,
            target,
            amount,
        }
    }
}

impl AddAssign for RollUp {
    fn add_assign(&mut self, other: Self) {
        *self = Self {
            parts: self.parts + other.parts,
            waiting: self.waiting + other.waiting,
            underway: self.underway + other.underway,
            submitted: self.submitted + other.submitted,
            verified: self.verified + other.verified,
            declined: self.declined + other.declined,
            declined_target: self.declined_target + other.declined_target,
            overdue: self.overdue + other.overdue,
            target: self.target + other.target,
            amount: self.amount + other.amount,
        };
    }
}
