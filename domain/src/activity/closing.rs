use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{
    Activity, Attendance, Attendee, LeaveRequest, LeaveState, NewAttendance, check_in::AttendanceState,
};
use crate::id::PartyMemberId;

/// What is known of an attendee: the record, or else a granted leave.
pub fn standing(attendance: Option<&Attendance>, leave: Option<&LeaveRequest>) -> Option<AttendanceState> {
    let on_leave = leave.is_some_and(|leave| leave.state() == LeaveState::Granted);
    attendance.map(|attendance| attendance.state).or(on_leave.then_some(AttendanceState::OnLeave))
}

/// The records that closing an activity writes: whoever is counted in 应到 and has no record
/// was absent, or on leave if that was granted. Nobody else gets one, and no record changes.
pub fn missing(
    activity: &Activity,
    attendees: &[Attendee],
    recorded: &HashSet<PartyMemberId>,
    on_leave: &HashSet<PartyMemberId>,
    now: DateTime<Utc>,
) -> Vec<NewAttendance> {
    attendees
        .iter()
        .filter(|attendee| attendee.counted && !recorded.contains(&attendee.member_id))
        .map(|attendee| {
            let state = if on_leave.contains(&attendee.member_id) {
                AttendanceState::OnLeave
            } else {
                AttendanceState::Absent
            };
            NewAttendance::unwitnessed(activity, attendee.member_id, state, now)
        })
        .collect()
}
