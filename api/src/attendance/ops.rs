//! Checking members in by roster, checking out, correcting, leave and claims.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    activity::{
        Activity, ActivityState, Attendance, AttendanceRefusal, CheckInClaim, ClaimRefusal, Correction,
        Entry, LeaveRefusal, LeaveRequest, NewAttendance, RosterCheckIn, Tally,
    },
    id::{AccountId, ActivityId, CheckInClaimId, DistrictId, LeaveRequestId, PartyMemberId, TypedId},
    policy::{Action, Denied, Permit},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{StoreError, Tx, activity, attendance, outbox};

use crate::{
    app::App,
    call::Call,
    check_in::Room,
    error::{OpError, Stop},
    once::Once,
};

/// An activity that is about to be written to, with its list. Whoever writes records, leave or
/// claims locks the activity first and these after it: so closing misses nothing, and nobody
/// waits for somebody who waits for them.
pub(crate) async fn lock_room(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    id: ActivityId,
) -> Result<Room, OpError> {
    activity::lock_activity(tx, district, id).await?.ok_or(Denied::Hidden)?;
    Ok(Room::load(app, tx, district, id).await?.ok_or(Denied::Hidden)?)
}

pub(super) fn permit(call: &Call, room: &Room, action: Action) -> Result<Permit, Denied> {
    call.permit(action, room.subject(call.member_id()))
}

/// Keeps the count of a closed activity in step with its records.
pub(crate) async fn retally(tx: &Tx, permit: &Permit, activity: &Activity) -> Result<(), StoreError> {
    if matches!(activity.state(), ActivityState::Closed | ActivityState::Archived) {
        let tallies = attendance::tallies(tx, permit.district_id(), &[activity.id]).await?;
        let tally = tallies.get(&activity.id).copied().unwrap_or_else(Tally::default);
        attendance::save_tally(tx, permit, activity.id, &tally).await?;
    }
    Ok(())
}

/// The counts of an activity, kept for an instant: many may watch it.
pub(crate) async fn tally(app: &App, district: DistrictId, id: ActivityId) -> Result<Arc<Tally>, StoreError> {
    let load = async || {
        let tallies = attendance::tallies(&app.store, district, &[id]).await?;
        Ok(tallies.get(&id).copied().unwrap_or_default())
    };
    app.memo.tallies.get_or_load((district, id), load).await
}

pub(crate) async fn finish(app: &App, tx: Tx, permit: &Permit, room: &Activity) -> Result<(), OpError> {
    retally(&tx, permit, room).await?;
    let district = permit.district_id();
    outbox::publish(&tx, district, "attendance.changed", room.id.0, serde_json::Value::Null).await?;
    tx.commit().await?;
    app.memo.rooms.forget(&(district, room.id)).await;
    app.hub.wake();
    Ok(())
}

/// Something at an activity that somebody waits for: the member for a decision, or its organizers
/// for work.
pub(crate) struct News<'a> {
    /// What happened.
    pub kind: &'static str,
    /// The member's account, where the member is told.
    pub account: Option<AccountId>,
    /// What was decided, as a code.
    pub outcome: Option<&'static str>,
    /// Why.
    pub reason: Option<&'a str>,
}

impl<'a> News<'a> {
    /// News for the organizers alone.
    pub fn work(kind: &'static str) -> Self {
        Self { kind, account: None, outcome: None, reason: None }
    }

    /// An organizer has written something else over a member's record.
    fn corrected(record: &'a Attendance, account: AccountId) -> Self {
        Self {
            kind: "attendance.corrected",
            account: Some(account),
            outcome: Some(record.state.code()),
            reason: record.reason.as_deref(),
        }
    }

    /// Writes it down, to be handed on.
    pub async fn publish(self, tx: &Tx, district: DistrictId, activity: &Activity) -> Result<(), StoreError> {
        outbox::publish_all(tx, district, vec![self.about(activity)]).await
    }

    /// The event, as it is written down.
    pub fn about(self, activity: &Activity) -> outbox::News {
        let payload = serde_json::json!({
            "accounts": Vec::from_iter(self.account),
            "units": [activity.host_unit_id],
            "subjectKind": ActivityId::KIND,
            "title": activity.title,
            "at": activity.window.starts_at,
            "outcome": self.outcome,
            "reason": self.reason,
        });
        outbox::News { kind: self.kind, subject: activity.id.0, payload }
    }
}

/// Writes a record, in place of `existing` if there is one.
pub(crate) async fn record(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    person: AccountId,
    existing: Option<&Attendance>,
    new: NewAttendance,
) -> Result<Attendance, StoreError> {
    match existing {
        Some(before) => {
            let after = new.replace(before);
            attendance::update_attendance(tx, permit, before, &after, person).await?;
            Ok(after)
        }
        None => {
            let attendance = new.enter(app.id());
            if attendance::insert_attendance(tx, permit, &attendance, person).await? {
                return Ok(attendance);
            }
            // The member's own check-in came at the same moment and stands.
            let (district, id) = (permit.district_id(), attendance.activity_id);
            let first = attendance::attendance(tx, district, id, attendance.member_id).await?;
            Ok(first.unwrap_or(attendance))
        }
    }
}

/// What became of one member of a roster check-in.
#[derive(Clone, Debug)]
pub struct RosterResult {
    /// Who.
    pub member: PartyMemberId,
    /// The record, or why there is none.
    pub result: Result<Attendance, AttendanceRefusal>,
}

/// Members whom the organizer checks in.
#[derive(Clone, Debug)]
pub struct RosterEntry {
    /// At which activity.
    pub activity: ActivityId,
    /// Who; one refusal never holds up the others.
    pub members: Vec<PartyMemberId>,
    /// When they came; now, or the start, where absent.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Why, where an earlier record is overridden.
    pub reason: Option<String>,
}

/// Checks in members who have no smart-phone, or whom a paper list names.
pub async fn check_in_members(
    app: &App,
    call: &Call,
    entry: RosterEntry,
    once: Once,
) -> Result<Vec<RosterResult>, Stop<AttendanceRefusal>> {
    let tx = app.begin(call, "checkInMembers").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, entry.activity).await?;
    let permit = permit(call, &room, Action::KeepAttendance)?;
    // Done again it answers what stands: nothing more is kept than that the request was the same.
    let again = once.earlier::<Uuid>(&tx, call).await?.is_some();
    let command =
        RosterCheckIn { recorder: call.account()?, arrived_at: entry.arrived_at, reason: entry.reason };
    let recorded = attendance::attendances(&tx, district, entry.activity).await?;
    let mut recorded: HashMap<_, _> = recorded.into_iter().map(|a| (a.member_id, a)).collect();
    // In the order of the batches of check-ins, so that none can wait for the other.
    let mut members: Vec<_> = entry.members.into_iter().enumerate().collect();
    members.sort_by_key(|(_, member)| *member);
    let mut results = Vec::with_capacity(members.len());
    for (place, member) in members {
        let attendee = room.attendees.get(&member);
        let existing = recorded.get(&member);
        let decided = command.decide(&room.activity, attendee, existing, &room.rules, tx.now());
        let result = match (decided, attendee) {
            (Ok(Entry::Already(_)), _) => existing.cloned().ok_or(AttendanceRefusal::Stale),
            (Ok(Entry::Recorded { new, .. }), Some(attendee)) => {
                let attendance = record(app, &tx, &permit, attendee.account_id, existing, new).await?;
                if existing.is_some() {
                    let news = News::corrected(&attendance, attendee.account_id);
                    news.publish(&tx, district, &room.activity).await?;
                }
                recorded.insert(member, attendance.clone());
                Ok(attendance)
            }
            (Ok(_), None) => Err(AttendanceRefusal::NotExpected),
            (Err(refusal), _) => Err(refusal),
        };
        results.push((place, RosterResult { member, result }));
    }
    if !again {
        once.keep(&tx, call, entry.activity.0).await?;
    }
    finish(app, tx, &permit, &room.activity).await?;
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// The caller leaves.
pub async fn check_out(
    app: &App,
    call: &Call,
    id: ActivityId,
) -> Result<Attendance, Stop<AttendanceRefusal>> {
    let tx = app.begin(call, "checkOut").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = permit(call, &room, Action::Attend)?;
    let member =
        call.person()?.membership.as_ref().map(|m| m.member_id).ok_or(AttendanceRefusal::NotExpected)?;
    let before = attendance::lock_attendance(&tx, district, id, member)
        .await?
        .ok_or(AttendanceRefusal::NotCheckedIn)?;
    let after = before.clone().check_out(&room.activity, &room.rules, tx.now())?;
    if after != before {
        attendance::update_attendance(&tx, &permit, &before, &after, call.account()?).await?;
    }
    finish(app, tx, &permit, &room.activity).await?;
    Ok(after)
}

/// Corrects a member's record, with a reason; the earlier state stays in the audit.
pub async fn correct(
    app: &App,
    call: &Call,
    id: ActivityId,
    member: PartyMemberId,
    correction: (zhibu_domain::activity::check_in::AttendanceState, String),
) -> Result<Attendance, Stop<AttendanceRefusal>> {
    let tx = app.begin(call, "correctAttendance").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = permit(call, &room, Action::KeepAttendance)?;
    let attendee = room.attendees.get(&member).ok_or(AttendanceRefusal::NotExpected)?;
    let before =
        attendance::lock_attendance(&tx, district, id, member).await?.ok_or(AttendanceRefusal::NoRecord)?;
    let correction = Correction { state: correction.0, reason: correction.1, corrector: call.account()? };
    let after = before.clone().correct(correction, &room.activity, attendee, &room.rules, tx.now())?;
    attendance::update_attendance(&tx, &permit, &before, &after, attendee.account_id).await?;
    News::corrected(&after, attendee.account_id).publish(&tx, district, &room.activity).await?;
    finish(app, tx, &permit, &room.activity).await?;
    Ok(after)
}

/// The caller asks for leave.
pub async fn request_leave(
    app: &App,
    call: &Call,
    id: ActivityId,
    reason: &str,
    once: Once,
) -> Result<LeaveRequest, Stop<LeaveRefusal>> {
    let tx = app.begin(call, "requestLeave").await?;
    let district = call.district()?;
    let room = lock_room(app, &tx, district, id).await?;
    let permit = match permit(call, &room, Action::Attend) {
        Err(Denied::Forbidden) => return Err(LeaveRefusal::NotExpected.into()),
        other => other?,
    };
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(attendance::leave(&tx, district, LeaveRequestId(made)).await?.ok_or(Denied::Hidden)?);
    }
    let member = call.person()?.membership.as_ref().map(|m| m.member_id).ok_or(LeaveRefusal::NotExpected)?;
    let attendee = room.attendees.get(&member);
    let record = attendance::attendance(&tx, district, id, member).await?;
    let earlier = attendance::latest_leave(&tx, district, id, member).await?;
    let leave = LeaveRequest::ask(
        app.id(),
        &room.activity,
        attendee,
        record.as_ref(),
        earlier.as_ref(),
        reason,
        tx.now(),
    )?;
    attendance::insert_leave(&tx, &permit, &leave, call.account()?).await?;
    once.keep(&tx, call, leave.id.0).await?;
    News::work("leave.requested").publish(&tx, district, &room.activity).await?;
    finish(app, tx, &permit, &room.activity).await?;
    Ok(leave)
}

async fn leave_room(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    id: LeaveRequestId,
) -> Result<(LeaveRequest, Room), OpError> {
    let found = attendance::leave(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let room = lock_room(app, tx, district, found.activity_id).await?;
    let leave = attendance::lock_leave(tx, district, id).await?.ok_or(Denied::Hidden)?;
    Ok((leave, room))
}

/// The caller takes a request for leave back.
pub async fn withdraw_leave(
    app: &App,
    call: &Call,
    id: LeaveRequestId,
) -> Result<LeaveRequest, Stop<LeaveRefusal>> {
    let tx = app.begin(call, "withdrawLeave").await?;
    let district = call.district()?;
    let (before, room) = leave_room(app, &tx, district, id).await?;
    let member = call.person()?.membership.as_ref().map(|m| m.member_id);
    if member != Some(before.member_id) {
        permit(call, &room, Action::KeepAttendance)?;
        return Err(Denied::Forbidden.into());
    }
    let permit = permit(call, &room, Action::Attend)?;
    let after = before.clone().withdraw(&room.activity, tx.now())?;
    attendance::update_leave(&tx, &permit, &before, &after, call.account()?).await?;
    News::work("leave.withdrawn").publish(&tx, district, &room.activity).await?;
    finish(app, tx, &permit, &room.activity).await?;
    Ok(after)
}

/// Accepts a claim, or with a reason rejects it.
pub async fn decide_claim(
    app: &App,
    call: &Call,
    id: CheckInClaimId,
    rejection: Option<&str>,
) -> Result<CheckInClaim, Stop<ClaimRefusal>> {
    let tx = app.begin(call, "decideCheckInClaim").await?;
    let district = call.district()?;
    let found = attendance::claim(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let room = lock_room(app, &tx, district, found.claim.activity_id).await?;
    let before = attendance::lock_claim(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let permit = permit(call, &room, Action::KeepAttendance)?;
    let attendee = room.attendees.get(&before.claim.member_id).ok_or(Denied::Hidden)?;
    let by = call.account()?;
    let after = match rejection {
        Some(reason) => before.clone().reject(attendee, by, reason, tx.now())?,
        None => {
            let record_now =
                attendance::lock_attendance(&tx, district, room.activity.id, attendee.member_id).await?;
            let outcome = before.clone().accept(
                &room.activity,
                attendee,
                record_now.as_ref(),
                by,
                &room.rules,
                tx.now(),
            )?;
            if let Entry::Recorded { new, .. } = outcome.entry {
                record(app, &tx, &permit, attendee.account_id, record_now.as_ref(), new).await?;
            }
            outcome.claim
        }
    };
    attendance::update_claim(&tx, &permit, &before, &after, attendee.account_id).await?;
    let news = News {
        kind: "check_in_claim.decided",
        account: Some(attendee.account_id),
        outcome: Some(after.state().code()),
        reason: rejection,
    };
    news.publish(&tx, district, &room.activity).await?;
    finish(app, tx, &permit, &room.activity).await?;
    Ok(after)
}
