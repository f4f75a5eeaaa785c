use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    Activity, ActivityState, Attendance, Attendee, Entry, NewAttendance,
    check_in::{AttendanceFlags, CheckInMethod, DeviceMark, Nearness},
};
use crate::{
    id::{AccountId, ActivityId, CheckInClaimId, PartyMemberId},
    rule::Rules,
    text, vocabulary,
};

vocabulary! {
    /// Why the organizer has to decide on a check-in.
    pub enum ClaimReason {
        /// The scan arrived after the hours that it may take.
        ArrivedLate = "ARRIVED_LATE" => "补传过晚", "Arrived late";
        /// The phone's times don't fit the code that it scanned.
        TimesDisagree = "TIMES_DISAGREE" => "扫码时间与签到码不符", "The times don't fit the code";
        /// The activity had been archived when the scan arrived.
        Archived = "ARCHIVED" => "活动已归档", "The activity has been archived";
        /// An organizer has recorded something else already.
        Decided = "DECIDED" => "组织者已另行登记", "An organizer has recorded otherwise";
    }
}

vocabulary! {
    /// Where a claim stands.
    pub enum ClaimState {
        /// Waits for the organizer.
        Pending = "PENDING" => "待核定", "Pending";
        /// Accepted: recorded as attendance.
        Accepted = "ACCEPTED" => "已认可", "Accepted";
        /// Rejected.
        Rejected = "REJECTED" => "未认可", "Rejected";
    }
}

vocabulary! {
    /// Why a claim wasn't decided.
    pub refusal enum ClaimRefusal {
        /// It has been decided already.
        AlreadyDecided = "ALREADY_DECIDED" => "该签到已核定。", "This claim has been decided.";
        /// Nobody decides on their own check-in.
        OwnRecord = "OWN_RECORD" => "不能核定本人的签到，请由其他组织者办理。", "Nobody may decide on their own check-in; ask another organizer.";
        /// The reason is empty, longer than 200 characters, or holds characters that can't be shown.
        BadReason = "BAD_REASON" => "请填写1至200字的理由。", "Give a reason of 1 to 200 characters.";
        /// The activity has been cancelled.
        Cancelled = "CANCELLED" => "活动已取消。", "The activity has been cancelled.";
        /// The days for corrections are over; it can only be rejected.
        CorrectionOver = "CORRECTION_OVER" => "已超过考勤更正期限，只能不予认可。", "The days for corrections are over; it can only be rejected.";
        /// The record has changed since it was read.
        Stale = "STALE" => "数据已被他人更改，请刷新后重试。", "The record has changed since you read it.";
    }
}

use ClaimRefusal as Refusal;

/// A claim's state with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimProgress {
    /// Waits for the organizer.
    Pending,
    /// Accepted.
    Accepted {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Rejected.
    Rejected {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

/// A check-in to be left to the organizer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewClaim {
    /// The activity.
    pub activity_id: ActivityId,
    /// The member.
    pub member_id: PartyMemberId,
    /// Why the organizer has to decide.
    pub reason: ClaimReason,
    /// The best that is known of the time of the scan: never outside the window of check-in.
    pub occurred_at: DateTime<Utc>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Hints.
    pub flags: AttendanceFlags,
    /// Nearness.
    pub nearness: Nearness,
    /// The phone's mark; never in the audit.
    #[serde(skip)]
    pub device: Option<DeviceMark>,
}

/// A check-in that the organizer decides; one per member and activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckInClaim {
    /// Identity.
    pub id: CheckInClaimId,
    /// What arrived.
    pub claim: NewClaim,
    /// State, with its facts.
    pub progress: ClaimProgress,
    /// Counts the changes.
    pub version: i32,
}

/// An accepted claim and what it does to the attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOutcome {
    /// The decided claim.
    pub claim: CheckInClaim,
    /// The record.
    pub entry: Entry,
}

impl NewClaim {
    /// The claim under its new id.
    pub fn enter(self, id: CheckInClaimId) -> CheckInClaim {
        CheckInClaim { id, claim: self, progress: ClaimProgress::Pending, version: 1 }
    }
}

impl CheckInClaim {
    /// The state without its facts.
    pub fn state(&self) -> ClaimState {
        match self.progress {
            ClaimProgress::Pending => ClaimState::Pending,
            ClaimProgress::Accepted { .. } => ClaimState::Accepted,
            ClaimProgress::Rejected { .. } => ClaimState::Rejected,
        }
    }

    /// The organizer believes it. Archiving must not cost a member a check-in that the network
    /// held up, so an archived activity accepts claims until the days for corrections are over.
    pub fn accept(
        self,
        activity: &Activity,
        attendee: &Attendee,
        existing: Option<&Attendance>,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<ClaimOutcome, Refusal> {
        self.check_decidable(attendee, by)?;
        if activity.state() == ActivityState::Cancelled {
            return Err(Refusal::Cancelled);
        }
        if now > activity.correctable_until(rules) {
            return Err(Refusal::CorrectionOver);
        }
        let claim = &self.claim;
        let entry = match existing {
            Some(existing) if existing.state.is_there() => Entry::Already(existing.id),
            _ => Entry::Recorded {
                new: NewAttendance {
                    activity_id: claim.activity_id,
                    member_id: claim.member_id,
                    state: activity.lateness(claim.occurred_at),
                    method: Some(CheckInMethod::Claim),
                    occurred_at: claim.occurred_at,
                    recorded_at: now,
                    recorded_by: Some(by),
                    reason: None,
                    flags: claim.flags,
                    nearness: claim.nearness,
                    device: claim.device,
                },
                supersedes: existing.map(|existing| existing.id),
            },
        };
        Ok(ClaimOutcome { claim: self.decided(ClaimProgress::Accepted { by, at: now }), entry })
    }

    /// The organizer doesn't, and says why.
    pub fn reject(
        self,
        attendee: &Attendee,
        by: AccountId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        self.check_decidable(attendee, by)?;
        let reason = text::line(reason, 200).ok_or(Refusal::BadReason)?;
        Ok(self.decided(ClaimProgress::Rejected { by, at: now, reason }))
    }

    fn check_decidable(&self, attendee: &Attendee, by: AccountId) -> Result<(), Refusal> {
        if self.progress != ClaimProgress::Pending {
            Err(Refusal::AlreadyDecided)
        } else if attendee.account_id == by {
            Err(Refusal::OwnRecord)
        } else {
            Ok(())
        }
    }

    fn decided(self, progress: ClaimProgress) -> Self {
        Self { progress, version: self.version + 1, ..self }
    }
}
