use std::collections::HashMap;

use async_graphql::{Context, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, NaiveDate, Utc};
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::OrgUnit,
    policy::Subject,
    report::{FigureMeasure, MonthReport, ReportFigure},
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::{
    Page,
    assignment::{self, FiguresOf},
    attendance,
    organization::{self, UnitFilter},
    volunteering,
};

use crate::{
    app::App,
    attendance::{AttendanceObject, first_days, period},
    call::request,
    desk::{RecordKind, WorkRecord, load},
    error::{OpError, OpExt},
    graphql::{Cursor, PageArgs, Term, connect},
    organization::OrgUnitObject,
};

/// A figure of a report.
#[derive(SimpleObject)]
pub struct MonthFigure {
    /// Which.
    figure: Term<ReportFigure>,
    /// Its name.
    label: &'static str,
    /// What it means.
    definition: &'static str,
    /// How it is counted, in the words of the records.
    formula: &'static str,
    /// In what it counts.
    measure: Term<FigureMeasure>,
    /// The value.
    value: i64,
}

/// A unit right below, with its figures.
#[derive(SimpleObject)]
pub struct UnitReport {
    /// The unit.
    unit: OrgUnitObject,
    /// Its figures, of all below it as well.
    #[graphql(complexity = "5 + 15 * child_complexity")]
    figures: Vec<MonthFigure>,
    /// 到会率: present, late or not, per thousand of those expected; null where nobody was.
    rate_permille: Option<i64>,
}

/// A month, by the clock of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Month {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub first: NaiveDate,
    pub next: NaiveDate,
    pub now: DateTime<Utc>,
}

/// The report of a unit and all below it of one month.
pub struct MonthReportObject {
    pub(super) unit: OrgUnit,
    pub(super) district: DistrictId,
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) times: Month,
}

impl Month {
    /// A month, by the clock of a unit in a time zone.
    pub fn of(zone: &str, year: i32, month: u32, now: DateTime<Utc>) -> Result<Self, OpError> {
        let (from, until) = period(zone, year, Some(month))?;
        let (first, next) = first_days(year, Some(month))?;
        Ok(Self { from, until, first, next, now })
    }
}

/// The reports of units, each with all below it: three statements.
pub(super) async fn reports(
    app: &App,
    district: DistrictId,
    units: &[OrgUnitId],
    times: &Month,
) -> Result<HashMap<OrgUnitId, MonthReport>, OpError> {
    let Month { from, until, first, next, now } = *times;
    let mut attendance = attendance::unit_figures(&app.store, district, units, from, until).await?;
    let mut service = volunteering::service_figures(&app.store, district, units, first, next).await?;
    let of = FiguresOf { units: units.to_vec(), owner: None, kind: None, from, until };
    let mut assignments = assignment::figures(&app.store, district, &of, now).await?;
    let report = |id: &OrgUnitId| MonthReport {
        attendance: attendance.remove(id).unwrap_or_default(),
        service: service.remove(id).unwrap_or_default(),
        assignments: assignments.remove(id).unwrap_or_default(),
    };
    let reports: Vec<_> = units.iter().map(report).collect();
    Ok(units.iter().copied().zip(reports).collect())
}

fn figures(report: &MonthReport, language: Language) -> Vec<MonthFigure> {
    let figure = |figure: ReportFigure| {
        let definition = figure.definition();
        MonthFigure {
            figure: Term(figure),
            label: figure.say(language),
            definition: match language {
                Language::Zh => definition.zh,
                Language::En => definition.en,
            },
            formula: definition.formula,
            measure: Term(figure.measure()),
            value: report.value(figure),
        }
    };
    ReportFigure::words().iter().map(|word| figure(word.value)).collect()
}

impl MonthReportObject {
    async fn own(&self, ctx: &Context<'_>) -> Result<MonthReport> {
        let (app, _) = request(ctx)?;
        let mut found = reports(app, self.district, &[self.unit.id], &self.times).await?;
        Ok(found.remove(&self.unit.id).unwrap_or_default())
    }
}

/// The report of a unit and all below it of one month. Each figure is defined once, and is the same
/// wherever it is shown; `records` shows what makes it up.
#[Object(name = "MonthReport")]
impl MonthReportObject {
    /// The unit.
    async fn unit(&self) -> OrgUnitObject {
        OrgUnitObject(self.unit.clone())
    }

    /// The calendar year.
    async fn year(&self) -> i32 {
        self.year
    }

    /// The month, 1–12.
    async fn month(&self) -> u32 {
        self.month
    }

    /// Its figures.
    #[graphql(complexity = "5 + 15 * child_complexity")]
    async fn figures(&self, ctx: &Context<'_>) -> Result<Vec<MonthFigure>> {
        let (_, call) = request(ctx)?;
        Ok(figures(&self.own(ctx).await?, call.language))
    }

    /// 到会率: present, late or not, per thousand of those expected; null where nobody was.
    async fn rate_permille(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        Ok(self.own(ctx).await?.attendance.rate_permille())
    }

    /// The live units right below it, in order of founding, each with its figures of the same days; what
    /// the unit itself held or has comes on top. A page of at most 100.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Cursor, UnitReport>> {
        let (app, call) = request(ctx)?;
        let args = PageArgs { first, after, last, before }.request()?;
        let filter = UnitFilter { parent: Some(self.unit.id), ..UnitFilter::default() };
        let page = organization::unit_page(&app.store, self.district, filter, args).await.op()?;
        let ids: Vec<_> = page.rows.iter().map(|unit| unit.id).collect();
        let found = reports(app, self.district, &ids, &self.times).await?;
        let line = |unit: OrgUnit| {
            let report = found.get(&unit.id).cloned().unwrap_or_default();
            UnitReport {
                figures: figures(&report, call.language),
                rate_permille: report.attendance.rate_permille(),
                unit: OrgUnitObject(unit),
            }
        };
        Ok(connect(args, page, |unit| unit.id.0, line))
    }

    /// The records that make up a figure, in order of their ids: as many as it says, or whose minutes add
    /// up to it. A page of at most 100. For the overseers of the unit.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which figure.")] figure: Term<ReportFigure>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Cursor, WorkRecord>>> {
        let (app, call) = request(ctx)?;
        let figure = figure.0;
        call.permit(figure.action(), Subject::unit(&self.unit.path)).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let (store, district, unit) = (&app.store, self.district, self.unit.id);
        let Month { from, until, first, next, now } = self.times;
        let (kind, page) = match figure {
            ReportFigure::ActivitiesHeld => (
                RecordKind::Activity,
                attendance::held_page(store, district, unit, (from, until), args).await,
            ),
            ReportFigure::AttendanceExpected
            | ReportFigure::AttendancePresent
            | ReportFigure::AttendanceLate
            | ReportFigure::AttendanceOnLeave
            | ReportFigure::AttendanceAbsent => {
                let page = attendance::figure_page(store, district, unit, (from, until), figure, args);
                let page: Page<_> = page.await.op()?;
                let record = |a| WorkRecord::Attendance(AttendanceObject(a));
                return Ok(Some(connect(args, page, |a| a.id.0, record)));
            }
            ReportFigure::ServicesCounted | ReportFigure::ServiceMinutes => {
                let page = volunteering::service_page(store, district, unit, (first, next), args);
                (RecordKind::ServiceHourEntry, page.await)
            }
            ReportFigure::AssignmentsDue
            | ReportFigure::AssignmentsDelivered
            | ReportFigure::AssignmentsDeliveredLate
            | ReportFigure::AssignmentsSubmitted
            | ReportFigure::AssignmentsOpen
            | ReportFigure::AssignmentsOverdue
            | ReportFigure::AssignmentsDeclined => {
                let of = FiguresOf { units: vec![unit], owner: None, kind: None, from, until };
                (
                    RecordKind::Assignment,
                    assignment::figure_page(store, district, &of, figure, now, args).await,
                )
            }
        };
        load(ctx, args, kind, page.op()?).await.map(Some)
    }
}
