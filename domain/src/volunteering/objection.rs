use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{HourProgress, ObjectionRefusal as Refusal, ServiceHourEntry};
use crate::{
    id::{AccountId, ObjectionId, ServiceHourEntryId},
    text, vocabulary,
};

vocabulary! {
    /// Where an objection stands.
    pub enum ObjectionState {
        /// Waits; the entry doesn't count until it is decided.
        Open = "OPEN" => "待处理", "Open";
        /// It is right: the entry goes back to the member.
        Upheld = "UPHELD" => "成立", "Upheld";
        /// It isn't.
        Dismissed = "DISMISSED" => "不成立", "Dismissed";
    }
}

/// An objection's state with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObjectionProgress {
    /// Waits.
    Open,
    /// Decided.
    Decided {
        /// Whether it is right.
        upheld: bool,
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        answer: String,
    },
}

/// Who objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objector {
    /// The new objection.
    pub id: ObjectionId,
    /// Who.
    pub account_id: AccountId,
    /// Whether an objection of theirs to this entry is open.
    pub has_open: bool,
}

/// A member's objection to an entry in public notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Identity.
    pub id: ObjectionId,
    /// To which entry.
    pub entry_id: ServiceHourEntryId,
    /// Who objects; told to nobody but those who decide.
    pub account_id: AccountId,
    /// Why.
    pub reason: String,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// State, with its facts.
    pub progress: ObjectionProgress,
    /// Counts the changes.
    pub version: i32,
}

impl ServiceHourEntry {
    /// Somebody objects while the notice lasts.
    pub fn object(&self, objector: Objector, reason: &str, now: DateTime<Utc>) -> Result<Objection, Refusal> {
        match self.progress {
            HourProgress::InPublicity { until, .. } if now < until => {}
            _ => return Err(Refusal::NotInPublicity),
        }
        if objector.account_id == self.account_id {
            return Err(Refusal::OwnEntry);
        }
        if objector.has_open {
            return Err(Refusal::AlreadyObjected);
        }
        Ok(Objection {
            id: objector.id,
            entry_id: self.id,
            account_id: objector.account_id,
            reason: text::line(reason, 200).ok_or(Refusal::BadReason)?,
            raised_at: now,
            progress: ObjectionProgress::Open,
            version: 1,
        })
    }

    /// An upheld objection sends an entry that doesn't count yet back to the member.
    pub fn disputed(self, objection: &Objection) -> Self {
        match (&objection.progress, &self.progress) {
            (
                ObjectionProgress::Decided { upheld: true, by, at, answer },
                HourProgress::InPublicity { .. },
            ) => {
                let progress = HourProgress::Returned { by: *by, at: *at, reason: answer.clone() };
                self.moved(progress)
            }
            _ => self,
        }
    }
}

impl Objection {
    /// The state without its facts.
    pub fn state(&self) -> ObjectionState {
        match self.progress {
            ObjectionProgress::Open => ObjectionState::Open,
            ObjectionProgress::Decided { upheld: true, .. } => ObjectionState::Upheld,
            ObjectionProgress::Decided { upheld: false, .. } => ObjectionState::Dismissed,
        }
    }

    /// Somebody decides who has neither served, nor objected, nor verified the entry.
    pub fn decide(
        self,
        entry: &ServiceHourEntry,
        upheld: bool,
        answer: &str,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if self.progress != ObjectionProgress::Open {
            return Err(Refusal::AlreadyDecided);
        }
        if by == entry.account_id {
            return Err(Refusal::OwnEntry);
        }
        if by == self.account_id {
            return Err(Refusal::OwnObjection);
        }
        if entry.verification().is_some_and(|v| v.by == by) {
            return Err(Refusal::OwnApproval);
        }
        let answer = text::line(answer, 200).ok_or(Refusal::BadReason)?;
        let progress = ObjectionProgress::Decided { upheld, by, at: now, answer };
        Ok(Self { progress, version: self.version + 1, ..self })
    }

    /// Another objection to the same entry was right: with it this one is settled, too.
    pub fn settled_with(self, other: &Self) -> Self {
        Self { progress: other.progress.clone(), version: self.version + 1, ..self }
    }
}
