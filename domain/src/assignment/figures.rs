use std::collections::BTreeMap;

use super::AssignmentState as State;

/// What was to be done in a period, and how much of it was: of all assignments that were due in it.
/// Drafts, what was cancelled, offers, and wholes that were handed down don't count: their claims and
/// parts do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentFigures {
    /// All that was due.
    pub due: i64,
    /// Verified.
    pub delivered: i64,
    /// Of those delivered, handed in after the due time.
    pub delivered_late: i64,
    /// Handed in, and not looked at yet.
    pub submitted: i64,
    /// Given, and neither handed in nor declined.
    pub open: i64,
    /// Of those open, past the due time.
    pub overdue: i64,
    /// Declined.
    pub declined: i64,
    /// What the measures ask for, by the unit in which they count.
    pub quotas: BTreeMap<String, Quota>,
}

/// How many of something were to be done, and are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// To be done.
    pub target: i64,
    /// Done, as the owners report.
    pub amount: i64,
    /// Of that, in assignments that were verified.
    pub verified: i64,
}

/// Some assignments in one state, whose measures count the same thing.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The state.
    pub state: State,
    /// In what their measures count.
    pub unit: Option<String>,
    /// How many assignments.
    pub count: i64,
    /// Of those, how many are late: handed in late, or overdue.
    pub late: i64,
    /// What they ask for.
    pub target: i64,
    /// What is done.
    pub amount: i64,
}

impl AssignmentFigures {
    /// Counts some more.
    pub fn count(&mut self, some: Counted) {
        let Counted { state, unit, count, late, target, amount } = some;
        match state {
            State::Draft | State::Cancelled => return,
            State::Verified => {
                self.delivered += count;
                self.delivered_late += late;
            }
            State::Submitted => self.submitted += count,
            State::Declined => self.declined += count,
            State::Dispatched | State::Accepted | State::InProgress | State::Returned => {
                self.open += count;
                self.overdue += late;
            }
        }
        self.due += count;
        if let Some(unit) = unit {
            let quota = self.quotas.entry(unit).or_default();
            quota.target += target;
            quota.amount += amount;
            quota.verified += if state == State::Verified { amount } else { 0 };
        }
    }
}
