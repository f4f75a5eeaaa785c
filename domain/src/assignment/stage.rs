use super::{AssignmentKind as Kind, AssignmentState as State};
use crate::vocabulary;

vocabulary! {
    /// Where an item stands in the words of its list (责任清单, 问题清单).
    pub enum ListStage {
        /// Of a responsibility: nobody has taken it on.
        Issued = "ISSUED" => "待认领", "Issued";
        /// Of a responsibility: somebody answers for it.
        Claimed = "CLAIMED" => "已认领", "Claimed";
        /// Of a responsibility: done and verified.
        Fulfilled = "FULFILLED" => "已履行", "Fulfilled";
        /// Of an issue: its owner hasn't said how it will be put right.
        Found = "FOUND" => "待认领", "Found";
        /// Of an issue: being put right by the measure that was proposed.
        MeasureProposed = "MEASURE_PROPOSED" => "整改中", "Measure proposed";
        /// Of an issue: put right, as its owner says.
        Rectified = "RECTIFIED" => "待验收", "Rectified";
        /// Of an issue: not good enough, given back.
        Returned = "RETURNED" => "退回", "Returned";
        /// Of an issue: verified and closed out.
        ClosedOut = "CLOSED_OUT" => "已销号", "Closed out";
    }
}

impl ListStage {
    /// The stage of an item; none for what stands on no list, and for drafts and what was cancelled.
    pub fn of(kind: Kind, state: State) -> Option<Self> {
        Some(match (kind, state) {
            (Kind::Task | Kind::Resolution, _) | (_, State::Draft | State::Cancelled) => return None,
            (Kind::Responsibility, State::Dispatched | State::Declined) => Self::Issued,
            (Kind::Responsibility, State::Verified) => Self::Fulfilled,
            (Kind::Responsibility, _) => Self::Claimed,
            (Kind::Issue, State::Dispatched | State::Declined) => Self::Found,
            (Kind::Issue, State::Accepted | State::InProgress) => Self::MeasureProposed,
            (Kind::Issue, State::Submitted) => Self::Rectified,
            (Kind::Issue, State::Returned) => Self::Returned,
            (Kind::Issue, State::Verified) => Self::ClosedOut,
        })
    }
}
