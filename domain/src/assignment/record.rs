use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AddresseeKind, AssignmentKind, AssignmentPriority, AssignmentProgress, AssignmentRefusal as Refusal,
    AssignmentState, AssignmentStepKind, Step,
};
use crate::{
    id::{AccountId, AssignmentId, OrgUnitId, PostId},
    text,
};

/// The largest number of a measure.
const MOST: i64 = 1_000_000;

/// How it is told whether the work is done: in words, and by a number of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What is to be done.
    pub text: String,
    /// How many.
    pub target: i64,
    /// Of what: visits, households, people.
    pub unit: String,
}

impl Measure {
    /// Checks it.
    pub fn check(self) -> Result<Self, Refusal> {
        if !(1..=MOST).contains(&self.target) {
            return Err(Refusal::BadMeasure);
        }
        Ok(Self {
            text: text::line(&self.text, 200).ok_or(Refusal::BadMeasure)?,
            target: self.target,
            unit: text::line(&self.unit, 20).ok_or(Refusal::BadMeasure)?,
        })
    }
}

/// Checks how many may claim an offer.
pub(super) fn check_capacity(capacity: i32) -> Result<i32, Refusal> {
    if (1..=10_000).contains(&capacity) { Ok(capacity) } else { Err(Refusal::BadCapacity) }
}

/// Checks a reported amount.
pub(super) fn check_amount(amount: i64) -> Result<i64, Refusal> {
    if (0..=MOST).contains(&amount) { Ok(amount) } else { Err(Refusal::BadAmount) }
}

/// An item of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// What.
    pub title: String,
    /// Whether it is done.
    pub done: bool,
}

/// To whom an assignment is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "to", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Addressee {
    /// A Party member.
    Member {
        /// The member's account.
        owner: AccountId,
    },
    /// Whoever held a post.
    Post {
        /// Which.
        post_id: PostId,
        /// Its holder.
        owner: AccountId,
    },
    /// A unit.
    Unit {
        /// Who answers for it.
        owner: AccountId,
    },
    /// Whoever in the unit's subtree claims it.
    Offer {
        /// How many may.
        capacity: i32,
        /// How many have.
        claimed: i32,
    },
}

impl Addressee {
    /// Of which kind.
    pub fn kind(&self) -> AddresseeKind {
        match self {
            Self::Member { .. } => AddresseeKind::Member,
            Self::Post { .. } => AddresseeKind::Post,
            Self::Unit { .. } => AddresseeKind::Unit,
            Self::Offer { .. } => AddresseeKind::Offer,
        }
    }

    /// The one who answers for the work; an offer has an owner only once it is claimed.
    pub fn owner(&self) -> Option<AccountId> {
        match self {
            Self::Member { owner } | Self::Post { owner, .. } | Self::Unit { owner } => Some(*owner),
            Self::Offer { .. } => None,
        }
    }
}

/// To whom an assignment is given, and where that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The unit itself, the member's home, or the post's unit; of an offer the top of its subtree.
    pub unit_id: OrgUnitId,
    /// To whom.
    pub addressee: Addressee,
}

/// What is to be done, whoever does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentTerms {
    /// What it is.
    pub kind: AssignmentKind,
    /// Title.
    pub title: String,
    /// Description; of an issue what was found.
    pub description: Option<String>,
    /// The document or resolution behind it (依据); of an issue where it was found (来源).
    pub basis: Option<String>,
    /// How it is told whether it is done; lacks only while an issue waits for its owner's proposal.
    pub measure: Option<Measure>,
    /// How pressing it is.
    pub priority: AssignmentPriority,
    /// What belongs to it.
    pub checklist: Vec<ChecklistItem>,
    /// What evidence is wanted; none where the owner's word is enough.
    pub evidence_wanted: Option<String>,
}

fn optional(words: Option<String>, most: usize, refusal: Refusal) -> Result<Option<String>, Refusal> {
    let words = words.filter(|words| !words.trim().is_empty());
    words.map(|words| text::paragraphs(&words, most).ok_or(refusal)).transpose()
}

impl AssignmentTerms {
    /// Checks new terms.
    pub fn check(self) -> Result<Self, Refusal> {
        let item =
            |item: ChecklistItem| Some(ChecklistItem { title: text::line(&item.title, 100)?, done: false });
        let checklist: Option<Vec<_>> = self.checklist.into_iter().map(item).collect();
        if self.measure.is_none() && !self.kind.measure_is_proposed() {
            return Err(Refusal::MeasureMissing);
        }
        Ok(Self {
            title: text::line(&self.title, 100).ok_or(Refusal::BadTitle)?,
            description: optional(self.description, 5_000, Refusal::BadDescription)?,
            basis: optional(self.basis, 200, Refusal::BadBasis)?,
            measure: self.measure.map(Measure::check).transpose()?,
            checklist: checklist.filter(|all| all.len() <= 30).ok_or(Refusal::BadChecklist)?,
            evidence_wanted: optional(self.evidence_wanted, 500, Refusal::BadEvidence)?,
            ..self
        })
    }
}

/// A due time that lies ahead, and not too far.
pub(super) fn check_due(due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let ahead = due_at.signed_duration_since(now);
    if Duration::zero() < ahead && ahead <= Duration::days(800) { Ok(due_at) } else { Err(Refusal::BadDue) }
}

/// A piece of work that somebody must do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// Identity.
    pub id: AssignmentId,
    /// The unit that has it done: whoever acts for it verifies, returns, cancels.
    pub issuer_unit_id: OrgUnitId,
    /// To whom it is given.
    pub placement: Placement,
    /// The assignment of which this is a part: handed down, or claimed of an offer.
    pub parent_id: Option<AssignmentId>,
    /// What is to be done.
    pub terms: AssignmentTerms,
    /// How many of the measure's number are done, as the owner reports.
    pub amount: i64,
    /// Until when.
    pub due_at: DateTime<Utc>,
    /// State, with its facts.
    pub progress: AssignmentProgress,
    /// When the owner was reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When it was found overdue.
    pub overdue_at: Option<DateTime<Utc>>,
    /// When the superior was told.
    pub escalated_at: Option<DateTime<Utc>>,
    /// Who issued it.
    pub issued_by: AccountId,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// When it was first given to somebody, or offered: until then its issuers alone know of it.
    pub dispatched_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// What is said of a new assignment.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// Identity, drawn by the shell.
    pub id: AssignmentId,
    /// The unit that has it done.
    pub issuer_unit_id: OrgUnitId,
    /// To whom.
    pub placement: Placement,
    /// The assignment of which it is a part.
    pub parent_id: Option<AssignmentId>,
    /// What.
    pub terms: AssignmentTerms,
    /// Until when.
    pub due_at: DateTime<Utc>,
    /// Who issues it.
    pub issued_by: AccountId,
}

/// A change of a draft; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct AssignmentChange {
    /// New terms.
    pub terms: Option<AssignmentTerms>,
    /// New addressee.
    pub placement: Option<Placement>,
    /// New due time.
    pub due_at: Option<DateTime<Utc>>,
}

impl Assignment {
    /// Writes one down, as a draft.
    pub fn draft(new: NewAssignment, now: DateTime<Utc>) -> Result<(Self, Step), Refusal> {
        if let Addressee::Offer { capacity, .. } = new.placement.addressee {
            check_capacity(capacity)?;
        }
        let made = Self {
            id: new.id,
            issuer_unit_id: new.issuer_unit_id,
            placement: new.placement,
            parent_id: new.parent_id,
            terms: new.terms.check()?,
            amount: 0,
            due_at: check_due(new.due_at, now)?,
            progress: AssignmentProgress::Draft,
            reminded_at: None,
            overdue_at: None,
            escalated_at: None,
            issued_by: new.issued_by,
            created_at: now,
            dispatched_at: None,
            version: 1,
        };
        let step = Step::of(&made, AssignmentStepKind::Created, None, new.issued_by, now);
        Ok((made, step))
    }

    /// Changes a draft.
    pub fn change(
        self,
        change: AssignmentChange,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Step), Refusal> {
        if self.state() != AssignmentState::Draft {
            return Err(Refusal::FixedNow);
        }
        let new = NewAssignment {
            id: self.id,
            issuer_unit_id: self.issuer_unit_id,
            placement: change.placement.unwrap_or(self.placement),
            parent_id: self.parent_id,
            terms: change.terms.unwrap_or(self.terms),
            due_at: change.due_at.unwrap_or(self.due_at),
            issued_by: self.issued_by,
        };
        let (made, _) = Self::draft(new, now)?;
        let after = Self { created_at: self.created_at, version: self.version + 1, ..made };
        let step = Step::of(&after, AssignmentStepKind::Changed, Some(AssignmentState::Draft), by, now);
        Ok((after, step))
    }

    /// The state without its facts.
    pub fn state(&self) -> AssignmentState {
        self.progress.state()
    }

    /// Whether others than its issuers know of it: a draft, or what was cancelled as a draft, they don't.
    pub fn is_known(&self) -> bool {
        self.dispatched_at.is_some()
    }

    /// The one who answers for the work.
    pub fn owner(&self) -> Option<AccountId> {
        self.placement.addressee.owner()
    }

    /// Whether it is to be claimed.
    pub fn is_offer(&self) -> bool {
        self.placement.addressee.kind() == AddresseeKind::Offer
    }

    /// Whether its owner is late with it.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        !self.is_offer() && self.state().waits_for_owner() && self.due_at < now
    }
}
