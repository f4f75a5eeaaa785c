use std::collections::HashMap;

use async_graphql::{Context, Object, Result, SimpleObject, connection::Connection};
use zhibu_domain::{
    desk::{DeskItem, PartyDayState, PartyDays},
    id::DistrictId,
    organization::OrgUnit,
    policy::Subject,
    vocabulary::Vocabulary,
};
use zhibu_persistence::desk::{self, Branches, DeskTimes};

use super::record::{WorkRecord, load};
use crate::{
    call::request,
    error::OpExt,
    graphql::{Cursor, PageArgs, Term, connect},
    organization::OrgUnitObject,
    reads::Loading,
};

/// How much of one item lies on a desk.
#[derive(SimpleObject)]
pub struct DeskCount {
    /// What.
    item: Term<DeskItem>,
    /// What, in words.
    label: &'static str,
    /// Whether somebody is late with it.
    late: bool,
    /// How many records it is.
    count: i64,
}

/// How many branches stand where with the month's Party days.
#[derive(SimpleObject, Default)]
pub struct PartyDayCounts {
    /// Branches that have held them.
    held: i64,
    /// Branches for which they are made known, and not held yet.
    planned: i64,
    /// Branches that have drafts of them, and no more.
    drafted: i64,
    /// Branches that have too few, or none.
    missing: i64,
}

/// A branch, with what lies on its desk.
#[derive(SimpleObject)]
pub struct BranchDesk {
    /// The branch.
    unit: OrgUnitObject,
    /// How it stands with the month's Party days; null where it was founded after the month.
    party_day: Option<Term<PartyDayState>>,
    /// How much of each item lies there, what is late first.
    #[graphql(complexity = "5 + 12 * child_complexity")]
    waiting: Vec<DeskCount>,
}

/// What is due, late and missing in a unit and all below it. Counts of records, never a ranking of
/// persons (R45).
pub struct DeskObject {
    pub(super) unit: OrgUnit,
    pub(super) district: DistrictId,
    pub(super) times: DeskTimes,
    pub(super) year: i32,
    pub(super) month: u32,
}

fn listed(ctx: &Context<'_>, counted: Option<HashMap<DeskItem, i64>>) -> Result<Vec<DeskCount>> {
    let (_, call) = request(ctx)?;
    let counted = counted.unwrap_or_default();
    let count = |item: DeskItem| DeskCount {
        item: Term(item),
        label: item.say(call.language),
        late: item.is_late(),
        count: counted.get(&item).copied().unwrap_or(0),
    };
    Ok(DeskItem::words().iter().map(|word| count(word.value)).collect())
}

/// What is due, late and missing in a unit and all below it. Counts of records, never a ranking of
/// persons (R45).
#[Object(name = "Desk")]
impl DeskObject {
    /// The unit.
    async fn unit(&self) -> OrgUnitObject {
        OrgUnitObject(self.unit.clone())
    }

    /// The year of the month whose Party days are looked for.
    async fn year(&self) -> i32 {
        self.year
    }

    /// The month whose Party days are looked for, 1–12.
    async fn month(&self) -> u32 {
        self.month
    }

    /// How its branches stand with the month's Party days.
    async fn party_days(&self, ctx: &Context<'_>) -> Result<PartyDayCounts> {
        let (app, _) = request(ctx)?;
        let of = Branches::Below(&self.unit.path);
        let days = desk::party_days(&app.store, self.district, of, &self.times).await.op()?;
        let mut counts = PartyDayCounts::default();
        for branch in days.values() {
            match branch.state(self.times.wanted) {
                PartyDayState::Held => counts.held += 1,
                PartyDayState::Planned => counts.planned += 1,
                PartyDayState::Drafted => counts.drafted += 1,
                PartyDayState::Missing => counts.missing += 1,
            }
        }
        Ok(counts)
    }

    /// How much of each item lies there, what is late first.
    #[graphql(complexity = "5 + 12 * child_complexity")]
    async fn waiting(&self, ctx: &Context<'_>) -> Result<Vec<DeskCount>> {
        let (app, _) = request(ctx)?;
        let counted = desk::counts(&app.store, self.district, &[self.unit.id], &self.times).await;
        listed(ctx, counted.op()?.remove(&self.unit.id))
    }

    /// Its branches, one line each, those that need attention most first: by what is late, then by what
    /// waits. A page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn branches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, BranchDesk>> {
        let (app, _) = request(ctx)?;
        let args = PageArgs { first, after, last, before }.request()?;
        let (store, district, times) = (&app.store, self.district, &self.times);
        let page = desk::branch_page(store, district, &self.unit.path, times, args).await.op()?;
        let mut counted = desk::counts(store, district, &page.rows, times).await.op()?;
        let days = desk::party_days(store, district, Branches::These(&page.rows), times).await.op()?;
        let mut units = ctx.data::<Loading>()?.load_many(page.rows.iter().copied()).await.op()?;
        let state = |days: &PartyDays| Term(days.state(times.wanted));
        let mut lines = Vec::with_capacity(page.rows.len());
        for id in page.rows {
            let Some(unit) = units.remove(&id) else { continue };
            let waiting = listed(ctx, counted.remove(&id))?;
            lines.push(BranchDesk {
                unit: OrgUnitObject(unit),
                party_day: days.get(&id).map(state),
                waiting,
            });
        }
        let page = zhibu_persistence::Page { rows: lines, has_more: page.has_more };
        Ok(connect(args, page, |line| line.unit.0.id.0, |line| line))
    }

    /// The records behind the count of an item, a page of at most 100: what is due first, or has waited
    /// longest; hours with most hints first. For those who may do something about it: of attendance and
    /// hours the organizers, of assignments the overseers.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and the item")]
    async fn records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which item.")] item: Term<DeskItem>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, WorkRecord>>> {
        let (app, call) = request(ctx)?;
        let item = item.0;
        call.permit(item.action(), Subject::unit(&self.unit.path)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = desk::record_page(&app.store, self.district, self.unit.id, item, &self.times, args);
        load(ctx, args, item.into(), page.await.op()?).await.map(Some)
    }
}
