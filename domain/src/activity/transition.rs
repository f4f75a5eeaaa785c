use chrono::{DateTime, Duration, Utc};

use super::{Activity, ActivityRefusal as Refusal, ActivityState, Lifecycle};
use crate::{
    rule::{RuleKey, Rules},
    text,
};

/// A step that an activity takes by itself, and when it took or takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueTransition {
    /// Check-in has begun.
    Open(DateTime<Utc>),
    /// Check-in is over and the scans made without signal have had their time to arrive.
    Close(DateTime<Utc>),
    /// The days for corrections are over.
    Archive(DateTime<Utc>),
}

impl Activity {
    /// Makes a draft known.
    pub fn publish(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.lifecycle {
            Lifecycle::Draft => {
                self.window.check(now)?;
                Ok(self.enter(Lifecycle::Published { published_at: now }))
            }
            Lifecycle::Archived { .. } => Err(Refusal::Archived),
            Lifecycle::Cancelled { .. } => Err(Refusal::Cancelled),
            _ => Err(Refusal::AlreadyPublished),
        }
    }

    /// Opens check-in, at the earliest as long before the start as the rule may ever allow.
    pub fn open(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.lifecycle {
            Lifecycle::Published { published_at } => {
                let longest = *RuleKey::CheckInOpensMinutes.bounds().1.end();
                if now < self.window.starts_at - Duration::minutes(longest) {
                    return Err(Refusal::TooEarly);
                }
                Ok(self.enter(Lifecycle::Open { published_at, opened_at: now.max(published_at) }))
            }
            Lifecycle::Draft => Err(Refusal::NotPublished),
            Lifecycle::Open { .. } => Err(Refusal::AlreadyOpen),
            Lifecycle::Closed { .. } => Err(Refusal::AlreadyClosed),
            Lifecycle::Archived { .. } => Err(Refusal::Archived),
            Lifecycle::Cancelled { .. } => Err(Refusal::Cancelled),
        }
    }

    /// Closes it, once it has started. The caller records who was missing; see
    /// [`missing`](super::missing).
    pub fn close(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let (published_at, opened_at) = match self.lifecycle {
            Lifecycle::Open { published_at, opened_at } => (published_at, opened_at),
            Lifecycle::Published { published_at } => {
                (published_at, published_at.max(self.check_in_window().starts_at))
            }
            Lifecycle::Draft => return Err(Refusal::NotPublished),
            Lifecycle::Closed { .. } => return Err(Refusal::AlreadyClosed),
            Lifecycle::Archived { .. } => return Err(Refusal::Archived),
            Lifecycle::Cancelled { .. } => return Err(Refusal::Cancelled),
        };
        if now < self.window.starts_at {
            return Err(Refusal::NotStarted);
        }
        let closed_at = now.max(opened_at);
        Ok(self.enter(Lifecycle::Closed { published_at, opened_at, closed_at }))
    }

    /// Makes a closed activity final.
    pub fn archive(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.lifecycle {
            Lifecycle::Closed { published_at, opened_at, closed_at } => {
                let archived_at = now.max(closed_at);
                Ok(self.enter(Lifecycle::Archived { published_at, opened_at, closed_at, archived_at }))
            }
            Lifecycle::Archived { .. } => Err(Refusal::Archived),
            Lifecycle::Cancelled { .. } => Err(Refusal::Cancelled),
            _ => Err(Refusal::NotClosed),
        }
    }

    /// Calls it off; what has been recorded stays.
    pub fn cancel(self, reason: &str, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.lifecycle {
            Lifecycle::Closed { .. } => return Err(Refusal::AlreadyClosed),
            Lifecycle::Archived { .. } => return Err(Refusal::Archived),
            Lifecycle::Cancelled { .. } => return Err(Refusal::Cancelled),
            _ => {}
        }
        let reason = text::line(reason, 200).ok_or(Refusal::BadReason)?;
        let published_at = self.lifecycle.published_at();
        Ok(self.enter(Lifecycle::Cancelled { published_at, cancelled_at: now, reason }))
    }

    /// The step that the activity takes next by itself, and when. Nothing hangs on a secretary's
    /// remembering to press a button: a published activity opens when check-in begins, closes
    /// when the last offline scan may have arrived, and becomes final when the days for
    /// corrections are over.
    pub fn next_step(&self, rules: &Rules) -> Option<DueTransition> {
        let window = self.check_in_window();
        match self.lifecycle {
            Lifecycle::Published { published_at } => {
                Some(DueTransition::Open(window.starts_at.max(published_at)))
            }
            Lifecycle::Open { opened_at, .. } => {
                let arrival = Duration::hours(rules.get(RuleKey::OfflineScanHours));
                Some(DueTransition::Close((window.ends_at + arrival).max(opened_at + arrival)))
            }
            Lifecycle::Closed { closed_at, .. } => {
                Some(DueTransition::Archive(self.correctable_until(rules).max(closed_at)))
            }
            Lifecycle::Draft | Lifecycle::Archived { .. } | Lifecycle::Cancelled { .. } => None,
        }
    }

    /// The step that is due at `now`, if one is; after it the next may be due.
    pub fn due_transition(&self, now: DateTime<Utc>, rules: &Rules) -> Option<DueTransition> {
        self.next_step(rules).filter(|step| step.at() <= now)
    }

    /// Takes the step that [`due_transition`](Self::due_transition) has named.
    pub fn advance(self, due: DueTransition) -> Result<Self, Refusal> {
        match due {
            DueTransition::Open(at) => self.open(at),
            DueTransition::Close(at) => self.close(at),
            DueTransition::Archive(at) => self.archive(at),
        }
    }

    fn enter(self, lifecycle: Lifecycle) -> Self {
        Self { lifecycle, version: self.version + 1, ..self }
    }
}

impl DueTransition {
    /// When.
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Self::Open(at) | Self::Close(at) | Self::Archive(at) => at,
        }
    }

    /// The state that it leads to.
    pub fn state(self) -> ActivityState {
        match self {
            Self::Open(_) => ActivityState::Open,
            Self::Close(_) => ActivityState::Closed,
            Self::Archive(_) => ActivityState::Archived,
        }
    }
}
