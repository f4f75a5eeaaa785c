use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_domain::{
    id::{OrgUnitId, PartyMemberId},
    policy::{Action, Subject},
    volunteering::{HourState, ObjectionState, star_level},
};
use zhibu_persistence::volunteering;

use super::{
    list::{entries_at, entries_of},
    object::{
        HourLedgerLineObject, ObjectionObject, PublicityEntry, ServiceHourEntryObject, UnitHoursObject,
        VolunteerRecord,
    },
};
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term, connect},
    member::see_member,
    organization::permitted_unit,
};

/// Queries of volunteer hours.
#[derive(Default)]
pub struct VolunteeringQuery;

#[Object]
impl VolunteeringQuery {
    /// A member's entries, in all units, latest reported first. For the member, and the overseers of the
    /// home unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the member and a filter")]
    async fn service_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only entries that stand here.")] state: Option<Term<HourState>>,
    ) -> Result<Option<Connection<Cursor, ServiceHourEntryObject>>> {
        let args = PageArgs { first, after, last, before }.request()?;
        let page = entries_of(reads(ctx)?, member_id.0, state.map(|s| s.0), args).await?;
        Ok(Some(connect(args, page, |e| e.id.0, ServiceHourEntryObject)))
    }

    /// The entries that were reported to a unit or to those below it, those with most hints first, then in
    /// order of reporting. For organizers of the unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and a filter")]
    async fn service_hours_to_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Entries that stand here; those that wait where absent.")] state: Option<
            Term<HourState>,
        >,
    ) -> Result<Option<Connection<Cursor, ServiceHourEntryObject>>> {
        let args = PageArgs { first, after, last, before }.request()?;
        let state = state.map_or(HourState::Reported, |s| s.0);
        let page = entries_at(reads(ctx)?, Action::VerifyHours, unit_id.0, state, args).await?;
        Ok(Some(connect(args, page, |e| e.id.0, ServiceHourEntryObject)))
    }

    /// The hours that are in public notice in a unit, in order of reporting; units below it have notices of
    /// their own. For the members of the unit, and its overseers; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn service_hours_in_publicity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, PublicityEntry>>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewPublicity, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::publicity_page(&app.store, permit.district_id(), unit.id, args);
        Ok(Some(connect(args, page.await.op()?, |e| e.id.0, PublicityEntry)))
    }

    /// The objections to hours that were reported to a unit or to those below it, in order of raising.
    /// For organizers of the unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and a filter")]
    async fn objections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only objections that stand here.")] state: Option<Term<ObjectionState>>,
    ) -> Result<Option<Connection<Cursor, ObjectionObject>>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::VerifyHours, unit_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let state = state.map(|s| s.0);
        let page = volunteering::objection_page(&app.store, permit.district_id(), &unit.path, state, args);
        Ok(Some(connect(args, page.await.op()?, |o| o.id.0, ObjectionObject)))
    }

    /// The objections that the caller has raised, with what became of them, latest first; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn my_objections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, ObjectionObject>> {
        let (app, call) = request(ctx)?;
        let account = call.account().op()?;
        let permit = call.permit(Action::ObjectToHours, Subject::owner(account)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::objection_page_of(&app.store, permit.district_id(), account, args);
        Ok(connect(args, page.await.op()?, |o| o.id.0, ObjectionObject))
    }

    /// What a member's verified hours come to. For the member, and the overseers of the home unit.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn volunteer_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
    ) -> Result<Option<VolunteerRecord>> {
        let (app, _) = request(ctx)?;
        let permit = see_member(reads(ctx)?, Action::ViewHours, member_id.0).await?;
        let district = permit.district_id();
        let mut found = volunteering::balances(&app.store, district, &[member_id.0]).await.op()?;
        let balances = found.remove(&member_id.0).unwrap_or_default();
        let total = balances.iter().map(|b| b.minutes).sum();
        let star_level = star_level(total, &app.rules(district).await?);
        Ok(Some(VolunteerRecord { member_id: member_id.0, balances, star_level }))
    }

    /// The lines of a member's ledger of hours, latest first. For the member, and the overseers of the
    /// home unit; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn hour_ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, HourLedgerLineObject>>> {
        let (app, _) = request(ctx)?;
        let permit = see_member(reads(ctx)?, Action::ViewHours, member_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = volunteering::ledger_page(&app.store, permit.district_id(), member_id.0, args);
        Ok(Some(connect(args, page.await.op()?, |l| l.id.0, HourLedgerLineObject)))
    }

    /// The hours that count for a unit and all below it in a year: numbers without names. For the members
    /// of the unit, and its overseers.
    async fn unit_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The calendar year of the service.")] year: i32,
    ) -> Result<Option<UnitHoursObject>> {
        let (app, _) = request(ctx)?;
        let (unit, permit) = permitted_unit(reads(ctx)?, Action::ViewFigures, unit_id.0).await?;
        let hours = volunteering::unit_hours(&app.store, permit.district_id(), &unit.path, year);
        Ok(Some(UnitHoursObject(hours.await.op()?)))
    }
}
