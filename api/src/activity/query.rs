use async_graphql::{Context, Object, Result, connection::Connection};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::ActivityKind,
    id::OrgUnitId,
    policy::{Action, Subject},
};
use zhibu_persistence::activity::{self, ActivityFilter};

use super::{
    ActivityObject, RecurrenceObject, ThemeObject,
    sight::{Hosted, hosted},
    theme::theme_page,
};
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term, connect, storable},
    organization::named_unit,
};

/// Queries of activities.
#[derive(Default)]
pub struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// The activities that a unit hosts, alone or jointly, in order of their start; with `deep` those
    /// of all units below as well. What was never published is shown to organizers. For the members of
    /// the unit, and its overseers; with `deep` for its overseers alone. A page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and five filters")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "The activities of all units below as well.")] deep: bool,
        #[graphql(desc = "Only activities of this kind.")] kind: Option<Term<ActivityKind>>,
        #[graphql(desc = "Only those that end at or after this time.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those that start before this time.")] until: Option<DateTime<Utc>>,
        #[graphql(default, desc = "Latest start first.")] latest_first: bool,
    ) -> Result<Option<Connection<Cursor, ActivityObject>>> {
        let args = PageArgs { first, after, last, before }.request()?;
        let which = Hosted { unit_id: unit_id.0, deep, kind: kind.map(|k| k.0), from, until, latest_first };
        let page = hosted(reads(ctx)?, which, args).await?;
        Ok(Some(connect(args, page, |a| a.id.0, ActivityObject)))
    }

    /// The activities on whose lists the caller stands, in order of their start: expected, chosen or
    /// guest. For Party members; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and three filters")]
    async fn my_activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that end at or after this time.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those that start before this time.")] until: Option<DateTime<Utc>>,
        #[graphql(default, desc = "Latest start first.")] latest_first: bool,
    ) -> Result<Connection<Cursor, ActivityObject>> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let Some(member) = call.person().op()?.membership.as_ref().map(|m| m.member_id) else {
            return Ok(Connection::new(false, false));
        };
        let filter = ActivityFilter {
            member: Some(member),
            known_only: true,
            from: from.map(storable),
            until: until.map(storable),
            latest_first,
            ..ActivityFilter::default()
        };
        let page = activity::activity_page(&app.store, permit.district_id(), filter, args).await.op()?;
        Ok(connect(args, page, |a| a.id.0, ActivityObject))
    }

    /// The themes issued to a unit by itself or its superiors, latest first. For the members of the
    /// unit, and its overseers other than group leaders; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn themes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, ThemeObject>>> {
        theme_page(ctx, unit_id.0, PageArgs { first, after, last, before }).await.map(Some)
    }

    /// The recurrences of a unit, stopped ones too. For organizers of the unit.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn recurrences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
    ) -> Result<Option<Vec<RecurrenceObject>>> {
        let (app, call) = request(ctx)?;
        let unit = named_unit(reads(ctx)?, unit_id.0).await?;
        let permit = call.permit(Action::Organize, Subject::unit(&unit.path)).op()?;
        let found = activity::recurrences_of(&app.store, permit.district_id(), unit.id).await.op()?;
        Ok(Some(found.into_iter().map(RecurrenceObject).collect()))
    }

    /// The fixed items of Party days (the "4" of 4+X) that hold for a unit. For the members of the unit,
    /// and its overseers.
    async fn agenda_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
    ) -> Result<Option<Vec<String>>> {
        let (app, call) = request(ctx)?;
        let unit = named_unit(reads(ctx)?, unit_id.0).await?;
        let permit = call.permit(Action::ViewActivity, Subject::unit(&unit.path)).op()?;
        let template = activity::template(&app.store, permit.district_id(), &unit.path).await.op()?;
        Ok(Some(template.titles().to_vec()))
    }
}
