//! Assignments over REST: another system has something done, and follows how it goes.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    assignment::{
        self as domain, AddresseeKind, AssignmentKind, AssignmentPriority, AssignmentState, AssignmentTerms,
        ChecklistItem, Command, Recipient,
    },
    id::{AccountId, AssignmentId, OrgUnitId, PartyMemberId},
    policy::{Action, Denied},
};

use super::{
    ops::{self, Issuing, Which},
    sight::{Lying, lying, visible},
};
use crate::rest::{Answer, Answered, Asked, Id, Moment, Operation, PageOf, Paging, Word, get, post};

/// The operations on assignments.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listAssignments",
            "/assignments",
            Action::ViewAssignment,
            "The assignments that lie with a unit, those due first first. With `issued` those that it has \
             issued. For the overseers of the unit.",
            list,
        )
        .links("getAssignment", &[("id", "$response.body#/items/0/id")]),
        post(
            "createAssignment",
            "/assignments",
            Action::Assign,
            "Writes an assignment down, as a draft that the issuer's overseers alone see. For the overseers of \
             the issuer.",
            create,
        )
        .creates()
        .links("getAssignment", &[("id", "$response.body#/id")])
        .links("dispatchAssignment", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")])
        .links("cancelAssignment", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")]),
        get(
            "getAssignment",
            "/assignments/{id}",
            Action::ViewAssignment,
            "An assignment. For its owner, and the overseers of the unit with which it lies and of its issuer; a \
             draft for the issuer's overseers alone.",
            one,
        )
        .links("dispatchAssignment", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")])
        .links("cancelAssignment", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")]),
        post(
            "dispatchAssignment",
            "/assignments/{id}/dispatch",
            Action::Assign,
            "Gives a draft to its owner, or offers it. For the overseers of the issuer.",
            dispatch,
        )
        .versioned()
        .links("getAssignment", &[("id", "$response.body#/id")]),
        post(
            "cancelAssignment",
            "/assignments/{id}/cancel",
            Action::Assign,
            "Cancels an assignment that isn't verified, with all its parts that aren't. For the overseers of the \
             issuer.",
            cancel,
        )
        .versioned()
        .links("getAssignment", &[("id", "$response.body#/id")]),
    ]
}

/// How it is told whether an assignment is done.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Measure {
    /// What is to be done, in words.
    #[schemars(length(min = 1, max = 200))]
    text: String,
    /// How many.
    #[schemars(range(min = 1, max = 1_000_000))]
    target: i64,
    /// Of what.
    #[schemars(length(min = 1, max = 20))]
    unit: String,
}

/// A piece of work that somebody must do.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Assignment {
    /// Global id.
    id: Id<AssignmentId>,
    /// What it is.
    kind: Word<AssignmentKind>,
    /// Title.
    title: String,
    /// Description.
    description: Option<String>,
    /// The document or resolution behind it.
    basis: Option<String>,
    /// The unit that has it done.
    issuer_unit_id: Id<OrgUnitId>,
    /// To whom it was given.
    addressee: Word<AddresseeKind>,
    /// With which unit it lies.
    unit_id: Id<OrgUnitId>,
    /// The account of who answers for it; null for an offer.
    owner_account_id: Option<Id<AccountId>>,
    /// How it is told whether it is done; null while an issue waits for its owner's proposal.
    measure: Option<Measure>,
    /// How many of the measure's number are done.
    amount: i64,
    /// How pressing it is.
    priority: Word<AssignmentPriority>,
    /// Until when.
    due_at: DateTime<Utc>,
    /// Where it stands.
    state: Word<AssignmentState>,
    /// When it was written down.
    created_at: DateTime<Utc>,
    /// When it was first given to somebody, or offered; null for a draft.
    dispatched_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    version: i32,
}

impl From<domain::Assignment> for Assignment {
    fn from(assignment: domain::Assignment) -> Self {
        let measure = |m: domain::Measure| Measure { text: m.text, target: m.target, unit: m.unit };
        Self {
            owner_account_id: assignment.owner().map(Id),
            state: Word(assignment.state()),
            id: Id(assignment.id),
            kind: Word(assignment.terms.kind),
            title: assignment.terms.title,
            description: assignment.terms.description,
            basis: assignment.terms.basis,
            issuer_unit_id: Id(assignment.issuer_unit_id),
            addressee: Word(assignment.placement.addressee.kind()),
            unit_id: Id(assignment.placement.unit_id),
            measure: assignment.terms.measure.map(measure),
            amount: assignment.amount,
            priority: Word(assignment.terms.priority),
            due_at: assignment.due_at,
            created_at: assignment.created_at,
            dispatched_at: assignment.dispatched_at,
            version: assignment.version,
        }
    }
}

/// An assignment, with the version that changes it.
fn versioned(assignment: domain::Assignment) -> Answer<Assignment> {
    let version = assignment.version;
    Answer::of(Assignment::from(assignment)).version(version)
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(flatten)]
    paging: Paging,
    /// Of which unit.
    unit_id: Id<OrgUnitId>,
    /// The assignments of all units below as well.
    #[serde(default)]
    deep: bool,
    /// Those that it has issued, wherever they lie; not those that lie with it.
    #[serde(default)]
    issued: bool,
    /// Only of this kind.
    kind: Option<Word<AssignmentKind>>,
    /// Only in this state.
    state: Option<Word<AssignmentState>>,
    /// Only those due at or after this time.
    from: Option<Moment>,
    /// Only those due before this time.
    until: Option<Moment>,
    /// Only those with which their owners are late now.
    #[serde(default)]
    overdue: bool,
}

async fn list(asked: Asked<Wanted>) -> Answered<PageOf<Assignment>> {
    let Wanted { paging, unit_id, deep, issued, kind, state, from, until, overdue } = asked.params;
    let which = Lying {
        unit_id: unit_id.0,
        deep,
        issued,
        kind: kind.map(|kind| kind.0),
        states: state.map(|state| state.0).into_iter().collect(),
        from: from.map(|from| from.0),
        until: until.map(|until| until.0),
        overdue,
    };
    let page = lying(&asked.reads, which, paging.request()).await?;
    Ok(Answer::page(PageOf::of(page, |assignment| assignment.id.0, Assignment::from)))
}

#[derive(Deserialize, JsonSchema)]
struct One {
    /// Which assignment.
    id: Id<AssignmentId>,
}

async fn one(asked: Asked<One>) -> Answered<Assignment> {
    let found = visible(&asked.reads, asked.params.id.0).await?;
    Ok(versioned(found.ok_or(Denied::Hidden)?))
}

/// To whom an assignment is given, within the issuer's subtree.
#[derive(Deserialize, JsonSchema)]
#[serde(
    tag = "kind",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum To {
    /// A Party member.
    Member {
        /// Who.
        id: Id<PartyMemberId>,
    },
    /// A unit; its secretary is the owner, else who leads it.
    Unit {
        /// Which.
        id: Id<OrgUnitId>,
    },
    /// Whoever in a subtree claims it.
    Offer {
        /// The top of the subtree.
        id: Id<OrgUnitId>,
        /// How many may claim it.
        #[schemars(range(min = 1, max = 10_000))]
        capacity: i32,
    },
}

impl From<&To> for Recipient {
    fn from(to: &To) -> Self {
        match to {
            To::Member { id } => Self::Member(id.0),
            To::Unit { id } => Self::Unit(id.0),
            To::Offer { id, capacity } => Self::Offer(id.0, *capacity),
        }
    }
}

/// A new assignment; it begins as a draft.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAssignment {
    /// The unit that has it done.
    issuer_unit_id: Id<OrgUnitId>,
    /// To whom it will be given.
    to: To,
    /// What it is.
    kind: Word<AssignmentKind>,
    /// Title.
    #[schemars(length(min = 1, max = 100))]
    title: String,
    /// Description; of an issue what was found.
    #[schemars(length(max = 5_000))]
    description: Option<String>,
    /// The document or resolution behind it.
    #[schemars(length(max = 200))]
    basis: Option<String>,
    /// The measure; only an issue may go without.
    measure: Option<Measure>,
    /// How pressing it is; `NORMAL` where absent.
    priority: Option<Word<AssignmentPriority>>,
    /// What belongs to it.
    #[serde(default)]
    #[schemars(length(max = 30), inner(length(min = 1, max = 100)))]
    checklist: Vec<String>,
    /// What evidence is wanted.
    #[schemars(length(max = 500))]
    evidence_wanted: Option<String>,
    /// Until when, at most 800 days ahead.
    due_at: Moment,
}

#[derive(Deserialize, JsonSchema)]
struct Nothing {}

async fn create(asked: Asked<Nothing, NewAssignment>) -> Answered<Assignment> {
    let once = asked.once.clone();
    let Asked { reads, body: new, .. } = asked;
    let (app, call) = (&reads.loader().app, &reads.loader().call);
    let item = |title| ChecklistItem { title, done: false };
    let terms = AssignmentTerms {
        kind: new.kind.0,
        title: new.title,
        description: new.description,
        basis: new.basis,
        measure: new.measure.map(|m| domain::Measure { text: m.text, target: m.target, unit: m.unit }),
        priority: new.priority.map_or(AssignmentPriority::Normal, |priority| priority.0),
        checklist: new.checklist.into_iter().map(item).collect(),
        evidence_wanted: new.evidence_wanted,
    };
    let issuing =
        Issuing { issuer_unit_id: new.issuer_unit_id.0, to: (&new.to).into(), terms, due_at: new.due_at.0 };
    let made = ops::create(app, call, issuing, once).await?;
    let path = format!("/assignments/{}", Id(made.id).text());
    Ok(versioned(made).created(path))
}

async fn step<B>(asked: &Asked<One, B>, command: Command) -> Answered<Assignment> {
    let which = Which { id: asked.params.id.0, version: asked.version };
    Ok(versioned(ops::command(asked.app(), asked.call(), which, command, asked.once.clone()).await?))
}

async fn dispatch(asked: Asked<One>) -> Answered<Assignment> {
    step(&asked, Command::Dispatch).await
}

/// Why an assignment isn't to be done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancelling {
    /// Why.
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn cancel(asked: Asked<One, Cancelling>) -> Answered<Assignment> {
    let reason = asked.body.reason.clone();
    step(&asked, Command::Cancel { reason }).await
}
