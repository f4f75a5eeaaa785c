//! One small branch on one Party day, and what may happen to it.

mod agenda;
mod attendance;
mod board;
mod check_in;
mod code;
mod counting;
mod leave;
mod lifecycle;
mod place;
mod schedule;
mod settling;
mod signals;
mod theme;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{check_in::*, *};
use crate::{
    id::{AccountId, ActivityId, AttendanceId, OrgUnitId, PartyMemberId},
    organization::OrgUnitKind,
    rule::Rules,
};

const BRANCH: OrgUnitId = OrgUnitId(Uuid::from_u128(0xb1));
const SECRETARY: AccountId = AccountId(Uuid::from_u128(0x5e));

/// Friday 5 June 2026, 14:00 in Shanghai, and some minutes.
fn at(minutes: i64) -> DateTime<Utc> {
    "2026-06-05T06:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
}

fn rules() -> Rules {
    Rules::defaults()
}

/// A Party day of two hours.
fn new_activity() -> NewActivity {
    NewActivity {
        id: ActivityId(Uuid::from_u128(0xac)),
        host_unit_id: BRANCH,
        joint_host_ids: vec![],
        kind: ActivityKind::ThemePartyDay,
        title: "六月主题党日".into(),
        description: None,
        theme_id: None,
        occurrence: None,
        window: TimeWindow { starts_at: at(0), ends_at: at(120) },
        venue: None,
        audience: Audience::Roster,
        wants_check_out: true,
        late_after_minutes: None,
        check_in_opens_minutes: None,
        check_in_closes_minutes: None,
        created_by: SECRETARY,
    }
}

fn plan(new: NewActivity, now: DateTime<Utc>) -> Result<Activity, ActivityRefusal> {
    Activity::plan(new, OrgUnitKind::PartyBranch, &rules(), now)
}

fn draft() -> Activity {
    plan(new_activity(), at(-10_000)).unwrap()
}

fn published() -> Activity {
    draft().publish(at(-9_000)).unwrap()
}

fn closed() -> Activity {
    published().close(at(121)).unwrap()
}

fn attendee(n: u128) -> Attendee {
    Attendee {
        member_id: PartyMemberId(Uuid::from_u128(n)),
        account_id: AccountId(Uuid::from_u128(n)),
        unit_id: BRANCH,
        source: AttendeeSource::Roster,
        counted: true,
        votes: true,
        exclusion: None,
    }
}

fn key() -> CodeKey {
    CodeKey::new([7; 32])
}

fn record(activity: &Activity, attendee: &Attendee, state: AttendanceState) -> Attendance {
    NewAttendance::unwitnessed(activity, attendee.member_id, state, at(121))
        .enter(AttendanceId(Uuid::from_u128(1)))
}
