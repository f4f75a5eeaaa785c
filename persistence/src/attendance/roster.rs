use std::collections::HashSet;

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::{Attendance, Attendee, LeaveState},
    id::{AccountId, ActivityId, DistrictId, PartyMemberId},
    member::PartyMember,
};

use super::row::{self, attendance, attendee};
use crate::{
    Connect, Page, PageRequest, Result,
    member::{MEMBER_BESIDE, member_beside},
    row::word_opt,
    sql,
};

/// A line of an activity's roster: who is expected, the record if there is one, the latest leave.
#[derive(Clone, Debug)]
pub struct RosterRow {
    /// Who.
    pub attendee: Attendee,
    /// Their entry in the roll of members.
    pub member: PartyMember,
    /// The record.
    pub attendance: Option<Attendance>,
    /// Where the latest request for leave stands.
    pub leave: Option<LeaveState>,
}

/// Which lines of a roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterSelection {
    /// Only those who are expected, not present and not on leave: the "not yet" list.
    pub missing_only: bool,
}

/// Of the attendees `e` with their records `a`, those who are expected, not present and not on leave.
const NOT_YET: &str = "e.counted AND (a.state IS NULL OR a.state = 'ABSENT') AND NOT EXISTS (
    SELECT 1 FROM leave_request g WHERE g.district_id = e.district_id AND g.activity_id = e.activity_id
        AND g.member_id = e.member_id AND g.state = 'GRANTED')";

#[derive(FromQueryResult)]
struct LeaveRow {
    leave_state: Option<String>,
}

/// A page of an activity's roster, in order of entry of the members: one statement.
pub async fn roster_page(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    select: RosterSelection,
    page: PageRequest,
) -> Result<Page<RosterRow>> {
    let mut values: Vec<Value> = vec![district.0.into(), activity.0.into()];
    let mut text = format!("SELECT {MEMBER_BESIDE}, e.district_id, e.activity_id, e.member_id, e.account_id, e.unit_id, e.source, e.counted, e.votes,
            e.exclusion, a.id, a.state, a.method, a.occurred_at, a.recorded_at, a.recorded_by, a.reason, a.flags,
            a.nearness, a.device, a.checked_out_at, a.version,
            (SELECT l.state FROM leave_request l WHERE l.district_id = e.district_id AND l.activity_id = e.activity_id
                AND l.member_id = e.member_id ORDER BY l.id DESC LIMIT 1) AS leave_state
         FROM attendee e
         JOIN party_member m ON m.district_id = e.district_id AND m.id = e.member_id
         JOIN account p ON p.district_id = m.district_id AND p.id = m.account_id
         LEFT JOIN attendance a
            ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE e.district_id = $1 AND e.activity_id = $2");
    if select.missing_only {
        text.push_str(&format!(" AND {NOT_YET}"));
    }
    page.append(&mut text, &mut values, "e.member_id", false);
    let rows = sql::rows(db, &text, values).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<RosterRow> {
        let recorded: Option<Uuid> = row.try_get("", "id")?;
        let attendance = match recorded {
            Some(_) => Some(row::read_attendance(attendance::Model::from_query_result(row, "")?)?),
            None => None,
        };
        let leave = LeaveRow::from_query_result(row, "")?.leave_state;
        Ok(RosterRow {
            member: member_beside(row)?,
            attendee: row::read_attendee(attendee::Model::from_query_result(row, "")?)?,
            attendance,
            leave: word_opt(leave.as_deref())?,
        })
    };
    Ok(page.page(rows.iter().map(read).collect::<Result<_>>()?))
}

#[derive(FromQueryResult)]
struct AccountRow {
    account_id: Uuid,
}

/// The accounts of those who are expected at an activity, not present and not on leave; at most `limit`.
pub async fn not_yet(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
    limit: usize,
) -> Result<Vec<AccountId>> {
    let text = format!(
        "SELECT e.account_id FROM attendee e LEFT JOIN attendance a
            ON a.district_id = e.district_id AND a.activity_id = e.activity_id AND a.member_id = e.member_id
         WHERE e.district_id = $1 AND e.activity_id = $2 AND {NOT_YET} ORDER BY e.account_id LIMIT {limit}"
    );
    let rows = sql::all::<AccountRow>(db, &text, vec![district.0.into(), activity.0.into()]).await?;
    Ok(rows.into_iter().map(|r| AccountId(r.account_id)).collect())
}

#[derive(FromQueryResult)]
struct SharedRow {
    member_id: Uuid,
}

/// The members of an activity who checked in from a phone that somebody else used as well.
pub async fn shared_devices(
    db: &impl Connect,
    district: DistrictId,
    activity: ActivityId,
) -> Result<HashSet<PartyMemberId>> {
    let text = "SELECT member_id FROM attendance WHERE district_id = $1 AND activity_id = $2 AND device IN (
            SELECT device FROM attendance WHERE district_id = $1 AND activity_id = $2 AND device IS NOT NULL
            GROUP BY device HAVING count(*) > 1)";
    let rows = sql::all::<SharedRow>(db, text, vec![district.0.into(), activity.0.into()]).await?;
    Ok(rows.into_iter().map(|r| PartyMemberId(r.member_id)).collect())
}
