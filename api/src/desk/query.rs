use async_graphql::{Context, Object, Result, connection::Connection};
use chrono::{Datelike, Duration};
use zhibu_domain::{
    desk::DutyStep,
    id::{AssignmentId, OrgUnitId},
    policy::{Action, Denied},
    rule::RuleKey,
};
use zhibu_persistence::desk::{self, DeskTimes};

use super::{
    WorkRecord,
    object::DeskObject,
    record::{RecordKind, load},
};
use crate::{
    assignment::{Look, ask, visible},
    attendance::period,
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term},
    organization::{named_unit, permitted_unit},
};

/// Queries of the desk.
#[derive(Default)]
pub struct DeskQuery;

#[Object]
impl DeskQuery {
    /// What is due, late and missing in a unit and all below it: the month's Party days, and whatever
    /// waits, however old. For the overseers of the unit.
    async fn desk(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The calendar year, 1900–2999; this one where absent.")] year: Option<i32>,
        #[graphql(desc = "1–12; this one where absent.")] month: Option<u32>,
        #[graphql(
            default = 7,
            validator(minimum = 1, maximum = 366),
            desc = "In how many days something is due soon, 1–366."
        )]
        due_within_days: i64,
    ) -> Result<Option<DeskObject>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewDesk, unit_id.0).await?;
        let district = permit.district_id();
        let today = app.today(&unit.time_zone);
        let (year, month) = (year.unwrap_or(today.year()), month.unwrap_or(today.month()));
        let (from, until) = period(&unit.time_zone, year, Some(month))?;
        let now = app.now();
        let wanted = app.rules(district).await?.get(RuleKey::PartyDaysPerMonth);
        let times = DeskTimes { now, soon: now + Duration::days(due_within_days), from, until, wanted };
        Ok(Some(DeskObject { unit, district, times, year, month }))
    }

    /// Who hasn't taken a step yet with what was given or offered to them: of an assignment that was
    /// handed down, and of the claims of an offer, the parts at every depth whose owners haven't; with
    /// `CLAIMED` the branches to which an offer is made and in which nobody has claimed. For the overseers
    /// of the unit with which the whole lies; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the assignment and the step")]
    async fn not_yet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole.")] assignment_id: GlobalId<AssignmentId>,
        #[graphql(desc = "What they haven't done.")] step: Term<DutyStep>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, WorkRecord>>> {
        let (app, _) = request(ctx)?;
        let whole = visible(reads(ctx)?, assignment_id.0).await?.ok_or(Denied::Hidden).op()?;
        let permit = ask(reads(ctx)?, &whole, Look::Parts).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let (store, district) = (&app.store, permit.district_id());
        if step.0 != DutyStep::Claimed {
            let page = desk::not_yet_page(store, district, whole.id, step.0, args).await.op()?;
            return load(ctx, args, RecordKind::Assignment, page).await.map(Some);
        }
        if !whole.is_offer() {
            return Ok(Some(Connection::new(false, false)));
        }
        let unit = named_unit(reads(ctx)?, whole.placement.unit_id).await?;
        let page = desk::unclaimed_branches(store, district, whole.id, &unit.path, args).await.op()?;
        load(ctx, args, RecordKind::OrgUnit, page).await.map(Some)
    }
}
