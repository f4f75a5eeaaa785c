use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::assignment::{AssignmentState, AssignmentStepKind, Evidence, Step};

use super::object::account;
use crate::{graphql::Term, member::AccountObject};

/// What shows that the work was done.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentEvidence")]
pub struct EvidenceObject {
    /// In words.
    text: Option<String>,
    /// Where more is to be seen, such as pictures.
    references: Vec<String>,
}

impl From<Evidence> for EvidenceObject {
    fn from(evidence: Evidence) -> Self {
        Self { text: evidence.text, references: evidence.references }
    }
}

/// One line of an assignment's history.
pub struct StepObject(pub Step);

/// One line of an assignment's history: what was done, by whom, when and why.
#[Object(name = "AssignmentStep")]
impl StepObject {
    /// The assignment's version that it made.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What was done.
    async fn kind(&self) -> Term<AssignmentStepKind> {
        Term(self.0.kind)
    }

    /// Where it stood before; null for the first line.
    async fn from_state(&self) -> Option<Term<AssignmentState>> {
        self.0.from.map(Term)
    }

    /// Where it stood afterwards.
    async fn to_state(&self) -> Term<AssignmentState> {
        Term(self.0.to)
    }

    /// Who did it; null where it happened by itself.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.by).await
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// The reason, or what was said of the progress.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The owner afterwards; null for an offer.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.owner).await
    }

    /// How many were done by then.
    async fn amount(&self) -> i64 {
        self.0.amount
    }

    /// The due time that it gave; null where that stayed.
    async fn due_at(&self) -> Option<DateTime<Utc>> {
        self.0.due_at
    }

    /// What was handed in with it.
    async fn evidence(&self) -> Option<EvidenceObject> {
        self.0.evidence.clone().map(EvidenceObject::from)
    }
}
