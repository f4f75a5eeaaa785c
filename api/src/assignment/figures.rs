use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    assignment::{AssignmentFigures, AssignmentKind},
    id::{AccountId, DistrictId, OrgUnitId},
    policy::{Action, Subject},
};
use zhibu_persistence::assignment::{self, FiguresOf};

use crate::{
    attendance::period,
    call::{reads, request},
    error::OpExt,
    graphql::{GlobalId, Term},
    organization::named_unit,
};

/// How many of something were to be done, and are.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentQuota")]
pub struct QuotaObject {
    /// Of what: the unit of the measures.
    unit: String,
    /// To be done.
    target: i64,
    /// Done, as the owners report.
    amount: i64,
    /// Of that, in assignments that were verified.
    verified: i64,
}

/// What was to be done in a period, and how much of it was: of all assignments that were due in it.
/// Drafts, what was cancelled, offers, and wholes that were handed down don't count: their claims and
/// parts do.
#[derive(SimpleObject)]
#[graphql(name = "AssignmentFigures")]
pub struct FiguresObject {
    /// All that was due.
    due: i64,
    /// Verified.
    delivered: i64,
    /// Of those delivered, handed in after the due time.
    delivered_late: i64,
    /// Handed in, and not looked at yet.
    submitted: i64,
    /// Given, and neither handed in nor declined.
    open: i64,
    /// Of those open, past the due time.
    overdue: i64,
    /// Declined.
    declined: i64,
    /// What the measures ask for, by the unit in which they count.
    quotas: Vec<QuotaObject>,
}

impl From<AssignmentFigures> for FiguresObject {
    fn from(f: AssignmentFigures) -> Self {
        let quota = |(unit, q): (String, zhibu_domain::assignment::Quota)| QuotaObject {
            unit,
            target: q.target,
            amount: q.amount,
            verified: q.verified,
        };
        Self {
            due: f.due,
            delivered: f.delivered,
            delivered_late: f.delivered_late,
            submitted: f.submitted,
            open: f.open,
            overdue: f.overdue,
            declined: f.declined,
            quotas: f.quotas.into_iter().map(quota).collect(),
        }
    }
}

async fn figures(ctx: &Context<'_>, district: DistrictId, of: FiguresOf) -> Result<FiguresObject> {
    let (app, _) = request(ctx)?;
    let summed = assignment::figures(&app.store, district, &of, app.now()).await.op()?;
    Ok(summed.into_values().next().unwrap_or_default().into())
}

/// Queries of the figures of assignments.
#[derive(Default)]
pub struct AssignmentFiguresQuery;

#[Object]
impl AssignmentFiguresQuery {
    /// The figures of the assignments of a unit and all below it that were due in a year, or in one month,
    /// in the unit's time zone. Numbers without names. For the members of the unit, and its overseers.
    async fn assignment_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12; the whole year where absent.")] month: Option<u32>,
        #[graphql(desc = "Only of this kind.")] kind: Option<Term<AssignmentKind>>,
    ) -> Result<Option<FiguresObject>> {
        let (_, call) = request(ctx)?;
        let unit = named_unit(reads(ctx)?, unit_id.0).await?;
        let permit = call.permit(Action::ViewFigures, Subject::unit(&unit.path)).op()?;
        let (from, until) = period(&unit.time_zone, year, month)?;
        let of = FiguresOf { units: vec![unit.id], owner: None, kind: kind.map(|k| k.0), from, until };
        figures(ctx, permit.district_id(), of).await.map(Some)
    }

    /// One's own figures of a year, or of one month, in the district's time zone. For anybody signed in.
    async fn my_assignment_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12; the whole year where absent.")] month: Option<u32>,
    ) -> Result<FiguresObject> {
        let (app, call) = request(ctx)?;
        let permit = call.permit_own().op()?;
        let district = permit.district_id();
        let (from, until) = period(&app.district(district).await?.time_zone, year, month)?;
        let of = FiguresOf { units: Vec::new(), owner: permit.account_id(), kind: None, from, until };
        figures(ctx, district, of).await
    }

    /// One person's figures of a year, or of one month, in the unit's time zone: of the assignments that
    /// lie with a unit and all below it. Never a ranking (R45): one person at a time, for the overseers
    /// of the unit.
    async fn owner_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit whose assignments are counted.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The person.")] owner_id: GlobalId<AccountId>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12; the whole year where absent.")] month: Option<u32>,
    ) -> Result<Option<FiguresObject>> {
        let (_, call) = request(ctx)?;
        let unit = named_unit(reads(ctx)?, unit_id.0).await?;
        let permit = call.permit(Action::ViewAssignment, Subject::unit(&unit.path)).op()?;
        let (from, until) = period(&unit.time_zone, year, month)?;
        let of = FiguresOf { units: vec![unit.id], owner: Some(owner_id.0), kind: None, from, until };
        figures(ctx, permit.district_id(), of).await.map(Some)
    }
}
