use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::AssignmentRefusal as Refusal;
use crate::{id::AccountId, text, vocabulary};

vocabulary! {
    /// Where an assignment stands.
    pub enum AssignmentState {
        /// Being prepared; its issuers alone see it.
        Draft = "DRAFT" => "草稿", "Draft";
        /// Given to its owner, or offered.
        Dispatched = "DISPATCHED" => "已下达", "Dispatched";
        /// The owner has taken it on.
        Accepted = "ACCEPTED" => "已接收", "Accepted";
        /// The owner won't do it, and has said why.
        Declined = "DECLINED" => "已退回下达方", "Declined";
        /// Being done.
        InProgress = "IN_PROGRESS" => "办理中", "In progress";
        /// Done, as the owner says.
        Submitted = "SUBMITTED" => "待核验", "Submitted";
        /// Not good enough yet, as whoever looked at it says.
        Returned = "RETURNED" => "退回补办", "Returned";
        /// Done and looked at by somebody else (销号).
        Verified = "VERIFIED" => "已销号", "Verified";
        /// Not to be done.
        Cancelled = "CANCELLED" => "已撤销", "Cancelled";
    }
}

impl AssignmentState {
    /// Whether the owner has something to do.
    pub fn waits_for_owner(self) -> bool {
        matches!(self, Self::Dispatched | Self::Accepted | Self::InProgress | Self::Returned)
    }

    /// Whether the owner has taken it on and hasn't handed it in.
    pub fn is_underway(self) -> bool {
        matches!(self, Self::Accepted | Self::InProgress | Self::Returned)
    }

    /// Why nothing else can be done with it: because it stands here.
    pub(super) fn refusal(self) -> Refusal {
        match self {
            Self::Draft => Refusal::IsDraft,
            Self::Dispatched => Refusal::NotAccepted,
            Self::Declined => Refusal::WasDeclined,
            Self::Accepted | Self::InProgress | Self::Returned => Refusal::Underway,
            Self::Submitted => Refusal::AlreadySubmitted,
            Self::Verified => Refusal::AlreadyVerified,
            Self::Cancelled => Refusal::Cancelled,
        }
    }
}

/// What shows that the work was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// In words.
    pub text: Option<String>,
    /// Where more is to be seen, such as pictures.
    pub references: Vec<String>,
}

impl Evidence {
    /// Checks it.
    pub fn check(self) -> Result<Self, Refusal> {
        let words = self.text.filter(|words| !words.trim().is_empty());
        let words =
            words.map(|words| text::paragraphs(&words, 2_000).ok_or(Refusal::BadEvidence)).transpose()?;
        let references: Option<Vec<_>> = self.references.iter().map(|one| text::line(one, 500)).collect();
        let references = references.filter(|all| all.len() <= 9).ok_or(Refusal::BadEvidence)?;
        Ok(Self { text: words, references })
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.references.is_empty()
    }
}

/// What the owner has handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Submission {
    /// When.
    pub at: DateTime<Utc>,
    /// What shows it.
    pub evidence: Evidence,
}

/// An assignment's state with the facts that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentProgress {
    /// Being prepared.
    Draft,
    /// Given to its owner, or offered.
    Dispatched {
        /// When.
        at: DateTime<Utc>,
    },
    /// Taken on.
    Accepted {
        /// When.
        at: DateTime<Utc>,
    },
    /// Not taken on.
    Declined {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// Being done.
    InProgress {
        /// Since when.
        since: DateTime<Utc>,
        /// What has come back, where it was verified before.
        reopened: Option<String>,
    },
    /// Handed in.
    Submitted {
        /// What.
        submission: Submission,
    },
    /// Given back to the owner.
    Returned {
        /// What had been handed in.
        submission: Submission,
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// Looked at and found done.
    Verified {
        /// What had been handed in.
        submission: Submission,
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Not to be done.
    Cancelled {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

impl AssignmentProgress {
    /// The state without its facts.
    pub fn state(&self) -> AssignmentState {
        match self {
            Self::Draft => AssignmentState::Draft,
            Self::Dispatched { .. } => AssignmentState::Dispatched,
            Self::Accepted { .. } => AssignmentState::Accepted,
            Self::Declined { .. } => AssignmentState::Declined,
            Self::InProgress { .. } => AssignmentState::InProgress,
            Self::Submitted { .. } => AssignmentState::Submitted,
            Self::Returned { .. } => AssignmentState::Returned,
            Self::Verified { .. } => AssignmentState::Verified,
            Self::Cancelled { .. } => AssignmentState::Cancelled,
        }
    }

    /// When it came to stand here; none for a draft.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Draft => None,
            Self::Submitted { submission } => Some(submission.at),
            Self::InProgress { since: at, .. }
            | Self::Dispatched { at }
            | Self::Accepted { at }
            | Self::Declined { at, .. }
            | Self::Returned { at, .. }
            | Self::Verified { at, .. }
            | Self::Cancelled { at, .. } => Some(*at),
        }
    }

    /// Who brought it here, where it wasn't the owner.
    pub fn by(&self) -> Option<AccountId> {
        match self {
            Self::Returned { by, .. } | Self::Verified { by, .. } | Self::Cancelled { by, .. } => Some(*by),
            _ => None,
        }
    }

    /// Why it stands here, where that was said.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Declined { reason, .. }
            | Self::Returned { reason, .. }
            | Self::Cancelled { reason, .. } => Some(reason),
            Self::InProgress { reopened, .. } => reopened.as_deref(),
            _ => None,
        }
    }

    /// What was handed in last.
    pub fn submission(&self) -> Option<&Submission> {
        match self {
            Self::Submitted { submission }
            | Self::Returned { submission, .. }
            | Self::Verified { submission, .. } => Some(submission),
            _ => None,
        }
    }
}
