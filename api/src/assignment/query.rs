use async_graphql::{Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use zhibu_domain::{
    assignment::{AssignmentKind, AssignmentState},
    id::{AssignmentId, OrgUnitId},
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::assignment::{self, AssignmentFilter};

use super::{
    AssignmentObject,
    sight::{Look, Lying, ask, lying, visible},
};
use crate::{
    call::{reads, request},
    error::OpExt,
    graphql::{Cursor, GlobalId, PageArgs, Term, connect},
    organization::named_unit,
};

/// Most parts that are shown at once.
const MOST_PARTS: usize = 1_000;

/// An assignment with its parts.
#[derive(SimpleObject)]
pub struct HandedDown {
    /// The whole; its `rollUp` counts the parts at every depth.
    assignment: AssignmentObject,
    /// The parts right below it, in the order of the tree of units; at most 1000. The others are `after` what
    /// `moreAfter` names.
    #[graphql(complexity = "5 + 300 * child_complexity")]
    parts: Vec<AssignmentObject>,
    /// The last part that was looked at, where there are more after it; null where these are all.
    more_after: Option<GlobalId<AssignmentId>>,
}

/// Queries of assignments.
#[derive(Default)]
pub struct AssignmentQuery;

async fn page(
    ctx: &Context<'_>,
    filter: AssignmentFilter,
    args: PageArgs,
) -> Result<Connection<Cursor, AssignmentObject>> {
    let (app, call) = request(ctx)?;
    let args = args.request()?;
    let page = assignment::assignment_page(&app.store, call.district().op()?, filter, args).await.op()?;
    Ok(connect(args, page, |a| a.id.0, AssignmentObject))
}

fn bare<V: Copy>(terms: &[Term<V>]) -> Vec<V> {
    terms.iter().map(|term| term.0).collect()
}

#[Object]
impl AssignmentQuery {
    /// The assignments of which the caller is the owner, those due first first. For anybody signed in; a
    /// page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and two filters")]
    async fn my_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(
            default,
            desc = "Only in one of these states; in any where empty.",
            validator(max_items = 9)
        )]
        states: Vec<Term<AssignmentState>>,
        #[graphql(desc = "Only of this kind.")] kind: Option<Term<AssignmentKind>>,
    ) -> Result<Connection<Cursor, AssignmentObject>> {
        let (_, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let filter = AssignmentFilter {
            owner: permit.account_id(),
            kind: kind.map(|k| k.0),
            states: bare(&states),
            ..AssignmentFilter::default()
        };
        page(ctx, filter, PageArgs { first, after, last, before }).await
    }

    /// The assignments that lie with a unit, those due first first; with `deep` those of all units below
    /// as well. With `kind` it is the unit's list of responsibilities (责任清单) or of issues (问题清单).
    /// Drafts are shown where the unit itself, or one below, issues them. For the overseers of the unit;
    /// a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the unit and seven filters")]
    async fn assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "The assignments of all units below as well.")] deep: bool,
        #[graphql(
            default,
            desc = "Those that the unit, with `deep` or one below, has issued, wherever they lie; not those that lie with it."
        )]
        issued: bool,
        #[graphql(desc = "Only of this kind.")] kind: Option<Term<AssignmentKind>>,
        #[graphql(
            default,
            desc = "Only in one of these states; in any where empty.",
            validator(max_items = 9)
        )]
        states: Vec<Term<AssignmentState>>,
        #[graphql(desc = "Only those due at or after this time.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those due before this time.")] until: Option<DateTime<Utc>>,
        #[graphql(default, desc = "Only those with which their owners are late now.")] overdue: bool,
    ) -> Result<Option<Connection<Cursor, AssignmentObject>>> {
        let which = Lying {
            unit_id: unit_id.0,
            deep,
            issued,
            kind: kind.map(|k| k.0),
            states: bare(&states),
            from,
            until,
            overdue,
        };
        let args = PageArgs { first, after, last, before }.request()?;
        let page = lying(reads(ctx)?, which, args).await?;
        Ok(Some(connect(args, page, |a| a.id.0, AssignmentObject)))
    }

    /// What can still be claimed: offered to the caller's home, those due first first; for who has none, to the unit of
    /// their post. With `unitId` what is offered to that unit, for its overseers. A page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and two filters")]
    async fn assignment_offers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which unit; to the caller's own where absent.")] unit_id: Option<
            GlobalId<OrgUnitId>,
        >,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only of this kind.")] kind: Option<Term<AssignmentKind>>,
    ) -> Result<Option<Connection<Cursor, AssignmentObject>>> {
        let (app, call) = request(ctx)?;
        let place = match unit_id {
            Some(id) => {
                let unit = named_unit(reads(ctx)?, id.0).await?;
                call.permit(Action::ViewAssignment, Subject::unit(&unit.path)).op()?;
                Some(unit.path)
            }
            None => {
                call.permit_own().op()?;
                let person = call.person().op()?;
                let post = || person.posts.first().filter(|_| !person.second_factor_missing);
                let home = person.membership.as_ref().map(|m| m.path.clone());
                home.or_else(|| post().map(|post| post.path.clone()))
            }
        };
        let Some(place) = place else { return Ok(Some(Connection::new(false, false))) };
        let filter = AssignmentFilter {
            offered_to: Some(place),
            kind: kind.map(|k| k.0),
            from: Some(app.now()),
            ..AssignmentFilter::default()
        };
        page(ctx, filter, PageArgs { first, after, last, before }).await.map(Some)
    }

    /// An assignment with its parts: who has which, and how far each is. For the overseers of the unit
    /// with which the whole lies.
    async fn handed_down(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole.")] assignment_id: GlobalId<AssignmentId>,
        #[graphql(desc = "Only the parts after this one, as `moreAfter` names it.")] after: Option<
            GlobalId<AssignmentId>,
        >,
    ) -> Result<Option<HandedDown>> {
        let (app, _) = request(ctx)?;
        let whole = visible(reads(ctx)?, assignment_id.0).await?.ok_or(Denied::Hidden).op()?;
        let permit = ask(reads(ctx)?, &whole, Look::Parts).await?;
        let (district, after) = (permit.district_id(), after.map(|part| part.0));
        let mut parts =
            assignment::children(&app.store, district, whole.id, after, MOST_PARTS + 1).await.op()?;
        let has_more = parts.len() > MOST_PARTS;
        parts.truncate(MOST_PARTS);
        let more_after = parts.last().filter(|_| has_more).map(|part| GlobalId(part.id));
        // What lies elsewhere by now is shown to who sees it there.
        let reads = reads(ctx)?;
        let seen = join_all(parts.iter().map(|part| ask(reads, part, Look::Itself))).await;
        let parts = parts.into_iter().zip(seen).filter(|(_, seen)| seen.is_ok());
        Ok(Some(HandedDown {
            assignment: AssignmentObject(whole),
            parts: parts.map(|(part, _)| AssignmentObject(part)).collect(),
            more_after,
        }))
    }
}
