//! One transition for each verb. What isn't allowed is refused with where it stands.

use chrono::{DateTime, Utc};

use super::{
    Assignment, AssignmentProgress as Progress, AssignmentRefusal as Refusal, AssignmentState as State,
    AssignmentStepKind, Evidence, Measure, Placement, Step, Submission,
    record::{check_amount, check_due},
};
use crate::{
    id::AccountId,
    rule::Rules,
    vocabulary::{Language, Vocabulary},
};

type Done = Result<Assignment, Refusal>;

impl Assignment {
    pub(super) fn enter(self, progress: Progress) -> Self {
        Self { progress, version: self.version + 1, ..self }
    }

    pub(super) fn dispatch(self, rules: &Rules, now: DateTime<Utc>) -> Done {
        if self.state() != State::Draft {
            return Err(self.state().refusal());
        }
        check_due(self.due_at, now)?;
        Ok(self.given(rules, now).enter(Progress::Dispatched { at: now }))
    }

    pub(super) fn accept(
        mut self,
        measure: Option<Measure>,
        due_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Done {
        if self.state() != State::Dispatched {
            return Err(self.state().refusal());
        }
        // What was given stays; only an issue's owner says how it will be put right.
        if self.terms.kind.measure_is_proposed() {
            if let Some(measure) = measure {
                self.terms.measure = Some(measure.check()?);
            }
            if let Some(due_at) = due_at {
                self.due_at =
                    Some(due_at).filter(|due| now < *due && *due <= self.due_at).ok_or(Refusal::BadDue)?;
            }
        }
        if self.terms.measure.is_none() {
            return Err(Refusal::MeasureMissing);
        }
        Ok(self.enter(Progress::Accepted { at: now }))
    }

    pub(super) fn decline(self, reason: String, now: DateTime<Utc>) -> Done {
        if self.state() != State::Dispatched {
            return Err(self.state().refusal());
        }
        Ok(self.enter(Progress::Declined { at: now, reason }))
    }

    pub(super) fn start(self, now: DateTime<Utc>) -> Done {
        match self.state() {
            State::Accepted | State::Returned => {
                Ok(self.enter(Progress::InProgress { since: now, reopened: None }))
            }
            state => Err(state.refusal()),
        }
    }

    /// Telling of progress is beginning, too.
    pub(super) fn report(mut self, amount: Option<i64>, done: Option<&[usize]>, now: DateTime<Utc>) -> Done {
        if !self.state().is_underway() {
            return Err(self.state().refusal());
        }
        if let Some(amount) = amount {
            self.amount = check_amount(amount)?;
        }
        if let Some(done) = done {
            if done.iter().any(|place| !(1..=self.terms.checklist.len()).contains(place)) {
                return Err(Refusal::BadChecklist);
            }
            for (place, item) in (1..).zip(&mut self.terms.checklist) {
                item.done = done.contains(&place);
            }
        }
        let progress = match self.progress {
            going @ Progress::InProgress { .. } => going,
            _ => Progress::InProgress { since: now, reopened: None },
        };
        Ok(Self { progress, version: self.version + 1, ..self })
    }

    pub(super) fn submit(mut self, evidence: Evidence, amount: Option<i64>, now: DateTime<Utc>) -> Done {
        if !self.state().is_underway() {
            return Err(self.state().refusal());
        }
        if let Some(amount) = amount {
            self.amount = check_amount(amount)?;
        }
        if self.terms.checklist.iter().any(|item| !item.done) {
            return Err(Refusal::ChecklistOpen);
        }
        if self.terms.evidence_wanted.is_some() && evidence.is_empty() {
            return Err(Refusal::EvidenceMissing);
        }
        Ok(self.enter(Progress::Submitted { submission: Submission { at: now, evidence } }))
    }

    fn submitted(&self, by: AccountId) -> Result<Submission, Refusal> {
        match &self.progress {
            Progress::Submitted { .. } if self.owner() == Some(by) => Err(Refusal::OwnWork),
            Progress::Submitted { submission } => Ok(submission.clone()),
            _ => Err(self.state().refusal()),
        }
    }

    /// With a new due time all is told anew by that. Without one it may be late by now: then owner and issuer are
    /// told so, and the superior so many hours after them, however long it had been due.
    pub(super) fn give_back(
        self,
        by: AccountId,
        reason: String,
        due_at: Option<DateTime<Utc>>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Done {
        let submission = self.submitted(by)?;
        let clocked = match due_at {
            Some(due_at) => Self { due_at: check_due(due_at, now)?, ..self }.given(rules, now),
            None if self.due_at <= now => Self { overdue_at: None, escalated_at: None, ..self },
            None => self,
        };
        Ok(clocked.enter(Progress::Returned { submission, by, at: now, reason }))
    }

    pub(super) fn verify(self, by: AccountId, now: DateTime<Utc>) -> Done {
        let submission = self.submitted(by)?;
        Ok(self.enter(Progress::Verified { submission, by, at: now }))
    }

    pub(super) fn reopen(
        self,
        reason: String,
        due_at: DateTime<Utc>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Done {
        match self.state() {
            State::Verified => {
                let due_at = check_due(due_at, now)?;
                // What has come back isn't done any more.
                let mut again = Self { due_at, amount: 0, ..self };
                again.terms.checklist.iter_mut().for_each(|item| item.done = false);
                let progress = Progress::InProgress { since: now, reopened: Some(reason) };
                Ok(again.given(rules, now).enter(progress))
            }
            State::Cancelled => Err(Refusal::Cancelled),
            _ => Err(Refusal::NotVerified),
        }
    }

    pub(super) fn cancel(self, by: AccountId, reason: String, now: DateTime<Utc>) -> Done {
        match self.state() {
            state @ (State::Verified | State::Cancelled) => Err(state.refusal()),
            _ => Ok(self.enter(Progress::Cancelled { by, at: now, reason })),
        }
    }

    /// Somebody else answers for the unit or holds the post now: the work goes on where it stands.
    pub fn succeeded(self, to: Placement, now: DateTime<Utc>) -> Result<(Self, Step), Refusal> {
        if to.addressee.owner().is_none() {
            return Err(Refusal::NoOwner);
        }
        let state = self.state();
        if !(state.waits_for_owner() || state == State::Submitted) {
            return Err(state.refusal());
        }
        let after = Self { placement: to, version: self.version + 1, ..self };
        let step = Step::of(&after, AssignmentStepKind::Succeeded, Some(state), None, now);
        Ok((after, step))
    }

    /// Its owner has left the roster: whoever issued it gives it to somebody else, or calls it off.
    pub fn handed_back(self, by: AccountId, now: DateTime<Utc>) -> Result<(Self, Step), Refusal> {
        let (state, kind) = (self.state(), AssignmentStepKind::HandedBack);
        if !state.waits_for_owner() {
            return Err(state.refusal());
        }
        let reason = kind.say(Language::Zh).to_owned();
        let after = self.enter(Progress::Declined { at: now, reason: reason.clone() });
        let step = Step::of(&after, kind, Some(state), by, now);
        Ok((after, Step { note: Some(reason), ..step }))
    }

    /// The new owner accepts or declines for themselves; what is done stays done.
    pub(super) fn reassign(
        self,
        to: Placement,
        due_at: Option<DateTime<Utc>>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Done {
        match self.state() {
            state @ (State::Draft | State::Submitted | State::Verified | State::Cancelled) => {
                Err(state.refusal())
            }
            _ if to.addressee.owner().is_none() => Err(Refusal::IsOffer),
            _ => {
                let due_at = check_due(due_at.unwrap_or(self.due_at), now)?;
                let moved = Self { placement: to, due_at, ..self };
                Ok(moved.given(rules, now).enter(Progress::Dispatched { at: now }))
            }
        }
    }
}
