use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{HourFlag, HourProgress, ObjectionRefusal as Refusal, ServiceHourEntry};
use crate::{
    id::{AccountId, ObjectionId, ServiceHourEntryId},
    text, vocabulary,
};

vocabulary! {
    /// Where an objection stands.
    pub enum ObjectionState {
        /// Waits; the entry doesn't count until it is decided.
        Open = "OPEN" => "待处理", "Open";
        /// It is right: the entry goes back to the member, or, when the member has objected to a correction,
        /// to review.
        Upheld = "UPHELD" => "成立", "Upheld";
        /// It isn't.
        Dismissed = "DISMISSED" => "不成立", "Dismissed";
        /// The entry left the public notice before it was decided: it was taken back, returned, or another's
        /// objection was right.
        Lapsed = "LAPSED" => "记录已撤出公示", "No longer needed";
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
    /// There is nothing left to decide.
    Lapsed {
        /// When.
        at: DateTime<Utc>,
        /// Why the entry left the notice, where somebody said so.
        answer: Option<String>,
    },
}

/// Who objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objector {
    /// The new objection.
    pub id: ObjectionId,
    /// Who.
    pub account_id: AccountId,
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
    /// Somebody objects while the notice lasts; the member to a correction alone, and once, to a recalculation of
    /// what counts as well. `earlier` are all objections to it so far.
    pub fn object(
        &self,
        objector: Objector,
        earlier: &[Objection],
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Objection, Refusal> {
        let own = objector.account_id == self.account_id;
        let verified = match &self.progress {
            HourProgress::InPublicity { verified, until } if now < *until => verified,
            HourProgress::Granted { verified, at } if own && *at < verified.at => verified,
            _ => return Err(Refusal::NotInPublicity),
        };
        if own && verified.correction.is_none() {
            return Err(Refusal::OwnEntry);
        }
        let stands = |o: &Objection| o.state() == ObjectionState::Open || own && o.raised_at >= verified.at;
        if earlier.iter().any(|o| o.account_id == objector.account_id && stands(o)) {
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

    /// An upheld objection sends an entry that doesn't count yet back to the member; the member's own, to a
    /// correction, sends it back to review as it was reported.
    pub fn disputed(self, objection: &Objection) -> Self {
        match (&objection.progress, &self.progress) {
            (ObjectionProgress::Decided { upheld: true, .. }, HourProgress::InPublicity { .. })
                if objection.is_of_member(&self) =>
            {
                // To how much a forgotten check-out was capped isn't kept: the next reviewer says.
                let capped = self.flags.list().contains(&HourFlag::ForgottenCheckOut);
                let minutes = if capped { self.minutes } else { self.service.served_minutes() };
                Self { minutes, ..self }.moved(HourProgress::Reported)
            }
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
            ObjectionProgress::Lapsed { .. } => ObjectionState::Lapsed,
        }
    }

    /// Why it was settled so.
    pub fn answer(&self) -> Option<&str> {
        match &self.progress {
            ObjectionProgress::Open => None,
            ObjectionProgress::Decided { answer, .. } => Some(answer),
            ObjectionProgress::Lapsed { answer, .. } => answer.as_deref(),
        }
    }

    /// When it was settled.
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        match self.progress {
            ObjectionProgress::Open => None,
            ObjectionProgress::Decided { at, .. } | ObjectionProgress::Lapsed { at, .. } => Some(at),
        }
    }

    /// Whether the member has raised it, to a correction of the own entry.
    pub fn is_of_member(&self, entry: &ServiceHourEntry) -> bool {
        self.account_id == entry.account_id
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
        Ok(self.moved(ObjectionProgress::Decided { upheld, by, at: now, answer }))
    }

    /// Another objection to the same entry was right: with it this one is settled, too. What the member
    /// says of a correction, and what others say of the service, aren't the same.
    pub fn settled_with(self, other: &Self, entry: &ServiceHourEntry, now: DateTime<Utc>) -> Self {
        if self.is_of_member(entry) == other.is_of_member(entry) {
            self.moved(other.progress.clone())
        } else {
            self.lapse(other.answer(), now)
        }
    }

    /// The entry has left the notice: there is nothing left to decide.
    pub fn lapse(self, why: Option<&str>, now: DateTime<Utc>) -> Self {
        self.moved(ObjectionProgress::Lapsed { at: now, answer: why.map(str::to_owned) })
    }

    fn moved(self, progress: ObjectionProgress) -> Self {
        Self { progress, version: self.version + 1, ..self }
    }
}
