use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Assignment, AssignmentState, Evidence};
use crate::{id::AccountId, vocabulary};

vocabulary! {
    /// What was done with an assignment.
    pub enum AssignmentStepKind {
        /// Written down.
        Created = "CREATED" => "新建", "Created";
        /// Changed while it was a draft.
        Changed = "CHANGED" => "修改", "Changed";
        /// Given to its owner, or offered.
        Dispatched = "DISPATCHED" => "下达", "Dispatched";
        /// Claimed of an offer, and so accepted.
        Claimed = "CLAIMED" => "认领", "Claimed";
        /// Taken on.
        Accepted = "ACCEPTED" => "接收", "Accepted";
        /// Not taken on.
        Declined = "DECLINED" => "退回下达方", "Declined";
        /// Begun.
        Started = "STARTED" => "开始办理", "Started";
        /// Its owner told how far it is.
        Reported = "REPORTED" => "报告进展", "Reported";
        /// Handed in.
        Submitted = "SUBMITTED" => "提交", "Submitted";
        /// Given back to the owner.
        Returned = "RETURNED" => "退回补办", "Returned";
        /// Found done.
        Verified = "VERIFIED" => "核验销号", "Verified";
        /// Opened again after a relapse.
        Reopened = "REOPENED" => "反弹重开", "Re-opened";
        /// Cancelled.
        Cancelled = "CANCELLED" => "撤销", "Cancelled";
        /// Given to another owner.
        Reassigned = "REASSIGNED" => "改派", "Reassigned";
        /// Parts of it were given to others.
        HandedDown = "HANDED_DOWN" => "分解下达", "Handed down";
        /// Of an offer: one of its claims was declined or cancelled, and its place is free again.
        Freed = "FREED" => "名额退回", "A place was freed";
        /// Of an offer: a declined claim was given to somebody anew, and takes its place again.
        Retaken = "RETAKEN" => "名额重新占用", "A place was taken again";
        /// Passed to whoever answers for the unit, or holds the post, from now on.
        Succeeded = "SUCCEEDED" => "责任人接任", "Succeeded";
        /// Given back to who issued it, because its owner has left the roster.
        HandedBack = "HANDED_BACK" => "责任人已离开名册，退回下达方", "Handed back: its owner has left the roster";
    }
}

/// One line of an assignment's history: what was done, by whom, when, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The assignment's version that this step made.
    pub version: i32,
    /// What was done.
    pub kind: AssignmentStepKind,
    /// Where it stood before; none for the first line.
    pub from: Option<AssignmentState>,
    /// Where it stood afterwards.
    pub to: AssignmentState,
    /// Who did it; none where it happened by itself.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, or what was said.
    pub note: Option<String>,
    /// The owner afterwards.
    pub owner: Option<AccountId>,
    /// The amount that was done by then.
    pub amount: i64,
    /// The due time that it gave; none where that stayed.
    pub due_at: Option<DateTime<Utc>>,
    /// What was handed in with it.
    pub evidence: Option<Evidence>,
}

impl Step {
    /// The line for what has made `after`.
    pub(super) fn of(
        after: &Assignment,
        kind: AssignmentStepKind,
        from: Option<AssignmentState>,
        by: impl Into<Option<AccountId>>,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            version: after.version,
            kind,
            from,
            to: after.state(),
            by: by.into(),
            at,
            note: None,
            owner: after.owner(),
            amount: after.amount,
            due_at: None,
            evidence: None,
        }
    }
}
