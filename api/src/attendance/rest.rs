//! Attendance over REST: the roster of a meeting, and check-in in batches.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    activity::{
        AttendanceRefusal, AttendeeSource, ExclusionReason, LeaveState,
        check_in::{AttendanceFlag, AttendanceState, CheckInMethod},
    },
    id::{ActivityId, PartyMemberId},
    policy::{Action, Denied},
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::attendance::{RosterRow, RosterSelection};

use super::{
    ops::{RosterEntry, RosterResult, check_in_members},
    roster::roster,
};
use crate::{
    activity::visible_activity,
    error::OpError,
    member::named,
    rest::{Answer, Answered, Asked, Id, Moment, Operation, PageOf, Paging, Word, get, post},
};

/// The operations on attendance.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listAttendees",
            "/activities/{id}/attendees",
            Action::ViewAttendance,
            "Who is expected at an activity, with their records, in order of entry into the roster. \
             For the overseers of a host.",
            list,
        )
        .links("getMember", &[("id", "$response.body#/items/0/memberId")]),
        post(
            "checkInMembers",
            "/activities/{id}/check-ins",
            Action::KeepAttendance,
            "Checks in up to 100 members whom another system has seen at the door. Each is answered for itself, \
             in the order sent; one refusal never holds up the others, and who is checked in already keeps the \
             first record. For who keeps attendance.",
            check_in,
        ),
    ]
}

/// A member's record of an activity.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Attendance {
    /// Whether the member was there.
    state: Word<AttendanceState>,
    /// How the member was checked in; null for the absent.
    method: Option<Word<CheckInMethod>>,
    /// When the member came; for who didn't, the activity's start.
    occurred_at: DateTime<Utc>,
    /// When this was written or last corrected.
    recorded_at: DateTime<Utc>,
    /// When the member left, where check-out is wanted.
    checked_out_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    version: i32,
}

impl From<zhibu_domain::activity::Attendance> for Attendance {
    fn from(record: zhibu_domain::activity::Attendance) -> Self {
        Self {
            state: Word(record.state),
            method: record.method.map(Word),
            occurred_at: record.occurred_at,
            recorded_at: record.recorded_at,
            checked_out_at: record.checked_out_at,
            version: record.version,
        }
    }
}

/// A line of a meeting's roster.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Attendee {
    /// The member.
    member_id: Id<PartyMemberId>,
    /// The member's name; null where a token lacks the scope `members:read`.
    name: Option<String>,
    /// How the member came onto the list.
    source: Word<AttendeeSource>,
    /// Whether the member is counted as expected.
    counted: bool,
    /// Whether the member is counted among the voters.
    votes: bool,
    /// Why the member isn't counted.
    exclusion: Option<Word<ExclusionReason>>,
    /// The record; null while there is none.
    attendance: Option<Attendance>,
    /// Where the latest request for leave stands; null where none was made.
    leave: Option<Word<LeaveState>>,
    /// Hints for the organizer; never a reason to reject somebody automatically.
    flags: Vec<Word<AttendanceFlag>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    /// Which activity.
    id: Id<ActivityId>,
    #[serde(flatten)]
    paging: Paging,
    /// Only those who are expected, not present and not on leave.
    #[serde(default)]
    missing_only: bool,
}

async fn list(asked: Asked<Wanted>) -> Answered<PageOf<Attendee>> {
    let Wanted { id, paging, missing_only } = asked.params;
    let activity = visible_activity(&asked.reads, id.0).await?.ok_or(Denied::Hidden)?;
    let select = RosterSelection { missing_only };
    let (page, shared) = roster(&asked.reads, &activity, select, paging.request()).await?;
    let whose = page.rows.iter().map(|row| row.member.account_id);
    let names = match named(&asked.reads, whose).await {
        Ok(()) => true,
        Err(OpError::Denied(_)) => false,
        Err(error) => return Err(error.into()),
    };
    let line = |RosterRow { attendee, member, attendance, leave }| {
        let flags = attendance.as_ref().map(|record| record.flags).unwrap_or_default();
        let flags = flags.with_if(AttendanceFlag::SharedDevice, shared.contains(&attendee.member_id));
        Attendee {
            member_id: Id(attendee.member_id),
            name: names.then_some(member.name),
            source: Word(attendee.source),
            counted: attendee.counted,
            votes: attendee.votes,
            exclusion: attendee.exclusion.map(Word),
            attendance: attendance.map(Attendance::from),
            leave: leave.map(Word),
            flags: flags.list().into_iter().map(Word).collect(),
        }
    };
    Ok(Answer::page(PageOf::of(page, |row| row.attendee.member_id.0, line)))
}

/// Members to check in.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckIns {
    /// Who.
    #[schemars(length(min = 1, max = 100), with = "Vec<Id<PartyMemberId>>")]
    member_ids: Vec<String>,
    /// When they came; now, or the start, where absent.
    arrived_at: Option<Moment>,
    /// Why, where an earlier record is overridden.
    #[schemars(length(min = 1, max = 200))]
    reason: Option<String>,
}

/// Why a member was not checked in.
#[derive(Serialize, JsonSchema)]
struct Refused {
    /// The code.
    code: Word<AttendanceRefusal>,
    /// The sentence for people.
    message: String,
}

/// What became of one member.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CheckInResult {
    /// Who, as it was sent.
    #[schemars(with = "Id<PartyMemberId>")]
    member_id: String,
    /// The record; null where there is none.
    attendance: Option<Attendance>,
    /// Why not; null where it was done.
    refused: Option<Refused>,
}

/// What became of each.
#[derive(Serialize, JsonSchema)]
struct CheckInResults {
    /// In the order sent.
    items: Vec<CheckInResult>,
}

#[derive(Deserialize, JsonSchema)]
struct Which {
    /// Which activity.
    id: Id<ActivityId>,
}

fn answered(member_id: String, became: RosterResult, language: Language) -> CheckInResult {
    let (attendance, refused) = match became.result {
        Ok(record) => (Some(record.into()), None),
        Err(code) => (None, Some(Refused { code: Word(code), message: code.say(language).to_owned() })),
    };
    CheckInResult { member_id, attendance, refused }
}

async fn check_in(asked: Asked<Which, CheckIns>) -> Answered<CheckInResults> {
    let (app, call) = (asked.app(), asked.call());
    let CheckIns { member_ids, arrived_at, reason } = &asked.body;
    let entry = RosterEntry {
        activity: asked.params.id.0,
        members: member_ids.iter().map(|id| Id::read(id).0).collect(),
        arrived_at: arrived_at.map(|at| at.0),
        reason: reason.clone(),
    };
    let results = check_in_members(app, call, entry, asked.once.clone()).await?;
    let items = member_ids.iter().cloned().zip(results);
    let items = items.map(|(id, became)| answered(id, became, call.language)).collect();
    Ok(Answer::of(CheckInResults { items }))
}
