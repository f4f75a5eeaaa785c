use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{
        Addressee, AddresseeKind, Assignment, AssignmentKind, AssignmentPriority, AssignmentState,
        AssignmentStepKind, ListStage, Measure,
    },
    id::{AccountId, AssignmentId, OrgUnitId},
    organization::OrgUnit,
};

use super::{
    history::{EvidenceObject, StepObject},
    roll_up::RollUpObject,
    sight::{Look, ask, visible},
};
use crate::{
    call::{reads, request},
    error::{OpError, OpExt},
    graphql::{GlobalId, Term},
    member::AccountObject,
    organization::OrgUnitObject,
    reads::{Loading, RollUpOf, StepsOf},
};

/// A piece of work that somebody must do. For its owner, and the overseers of the unit with which it
/// lies and of its issuer; an offer also for those to whom it is made; a draft for the issuer's
/// overseers alone.
pub struct AssignmentObject(pub Assignment);

/// An assignment as a node.
pub async fn assignment_node(ctx: &Context<'_>, id: AssignmentId) -> Result<Option<AssignmentObject>> {
    Ok(visible(reads(ctx)?, id).await?.map(AssignmentObject))
}

pub(super) async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnitObject> {
    let found: Option<OrgUnit> = ctx.data::<Loading>()?.load_one(id).await.op()?;
    Ok(OrgUnitObject(found.ok_or(OpError::internal("an assignment without a unit"))?))
}

pub(super) async fn account(ctx: &Context<'_>, id: Option<AccountId>) -> Result<Option<AccountObject>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.data::<Loading>()?.load_one(id).await.op()?.map(AccountObject))
}

/// How it is told whether an assignment is done.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentMeasure")]
pub struct MeasureObject {
    /// What is to be done, in words.
    text: String,
    /// How many.
    target: i64,
    /// Of what.
    unit: String,
}

impl From<Measure> for MeasureObject {
    fn from(measure: Measure) -> Self {
        Self { text: measure.text, target: measure.target, unit: measure.unit }
    }
}

/// An item of an assignment's checklist.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentChecklistItem")]
pub struct ChecklistItemObject {
    /// Place in the list, from 1.
    position: usize,
    /// What.
    title: String,
    /// Whether it is done.
    done: bool,
}

/// A piece of work that somebody must do. For its owner, and the overseers of the unit with which it
/// lies and of its issuer; an offer also for those to whom it is made; a draft for the issuer's
/// overseers alone.
#[Object(name = "Assignment")]
impl AssignmentObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<AssignmentId> {
        GlobalId(self.0.id)
    }

    /// What it is.
    async fn kind(&self) -> Term<AssignmentKind> {
        Term(self.0.terms.kind)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.terms.title
    }

    /// Description; of an issue what was found.
    async fn description(&self) -> Option<&str> {
        self.0.terms.description.as_deref()
    }

    /// The document or resolution behind it (依据); of an issue where it was found (来源).
    async fn basis(&self) -> Option<&str> {
        self.0.terms.basis.as_deref()
    }

    /// The unit that has it done; who may assign there verifies, returns, reassigns, cancels.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.issuer_unit_id).await
    }

    /// To whom it was given.
    async fn addressee(&self) -> Term<AddresseeKind> {
        Term(self.0.placement.addressee.kind())
    }

    /// With which unit it lies: the addressee itself, a member's home, a post's unit; of an offer the top
    /// of the subtree to which it is made.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit(ctx, self.0.placement.unit_id).await
    }

    /// The one who answers for it; null for an offer, whose claims have an owner each.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, self.0.owner()).await
    }

    /// Of an offer, how many may claim it; null for others.
    async fn capacity(&self) -> Option<i32> {
        match self.0.placement.addressee {
            Addressee::Offer { capacity, .. } => Some(capacity),
            _ => None,
        }
    }

    /// Of an offer, how many have claimed it; null for others.
    async fn claimed_count(&self) -> Option<i32> {
        match self.0.placement.addressee {
            Addressee::Offer { claimed, .. } => Some(claimed),
            _ => None,
        }
    }

    /// How it is told whether it is done; null only while an issue waits for its owner's proposal.
    async fn measure(&self) -> Option<MeasureObject> {
        self.0.terms.measure.clone().map(MeasureObject::from)
    }

    /// How many of the measure's number are done, as the owner reports.
    async fn amount(&self) -> i64 {
        self.0.amount
    }

    /// How pressing it is.
    async fn priority(&self) -> Term<AssignmentPriority> {
        Term(self.0.terms.priority)
    }

    /// What belongs to it.
    async fn checklist(&self) -> Vec<ChecklistItemObject> {
        let items = (1..).zip(&self.0.terms.checklist);
        items
            .map(|(position, item)| ChecklistItemObject {
                position,
                title: item.title.clone(),
                done: item.done,
            })
            .collect()
    }

    /// What evidence is wanted; null where the owner's word is enough.
    async fn evidence_wanted(&self) -> Option<&str> {
        self.0.terms.evidence_wanted.as_deref()
    }

    /// Until when.
    async fn due_at(&self) -> DateTime<Utc> {
        self.0.due_at
    }

    /// Whether its owner is late with it now.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        let (app, _) = request(ctx)?;
        Ok(self.0.is_overdue(app.now()))
    }

    /// When the superior was told that it is overdue; null where it wasn't.
    async fn escalated_at(&self) -> Option<DateTime<Utc>> {
        self.0.escalated_at
    }

    /// Where it stands.
    async fn state(&self) -> Term<AssignmentState> {
        Term(self.0.state())
    }

    /// Where it stands in the words of its list (责任清单, 问题清单); null for what stands on none.
    async fn stage(&self) -> Option<Term<ListStage>> {
        self.0.list_stage().map(Term)
    }

    /// Since when it stands there; null for a draft.
    async fn state_since(&self) -> Option<DateTime<Utc>> {
        self.0.progress.since()
    }

    /// Why it was declined, returned or cancelled; null otherwise.
    async fn reason(&self) -> Option<&str> {
        self.0.progress.reason()
    }

    /// When it was handed in; null where it isn't, or was opened again since.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.progress.submission().map(|submission| submission.at)
    }

    /// What was handed in.
    async fn evidence(&self) -> Option<EvidenceObject> {
        self.0.progress.submission().map(|submission| submission.evidence.clone().into())
    }

    /// The assignment of which it is a part; null where it is none, or the caller may not see it.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<AssignmentObject>> {
        match self.0.parent_id {
            Some(id) => assignment_node(ctx, id).await,
            None => Ok(None),
        }
    }

    /// How far its parts are, handed down or claimed; null where it has none. For the overseers of the
    /// unit with which it lies.
    async fn roll_up(&self, ctx: &Context<'_>) -> Result<Option<RollUpObject>> {
        ask(reads(ctx)?, &self.0, Look::Parts).await?;
        Ok(ctx.data::<Loading>()?.load_one(RollUpOf(self.0.id)).await.op()?.map(RollUpObject::from))
    }

    /// What was done with it, oldest first; of an offer for the overseers of its unit alone. Who is but its
    /// owner sees what was done since they are.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn history(&self, ctx: &Context<'_>) -> Result<Option<Vec<StepObject>>> {
        if self.0.is_offer() {
            ask(reads(ctx)?, &self.0, Look::Parts).await?;
        }
        let mut steps = ctx.data::<Loading>()?.load_one(StepsOf(self.0.id)).await.op()?.unwrap_or_default();
        if ask(reads(ctx)?, &self.0, Look::Past).await.is_err() {
            // Why somebody else declined it is no business of the next.
            let given = steps.iter().rposition(|step| step.kind == AssignmentStepKind::Reassigned);
            steps.drain(..given.map_or(0, |given| given + 1));
        }
        Ok(Some(steps.into_iter().map(StepObject).collect()))
    }

    /// Who issued it.
    async fn issued_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        account(ctx, Some(self.0.issued_by)).await
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Counts the steps; name it when you take one.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
