use async_graphql::{Context, InputObject, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, NaiveTime, Utc};
use zhibu_domain::{
    activity::Schedule,
    assignment::{
        Assignment, AssignmentKind, AssignmentPriority, AssignmentRefusal as Refusal, AssignmentTemplate,
        Command, NewTemplate,
    },
    id::{AssignmentId, AssignmentTemplateId, DistrictId, OrgUnitId},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{Tx, assignment};

use super::{
    AssignmentObject,
    addressee::{place, unit},
    input::{AddresseeInput, TermsInput},
    object::{MeasureObject, unit as unit_object},
    ops::{Done, finish, lock},
    query::unit as seen_unit,
    tell::tell_owner,
};
use crate::{
    app::App,
    call::{Call, request},
    error::{OpExt, Stop, at, outcome},
    graphql::{Cursor, Date, GlobalId, Minutes, Outcome, PageArgs, Term, connect},
    once::Once,
    organization::OrgUnitObject,
};

async fn create(
    app: &App,
    call: &Call,
    input: CreateAssignmentTemplateInput,
    once: Once,
) -> Done<AssignmentTemplate> {
    let tx = app.begin(call, "createAssignmentTemplate").await?;
    let district = call.district()?;
    let owner = unit(&tx, district, input.unit_id.0).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&owner.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = assignment::template(&tx, district, AssignmentTemplateId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    let standing = match input.standing {
        None => None,
        Some(standing) => {
            let to = standing.to.to();
            // Nobody is told to do what nobody could: who answers for it is looked for now, and each time.
            place(app, &tx, district, &owner.path, to).await?;
            let time = NaiveTime::parse_from_str(&standing.time, "%H:%M");
            let schedule = Schedule {
                rule: standing.rule,
                starts_on: standing.starts_on.0,
                time: time.map_err(|_| at("standing.time")(Refusal::BadStart))?,
                minutes: standing.duration.0,
                time_zone: owner.time_zone.clone(),
            };
            Some((to, schedule))
        }
    };
    let new = NewTemplate {
        id: app.id(),
        unit_id: owner.id,
        terms: input.terms.terms(),
        standing,
        created_by: call.account()?,
    };
    let made = AssignmentTemplate::write(new, app.today(&owner.time_zone), tx.now())?;
    assignment::insert_template(&tx, &permit, &made).await?;
    once.keep(&tx, call, made.id.0).await?;
    tx.commit().await?;
    Ok(made)
}

/// A template that is about to be changed, or to issue.
async fn locked(
    tx: &Tx,
    call: &Call,
    district: DistrictId,
    id: AssignmentTemplateId,
) -> Result<(AssignmentTemplate, Permit), Stop<Refusal>> {
    let found = assignment::lock_template(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let owner = unit(tx, district, found.unit_id).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&owner.path))?;
    Ok((found, permit))
}

async fn stop(app: &App, call: &Call, id: AssignmentTemplateId) -> Done<AssignmentTemplate> {
    let tx = app.begin(call, "stopAssignmentTemplate").await?;
    let (before, permit) = locked(&tx, call, call.district()?, id).await?;
    let after = before.clone().stop(tx.now())?;
    assignment::update_template(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Makes a draft of a template of one's own unit or a superior.
async fn make(
    app: &App,
    call: &Call,
    input: CreateAssignmentFromTemplateInput,
    once: Once,
) -> Done<Assignment> {
    let tx = app.begin(call, "createAssignmentFromTemplate").await?;
    let district = call.district()?;
    let issuer = unit(&tx, district, input.issuer_unit_id.0).await?;
    let permit = call.permit(Action::Assign, Subject::unit(&issuer.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(lock(&tx, district, AssignmentId(made)).await?.assignment);
    }
    let template = assignment::template(&tx, district, input.template_id.0).await?.ok_or(Denied::Hidden)?;
    if !issuer.path.is_within(&unit(&tx, district, template.unit_id).await?.path) {
        return Err(Denied::Hidden.into());
    }
    let placement = place(app, &tx, district, &issuer.path, input.to.to()).await?;
    let new = template.make(app.id(), issuer.id, placement, input.due_at, call.account()?)?;
    let (made, step) = Assignment::draft(new, tx.now())?;
    let rules = app.rules(district).await?;
    assignment::insert_assignments(&tx, &permit, &[(made.clone(), vec![step])], &rules).await?;
    once.keep(&tx, call, made.id.0).await?;
    tx.commit().await?;
    Ok(made)
}

/// Issues what is due to be issued of a template; for the job. Answers how many that were.
pub async fn issue(app: &App, call: &Call, id: AssignmentTemplateId) -> Done<usize> {
    let tx = app.begin(call, "issueAssignmentTemplate").await?;
    let district = call.district()?;
    let (before, permit) = locked(&tx, call, district, id).await?;
    let (windows, after) = before.clone().due(tx.now())?;
    let mut issued = 0;
    for window in windows {
        match issue_one(app, &tx, &permit, &before, window.ends_at).await {
            Ok(()) => issued += 1,
            // Nobody answers for it, or it is over already: the next one may be.
            Err(Stop::Refused(refusal, _)) => {
                tracing::warn!(template = %id, %refusal, "a standing assignment was not issued")
            }
            Err(error) => return Err(error),
        }
    }
    assignment::update_template(&tx, &permit, &before, &after).await?;
    finish(app, tx).await?;
    Ok(issued)
}

async fn issue_one(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    template: &AssignmentTemplate,
    due_at: DateTime<Utc>,
) -> Done<()> {
    let Some(standing) = &template.standing else { return Ok(()) };
    let (district, by, now) = (permit.district_id(), template.created_by, tx.now());
    let issuer = unit(tx, district, template.unit_id).await?;
    let placement = place(app, tx, district, &issuer.path, standing.to).await?;
    let new = template.make(app.id(), issuer.id, placement, due_at, by)?;
    let rules = app.rules(district).await?;
    let (draft, created) = Assignment::draft(new, now)?;
    let (given, dispatched) = draft.apply(Command::Dispatch, by, &rules, now)?;
    assignment::insert_assignments(tx, permit, &[(given.clone(), vec![created, dispatched])], &rules).await?;
    Ok(tell_owner(tx, district, &given).await?)
}

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
        let unit = seen_unit(ctx, unit_id.0).await?;
        let permit = call.permit(Action::Assign, Subject::unit(&unit.path)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page =
            assignment::template_page(&app.store, permit.district_id(), &unit.path, args).await.op()?;
        Ok(Some(connect(args, page, |t| t.id.0, AssignmentTemplateObject)))
    }
}
