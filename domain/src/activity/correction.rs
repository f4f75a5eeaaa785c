use chrono::{DateTime, Utc};

use super::{
    Activity, Attendance, AttendanceRefusal as Refusal, Attendee, LeaveProgress, LeaveRequest,
    attendance::{check_correctable, check_known},
    check_in::{AttendanceState, CheckInMethod},
};
use crate::{id::AccountId, rule::Rules, text};

/// An organizer corrects a record. The record says by whom and why; the audit keeps what it said.
#[derive(Clone, Debug)]
pub struct Correction {
    /// What is true.
    pub state: AttendanceState,
    /// Why.
    pub reason: String,
    /// Who corrects.
    pub corrector: AccountId,
}

impl Attendance {
    /// Corrects the record of `attendee`, to whom it belongs. Nobody corrects their own.
    pub fn correct(
        self,
        correction: Correction,
        activity: &Activity,
        attendee: &Attendee,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        check_correctable(activity, rules, now)?;
        if correction.corrector == attendee.account_id {
            return Err(Refusal::OwnRecord);
        }
        let reason = text::line(&correction.reason, 200).ok_or(Refusal::BadReason)?;
        if correction.state == self.state {
            return Err(Refusal::SameState);
        }
        Ok(self.restated(correction.state, correction.corrector, Some(reason), activity, now))
    }

    /// A leave granted only after the closing turns the absence into leave. Any other record
    /// stands: who came, came.
    pub fn excuse(
        self,
        leave: &LeaveRequest,
        activity: &Activity,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        check_known(activity)?;
        match &leave.progress {
            LeaveProgress::Granted { by, .. }
                if self.state == AttendanceState::Absent && leave.member_id == self.member_id =>
            {
                let by = *by;
                Ok(self.restated(AttendanceState::OnLeave, by, Some(leave.reason.clone()), activity, now))
            }
            _ => Ok(self),
        }
    }

    fn restated(
        self,
        state: AttendanceState,
        by: AccountId,
        reason: Option<String>,
        activity: &Activity,
        now: DateTime<Utc>,
    ) -> Self {
        let (was_there, is_there) = (self.state.is_there(), state.is_there());
        Self {
            state,
            method: is_there.then(|| self.method.unwrap_or(CheckInMethod::Roster)),
            occurred_at: if was_there && is_there { self.occurred_at } else { activity.window.starts_at },
            checked_out_at: self.checked_out_at.filter(|_| is_there),
            recorded_at: now,
            recorded_by: Some(by),
            reason,
            version: self.version + 1,
            ..self
        }
    }
}
