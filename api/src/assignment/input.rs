use async_graphql::{InputObject, OneofObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{AssignmentKind, AssignmentPriority, AssignmentTerms, ChecklistItem, Measure, Recipient},
    id::{AssignmentId, OrgUnitId, PartyMemberId, PostId},
};

use super::{
    ops::{Changing, Issuing},
    parts::HandingDown,
};
use crate::graphql::{GlobalId, Term};

/// An offer to everybody in a subtree.
#[derive(InputObject)]
pub struct OfferInput {
    /// The top of the subtree.
    pub unit_id: GlobalId<OrgUnitId>,
    /// How many may claim it, 1–10,000.
    pub capacity: i32,
}

/// To whom an assignment is given: exactly one, within the issuer's subtree.
#[derive(OneofObject)]
pub enum AddresseeInput {
    /// A Party member.
    MemberId(GlobalId<PartyMemberId>),
    /// Whoever holds this post.
    PostId(GlobalId<PostId>),
    /// A unit or Party group; its secretary is the owner, else its leader, office staff, deputy secretary,
    /// organization commissioner, instructor, grid worker or grid assistant.
    UnitId(GlobalId<OrgUnitId>),
    /// Whoever in a subtree claims it.
    Offer(OfferInput),
}

impl AddresseeInput {
    pub(super) fn to(&self) -> Recipient {
        match self {
            Self::MemberId(id) => Recipient::Member(id.0),
            Self::PostId(id) => Recipient::Post(id.0),
            Self::UnitId(id) => Recipient::Unit(id.0),
            Self::Offer(offer) => Recipient::Offer(offer.unit_id.0, offer.capacity),
        }
    }
}

/// How it is told whether an assignment is done.
#[derive(InputObject)]
pub struct MeasureInput {
    /// What is to be done, 1–200 characters.
    pub text: String,
    /// How many, 1–1,000,000.
    pub target: i64,
    /// Of what, 1–20 characters: visits, households, people.
    pub unit: String,
}

impl MeasureInput {
    pub(super) fn measure(self) -> Measure {
        Measure { text: self.text, target: self.target, unit: self.unit }
    }
}

fn checklist(titles: Vec<String>) -> Vec<ChecklistItem> {
    titles.into_iter().map(|title| ChecklistItem { title, done: false }).collect()
}

/// What is to be done, by hand or by a template.
#[derive(InputObject)]
#[graphql(name = "AssignmentTermsInput")]
pub struct TermsInput {
    /// What it is.
    pub kind: Term<AssignmentKind>,
    /// Title, 1–100 characters.
    pub title: String,
    /// Description, up to 5000 characters; of an issue what was found.
    pub description: Option<String>,
    /// The document or resolution behind it, up to 200 characters; of an issue where it was found.
    pub basis: Option<String>,
    /// The measure; only an issue may go without, for its owner proposes it when accepting.
    pub measure: Option<MeasureInput>,
    /// How pressing it is; `NORMAL` where absent.
    pub priority: Option<Term<AssignmentPriority>>,
    /// What belongs to it: up to 30 titles of 1–100 characters.
    #[graphql(default)]
    pub checklist: Vec<String>,
    /// What evidence is wanted, up to 500 characters. Ask for pictures only where they are needed (R46).
    pub evidence_wanted: Option<String>,
}

impl TermsInput {
    pub(super) fn terms(self) -> AssignmentTerms {
        AssignmentTerms {
            kind: self.kind.0,
            title: self.title,
            description: self.description,
            basis: self.basis,
            measure: self.measure.map(MeasureInput::measure),
            priority: self.priority.map_or(AssignmentPriority::Normal, |p| p.0),
            checklist: checklist(self.checklist),
            evidence_wanted: self.evidence_wanted,
        }
    }
}

/// A new assignment; it begins as a draft.
#[derive(InputObject)]
pub struct CreateAssignmentInput {
    /// The unit that has it done.
    pub issuer_unit_id: GlobalId<OrgUnitId>,
    /// To whom it will be given.
    pub to: AddresseeInput,
    /// What is to be done.
    #[graphql(flatten)]
    pub terms: TermsInput,
    /// Until when, at most 800 days ahead.
    pub due_at: DateTime<Utc>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

impl CreateAssignmentInput {
    pub(super) fn issuing(self) -> Issuing {
        let (issuer_unit_id, to) = (self.issuer_unit_id.0, self.to.to());
        Issuing { issuer_unit_id, to, terms: self.terms.terms(), due_at: self.due_at }
    }
}

/// A change of a draft; what is absent stays.
#[derive(InputObject)]
pub struct UpdateAssignmentInput {
    /// Which.
    pub id: GlobalId<AssignmentId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// New addressee.
    pub to: Option<AddresseeInput>,
    /// New title.
    pub title: Option<String>,
    /// New description; an empty one removes it.
    pub description: Option<String>,
    /// New basis; an empty one removes it.
    pub basis: Option<String>,
    /// New measure.
    pub measure: Option<MeasureInput>,
    /// New due time.
    pub due_at: Option<DateTime<Utc>>,
    /// New priority.
    pub priority: Option<Term<AssignmentPriority>>,
    /// New checklist, all of it.
    pub checklist: Option<Vec<String>>,
    /// New wish for evidence; an empty one removes it.
    pub evidence_wanted: Option<String>,
}

impl UpdateAssignmentInput {
    pub(super) fn changing(self) -> Changing {
        let (id, version, to, due_at) = (self.id.0, self.version, self.to.map(|to| to.to()), self.due_at);
        let terms = move |old: AssignmentTerms| AssignmentTerms {
            kind: old.kind,
            title: self.title.unwrap_or(old.title),
            description: self.description.or(old.description),
            basis: self.basis.or(old.basis),
            measure: self.measure.map(MeasureInput::measure).or(old.measure),
            priority: self.priority.map_or(old.priority, |p| p.0),
            checklist: self.checklist.map_or(old.checklist, checklist),
            evidence_wanted: self.evidence_wanted.or(old.evidence_wanted),
        };
        Changing { id, version, terms: Box::new(terms), to, due_at }
    }
}

/// An offer to claim.
#[derive(InputObject)]
pub struct ClaimAssignmentInput {
    /// Which.
    pub id: GlobalId<AssignmentId>,
    /// For which unit; for oneself where absent.
    pub unit_id: Option<GlobalId<OrgUnitId>>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// An assignment to hand down.
#[derive(InputObject)]
pub struct HandDownAssignmentInput {
    /// Which.
    pub id: GlobalId<AssignmentId>,
    /// The version that the client read; refused as `STALE` if it has changed since.
    pub version: Option<i32>,
    /// To whom, at most 100. Who has a part already gets no other.
    #[graphql(default, validator(max_items = 100))]
    pub to: Vec<AddresseeInput>,
    /// To every branch below that has no part yet, at most 500.
    #[graphql(default)]
    pub branches: bool,
    /// The measure of each part; the whole's where absent.
    pub measure: Option<MeasureInput>,
    /// Until when, not after the whole's time; the whole's where absent.
    pub due_at: Option<DateTime<Utc>>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

impl HandDownAssignmentInput {
    pub(super) fn handing_down(self) -> HandingDown {
        HandingDown {
            id: self.id.0,
            version: self.version,
            to: self.to.iter().map(AddresseeInput::to).collect(),
            branches: self.branches,
            measure: self.measure.map(MeasureInput::measure),
            due_at: self.due_at,
        }
    }
}
