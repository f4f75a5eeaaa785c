use chrono::{DateTime, Utc};

use crate::{
    activity::{Activity, ActivityState},
    vocabulary,
};

vocabulary! {
    /// What somebody hasn't done yet with what was given or offered to them.
    pub enum DutyStep {
        /// Claimed: of an offer, the branches to which it is made and of which none has.
        Claimed = "CLAIMED" => "认领", "Claimed";
        /// Accepted.
        Accepted = "ACCEPTED" => "接收", "Accepted";
        /// Handed in.
        Submitted = "SUBMITTED" => "提交", "Handed in";
    }
}

vocabulary! {
    /// Why nobody was reminded.
    pub refusal enum ReminderRefusal {
        /// Nobody is missing.
        NobodyMissing = "NOBODY_MISSING" => "没有需要提醒的人。", "Nobody is missing.";
        /// Everybody who is missing has been reminded today (R46: one reminder of a duty in a day).
        AlreadyReminded = "ALREADY_REMINDED" => "今天已提醒过，每项事务每天只提醒一次。", "They have been reminded today; once a day is enough.";
        /// The activity isn't made known.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布。", "The activity has not been published.";
        /// The activity was called off, or the assignment isn't given out or was cancelled.
        NotInForce = "NOT_IN_FORCE" => "该事项未下达或已取消，无需提醒。", "It is not in force; there is nothing to remind of.";
        /// The activity is over, or the offer can no longer be claimed.
        Over = "OVER" => "该事项已结束，无需提醒。", "It is over; there is nothing to remind of.";
        /// More than 500 would be reminded at once.
        TooMany = "TOO_MANY" => "一次最多提醒500人，请在下级组织分别提醒。", "At most 500 can be reminded at once; remind them in the units below.";
    }
}

/// Whether those who are expected at an activity, and aren't there, may be reminded of it.
pub fn check_reminder(activity: &Activity, now: DateTime<Utc>) -> Result<(), ReminderRefusal> {
    match activity.state() {
        ActivityState::Draft => Err(ReminderRefusal::NotPublished),
        ActivityState::Cancelled => Err(ReminderRefusal::NotInForce),
        ActivityState::Closed | ActivityState::Archived => Err(ReminderRefusal::Over),
        ActivityState::Published | ActivityState::Open if activity.window.ends_at <= now => {
            Err(ReminderRefusal::Over)
        }
        ActivityState::Published | ActivityState::Open => Ok(()),
    }
}
