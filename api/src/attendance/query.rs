use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use qrcode::{EcLevel, QrCode, render::svg};
use zhibu_domain::{
    activity::{Activity, ClaimState, LeaveState, check_in::ShownCode},
    error_code::ErrorCode,
    id::{ActivityId, OrgUnitId, PartyMemberId},
    organization::{OrgUnit, day_start},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::attendance;

use super::{
    AttendanceObject, FiguresObject,
    object::{ClaimObject, LeaveObject},
};
use crate::{
    activity::{see_activity, visible_activity},
    call::{reads, request},
    check_in::ops::shown_code,
    error::{OpError, OpExt},
    graphql::{Cursor, GlobalId, PageArgs, Term, connect},
    member::see_member,
    reads::Loading,
};

/// The code to show in the meeting room, or at a shift. It changes; ask again at `validUntil`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CheckInCode {
    /// The text to show as a QR code.
    qr: String,
    /// The six digits, for those who can't scan.
    digits: String,
    /// From when it is shown.
    valid_from: DateTime<Utc>,
    /// Until when it is shown.
    valid_until: DateTime<Utc>,
}

impl From<ShownCode> for CheckInCode {
    fn from(shown: ShownCode) -> Self {
        let ShownCode { qr, digits, valid_from, valid_until, .. } = shown;
        Self { qr, digits, valid_from, valid_until }
    }
}

#[ComplexObject]
impl CheckInCode {
    /// The QR code as an SVG image.
    async fn qr_svg(&self) -> Result<String> {
        let code = QrCode::with_error_correction_level(self.qr.as_bytes(), EcLevel::M);
        let code = code.map_err(|_| OpError::internal("the code can't be drawn"))?;
        Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
    }
}

/// Queries of attendance.
#[derive(Default)]
pub struct AttendanceQuery;

async fn kept(ctx: &Context<'_>, id: ActivityId) -> Result<(Activity, Permit)> {
    let found = visible_activity(reads(ctx)?, id).await?.ok_or(Denied::Hidden).op()?;
    let permit = see_activity(reads(ctx)?, Action::KeepAttendance, &found).await?;
    Ok((found, permit))
}

/// The first day of a year, or of a month, and of the next.
pub(crate) fn first_days(year: i32, month: Option<u32>) -> Result<(NaiveDate, NaiveDate), OpError> {
    let bad = || OpError::Code(ErrorCode::BadUserInput, "no such month");
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)
        .filter(|d| (1900..3000).contains(&d.year()))
        .ok_or_else(bad)?;
    let months = Months::new(if month.is_some() { 1 } else { 12 });
    Ok((first, first.checked_add_months(months).ok_or_else(bad)?))
}

/// The first moment of a year, or of a month, and of the next, in a time zone.
pub(crate) fn period(
    zone: &str,
    year: i32,
    month: Option<u32>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), OpError> {
    let (first, next) = first_days(year, month)?;
    Ok((day_start(first, zone), day_start(next, zone)))
}

async fn unit(ctx: &Context<'_>, id: OrgUnitId) -> Result<OrgUnit> {
    let loading = ctx.data::<Loading>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
    Ok(loading.load_one(id).await.op()?.ok_or(Denied::Hidden).op()?)
}

#[Object]
impl AttendanceQuery {
    /// The code to show in the meeting room now. For who keeps attendance.
    async fn check_in_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which activity.")] activity_id: GlobalId<ActivityId>,
    ) -> Result<Option<CheckInCode>> {
        let (app, call) = request(ctx)?;
        Ok(Some(shown_code(app, call, activity_id.0).await?.into()))
    }

    /// The requests for leave from an activity, in order of asking. For who keeps attendance; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the activity and a filter")]
    async fn leave_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which activity.")] activity_id: GlobalId<ActivityId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only requests that stand here.")] state: Option<Term<LeaveState>>,
    ) -> Result<Option<Connection<Cursor, LeaveObject>>> {
        let (app, _) = request(ctx)?;
        let (found, permit) = kept(ctx, activity_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page =
            attendance::leave_page(&app.store, permit.district_id(), found.id, state.map(|s| s.0), args);
        Ok(Some(connect(args, page.await.op()?, |l| l.id.0, LeaveObject)))
    }

    /// The check-ins of an activity that were left to the organizer. For who keeps attendance; a page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four, the activity and a filter")]
    async fn check_in_claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which activity.")] activity_id: GlobalId<ActivityId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only claims that stand here.")] state: Option<Term<ClaimState>>,
    ) -> Result<Option<Connection<Cursor, ClaimObject>>> {
        let (app, _) = request(ctx)?;
        let (found, permit) = kept(ctx, activity_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page =
            attendance::claim_page(&app.store, permit.district_id(), found.id, state.map(|s| s.0), args);
        Ok(Some(connect(args, page.await.op()?, |c| c.id.0, ClaimObject)))
    }

    /// A member's records, latest first. For the member, and the overseers of the home unit; a page of
    /// at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn attendances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, AttendanceObject>>> {
        let (app, _) = request(ctx)?;
        let permit = see_member(reads(ctx)?, Action::ViewAttendance, member_id.0).await?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page =
            attendance::attendance_page(&app.store, permit.district_id(), member_id.0, args).await.op()?;
        Ok(Some(connect(args, page, |a| a.id.0, AttendanceObject)))
    }

    /// A member's own figures of a year, or of one month, in the district's time zone. Never a ranking
    /// (R45). For the member, and the overseers of the home unit.
    async fn member_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which member.")] member_id: GlobalId<PartyMemberId>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12; the whole year where absent.")] month: Option<u32>,
    ) -> Result<Option<FiguresObject>> {
        let (app, _) = request(ctx)?;
        let permit = see_member(reads(ctx)?, Action::ViewAttendance, member_id.0).await?;
        let district = permit.district_id();
        let (from, until) = period(&app.district(district).await?.time_zone, year, month)?;
        Ok(Some(FiguresObject(
            attendance::member_figures(&app.store, district, member_id.0, from, until).await.op()?,
        )))
    }

    /// The figures of a unit and all below it of a year, or of one month, in the unit's time zone: of
    /// the closed activities that its units hosted. Numbers without names. For the members of the unit,
    /// and its overseers.
    async fn unit_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(desc = "The calendar year, 1900–2999.")] year: i32,
        #[graphql(desc = "1–12; the whole year where absent.")] month: Option<u32>,
    ) -> Result<Option<FiguresObject>> {
        let (app, call) = request(ctx)?;
        let unit = unit(ctx, unit_id.0).await?;
        let permit = call.permit(Action::ViewFigures, Subject::unit(&unit.path)).op()?;
        let (from, until) = period(&unit.time_zone, year, month)?;
        let district = permit.district_id();
        let figures = attendance::unit_figures(&app.store, district, &[unit.id], from, until).await;
        Ok(Some(FiguresObject(figures.op()?.remove(&unit.id).unwrap_or_default())))
    }
}
