use async_graphql::{Context, InputObject, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    assignment::{AssignmentKind, AssignmentPriority, AssignmentRefusal as Refusal, AssignmentTemplate},
    id::{AssignmentTemplateId, OrgUnitId},
    policy::{Action, Subject},
};
use zhibu_persistence::assignment;

use super::{
    AssignmentObject,
    input::{AddresseeInput, TermsInput},
    object::{MeasureObject, unit as unit_object},
    template_ops::{create, make, stop},
};
use crate::{
    call::{reads, request},
    error::{OpExt, outcome},
    graphql::{Cursor, Date, GlobalId, Minutes, Outcome, PageArgs, Term, connect},
    once::Once,
    organization::OrgUnitObject,
    organization::named_unit,
};

/// When a template issues by itself, and to whom.
#[derive(InputObject)]
pub struct StandingInput {
    /// To whom, each time.
    pub to: AddresseeInput,
    /// An RRULE of RFC 5545 without its name, e.g. `FREQ=MONTHLY;BYMONTHDAY=1`. Yearly, monthly or weekly; no
    /// time parts; at most every fortnight.
    pub rule: String,
    /// The first day on which it may be given.
    pub starts_on: Date,
    /// Time of day, `HH:MM`, in the unit's time zone.
    pub time: String,
    /// How long until it is due: 1 minute to 92 days.
    pub duration: Minutes,
}

/// A new template.
#[derive(InputObject)]
pub struct CreateAssignmentTemplateInput {
    /// Whose it is; those below may use it, too.
    pub unit_id: GlobalId<OrgUnitId>,
    /// What is to be done.
    #[graphql(flatten)]
    pub terms: TermsInput,
    /// Where it issues by itself, when and to whom.
    pub standing: Option<StandingInput>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A template to put away.
#[derive(InputObject)]
pub struct StopAssignmentTemplateInput {
    /// Which. What was made of it stays.
    pub id: GlobalId<AssignmentTemplateId>,
}

/// An assignment to make of a template.
#[derive(InputObject)]
pub struct CreateAssignmentFromTemplateInput {
    /// Which template: the issuer's own, or a superior's.
    pub template_id: GlobalId<AssignmentTemplateId>,
    /// The unit that has it done.
    pub issuer_unit_id: GlobalId<OrgUnitId>,
    /// To whom it will be given.
    pub to: AddresseeInput,
    /// Until when, at most 800 days ahead.
    pub due_at: DateTime<Utc>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// What assignments are made of again and again. For the overseers of its unit and of those below.
pub struct AssignmentTemplateObject(pub AssignmentTemplate);

/// What assignments are made of again and again. For the overseers of its unit and of those below.
#[Object(name = "AssignmentTemplate")]
impl AssignmentTemplateObject {
    /// Global id.
    async fn id(&self) -> GlobalId<AssignmentTemplateId> {
        GlobalId(self.0.id)
    }

    /// Whose it is.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        unit_object(ctx, self.0.unit_id).await
    }

    /// What it is.
    async fn kind(&self) -> Term<AssignmentKind> {
        Term(self.0.terms.kind)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.terms.title
    }

    /// Description.
    async fn description(&self) -> Option<&str> {
        self.0.terms.description.as_deref()
    }

    /// The document or resolution behind it.
    async fn basis(&self) -> Option<&str> {
        self.0.terms.basis.as_deref()
    }

    /// How it is told whether it is done.
    async fn measure(&self) -> Option<MeasureObject> {
        self.0.terms.measure.clone().map(MeasureObject::from)
    }

    /// How pressing it is.
    async fn priority(&self) -> Term<AssignmentPriority> {
        Term(self.0.terms.priority)
    }

    /// The titles of its checklist.
    async fn checklist(&self) -> Vec<&str> {
        self.0.terms.checklist.iter().map(|item| item.title.as_str()).collect()
    }

    /// What evidence is wanted.
    async fn evidence_wanted(&self) -> Option<&str> {
        self.0.terms.evidence_wanted.as_deref()
    }

    /// The RRULE by which it issues by itself; null where it doesn't.
    async fn rule(&self) -> Option<&str> {
        self.0.standing.as_ref().map(|standing| standing.schedule.rule.as_str())
    }

    /// When it issues next, or is looked at again; null where it never does.
    async fn next_at(&self) -> Option<DateTime<Utc>> {
        self.0.next_at()
    }

    /// When it was put away; null while it is in use.
    async fn stopped_at(&self) -> Option<DateTime<Utc>> {
        self.0.stopped_at
    }
}

/// The template was written.
#[derive(SimpleObject)]
pub struct CreateAssignmentTemplateDone {
    /// The template.
    template: AssignmentTemplateObject,
}

/// The template was put away.
#[derive(SimpleObject)]
pub struct StopAssignmentTemplateDone {
    /// The template.
    template: AssignmentTemplateObject,
}

/// A draft was made of the template.
#[derive(SimpleObject)]
pub struct CreateAssignmentFromTemplateDone {
    /// The draft.
    assignment: AssignmentObject,
}

/// Mutations of templates of assignments.
#[derive(Default)]
pub struct AssignmentTemplateMutation;

#[Object]
impl AssignmentTemplateMutation {
    /// Writes a template of assignments; with `standing` it issues by itself. For the overseers of the
    /// unit.
    async fn create_assignment_template(
        &self,
        ctx: &Context<'_>,
        input: CreateAssignmentTemplateInput,
    ) -> Result<Outcome<CreateAssignmentTemplateDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = create(app, call, input, once).await;
        outcome(done.map(|t| CreateAssignmentTemplateDone { template: AssignmentTemplateObject(t) }))
    }

    /// Puts a template away; what was made of it stays. For the overseers of the unit.
    async fn stop_assignment_template(
        &self,
        ctx: &Context<'_>,
        input: StopAssignmentTemplateInput,
    ) -> Result<Outcome<StopAssignmentTemplateDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let done = stop(app, call, input.id.0).await;
        outcome(done.map(|t| StopAssignmentTemplateDone { template: AssignmentTemplateObject(t) }))
    }

    /// Makes a draft of a template of the issuer or a superior. For the overseers of the issuer.
    async fn create_assignment_from_template(
        &self,
        ctx: &Context<'_>,
        input: CreateAssignmentFromTemplateInput,
    ) -> Result<Outcome<CreateAssignmentFromTemplateDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = make(app, call, input, once).await;
        outcome(done.map(|a| CreateAssignmentFromTemplateDone { assignment: AssignmentObject(a) }))
    }
}

/// Queries of templates of assignments.
#[derive(Default)]
pub struct AssignmentTemplateQuery;

#[Object]
impl AssignmentTemplateQuery {
    /// The templates that a unit may use: its own and its superiors', latest first; those put away too.
    /// For the overseers of the unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn assignment_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, AssignmentTemplateObject>>> {
        let (app, call) = request(ctx)?;
        let unit = named_unit(reads(ctx)?, unit_id.0).await?;
        let permit = call.permit(Action::Assign, Subject::unit(&unit.path)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page =
            assignment::template_page(&app.store, permit.district_id(), &unit.path, args).await.op()?;
        Ok(Some(connect(args, page, |t| t.id.0, AssignmentTemplateObject)))
    }
}
