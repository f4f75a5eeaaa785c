use super::{Addressee, Assignment, AssignmentKind as Kind, AssignmentState as State};
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

impl Assignment {
    /// The stage in the words of its list; none for what stands on no list, for drafts and for what was
    /// cancelled. An offer is claimed as soon as somebody has claimed it.
    pub fn list_stage(&self) -> Option<ListStage> {
        use ListStage::*;
        let taken = matches!(self.placement.addressee, Addressee::Offer { claimed, .. } if claimed > 0);
        Some(match (self.terms.kind, self.state()) {
            (Kind::Task | Kind::Resolution, _) | (_, State::Draft | State::Cancelled) => return None,
            (Kind::Responsibility, State::Dispatched | State::Declined) if !taken => Issued,
            (Kind::Responsibility, State::Verified) => Fulfilled,
            (Kind::Responsibility, _) => Claimed,
            (Kind::Issue, State::Dispatched | State::Declined) if !taken => Found,
            (Kind::Issue, State::Submitted) => Rectified,
            (Kind::Issue, State::Returned) => Returned,
            (Kind::Issue, State::Verified) => ClosedOut,
            (Kind::Issue, _) => MeasureProposed,
        })
    }
}
