use chrono::{DateTime, Utc};

use super::{
    AttendanceFlag, AttendanceFlags, CheckInMethod, CheckInRefusal as Refusal, CodeKey, DeviceMark, Fresh,
    Nearness, Position, Screen, nearness, offline,
};
use crate::{
    activity::{Activity, ActivityState, Attendance, Attendee, ClaimReason, NewAttendance, NewClaim},
    id::{ActivityId, AttendanceId, CheckInClaimId},
    rule::Rules,
};

/// What a member holds up.
#[derive(Clone, Copy, Debug)]
pub enum How<'a> {
    /// The text of the scanned QR code.
    Scan(&'a str),
    /// The typed digits.
    Digits(&'a str),
}

/// What a phone says of a scan made without signal, by its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfflineScan {
    /// When it scanned.
    pub scanned_at: DateTime<Utc>,
    /// When it sends this; against our clock it shows the error of the phone's.
    pub sent_at: DateTime<Utc>,
}

/// A member checks in.
#[derive(Debug)]
pub struct CheckIn<'a> {
    /// By scan or digits.
    pub how: How<'a>,
    /// What the app calls its installation.
    pub device: Option<&'a str>,
    /// Set when the scan was made without signal.
    pub offline: Option<OfflineScan>,
    /// The position that the member chose to send.
    pub position: Option<Position>,
}

/// What the decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct CheckInContext<'a> {
    /// The activity.
    pub activity: &'a Activity,
    /// The member's entry in its list.
    pub attendee: Option<&'a Attendee>,
    /// The activity's key.
    pub key: &'a CodeKey,
    /// The rules of the activity's day.
    pub rules: &'a Rules,
    /// Now.
    pub now: DateTime<Utc>,
    /// The member's record, if there is one.
    pub existing: Option<&'a Attendance>,
    /// The member's undecided or decided claim, if there is one.
    pub claim: Option<CheckInClaimId>,
    /// Wrong codes that the member has typed in the last ten minutes.
    pub wrong_codes: i64,
}

/// What comes of a check-in that isn't refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Record it.
    Recorded {
        /// The record.
        new: NewAttendance,
        /// The record of absence or leave that it replaces.
        supersedes: Option<AttendanceId>,
    },
    /// The first record stands.
    Already(AttendanceId),
    /// The organizer decides.
    Claim(NewClaim),
    /// The organizer decides, or has decided, on the first claim.
    AlreadyClaimed(CheckInClaimId),
}

/// Decides a check-in.
pub fn decide(check_in: CheckIn<'_>, context: &CheckInContext<'_>) -> Result<Decision, Refusal> {
    match context.activity.state() {
        ActivityState::Draft => return Err(Refusal::NotPublished),
        ActivityState::Cancelled => return Err(Refusal::Cancelled),
        _ => {}
    }
    let attendee = context.attendee.ok_or(Refusal::NotExpected)?;
    if let Some(existing) = context.existing
        && existing.state.is_there()
    {
        return Ok(Decision::Already(existing.id));
    }
    let evidence = match (check_in.offline, check_in.how) {
        (Some(_), How::Digits(_)) => return Err(Refusal::OfflineNeedsScan),
        (Some(scan), How::Scan(text)) => offline::judge(text, scan, context)?,
        (None, how) => online(how, context)?,
    };
    let nearness = nearness(context.activity.fence(), check_in.position);
    let device = check_in.device.and_then(|device| DeviceMark::of(context.key, context.activity.id, device));
    Ok(evidence.decision(context, attendee, nearness, device))
}

/// What a code has proved.
pub(super) struct Evidence {
    pub(super) method: CheckInMethod,
    pub(super) occurred_at: DateTime<Utc>,
    pub(super) flags: AttendanceFlags,
    /// Why the organizer has to decide.
    pub(super) doubt: Option<ClaimReason>,
}

fn online(how: How<'_>, context: &CheckInContext<'_>) -> Result<Evidence, Refusal> {
    let CheckInContext { activity, now, .. } = *context;
    let screen = context.screen();
    screen.check_now()?;
    if activity.state_at(now) != ActivityState::Open {
        return Err(Refusal::Closed);
    }
    let (method, Fresh { edge, .. }) = screen.read(how, context.wrong_codes)?;
    let flags = AttendanceFlags::default().with_if(AttendanceFlag::CodeEdge, edge);
    Ok(Evidence { method, occurred_at: now, flags, doubt: None })
}

impl<'a> CheckInContext<'a> {
    pub(super) fn screen(&self) -> Screen<'a, ActivityId> {
        let Self { activity, key, rules, now, .. } = *self;
        Screen {
            subject: activity.id,
            key,
            rules,
            window: activity.check_in_window(),
            arrives_until: activity.correctable_until(rules),
            now,
        }
    }
}

impl Evidence {
    fn decision(
        self,
        context: &CheckInContext<'_>,
        attendee: &Attendee,
        nearness: Nearness,
        device: Option<DeviceMark>,
    ) -> Decision {
        let activity = context.activity;
        let flags = self.flags.with_if(AttendanceFlag::Far, nearness == Nearness::Far);
        // What an organizer has said of a member, a phone doesn't overrule.
        let decided = context.existing.is_some_and(|existing| existing.recorded_by.is_some());
        let doubt = self.doubt.or(decided.then_some(ClaimReason::Decided));
        if let Some(reason) = doubt {
            return context.claim.map_or(
                Decision::Claim(NewClaim {
                    activity_id: activity.id,
                    member_id: attendee.member_id,
                    reason,
                    occurred_at: self.occurred_at,
                    received_at: context.now,
                    flags,
                    nearness,
                    device,
                }),
                Decision::AlreadyClaimed,
            );
        }
        let new = NewAttendance {
            activity_id: activity.id,
            member_id: attendee.member_id,
            state: activity.lateness(self.occurred_at),
            method: Some(self.method),
            occurred_at: self.occurred_at,
            recorded_at: context.now,
            recorded_by: None,
            reason: None,
            flags,
            nearness,
            device,
        };
        Decision::Recorded { new, supersedes: context.existing.map(|existing| existing.id) }
    }
}
