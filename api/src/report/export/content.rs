//! What stands in an export: the figures of the month report unit by unit, the records behind them, and what
//! each figure means. Names, values and conditions are those of the report itself.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use uuid::Uuid;
use zhibu_domain::{
    activity::AttendanceFigures,
    assignment::{Assignment, AssignmentState},
    id::{AssignmentId, DistrictId, OrgUnitId, ServiceHourEntryId},
    organization::OrgUnit,
    report::{MonthReport, ReportExport, ReportExportKind as Kind, ReportFigure as Figure},
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::{
    PageRequest, assignment, assignment::FiguresOf, attendance, member, organization, volunteering,
    volunteering::LedgerRow,
};

use super::{
    super::object::{Month, reports},
    job::{Halt, Making},
};
use crate::{
    error::OpError,
    spreadsheet::{Value, column},
    volunteering::service_row,
};

/// Records read at a time.
const AT_A_TIME: u64 = 500;
/// Members read at a time: each time all of them are counted.
const MEMBERS_AT_A_TIME: usize = 2_000;
/// Units counted at a time.
const UNITS_AT_A_TIME: usize = 100;

/// What everything in an export is of.
struct Of<'a> {
    district: DistrictId,
    unit: &'a OrgUnit,
    times: Month,
    zone: Tz,
}

impl Of<'_> {
    fn local(&self, at: chrono::DateTime<chrono::Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    fn due(&self) -> FiguresOf {
        let Month { from, until, .. } = self.times;
        FiguresOf { units: vec![self.unit.id], owner: None, kind: None, from, until }
    }
}

/// Writes an export.
pub(super) async fn write(
    making: &mut Making<'_>,
    export: &ReportExport,
    unit: &OrgUnit,
    district: DistrictId,
) -> Result<(), Halt> {
    let app = making.app;
    let times = Month::of(&unit.time_zone, export.month.year, export.month.month, app.now())?;
    let zone = unit.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let of = Of { district, unit, times, zone };
    let units = organization::subtree(&app.store, district, &unit.path).await?;
    let whole = reports(app, district, &[unit.id], &times).await?.remove(&unit.id).unwrap_or_default();
    making.expect(count(making, &of, export.kind, &whole).await? + length(units.len())).await?;
    summary(making, &of, export.kind, &units).await?;
    match export.kind {
        Kind::Attendance => members(making, &of).await?,
        Kind::ServiceHours => {
            services(making, &of).await?;
            ledger(making, &of).await?;
        }
        Kind::Assignments => assignments(making, &of).await?,
    }
    about(making, &of, export).await
}

fn length(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// How many records there are.
async fn count(making: &Making<'_>, of: &Of<'_>, kind: Kind, whole: &MonthReport) -> Result<i64, OpError> {
    let (store, times) = (&making.app.store, (of.times.from, of.times.until));
    let more = match kind {
        Kind::Attendance => attendance::count_member_figures(store, of.district, of.unit.id, times).await?,
        Kind::ServiceHours => volunteering::count_posted(store, of.district, of.unit.id, times).await?,
        Kind::Assignments => 0,
    };
    let records = match kind {
        Kind::Attendance => 0,
        Kind::ServiceHours => whole.value(Figure::ServicesCounted),
        Kind::Assignments => whole.value(Figure::AssignmentsDue),
    };
    Ok(records + i64::try_from(more).unwrap_or(i64::MAX))
}

/// 到会率.
fn rate(figures: &AttendanceFigures) -> Value {
    figures.rate_permille().map_or(Value::Empty, Value::Share)
}

/// The units one by one, each with all below it, the unit asked for first.
async fn summary(making: &mut Making<'_>, of: &Of<'_>, kind: Kind, units: &[OrgUnit]) -> Result<(), Halt> {
    let figures = kind.figures();
    let mut columns = vec![column("组织", 30.0), column("类别", 14.0), column("上级组织", 30.0)];
    columns.extend(figures.iter().map(|figure| column(figure.say(Language::Zh), 12.0)));
    if kind == Kind::Attendance {
        columns.push(column("到会率", 10.0));
    }
    making.sheet("组织汇总", columns).await?;
    let names: HashMap<OrgUnitId, &str> = units.iter().map(|unit| (unit.id, unit.name.as_str())).collect();
    for some in units.chunks(UNITS_AT_A_TIME) {
        let ids: Vec<_> = some.iter().map(|unit| unit.id).collect();
        let found = reports(making.app, of.district, &ids, &of.times).await?;
        let row = |unit: &OrgUnit| {
            let report = found.get(&unit.id).cloned().unwrap_or_default();
            let superior = unit.parent_id.and_then(|id| names.get(&id).copied());
            let who = [unit.name.as_str().into(), unit.kind.say(Language::Zh).into(), superior.into()];
            let values = figures.iter().map(|figure| report.value(*figure).into());
            let rate = (kind == Kind::Attendance).then(|| rate(&report.attendance));
            who.into_iter().chain(values).chain(rate).collect()
        };
        making.records(some.iter().map(row).collect()).await?;
    }
    Ok(())
}

/// Attendance by member.
async fn members(making: &mut Making<'_>, of: &Of<'_>) -> Result<(), Halt> {
    const FIGURES: [Figure; 5] = [
        Figure::AttendanceExpected,
        Figure::AttendancePresent,
        Figure::AttendanceLate,
        Figure::AttendanceOnLeave,
        Figure::AttendanceAbsent,
    ];
    let mut columns = vec![column("姓名", 14.0), column("所在组织", 30.0)];
    columns.extend(FIGURES.map(|figure| column(figure.say(Language::Zh), 12.0)));
    columns.push(column("到会率", 10.0));
    making.sheet("党员出勤", columns).await?;
    let mut last = None;
    loop {
        let page = attendance::member_figures_page(
            &making.app.store,
            of.district,
            of.unit.id,
            (of.times.from, of.times.until),
            last.as_ref(),
            MEMBERS_AT_A_TIME,
        );
        let page = page.await?;
        let row = |one: &attendance::MemberFigures| {
            let report = MonthReport { attendance: one.figures, ..MonthReport::default() };
            let who = [one.name.as_str().into(), one.unit.as_str().into()];
            let values = FIGURES.map(|figure| report.value(figure).into());
            who.into_iter().chain(values).chain([rate(&one.figures)]).collect()
        };
        making.records(page.iter().map(row).collect()).await?;
        let is_last = page.len() < MEMBERS_AT_A_TIME;
        last = page.into_iter().next_back();
        if is_last {
            return Ok(());
        }
    }
}

/// The services behind the figures.
async fn services(making: &mut Making<'_>, of: &Of<'_>) -> Result<(), Halt> {
    let mut columns = vec![column("姓名", 14.0)];
    columns.extend(service_row::COLUMNS);
    columns.push(column("本系统记录编号", 38.0));
    making.sheet("服务明细", columns).await?;
    let days = (of.times.first, of.times.next);
    let mut page = PageRequest::first(AT_A_TIME);
    loop {
        let store = &making.app.store;
        let found = volunteering::service_page(store, of.district, of.unit.id, days, page).await?;
        page.after = found.rows.last().copied();
        let ids: Vec<_> = found.rows.into_iter().map(ServiceHourEntryId).collect();
        let minutes = volunteering::entries(store, of.district, &ids).await?;
        let lines: Vec<_> = ids.iter().filter_map(|id| Some((*id, minutes.get(id)?.minutes))).collect();
        let rows = service_row::service_rows(store, of.district, &lines).await?;
        let row = |service: &service_row::ServiceRow| {
            let name = Value::from(service.member.name.as_str());
            let id = Value::from(service.entry.id.to_string());
            [name].into_iter().chain(service.values()).chain([id]).collect()
        };
        making.records(rows.iter().map(row).collect()).await?;
        if !found.has_more {
            return Ok(());
        }
    }
}

/// What was posted in the month, whenever it was served.
async fn ledger(making: &mut Making<'_>, of: &Of<'_>) -> Result<(), Halt> {
    let columns = vec![
        column("记账时间", 16.0),
        column("记账类型", 10.0),
        column("姓名", 14.0),
        column("组织单位", 30.0),
        column("服务日期", 11.0),
        column("原有时长（分钟）", 12.0),
        column("现有时长（分钟）", 12.0),
        column("增减（分钟）", 10.0),
        column("年度余额（分钟）", 12.0),
        column("经办人", 14.0),
        column("原因", 30.0),
        column("本系统记录编号", 38.0),
    ];
    making.sheet("时长台账", columns).await?;
    let mut page = PageRequest::first(AT_A_TIME);
    loop {
        let times = (of.times.from, of.times.until);
        let found =
            volunteering::posted_page(&making.app.store, of.district, of.unit.id, times, page).await?;
        page.after = found.rows.last().map(|row| row.line.id.0);
        let row = |row: &LedgerRow| {
            let posting = &row.line.posting;
            vec![
                Value::Moment(of.local(posting.at)),
                posting.kind.say(Language::Zh).into(),
                row.name.as_str().into(),
                row.unit.as_str().into(),
                Value::Day(row.served_on),
                posting.before.into(),
                posting.after.into(),
                posting.delta().into(),
                row.line.balance.into(),
                row.by.as_deref().into(),
                posting.reason.as_deref().into(),
                posting.entry_id.to_string().into(),
            ]
        };
        making.records(found.rows.iter().map(row).collect()).await?;
        if !found.has_more {
            return Ok(());
        }
    }
}

/// The assignments that were due.
async fn assignments(making: &mut Making<'_>, of: &Of<'_>) -> Result<(), Halt> {
    let columns = vec![
        column("任务名称", 32.0),
        column("类型", 10.0),
        column("下达单位", 26.0),
        column("承担组织", 26.0),
        column("责任人", 14.0),
        column("措施", 30.0),
        column("目标数", 9.0),
        column("完成数", 9.0),
        column("计量单位", 9.0),
        column("优先级", 9.0),
        column("时限", 16.0),
        column("状态", 12.0),
        column("提交时间", 16.0),
        column("逾期情况", 16.0),
    ];
    making.sheet("到期任务", columns).await?;
    let (due, now) = (of.due(), of.times.now);
    let mut page = PageRequest::first(AT_A_TIME);
    loop {
        let store = &making.app.store;
        let found =
            assignment::figure_page(store, of.district, &due, Figure::AssignmentsDue, now, page).await?;
        page.after = found.rows.last().copied();
        let rows = assignment_rows(making, of, found.rows).await?;
        making.records(rows).await?;
        if !found.has_more {
            return Ok(());
        }
    }
}

async fn assignment_rows(
    making: &Making<'_>,
    of: &Of<'_>,
    ids: Vec<Uuid>,
) -> Result<Vec<Vec<Value>>, OpError> {
    let store = &making.app.store;
    let ids: Vec<_> = ids.into_iter().map(AssignmentId).collect();
    let found = assignment::assignments(store, of.district, &ids).await?;
    let units: Vec<_> = found.values().flat_map(|a| [a.issuer_unit_id, a.placement.unit_id]).collect();
    let units = organization::units(store, of.district, &units).await?;
    let owners: Vec<_> = found.values().filter_map(Assignment::owner).collect();
    let owners = member::accounts(store, of.district, &owners).await?;
    let unit = |id: &OrgUnitId| Value::from(units.get(id).map(|unit| unit.name.as_str()));
    let row = |one: &Assignment| {
        let (terms, handed_in) = (&one.terms, one.progress.submission().map(|it| it.at));
        let owner = one.owner().and_then(|id| owners.get(&id)).map(|account| account.name.as_str());
        let measure = terms.measure.as_ref();
        vec![
            terms.title.as_str().into(),
            terms.kind.say(Language::Zh).into(),
            unit(&one.issuer_unit_id),
            unit(&one.placement.unit_id),
            owner.into(),
            measure.map(|measure| measure.text.as_str()).into(),
            measure.map(|measure| measure.target).into(),
            measure.map(|_| one.amount).into(),
            measure.map(|measure| measure.unit.as_str()).into(),
            terms.priority.say(Language::Zh).into(),
            Value::Moment(of.local(one.due_at)),
            one.state().say(Language::Zh).into(),
            handed_in.map_or(Value::Empty, |at| Value::Moment(of.local(at))),
            late(one, of).map(|figure| figure.say(Language::Zh)).into(),
        ]
    };
    Ok(ids.iter().filter_map(|id| found.get(id)).map(row).collect())
}

/// Under which figure of lateness an assignment falls.
fn late(one: &Assignment, of: &Of<'_>) -> Option<Figure> {
    let handed_in_late = one.progress.submission().is_some_and(|it| it.at > one.due_at);
    match one.state() {
        AssignmentState::Verified => handed_in_late.then_some(Figure::AssignmentsDeliveredLate),
        _ => one.is_overdue(of.times.now).then_some(Figure::AssignmentsOverdue),
    }
}

/// What the export is, and what its figures mean.
async fn about(making: &mut Making<'_>, of: &Of<'_>, export: &ReportExport) -> Result<(), Halt> {
    let asker = member::account(&making.app.store, of.district, export.account_id).await?;
    making.sheet("说明", vec![column("项目", 20.0), column("内容", 80.0)]).await?;
    let mut lines: Vec<(&str, Value)> = vec![
        ("导出内容", export.kind.say(Language::Zh).into()),
        ("组织", of.unit.name.as_str().into()),
        ("月份", format!("{}年{}月", export.month.year, export.month.month).into()),
        ("导出用途", export.purpose.as_str().into()),
        ("导出人", asker.map(|account| account.name).into()),
        ("申请时间", Value::Moment(of.local(export.asked_at))),
        ("数据时间", Value::Moment(of.local(of.times.now))),
        ("统计范围", "各组织的数字均含其下级组织，第一行为导出的组织。".into()),
    ];
    let figures = export.kind.figures();
    lines.extend(figures.iter().map(|figure| (figure.say(Language::Zh), figure.definition().zh.into())));
    if export.kind == Kind::Attendance {
        lines.push((
            "到会率",
            "按时到会与迟到人次之和占应到人次的比例，舍去千分位以下；无应到人次的为空。".into(),
        ));
        lines.push(("党员出勤", "导出的组织及其下级组织主办的活动中每名应到党员的人次。".into()));
    }
    if export.kind == Kind::ServiceHours {
        lines.push(("服务明细", "服务日期在当月、已入账的志愿服务。".into()));
        lines.push(("时长台账", "当月记入台账的入账、冲销和重算，不论服务日期。".into()));
    }
    making.rows(lines.into_iter().map(|(label, value)| vec![label.into(), value]).collect()).await
}
