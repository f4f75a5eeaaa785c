use chrono::{DateTime, Utc};

use super::{
    Assignment, AssignmentProgress as Progress, AssignmentRefusal as Refusal, AssignmentState as State,
    AssignmentStepKind, Evidence, Measure, Placement, Step,
};
use crate::{id::AccountId, rule::Rules, text};

/// What somebody wants to be done with an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Give it to its owner, or offer it.
    Dispatch,
    /// The owner takes it on; of an issue with the measure, and a due time not after the given one.
    Accept {
        /// The measure that the owner proposes.
        measure: Option<Measure>,
        /// Until when the owner will do it.
        due_at: Option<DateTime<Utc>>,
    },
    /// The owner doesn't.
    Decline {
        /// Why.
        reason: String,
    },
    /// The owner begins.
    Start,
    /// The owner tells how far it is.
    Report {
        /// In words.
        note: Option<String>,
        /// How many are done by now.
        amount: Option<i64>,
        /// The places, from 1, of all items of the checklist that are done.
        done: Option<Vec<usize>>,
    },
    /// The owner hands it in.
    Submit {
        /// What shows it.
        evidence: Evidence,
        /// How many were done.
        amount: Option<i64>,
    },
    /// It isn't good enough yet.
    Return {
        /// Why.
        reason: String,
        /// A new due time.
        due_at: Option<DateTime<Utc>>,
    },
    /// It is done.
    Verify,
    /// It has come back after it was verified.
    Reopen {
        /// What happened.
        reason: String,
        /// Until when it is to be done anew.
        due_at: DateTime<Utc>,
    },
    /// It isn't to be done.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Somebody else shall do it.
    Reassign {
        /// Who.
        to: Placement,
        /// Why.
        reason: String,
        /// A new due time.
        due_at: Option<DateTime<Utc>>,
    },
}

/// What a command says beyond its verb.
struct Said {
    note: Option<String>,
    evidence: Option<Evidence>,
}

impl Command {
    /// The verb.
    pub fn kind(&self) -> AssignmentStepKind {
        match self {
            Self::Dispatch => AssignmentStepKind::Dispatched,
            Self::Accept { .. } => AssignmentStepKind::Accepted,
            Self::Decline { .. } => AssignmentStepKind::Declined,
            Self::Start => AssignmentStepKind::Started,
            Self::Report { .. } => AssignmentStepKind::Reported,
            Self::Submit { .. } => AssignmentStepKind::Submitted,
            Self::Return { .. } => AssignmentStepKind::Returned,
            Self::Verify => AssignmentStepKind::Verified,
            Self::Reopen { .. } => AssignmentStepKind::Reopened,
            Self::Cancel { .. } => AssignmentStepKind::Cancelled,
            Self::Reassign { .. } => AssignmentStepKind::Reassigned,
        }
    }

    /// Whether a claim to which this happens may free its place in the offer, or take it again.
    pub fn moves_place(&self) -> bool {
        matches!(
            self,
            Self::Decline { .. } | Self::Return { .. } | Self::Cancel { .. } | Self::Reassign { .. }
        )
    }

    /// Whether it takes the work off its owner, or gives it more time.
    fn ends_duty(&self) -> bool {
        matches!(self, Self::Cancel { .. } | Self::Reassign { .. } | Self::Reopen { .. })
    }

    /// Whether it goes only while no part of the work is with others: handing it in says that all of it
    /// is done, and whoever gets it instead gets no strangers' parts.
    pub fn needs_whole(&self) -> bool {
        matches!(self, Self::Submit { .. } | Self::Reassign { .. })
    }

    /// Whether it is the owner's to give, and nobody else's.
    pub fn is_owners(&self) -> bool {
        matches!(
            self,
            Self::Accept { .. }
                | Self::Decline { .. }
                | Self::Start
                | Self::Report { .. }
                | Self::Submit { .. }
        )
    }

    /// The same with its words tidied.
    fn checked(self) -> Result<(Self, Said), Refusal> {
        let line = |reason: &str| text::paragraphs(reason, 500).ok_or(Refusal::BadReason);
        let mut said = Said { note: None, evidence: None };
        let checked = match self {
            Self::Decline { reason } => Self::Decline { reason: line(&reason)? },
            Self::Return { reason, due_at } => Self::Return { reason: line(&reason)?, due_at },
            Self::Cancel { reason } => Self::Cancel { reason: line(&reason)? },
            Self::Reopen { reason, due_at } => Self::Reopen { reason: line(&reason)?, due_at },
            Self::Reassign { to, reason, due_at } => Self::Reassign { to, reason: line(&reason)?, due_at },
            Self::Report { note, amount, done } => {
                let note = note.filter(|note| !note.trim().is_empty());
                Self::Report { note: note.map(|note| line(&note)).transpose()?, amount, done }
            }
            Self::Submit { evidence, amount } => Self::Submit { evidence: evidence.check()?, amount },
            plain => plain,
        };
        match &checked {
            Self::Decline { reason }
            | Self::Return { reason, .. }
            | Self::Cancel { reason }
            | Self::Reopen { reason, .. }
            | Self::Reassign { reason, .. } => said.note = Some(reason.clone()),
            Self::Report { note, .. } => said.note.clone_from(note),
            Self::Submit { evidence, .. } => said.evidence = Some(evidence.clone()),
            _ => {}
        }
        Ok((checked, said))
    }
}

impl Assignment {
    /// Does what is wanted, or says why not. The policy has seen to it that `by` may.
    pub fn apply(
        self,
        command: Command,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(Self, Step), Refusal> {
        if self.is_offer() && !matches!(command, Command::Dispatch | Command::Cancel { .. }) {
            return Err(Refusal::IsOffer);
        }
        // Whoever was given it by somebody else neither drops it nor puts it off by another post of theirs.
        if command.ends_duty() && self.owner() == Some(by) && self.issued_by != by {
            return Err(Refusal::OwnWork);
        }
        self.carry_out(command, by, rules, now)
    }

    /// A part isn't to be done because the whole isn't, whoever its owner is.
    pub fn cancel_with_whole(
        self,
        reason: String,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(Self, Step), Refusal> {
        self.carry_out(Command::Cancel { reason }, by, rules, now)
    }

    fn carry_out(
        self,
        command: Command,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(Self, Step), Refusal> {
        let (from, kind, due_at) = (self.state(), command.kind(), self.due_at);
        let (command, said) = command.checked()?;
        let after = match command {
            Command::Dispatch => self.dispatch(rules, now),
            Command::Accept { measure, due_at } => self.accept(measure, due_at, now),
            Command::Decline { reason } => self.decline(reason, now),
            Command::Start => self.start(now),
            Command::Report { amount, done, .. } => self.report(amount, done.as_deref(), now),
            Command::Submit { evidence, amount } => self.submit(evidence, amount, now),
            Command::Return { reason, due_at } => self.give_back(by, reason, due_at, rules, now),
            Command::Verify => self.verify(by, now),
            Command::Reopen { reason, due_at } => self.reopen(reason, due_at, rules, now),
            Command::Cancel { reason } => self.cancel(by, reason, now),
            Command::Reassign { to, due_at, .. } => self.reassign(to, due_at, rules, now),
        }?;
        let step = Step::of(&after, kind, Some(from), by, now);
        let due_at = Some(after.due_at).filter(|new| *new != due_at);
        Ok((after, Step { note: said.note, evidence: said.evidence, due_at, ..step }))
    }

    /// Whether the same was wanted and done already: a request that comes twice over a bad link.
    pub fn has_done(&self, command: &Command, by: AccountId) -> bool {
        match (command, &self.progress) {
            (Command::Dispatch, Progress::Dispatched { .. })
            | (Command::Decline { .. }, Progress::Declined { .. })
            | (Command::Start, Progress::InProgress { .. }) => true,
            (Command::Accept { measure, .. }, Progress::Accepted { .. }) => {
                measure.is_none() || *measure == self.terms.measure
            }
            (Command::Submit { evidence, amount }, Progress::Submitted { submission }) => {
                amount.is_none_or(|amount| amount == self.amount)
                    && evidence.clone().check().is_ok_and(|evidence| evidence == submission.evidence)
            }
            (Command::Return { due_at, .. }, _) => {
                matches!(self.progress, Progress::Returned { by: who, .. } if who == by)
                    && due_at.is_none_or(|due| due == self.due_at)
            }
            (Command::Verify, _) => matches!(self.progress, Progress::Verified { by: who, .. } if who == by),
            (Command::Cancel { .. }, _) => self.state() == State::Cancelled && self.progress.by() == Some(by),
            (Command::Reassign { to, due_at, .. }, Progress::Dispatched { .. }) => {
                *to == self.placement && due_at.is_none_or(|due| due == self.due_at)
            }
            _ => false,
        }
    }
}
