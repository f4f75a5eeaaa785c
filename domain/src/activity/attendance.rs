use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::{
    Activity, ActivityState, AttendanceRefusal as Refusal, Attendee, TimeWindow,
    check_in::{AttendanceFlags, AttendanceState, CheckInMethod, DeviceMark, Nearness},
};
use crate::{
    id::{AccountId, ActivityId, AttendanceId, PartyMemberId},
    rule::{RuleKey, Rules},
    text,
};

/// A member's attendance of an activity: one record per member and activity, corrected but
/// never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// Identity.
    pub id: AttendanceId,
    /// The activity.
    pub activity_id: ActivityId,
    /// The member.
    pub member_id: PartyMemberId,
    /// Whether they were there.
    pub state: AttendanceState,
    /// How they were checked in; none for the absent.
    pub method: Option<CheckInMethod>,
    /// When they came; for who didn't, the activity's start.
    pub occurred_at: DateTime<Utc>,
    /// When this was written, or last corrected.
    pub recorded_at: DateTime<Utc>,
    /// The organizer who wrote or corrected it; `None` is the member or the closing.
    pub recorded_by: Option<AccountId>,
    /// Why an organizer did.
    pub reason: Option<String>,
    /// Hints for the organizer.
    pub flags: AttendanceFlags,
    /// All that is kept of a position.
    pub nearness: Nearness,
    /// The phone's mark within this activity. Never in the audit, which would keep it for ever.
    #[serde(skip)]
    pub device: Option<DeviceMark>,
    /// When they left, where check-out is wanted.
    pub checked_out_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// A record to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewAttendance {
    /// The activity.
    pub activity_id: ActivityId,
    /// The member.
    pub member_id: PartyMemberId,
    /// Whether they were there.
    pub state: AttendanceState,
    /// How.
    pub method: Option<CheckInMethod>,
    /// When they came.
    pub occurred_at: DateTime<Utc>,
    /// Now.
    pub recorded_at: DateTime<Utc>,
    /// The organizer.
    pub recorded_by: Option<AccountId>,
    /// Why.
    pub reason: Option<String>,
    /// Hints.
    pub flags: AttendanceFlags,
    /// Nearness.
    pub nearness: Nearness,
    /// The phone's mark; never in the audit.
    #[serde(skip)]
    pub device: Option<DeviceMark>,
}

impl NewAttendance {
    /// The record under its new id.
    pub fn enter(self, id: AttendanceId) -> Attendance {
        Attendance {
            id,
            activity_id: self.activity_id,
            member_id: self.member_id,
            state: self.state,
            method: self.method,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            recorded_by: self.recorded_by,
            reason: self.reason,
            flags: self.flags,
            nearness: self.nearness,
            device: self.device,
            checked_out_at: None,
            version: 1,
        }
    }

    /// The record in place of an earlier one, which keeps its identity.
    pub fn replace(self, earlier: &Attendance) -> Attendance {
        Attendance { version: earlier.version + 1, ..self.enter(earlier.id) }
    }

    /// A record that no phone and no person has witnessed.
    pub(super) fn unwitnessed(
        activity: &Activity,
        member_id: PartyMemberId,
        state: AttendanceState,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            activity_id: activity.id,
            member_id,
            state,
            method: None,
            occurred_at: activity.window.starts_at,
            recorded_at: now,
            recorded_by: None,
            reason: None,
            flags: AttendanceFlags::default(),
            nearness: Nearness::NotGiven,
            device: None,
        }
    }
}

/// An organizer checks in a member who has no smart-phone, or whom a paper list names.
#[derive(Clone, Debug)]
pub struct RosterCheckIn {
    /// Who enters it; the record names them.
    pub recorder: AccountId,
    /// When the member came: by default now while check-in is open, afterwards the start.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Why; needed only to override an earlier record.
    pub reason: Option<String>,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Record it.
    Recorded {
        /// The record.
        new: NewAttendance,
        /// The record of absence or leave that it replaces.
        supersedes: Option<AttendanceId>,
    },
    /// The first record stands.
    Already(AttendanceId),
}

impl RosterCheckIn {
    /// Decides for one member; for many, the caller asks one by one, so that one refusal never
    /// holds up the others. Organizers attend too and may enter themselves, which the record
    /// shows, but not override a record of their own.
    pub fn decide(
        &self,
        activity: &Activity,
        attendee: Option<&Attendee>,
        existing: Option<&Attendance>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Entry, Refusal> {
        check_correctable(activity, rules, now)?;
        let attendee = attendee.ok_or(Refusal::NotExpected)?;
        let reason = self
            .reason
            .as_deref()
            .filter(|reason| !reason.trim().is_empty())
            .map(|reason| text::line(reason, 200).ok_or(Refusal::BadReason))
            .transpose()?;
        if let Some(existing) = existing {
            if existing.state.is_there() {
                return Ok(Entry::Already(existing.id));
            }
            if attendee.account_id == self.recorder {
                return Err(Refusal::OwnRecord);
            }
            if reason.is_none() {
                return Err(Refusal::BadReason);
            }
        }
        let occurred_at = self.arrival(activity, now)?;
        let mut new =
            NewAttendance::unwitnessed(activity, attendee.member_id, activity.lateness(occurred_at), now);
        new.method = Some(CheckInMethod::Roster);
        new.occurred_at = occurred_at;
        new.recorded_by = Some(self.recorder);
        new.reason = reason;
        Ok(Entry::Recorded { new, supersedes: existing.map(|existing| existing.id) })
    }

    fn arrival(&self, activity: &Activity, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let check_in = activity.check_in_window();
        let Some(arrived_at) = self.arrived_at else {
            let default = if check_in.contains(now) { now } else { activity.window.starts_at };
            return Ok(default);
        };
        let possible = TimeWindow { ends_at: activity.window.ends_at.min(now), ..check_in };
        if possible.contains(arrived_at) { Ok(arrived_at) } else { Err(Refusal::BadArrival) }
    }
}

impl Attendance {
    /// The member leaves. A repeat keeps the first time.
    pub fn check_out(self, activity: &Activity, rules: &Rules, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !activity.wants_check_out {
            return Err(Refusal::CheckOutNotWanted);
        }
        if !self.state.is_there() {
            return Err(Refusal::NotCheckedIn);
        }
        if self.checked_out_at.is_some() {
            return Ok(self);
        }
        check_known(activity)?;
        let minutes = rules.get(RuleKey::CheckOutMinutes).max(activity.check_in_closes_minutes);
        if now > activity.window.ends_at + Duration::minutes(minutes) {
            return Err(Refusal::CheckOutClosed);
        }
        let checked_out_at = Some(now.max(self.occurred_at));
        Ok(Self { checked_out_at, version: self.version + 1, ..self })
    }
}

/// Refuses an activity whose attendance isn't kept: unknown yet, called off, or final.
pub(super) fn check_known(activity: &Activity) -> Result<(), Refusal> {
    match activity.state() {
        ActivityState::Draft => Err(Refusal::NotPublished),
        ActivityState::Cancelled => Err(Refusal::Cancelled),
        ActivityState::Archived => Err(Refusal::Archived),
        ActivityState::Published | ActivityState::Open | ActivityState::Closed => Ok(()),
    }
}

/// Refuses what lies outside the time from the opening of check-in to the end of corrections.
pub(super) fn check_correctable(
    activity: &Activity,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    check_known(activity)?;
    if now < activity.check_in_window().starts_at {
        return Err(Refusal::NotYetOpen);
    }
    if now > activity.correctable_until(rules) {
        return Err(Refusal::CorrectionOver);
    }
    Ok(())
}
