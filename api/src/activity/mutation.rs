use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::activity::{ActivityRefusal, AgendaRefusal};

use super::{
    ActivityObject,
    agenda::{self, Change},
    input::{
        ActivityStepInput, AgendaChangeInput, CancelActivityInput, ChangeAgendaInput, CreateActivityInput,
        SetAgendaTemplateInput, UpdateActivityInput,
    },
    ops::{self, Step},
};
use crate::{
    call::request,
    error::{OpExt, outcome},
    graphql::Outcome,
    once::Once,
    organization::OrgUnitObject,
};

macro_rules! done {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub struct $name {
            /// The activity, as it now stands.
            activity: ActivityObject,
        }
    )+};
}
done! {
    /// The activity was planned.
    CreateActivityDone;
    /// The activity was changed.
    UpdateActivityDone;
    /// The activity was made known.
    PublishActivityDone;
    /// Check-in was opened.
    OpenActivityDone;
    /// The activity was closed; whoever was missing is absent, or on leave.
    CloseActivityDone;
    /// The activity was made final.
    ArchiveActivityDone;
    /// The activity was called off.
    CancelActivityDone;
    /// The agenda was changed.
    ChangeAgendaDone;
}

/// The template was set.
#[derive(SimpleObject)]
pub struct SetAgendaTemplateDone {
    /// The unit.
    org_unit: OrgUnitObject,
}

type Answer<D> = Result<Outcome<D, ActivityRefusal>>;

/// Mutations of activities.
#[derive(Default)]
pub struct ActivityMutation;

async fn step(
    ctx: &Context<'_>,
    input: ActivityStepInput,
    step: Step,
) -> Result<Result<ActivityObject, crate::error::Stop<ActivityRefusal>>> {
    let (app, call) = request(ctx)?;
    Ok(ops::step(app, call, input.id.0, input.version, step).await.map(ActivityObject))
}

#[Object]
impl ActivityMutation {
    /// Plans an activity: a draft that only its organizers see. For organizers of the host, and of each
    /// joint host.
    async fn create_activity(
        &self,
        ctx: &Context<'_>,
        input: CreateActivityInput,
    ) -> Answer<CreateActivityDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let planning = input.planning(app, call.account().op()?);
        let done = ops::create(app, call, planning, once).await;
        outcome(done.map(|a| CreateActivityDone { activity: ActivityObject(a) }))
    }

    /// Changes an activity. The list of who is expected is drawn anew while it isn't closed. For
    /// organizers of the host.
    async fn update_activity(
        &self,
        ctx: &Context<'_>,
        input: UpdateActivityInput,
    ) -> Answer<UpdateActivityDone> {
        let (app, call) = request(ctx)?;
        let done = ops::update(app, call, input.changing()).await;
        outcome(done.map(|a| UpdateActivityDone { activity: ActivityObject(a) }))
    }

    /// Makes a draft known to those expected. It opens by itself when check-in begins. For organizers of
    /// the host.
    async fn publish_activity(
        &self,
        ctx: &Context<'_>,
        input: ActivityStepInput,
    ) -> Answer<PublishActivityDone> {
        let done = step(ctx, input, Step::Publish).await?;
        outcome(done.map(|activity| PublishActivityDone { activity }))
    }

    /// Opens check-in now, at most four hours before the start. For organizers of the host.
    async fn open_activity(&self, ctx: &Context<'_>, input: ActivityStepInput) -> Answer<OpenActivityDone> {
        let done = step(ctx, input, Step::Open).await?;
        outcome(done.map(|activity| OpenActivityDone { activity }))
    }

    /// Closes a started activity, also before `endsAt`: check-in is over, and whoever is expected and has
    /// no record is absent, or on leave, at once. Left alone it closes by itself once scans made without
    /// signal have had their time to arrive. For organizers of the host.
    async fn close_activity(&self, ctx: &Context<'_>, input: ActivityStepInput) -> Answer<CloseActivityDone> {
        let done = step(ctx, input, Step::Close).await?;
        outcome(done.map(|activity| CloseActivityDone { activity }))
    }

    /// Makes a closed activity final: nothing can be corrected any more. It becomes so by itself when the
    /// days for corrections are over. For organizers of the host.
    async fn archive_activity(
        &self,
        ctx: &Context<'_>,
        input: ActivityStepInput,
    ) -> Answer<ArchiveActivityDone> {
        let done = step(ctx, input, Step::Archive).await?;
        outcome(done.map(|activity| ArchiveActivityDone { activity }))
    }

    /// Calls an activity off that isn't closed yet, with a reason. For organizers of the host.
    async fn cancel_activity(
        &self,
        ctx: &Context<'_>,
        input: CancelActivityInput,
    ) -> Answer<CancelActivityDone> {
        let plain = ActivityStepInput { id: input.id, version: input.version };
        let done = step(ctx, plain, Step::Cancel(input.reason)).await?;
        outcome(done.map(|activity| CancelActivityDone { activity }))
    }
}

/// Mutations of agendas.
#[derive(Default)]
pub struct AgendaMutation;

#[Object]
impl AgendaMutation {
    /// Changes an activity's agenda by one step. Fixed items can't be removed or renamed. For organizers
    /// of the host.
    async fn change_agenda(
        &self,
        ctx: &Context<'_>,
        input: ChangeAgendaInput,
    ) -> Result<Outcome<ChangeAgendaDone, AgendaRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let change = match input.change {
            AgendaChangeInput::Add(title) => Change::Add(title),
            AgendaChangeInput::Remove(id) => Change::Remove(id.0),
            AgendaChangeInput::Rename(item) => Change::Rename(item.id.0, item.title),
            AgendaChangeInput::Reorder(ids) => Change::Reorder(ids.iter().map(|id| id.0).collect()),
            AgendaChangeInput::Mark(item) => Change::Mark(item.id.0, item.done),
        };
        let done = agenda::change(app, call, input.activity_id.0, change, once).await;
        outcome(done.map(|a| ChangeAgendaDone { activity: ActivityObject(a) }))
    }

    /// Sets the fixed items of Party days (the "4" of 4+X) of a unit and all below it that have none of
    /// their own. For organizers of the unit.
    async fn set_agenda_template(
        &self,
        ctx: &Context<'_>,
        input: SetAgendaTemplateInput,
    ) -> Result<Outcome<SetAgendaTemplateDone, AgendaRefusal>> {
        let (app, call) = request(ctx)?;
        let done = agenda::set_template(app, call, input.unit_id.0, &input.titles).await;
        outcome(done.map(|unit| SetAgendaTemplateDone { org_unit: OrgUnitObject(unit) }))
    }
}
