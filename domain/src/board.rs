//! The board: a room's screen with the check-in code and the counts of one activity, opened for it by
//! whoever keeps attendance there, and good for nothing else.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::{
    activity::{Activity, ActivityState},
    id::{AccountId, ActivityId, BoardId},
    vocabulary,
};

/// How long the link that opens a board may wait to be followed.
const LINK: Duration = Duration::minutes(5);
/// How long before check-in a room may be prepared.
const AHEAD: Duration = Duration::hours(12);
/// How long a board stays on after check-in has ended: the counts are read out, late comers are entered.
const GRACE: Duration = Duration::minutes(30);

vocabulary! {
    /// What a board has to show.
    pub enum BoardPhase {
        /// Check-in hasn't begun.
        Early = "EARLY" => "签到尚未开始", "Check-in has not begun";
        /// Check-in is possible: there is a code.
        Open = "OPEN" => "正在签到", "Check in now";
        /// Check-in is over: there are the counts.
        Over = "OVER" => "签到已结束", "Check-in is over";
    }
}

vocabulary! {
    /// Why no board was opened.
    pub refusal enum BoardRefusal {
        /// The activity is a draft, or was cancelled.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布或已取消。", "The activity isn't published, or was cancelled.";
        /// Check-in begins in more than twelve hours.
        TooEarly = "TOO_EARLY" => "最早可在签到开始前12小时打开。", "A board opens twelve hours before check-in at the earliest.";
        /// Check-in has ended half an hour ago.
        Over = "OVER" => "活动已结束。", "The activity is over.";
    }
}

/// A room's screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Identity.
    pub id: BoardId,
    /// The one activity that it shows.
    pub activity_id: ActivityId,
    /// Who opened it, and by whose right it shows anything.
    pub account_id: AccountId,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When its link was followed.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it was closed by hand.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Board {
    /// Opens a board of an activity. Its link waits to be followed.
    pub fn open(
        id: BoardId,
        activity: &Activity,
        account_id: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Self, BoardRefusal> {
        if matches!(activity.state(), ActivityState::Draft | ActivityState::Cancelled) {
            return Err(BoardRefusal::NotPublished);
        }
        if now < activity.check_in_window().starts_at - AHEAD {
            return Err(BoardRefusal::TooEarly);
        }
        if now >= lasts_until(activity) {
            return Err(BoardRefusal::Over);
        }
        Ok(Self {
            id,
            activity_id: activity.id,
            account_id,
            opened_at: now,
            entered_at: None,
            closed_at: None,
        })
    }

    /// Until when its link may be followed.
    pub fn link_until(&self) -> DateTime<Utc> {
        self.opened_at + LINK
    }

    /// Follows its link: once, in time. None where that can't be any more.
    pub fn enter(self, now: DateTime<Utc>) -> Option<Self> {
        let waits = self.entered_at.is_none() && self.closed_at.is_none() && now < self.link_until();
        waits.then_some(Self { entered_at: Some(now), ..self })
    }

    /// Whether it shows something of its activity still.
    pub fn is_live(&self, activity: &Activity, now: DateTime<Utc>) -> bool {
        self.entered_at.is_some()
            && self.closed_at.is_none()
            && activity.id == self.activity_id
            && activity.state() != ActivityState::Cancelled
            && now < lasts_until(activity)
    }
}

/// Until when an activity's boards last.
pub fn lasts_until(activity: &Activity) -> DateTime<Utc> {
    // Of what was closed early the window has ended early; the meeting itself may go on.
    activity.check_in_window().ends_at.max(activity.window.ends_at) + GRACE
}

/// What a board of the activity shows at `now`.
pub fn phase(activity: &Activity, now: DateTime<Utc>) -> BoardPhase {
    if activity.accepts_check_in(now) {
        BoardPhase::Open
    } else if now < activity.check_in_window().starts_at {
        BoardPhase::Early
    } else {
        BoardPhase::Over
    }
}
