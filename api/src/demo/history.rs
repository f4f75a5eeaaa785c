//! The Party days that have been held.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use zhibu_domain::{
    activity::{
        Activity, ActivityKind, ActivityState, Agenda, AgendaTemplate, Attendance, Attendee, Audience,
        Candidate, ItemDone, NewActivity, NewAttendance, NewFence, NewVenue, Tally, TimeWindow,
        check_in::{AttendanceFlags, AttendanceState, CheckInMethod, Nearness},
        expected, missing, standing,
    },
    id::AccountId,
    member::{Account, PartyMember},
    rule::{RuleKey, Rules},
};

use super::{DemoError, draw::Draw, made, people::Roster};

/// What a Party day is about, month by month.
const TITLES: [&str; 12] = [
    "学习党章党规",
    "走访慰问困难群众",
    "学雷锋志愿服务",
    "清明祭英烈",
    "劳动者风采",
    "重温入党誓词",
    "“七一”讲党课",
    "强国复兴有我",
    "我为群众办实事",
    "庆祝国庆",
    "清洁家园",
    "年终交流学习体会",
];
/// Items of a branch's own.
const FREE: [&str; 6] = ["社区环境整治", "走访老党员", "微党课", "邻里议事", "文明劝导", "反诈宣传"];

/// A Party day with all that is remembered of it.
pub struct Held {
    /// The activity.
    pub activity: Activity,
    /// Its agenda, done.
    pub agenda: Agenda,
    /// Its list.
    pub list: Vec<Attendee>,
    /// Its records.
    pub records: Vec<(Attendance, AccountId)>,
    /// Its count.
    pub tally: Tally,
}

/// The title of a month's Party day.
pub fn title(month: u32) -> String {
    let topic = TITLES.get(usize::try_from(month).unwrap_or(1).saturating_sub(1) % 12).copied();
    format!("主题党日：{}", topic.unwrap_or_default())
}

/// The first day of the month so many before that of `today`.
pub fn month_ago(today: NaiveDate, ago: u32) -> NaiveDate {
    today.with_day(1).and_then(|d| d.checked_sub_months(Months::new(ago))).unwrap_or(today)
}

/// The first Friday of the month of `day`.
pub fn first_friday(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(day.year(), day.month(), Weekday::Fri, 1).unwrap_or(day)
}

/// A time of day in the district's zone.
pub fn local(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let at = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
    let zoned = chrono_tz::Asia::Shanghai.from_local_datetime(&at).earliest();
    zoned.map_or_else(|| at.and_utc(), |zoned| zoned.with_timezone(&Utc))
}

/// A Party day of a branch's own roster, as its secretary plans it.
pub fn party_day(
    draw: &mut Draw,
    roster: &Roster,
    title: String,
    window: TimeWindow,
    by: AccountId,
) -> NewActivity {
    let site = roster.unit.short_name.trim_end_matches("支部");
    NewActivity {
        id: draw.id(),
        host_unit_id: roster.unit.id,
        joint_host_ids: Vec::new(),
        kind: ActivityKind::ThemePartyDay,
        title,
        description: None,
        theme_id: None,
        occurrence: None,
        window,
        venue: Some(NewVenue {
            name: format!("{site}党群活动室"),
            address: None,
            fence: Some(NewFence { latitude: 28.002, longitude: 120.671, radius_metres: None }),
        }),
        audience: Audience::Roster,
        wants_check_out: false,
        late_after_minutes: None,
        check_in_opens_minutes: None,
        check_in_closes_minutes: None,
        created_by: by,
    }
}

/// Who stands on a roster's list on a day.
pub fn list(roster: &Roster, day: NaiveDate) -> Vec<Attendee> {
    let candidate = |(account, member): &(Account, PartyMember)| Candidate {
        member_id: member.id,
        account_id: account.id,
        status: member.status,
        unit_id: member.unit_id,
        entered_on: None,
        left_on: None,
        exemptions: roster
            .exemptions
            .iter()
            .filter(|(exemption, _)| exemption.member_id == member.id)
            .map(|(exemption, _)| exemption.clone())
            .collect(),
    };
    let candidates: Vec<_> = roster.people.iter().map(candidate).collect();
    expected(Audience::Roster, &candidates, &[], day)
}

/// The Party day that a branch held so many months before `today`'s; closed by its secretary,
/// and final where the days for corrections are over at `now`.
pub fn held(
    draw: &mut Draw,
    roster: &Roster,
    ago: u32,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Held, DemoError> {
    let rules = Rules::defaults();
    let day = first_friday(month_ago(today, ago));
    let starts_at = local(day, if draw.percent(70) { 14 } else { 19 }, 30);
    let window = TimeWindow { starts_at, ends_at: starts_at + Duration::minutes(90) };
    let secretary =
        roster.people.first().map(|(a, _)| a.id).ok_or_else(|| DemoError::fault("an empty branch"))?;
    let planned_at = starts_at - Duration::days(14);
    let new = party_day(draw, roster, title(day.month()), window, secretary);
    let activity = made(Activity::plan(new, roster.unit.kind, &rules, planned_at))?;
    let activity = made(activity.publish(planned_at + Duration::hours(2)))?;
    let opens_at = activity.check_in_window().starts_at;
    let closes_at = window.ends_at + Duration::minutes(5);
    let mut activity = made(made(activity.open(opens_at))?.close(closes_at))?;
    let agenda = agenda(draw, closes_at, secretary)?;
    let list = list(roster, day);
    let records = records(draw, &activity, &list, secretary, closes_at);
    let archived_at = activity.correctable_until(&rules).max(closes_at);
    if archived_at <= now {
        activity = made(activity.archive(archived_at))?;
    }
    let standings = list.iter().map(|a| {
        let record = records.iter().find(|(record, _)| record.member_id == a.member_id);
        (a, standing(record.map(|(record, _)| record), None))
    });
    let tally = Tally::of(standings);
    Ok(Held { activity, agenda, list, records, tally })
}

fn agenda(draw: &mut Draw, at: DateTime<Utc>, by: AccountId) -> Result<Agenda, DemoError> {
    let free = [draw.pick(&FREE).to_owned()];
    let mut agenda = made(Agenda::make(Some(&AgendaTemplate::default()), &[], &free, || draw.id()))?;
    let items: Vec<_> = agenda.items().iter().map(|item| item.id).collect();
    for item in items {
        agenda = made(agenda.mark(item, Some(ItemDone { at, by }), ActivityState::Closed))?;
    }
    Ok(agenda)
}

/// Of a hundred expected, about 88 are in time, 4 late, 4 on leave and 4 absent.
fn records(
    draw: &mut Draw,
    activity: &Activity,
    list: &[Attendee],
    secretary: AccountId,
    closed_at: DateTime<Utc>,
) -> Vec<(Attendance, AccountId)> {
    let mut on_leave = HashSet::new();
    let mut came = Vec::with_capacity(list.len());
    for attendee in list.iter().filter(|a| a.counted) {
        match draw.below(100) {
            0..4 => {}
            4..8 => drop(on_leave.insert(attendee.member_id)),
            luck => came.push((arrival(draw, activity, attendee, luck < 12, secretary), attendee.account_id)),
        }
    }
    let recorded = came.iter().map(|(new, _)| new.member_id).collect();
    let missing = missing(activity, list, &recorded, &on_leave, closed_at);
    let account =
        |new: &NewAttendance| list.iter().find(|a| a.member_id == new.member_id).map(|a| a.account_id);
    let missing = missing.into_iter().filter_map(|new| account(&new).map(|account| (new, account)));
    came.into_iter().chain(missing).map(|(new, account)| (new.enter(draw.id()), account)).collect()
}

fn arrival(
    draw: &mut Draw,
    activity: &Activity,
    attendee: &Attendee,
    late: bool,
    secretary: AccountId,
) -> NewAttendance {
    let after = RuleKey::LateAfterMinutes.bounds().0;
    let seconds = if late { (after + 1) * 60 } else { (after - 25) * 60 };
    let occurred_at =
        activity.window.starts_at + Duration::seconds(seconds + i64::from(draw.between(0, 1_400)));
    let (method, entered) = match draw.below(10) {
        0 if attendee.account_id != secretary => (CheckInMethod::Roster, Some(secretary)),
        1 => (CheckInMethod::Digits, None),
        _ => (CheckInMethod::Qr, None),
    };
    NewAttendance {
        activity_id: activity.id,
        member_id: attendee.member_id,
        state: if late { AttendanceState::Late } else { AttendanceState::Present },
        method: Some(method),
        occurred_at,
        recorded_at: occurred_at,
        recorded_by: entered,
        reason: None,
        flags: AttendanceFlags::default(),
        nearness: if draw.percent(30) { Nearness::Near } else { Nearness::NotGiven },
        device: None,
    }
}
