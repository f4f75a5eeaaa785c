use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveTime, Utc};
use zhibu_domain::{
    activity::{ActivityKind, NewRecurrence, Recurrence, RecurrenceRefusal as Refusal, Schedule},
    id::RecurrenceId,
    policy::{Action, Denied, Permit, Subject},
    rule::Rules,
};
use zhibu_persistence::{StoreError, Tx, activity, rule};

use super::{
    input::{CreateRecurrenceInput, StopRecurrenceInput, VenueInput},
    list::Invitations,
    ops::{self, Planning, unit},
};
use crate::{
    app::App,
    call::{Call, request},
    error::{OpError, OpExt, Stop, at, outcome},
    graphql::{Date, GlobalId, Minutes, Outcome, Term},
    once::Once,
    organization::OrgUnitObject,
    reads::Loading,
};

async fn create(
    app: &App,
    call: &Call,
    input: CreateRecurrenceInput,
    once: Once,
) -> Result<Recurrence, Stop<Refusal>> {
    let tx = app.begin(call, "createRecurrence").await?;
    let district = call.district()?;
    let host = unit(&tx, district, input.host_unit_id.0).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&host.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(activity::recurrence(&tx, district, RecurrenceId(made)).await?.ok_or(Denied::Hidden)?);
    }
    let time = NaiveTime::parse_from_str(&input.time, "%H:%M").map_err(|_| at("time")(Refusal::BadStart))?;
    let today = app.today(&host.time_zone);
    let rules = Rules::on(today, rule::settings(&tx, district).await?);
    let new = NewRecurrence {
        id: app.id(),
        host_unit_id: host.id,
        kind: input.kind.map_or(ActivityKind::ThemePartyDay, |k| k.0),
        title: input.title,
        venue: input.venue.map(VenueInput::venue),
        wants_check_out: input.wants_check_out,
        schedule: Schedule {
            rule: input.rule,
            starts_on: input.starts_on.0,
            time,
            minutes: input.duration.0,
            time_zone: host.time_zone.clone(),
        },
        created_by: call.account()?,
    };
    let recurrence = Recurrence::set_up(new, host.kind, &rules, today, tx.now())?;
    activity::insert_recurrence(&tx, &permit, &recurrence).await?;
    once.keep(&tx, call, recurrence.id.0).await?;
    let drafted = draft_due(app, &tx, &permit, recurrence, &rules).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(drafted)
}

/// Makes the drafts of the months ahead that don't exist yet.
async fn draft_due(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    recurrence: Recurrence,
    rules: &Rules,
) -> Result<Recurrence, Stop<Refusal>> {
    let host = unit(tx, permit.district_id(), recurrence.host_unit_id).await?;
    let (windows, after) = recurrence.clone().due(rules, tx.now())?;
    for window in windows {
        let new = recurrence.draft(app.id(), window);
        let planning =
            Planning { new, invited: Invitations::default(), items: Vec::new(), theme_items: Vec::new() };
        match ops::plan(app, tx, None, permit, planning, &host).await {
            // A host that was dissolved meanwhile has no more Party days.
            Ok(_) | Err(Stop::Refused(..)) => {}
            Err(Stop::Error(error)) => return Err(error.into()),
        }
    }
    if after != recurrence {
        activity::update_recurrence(tx, permit, &recurrence, &after).await?;
    }
    Ok(after)
}

/// Makes the drafts that are due of a recurrence; for the job.
pub async fn draft(app: &App, call: &Call, id: RecurrenceId) -> Result<(), Stop<Refusal>> {
    let tx = app.begin(call, "draftRecurrence").await?;
    let district = call.district()?;
    let recurrence = activity::lock_recurrence(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let host = unit(&tx, district, recurrence.host_unit_id).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&host.path))?;
    let settings: Result<_, StoreError> = rule::settings(&tx, district).await;
    let rules = Rules::on(app.today(&host.time_zone), settings?);
    draft_due(app, &tx, &permit, recurrence, &rules).await?;
    Ok(tx.commit().await?)
}

async fn stop(app: &App, call: &Call, id: RecurrenceId) -> Result<Recurrence, Stop<Refusal>> {
    let tx = app.begin(call, "stopRecurrence").await?;
    let district = call.district()?;
    let before = activity::lock_recurrence(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let host = unit(&tx, district, before.host_unit_id).await?;
    let permit = call.permit(Action::Organize, Subject::unit(&host.path))?;
    let after = before.clone().stop(tx.now())?;
    activity::update_recurrence(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// A fixed Party day that recurs and makes drafts for the months ahead.
pub struct RecurrenceObject(pub Recurrence);

/// A fixed Party day that recurs and makes drafts for the months ahead.
#[Object(name = "Recurrence")]
impl RecurrenceObject {
    /// Global id.
    async fn id(&self) -> GlobalId<RecurrenceId> {
        GlobalId(self.0.id)
    }

    /// The unit that holds it.
    async fn host(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let host = ctx.data::<Loading>()?.load_one(self.0.host_unit_id).await.op()?;
        Ok(OrgUnitObject(host.ok_or(OpError::internal("a recurrence without a host"))?))
    }

    /// Kind of the activities.
    async fn kind(&self) -> Term<ActivityKind> {
        Term(self.0.kind)
    }

    /// Title of the activities.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The RRULE of RFC 5545, without its name.
    async fn rule(&self) -> &str {
        &self.0.schedule.rule
    }

    /// The first day on which it may fall.
    async fn starts_on(&self) -> Date {
        Date(self.0.schedule.starts_on)
    }

    /// Time of day, `HH:MM`, in `timeZone`.
    async fn time(&self) -> String {
        self.0.schedule.time.format("%H:%M").to_string()
    }

    /// IANA time zone.
    async fn time_zone(&self) -> &str {
        &self.0.schedule.time_zone
    }

    /// How long each activity lasts.
    async fn duration(&self) -> Minutes {
        Minutes(self.0.schedule.minutes)
    }

    /// Until when drafts have been made. A draft that was moved or cancelled is not made again.
    async fn drafted_until(&self) -> DateTime<Utc> {
        self.0.drafted_until
    }

    /// When it was stopped; null while it runs.
    async fn stopped_at(&self) -> Option<DateTime<Utc>> {
        self.0.stopped_at
    }
}

/// The recurrence was set up, and its first drafts were made.
#[derive(SimpleObject)]
pub struct CreateRecurrenceDone {
    /// The recurrence.
    recurrence: RecurrenceObject,
}

/// The recurrence was stopped.
#[derive(SimpleObject)]
pub struct StopRecurrenceDone {
    /// The recurrence.
    recurrence: RecurrenceObject,
}

/// Mutations of recurrences.
#[derive(Default)]
pub struct RecurrenceMutation;

#[Object]
impl RecurrenceMutation {
    /// Sets up a fixed Party day that recurs (教育管理条例, Art. 16: one fixed day each month). For
    /// organizers of the host.
    async fn create_recurrence(
        &self,
        ctx: &Context<'_>,
        input: CreateRecurrenceInput,
    ) -> Result<Outcome<CreateRecurrenceDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = create(app, call, input, once).await;
        outcome(done.map(|r| CreateRecurrenceDone { recurrence: RecurrenceObject(r) }))
    }

    /// Stops a recurrence; drafts that it has made stay. For organizers of the host.
    async fn stop_recurrence(
        &self,
        ctx: &Context<'_>,
        input: StopRecurrenceInput,
    ) -> Result<Outcome<StopRecurrenceDone, Refusal>> {
        let (app, call) = request(ctx)?;
        let done = stop(app, call, input.id.0).await;
        outcome(done.map(|r| StopRecurrenceDone { recurrence: RecurrenceObject(r) }))
    }
}
