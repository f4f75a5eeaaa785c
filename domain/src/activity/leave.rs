use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Activity, ActivityState, Attendance, Attendee};
use crate::{
    id::{AccountId, ActivityId, LeaveRequestId, PartyMemberId},
    text, vocabulary,
};

vocabulary! {
    /// Where a request for leave stands.
    pub enum LeaveState {
        /// Waits for the organizer.
        Requested = "REQUESTED" => "待审批", "Requested";
        /// Granted.
        Granted = "GRANTED" => "已准假", "Granted";
        /// Refused.
        Refused = "REFUSED" => "未准假", "Refused";
        /// Taken back by the member.
        Withdrawn = "WITHDRAWN" => "已撤回", "Withdrawn";
    }
}

vocabulary! {
    /// Why a request for leave wasn't made, decided or withdrawn.
    pub refusal enum LeaveRefusal {
        /// The activity hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "活动尚未发布。", "The activity has not been published.";
        /// The activity has been cancelled.
        Cancelled = "CANCELLED" => "活动已取消，无需请假。", "The activity has been cancelled; no leave is needed.";
        /// The activity is over.
        Over = "OVER" => "活动已结束，不能再请假。", "The activity is over.";
        /// The activity has been archived.
        Archived = "ARCHIVED" => "活动已归档，不能再审批。", "The activity has been archived.";
        /// Only who is expected needs leave.
        NotExpected = "NOT_EXPECTED" => "您不在应到名单中，无需请假。", "You are not expected at this activity and need no leave.";
        /// The member has checked in.
        CheckedIn = "CHECKED_IN" => "您已签到，无需请假。", "You have checked in.";
        /// A request is waiting or has been granted.
        AlreadyAsked = "ALREADY_ASKED" => "您已请假。", "You have already asked for leave.";
        /// The reason or note is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// Nobody decides on their own leave.
        OwnRequest = "OWN_REQUEST" => "不能审批本人的请假，请由其他组织者办理。", "Nobody may decide on their own leave; ask another organizer.";
        /// The request has been decided or withdrawn.
        AlreadyDecided = "ALREADY_DECIDED" => "该请假已处理。", "This request has been settled.";
        /// The activity has started; the record says what happened.
        Started = "STARTED" => "活动已开始，不能撤回请假；到场请直接签到。", "The activity has started; if you come, just check in.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

use LeaveRefusal as Refusal;

/// A request's state with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeaveProgress {
    /// Waits for the organizer.
    Requested,
    /// Granted.
    Granted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// A word to the member.
        note: Option<String>,
    },
    /// Refused.
    Refused {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// A word to the member.
        note: Option<String>,
    },
    /// Taken back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A member asks for leave from an activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeaveRequest {
    /// Identity.
    pub id: LeaveRequestId,
    /// The activity.
    pub activity_id: ActivityId,
    /// The member.
    pub member_id: PartyMemberId,
    /// Why, in the member's words.
    pub reason: String,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// State, with its facts.
    pub progress: LeaveProgress,
    /// Counts the changes.
    pub version: i32,
}

impl LeaveRequest {
    /// Asks for leave. `earlier` is the member's latest request for this activity: after a
    /// refusal or a withdrawal one may ask again.
    pub fn ask(
        id: LeaveRequestId,
        activity: &Activity,
        attendee: Option<&Attendee>,
        attendance: Option<&Attendance>,
        earlier: Option<&Self>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        match activity.state() {
            ActivityState::Draft => return Err(Refusal::NotPublished),
            ActivityState::Cancelled => return Err(Refusal::Cancelled),
            ActivityState::Closed | ActivityState::Archived => return Err(Refusal::Over),
            ActivityState::Published | ActivityState::Open if now >= activity.window.ends_at => {
                return Err(Refusal::Over);
            }
            ActivityState::Published | ActivityState::Open => {}
        }
        let attendee = attendee.filter(|attendee| attendee.counted).ok_or(Refusal::NotExpected)?;
        if attendance.is_some_and(|attendance| attendance.state.is_there()) {
            return Err(Refusal::CheckedIn);
        }
        let holds = |request: &Self| matches!(request.state(), LeaveState::Requested | LeaveState::Granted);
        if earlier.is_some_and(holds) {
            return Err(Refusal::AlreadyAsked);
        }
        Ok(Self {
            id,
            activity_id: activity.id,
            member_id: attendee.member_id,
            reason: text::line(reason, 200).ok_or(Refusal::BadReason)?,
            requested_at: now,
            progress: LeaveProgress::Requested,
            version: 1,
        })
    }

    /// The state without its facts.
    pub fn state(&self) -> LeaveState {
        match self.progress {
            LeaveProgress::Requested => LeaveState::Requested,
            LeaveProgress::Granted { .. } => LeaveState::Granted,
            LeaveProgress::Refused { .. } => LeaveState::Refused,
            LeaveProgress::Withdrawn { .. } => LeaveState::Withdrawn,
        }
    }

    /// The organizer's word to the member.
    pub fn note(&self) -> Option<&str> {
        match &self.progress {
            LeaveProgress::Granted { note, .. } | LeaveProgress::Refused { note, .. } => note.as_deref(),
            LeaveProgress::Requested | LeaveProgress::Withdrawn { .. } => None,
        }
    }

    /// Grants or refuses it, until the activity is archived; a leave granted after the closing
    /// still [excuses](Attendance::excuse) the absence. `own` is the member's own account.
    pub fn decide(
        self,
        granted: bool,
        note: Option<&str>,
        activity: &Activity,
        own: AccountId,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        match activity.state() {
            ActivityState::Archived => return Err(Refusal::Archived),
            ActivityState::Cancelled => return Err(Refusal::Cancelled),
            _ if by == own => return Err(Refusal::OwnRequest),
            _ if self.state() != LeaveState::Requested => return Err(Refusal::AlreadyDecided),
            _ => {}
        }
        let note = note
            .filter(|note| !note.trim().is_empty())
            .map(|note| text::line(note, 200).ok_or(Refusal::BadReason))
            .transpose()?;
        let progress = if granted {
            LeaveProgress::Granted { by, at: now, note }
        } else {
            LeaveProgress::Refused { by, at: now, note }
        };
        Ok(Self { progress, version: self.version + 1, ..self })
    }

    /// The member takes it back before the start.
    pub fn withdraw(self, activity: &Activity, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !matches!(self.state(), LeaveState::Requested | LeaveState::Granted) {
            return Err(Refusal::AlreadyDecided);
        }
        match activity.state() {
            ActivityState::Archived => return Err(Refusal::Archived),
            ActivityState::Cancelled => return Err(Refusal::Cancelled),
            ActivityState::Closed => return Err(Refusal::Over),
            _ if now >= activity.window.starts_at => return Err(Refusal::Started),
            _ => {}
        }
        Ok(Self { progress: LeaveProgress::Withdrawn { at: now }, version: self.version + 1, ..self })
    }
}
