//! What happens by itself when time passes: a reminder before an assignment is due, the mark that
//! it is overdue, and the word to the superior. Each once for each due time that was given, and for each time
//! that it was given back late.

use chrono::{DateTime, Duration, Utc};

use super::Assignment;
use crate::rule::{RuleKey, Rules};

/// What is to be told, and from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// To the owner: it will be due.
    DueSoon(DateTime<Utc>),
    /// To owner and issuer: it is overdue.
    Overdue(DateTime<Utc>),
    /// To the superior: owner and issuer have known for long that it is overdue.
    Escalate(DateTime<Utc>),
}

impl Alert {
    /// From when.
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Self::DueSoon(at) | Self::Overdue(at) | Self::Escalate(at) => at,
        }
    }
}

fn hours(rules: &Rules, key: RuleKey) -> Duration {
    Duration::hours(rules.get(key))
}

impl Assignment {
    /// The same, given to its owner now: nothing has been told yet. Who gets it when it is almost due
    /// needs no reminder besides.
    pub(super) fn given(self, rules: &Rules, now: DateTime<Utc>) -> Self {
        let remind_at = self.due_at - hours(rules, RuleKey::AssignmentReminderHours);
        Self {
            reminded_at: (remind_at <= now).then_some(now),
            overdue_at: None,
            escalated_at: None,
            dispatched_at: self.dispatched_at.or(Some(now)),
            ..self
        }
    }

    /// What is told next if nothing changes. A reminder that was missed is left out.
    pub fn next_alert(&self, rules: &Rules) -> Option<Alert> {
        if self.is_offer() || !self.state().waits_for_owner() {
            return None;
        }
        match (self.reminded_at, self.overdue_at, self.escalated_at) {
            (None, None, _) => {
                Some(Alert::DueSoon(self.due_at - hours(rules, RuleKey::AssignmentReminderHours)))
            }
            (Some(_), None, _) => Some(Alert::Overdue(self.due_at)),
            (_, Some(told_at), None) => {
                Some(Alert::Escalate(told_at + hours(rules, RuleKey::AssignmentEscalationHours)))
            }
            (_, Some(_), Some(_)) => None,
        }
    }

    /// What is to be told now.
    pub fn due_alert(&self, rules: &Rules, now: DateTime<Utc>) -> Option<Alert> {
        let next = self.next_alert(rules).filter(|alert| alert.at() <= now)?;
        match next {
            Alert::DueSoon(_) if self.due_at <= now => Some(Alert::Overdue(self.due_at)),
            other => Some(other),
        }
    }

    /// The same once it has been told. It says nothing new of the work: the version stays.
    pub fn alerted(self, alert: Alert, now: DateTime<Utc>) -> Self {
        match alert {
            Alert::DueSoon(_) => Self { reminded_at: Some(now), ..self },
            Alert::Overdue(_) => Self { overdue_at: Some(now), ..self },
            Alert::Escalate(_) => Self { escalated_at: Some(now), ..self },
        }
    }
}
