use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::{Attendance, AttendanceFigures, Tally},
    id::{ActivityId, DistrictId, OrgUnitId, PartyMemberId},
    policy::Permit,
    report::ReportFigure,
};

use super::row::{self, attendance};
use crate::{Connect, Page, PageRequest, Result, Tx, organization::rooted_at, sql};

#[derive(FromQueryResult)]
struct TallyRow {
    activity_id: Uuid,
    expected: i64,
    present: i64,
    late: i64,
    on_leave: i64,
    absent: i64,
    guests: i64,
    expected_voters: i64,
    present_voters: i64,
}

fn number(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

/// The counts of activities, from the lists, the records and the granted leaves: one statement.
pub async fn tallies(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Tally>> {
    let text = format!(
        "SELECT e.activity_id,
            count(CASE WHEN e.counted THEN 1 END) AS expected,
            count(CASE WHEN e.counted AND a.state = 'PRESENT' THEN 1 END) AS present,
            count(CASE WHEN e.counted AND a.state = 'LATE' THEN 1 END) AS late,
            count(CASE WHEN e.counted AND (a.state = 'ON_LEAVE' OR (a.state IS NULL AND l.id IS NOT NULL)) THEN 1 END) AS on_leave,
            count(CASE WHEN e.counted AND a.state = 'ABSENT' THEN 1 END) AS absent,
            count(CASE WHEN NOT e.counted AND a.state IN ('PRESENT', 'LATE') THEN 1 END) AS guests,
            count(CASE WHEN e.counted AND e.votes THEN 1 END) AS expected_voters,
            count(CASE WHEN e.counted AND e.votes AND a.state IN ('PRESENT', 'LATE') THEN 1 END) AS present_voters
         FROM attendee e
         LEFT JOIN attendance a ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         LEFT JOIN leave_request l ON l.district_id = e.district_id AND l.activity_id = e.activity_id
            AND l.member_id = e.member_id AND l.state = 'GRANTED'
         WHERE e.district_id = $1 AND {} GROUP BY e.activity_id",
        sql::in_list("e.activity_id", 2, ids.len())
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let rows = sql::all::<TallyRow>(db, &text, values).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let tally = Tally {
                expected: number(r.expected),
                present: number(r.present),
                late: number(r.late),
                on_leave: number(r.on_leave),
                absent: number(r.absent),
                guests: number(r.guests),
                expected_voters: number(r.expected_voters),
                present_voters: number(r.present_voters),
            };
            (ActivityId(r.activity_id), tally)
        })
        .collect())
}

/// Keeps a closed activity's count with it, so that a unit's figures cost as little as its
/// activities are few; in the transaction of whatever has changed the count.
pub async fn save_tally(tx: &Tx, permit: &Permit, activity: ActivityId, tally: &Tally) -> Result<()> {
    let values = vec![
        permit.district_id().0.into(),
        activity.0.into(),
        i64::from(tally.expected).into(),
        i64::from(tally.present).into(),
        i64::from(tally.late).into(),
        i64::from(tally.on_leave).into(),
        i64::from(tally.absent).into(),
    ];
    let text =
        "UPDATE activity SET expected_count = $3, present_count = $4, late_count = $5, on_leave_count = $6,
        absent_count = $7 WHERE district_id = $1 AND id = $2";
    sql::execute(tx, text, values).await?;
    Ok(())
}

/// Figures of the activities that began in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct MonthFigures {
    /// Activities held.
    pub held: i64,
    /// Persons expected.
    pub expected: i64,
    /// Present in time.
    pub present: i64,
    /// Late.
    pub late: i64,
    /// On leave.
    pub on_leave: i64,
    /// Absent.
    pub absent: i64,
}

impl From<MonthFigures> for AttendanceFigures {
    fn from(f: MonthFigures) -> Self {
        Self {
            held: f.held,
            expected: f.expected,
            present: f.present,
            late: f.late,
            on_leave: f.on_leave,
            absent: f.absent,
        }
    }
}

const NONE: MonthFigures = MonthFigures { held: 0, expected: 0, present: 0, late: 0, on_leave: 0, absent: 0 };

/// Which activities `t` a period's figures are of; `$2` and `$3` are its bounds.
const HELD: &str = "t.starts_at >= $2 AND t.starts_at < $3 AND t.state IN ('CLOSED', 'ARCHIVED')";

#[derive(FromQueryResult)]
struct UnitFiguresRow {
    root: Uuid,
    held: i64,
    expected: i64,
    present: i64,
    late: i64,
    on_leave: i64,
    absent: i64,
}

/// The figures of units, each with all below it: of the closed activities that they hosted. One statement.
pub async fn unit_figures(
    db: &impl Connect,
    district: DistrictId,
    units: &[OrgUnitId],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<HashMap<OrgUnitId, AttendanceFigures>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(units, &mut values);
    let text = format!(
        "{roots} SELECT p.root, count(*) AS held, CAST(coalesce(sum(t.expected_count), 0) AS bigint) AS expected,
            CAST(coalesce(sum(t.present_count), 0) AS bigint) AS present, CAST(coalesce(sum(t.late_count), 0) AS bigint) AS late,
            CAST(coalesce(sum(t.on_leave_count), 0) AS bigint) AS on_leave, CAST(coalesce(sum(t.absent_count), 0) AS bigint) AS absent
         FROM activity t JOIN place p ON p.unit_id = t.host_unit_id
         WHERE t.district_id = $1 AND {HELD} GROUP BY p.root"
    );
    let figures = |r: &UnitFiguresRow| AttendanceFigures {
        held: r.held,
        expected: r.expected,
        present: r.present,
        late: r.late,
        on_leave: r.on_leave,
        absent: r.absent,
    };
    let rows = sql::all::<UnitFiguresRow>(db, &text, values).await?;
    Ok(rows.iter().map(|row| (OrgUnitId(row.root), figures(row))).collect())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// The activities that a unit's figures are of: one statement.
pub async fn held_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    page: PageRequest,
) -> Result<Page<Uuid>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let mut text = format!(
        "{roots} SELECT t.id FROM activity t JOIN place p ON p.unit_id = t.host_unit_id
         WHERE t.district_id = $1 AND {HELD}"
    );
    page.append(&mut text, &mut values, "t.id", false);
    let rows = sql::all::<IdRow>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(|row| row.id).collect()))
}

/// The records that make up a figure of a unit's attendance: one statement. Closing an activity writes
/// one for each who is counted.
pub async fn figure_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    figure: ReportFigure,
    page: PageRequest,
) -> Result<Page<Attendance>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let state = match figure {
        ReportFigure::AttendancePresent => " AND a.state = 'PRESENT'",
        ReportFigure::AttendanceLate => " AND a.state = 'LATE'",
        ReportFigure::AttendanceOnLeave => " AND a.state = 'ON_LEAVE'",
        ReportFigure::AttendanceAbsent => " AND a.state = 'ABSENT'",
        _ => "",
    };
    let mut text = format!(
        "{roots} SELECT a.* FROM activity t JOIN place p ON p.unit_id = t.host_unit_id
         JOIN attendee e ON e.district_id = t.district_id AND e.activity_id = t.id
         JOIN attendance a ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE t.district_id = $1 AND {HELD} AND e.counted{state}"
    );
    page.append(&mut text, &mut values, "a.id", false);
    let rows = sql::all::<attendance::Model>(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_attendance).collect::<Result<_>>()?))
}

/// A member's own figures: of the closed activities at which the member was counted.
pub async fn member_figures(
    db: &impl Connect,
    district: DistrictId,
    member: PartyMemberId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<AttendanceFigures> {
    let text = "SELECT count(*) AS held, count(*) AS expected,
            count(CASE WHEN a.state = 'PRESENT' THEN 1 END) AS present, count(CASE WHEN a.state = 'LATE' THEN 1 END) AS late,
            count(CASE WHEN a.state = 'ON_LEAVE' THEN 1 END) AS on_leave, count(CASE WHEN a.state = 'ABSENT' THEN 1 END) AS absent
         FROM attendee e
         JOIN activity t ON t.district_id = e.district_id AND t.id = e.activity_id
         LEFT JOIN attendance a ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE e.district_id = $1 AND e.member_id = $2 AND e.counted AND t.state IN ('CLOSED', 'ARCHIVED')
            AND t.starts_at >= $3 AND t.starts_at < $4";
    let values = vec![district.0.into(), member.0.into(), from.into(), until.into()];
    Ok(sql::one::<MonthFigures>(db, text, values).await?.unwrap_or(NONE).into())
}

/// A member's figures of the activities that a unit and all below it held, with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFigures {
    /// Who.
    pub member_id: PartyMemberId,
    /// The member's name.
    pub name: String,
    /// The name of the member's home.
    pub unit: String,
    /// The path of the member's home.
    pub path: String,
    /// The figures.
    pub figures: AttendanceFigures,
}

#[derive(FromQueryResult)]
struct MemberFiguresRow {
    member_id: Uuid,
    name: String,
    unit: String,
    path: String,
    expected: i64,
    present: i64,
    late: i64,
    on_leave: i64,
    absent: i64,
}

/// Who is counted in a unit's figures of attendance, from `FROM` on.
const COUNTED_MEMBERS: &str = "FROM activity t JOIN place p ON p.unit_id = t.host_unit_id
     JOIN attendee e ON e.district_id = t.district_id AND e.activity_id = t.id
     JOIN party_member m ON m.district_id = e.district_id AND m.id = e.member_id";

/// The members who make up a unit's figures of attendance, home by home, at most `limit` after one of
/// them: one statement.
pub async fn member_figures_page(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    after: Option<&MemberFigures>,
    limit: usize,
) -> Result<Vec<MemberFigures>> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let after = match after {
        None => String::new(),
        Some(after) => {
            values.extend([after.path.as_str().into(), after.member_id.0.into()]);
            format!(" AND (h.path, m.id) > (${}, ${})", values.len() - 1, values.len())
        }
    };
    let text = format!(
        "{roots} SELECT m.id AS member_id, c.name, h.name AS unit, h.path, count(*) AS expected,
            count(CASE WHEN a.state = 'PRESENT' THEN 1 END) AS present, count(CASE WHEN a.state = 'LATE' THEN 1 END) AS late,
            count(CASE WHEN a.state = 'ON_LEAVE' THEN 1 END) AS on_leave, count(CASE WHEN a.state = 'ABSENT' THEN 1 END) AS absent
         {COUNTED_MEMBERS}
         JOIN account c ON c.district_id = m.district_id AND c.id = m.account_id
         JOIN org_unit h ON h.district_id = m.district_id AND h.id = m.unit_id
         LEFT JOIN attendance a ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE t.district_id = $1 AND {HELD} AND e.counted{after}
         GROUP BY m.id, c.name, h.name, h.path ORDER BY h.path, m.id LIMIT {limit}"
    );
    let member = |r: MemberFiguresRow| MemberFigures {
        member_id: PartyMemberId(r.member_id),
        name: r.name,
        unit: r.unit,
        path: r.path,
        figures: AttendanceFigures {
            held: r.expected,
            expected: r.expected,
            present: r.present,
            late: r.late,
            on_leave: r.on_leave,
            absent: r.absent,
        },
    };
    Ok(sql::all::<MemberFiguresRow>(db, &text, values).await?.into_iter().map(member).collect())
}

/// How many members make up a unit's figures of attendance.
pub async fn count_member_figures(
    db: &impl Connect,
    district: DistrictId,
    unit: OrgUnitId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<u64> {
    let mut values: Vec<Value> = vec![district.0.into(), from.into(), until.into()];
    let roots = rooted_at(&[unit], &mut values);
    let text = format!(
        "{roots} SELECT count(DISTINCT m.id) {COUNTED_MEMBERS} WHERE t.district_id = $1 AND {HELD} AND e.counted"
    );
    sql::count(db, &text, values).await
}
