use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::id::RecurrenceId;

const TODAY: &str = "2026-01-01";

fn schedule(rule: &str, zone: &str, time: &str) -> Result<Schedule, RecurrenceRefusal> {
    Schedule {
        rule: rule.into(),
        starts_on: TODAY.parse().unwrap(),
        time: time.parse().unwrap(),
        minutes: 120,
        time_zone: zone.into(),
    }
    .check(TODAY.parse().unwrap())
}

fn monthly(rule: &str) -> Result<Schedule, RecurrenceRefusal> {
    schedule(rule, "Asia/Shanghai", "14:00:00")
}

fn starts(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    let windows = schedule.occurrences(from.parse().unwrap(), to.parse().unwrap()).unwrap();
    windows.iter().map(|window| window.starts_at.format("%m-%dT%H:%M").to_string()).collect()
}

#[test]
fn a_fixed_party_day_falls_on_its_day_each_month() {
    let fifth = monthly(" rrule:freq=monthly; bymonthday=5;").unwrap();
    assert_eq!(fifth.rule, "FREQ=MONTHLY;BYMONTHDAY=5");
    assert_eq!(
        starts(&fifth, "2026-01-05T06:00:00Z", "2026-03-05T06:00:00Z"),
        ["02-05T06:00", "03-05T06:00"]
    );
    let last_friday = monthly("FREQ=MONTHLY;BYDAY=-1FR").unwrap();
    assert_eq!(starts(&last_friday, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"), ["01-30T06:00"]);
    let last_workday = monthly("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1").unwrap();
    assert_eq!(starts(&last_workday, "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"), ["05-29T06:00"]);
    let fortnight = monthly("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR").unwrap();
    assert_eq!(starts(&fortnight, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").len(), 3);
    let twice = monthly("FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=3").unwrap();
    assert_eq!(starts(&twice, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").len(), 3);
}

#[test]
fn until_is_read_in_the_hosts_zone() {
    let count =
        |rule: &str| starts(&monthly(rule).unwrap(), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").len();
    assert_eq!(count("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20260305"), 3);
    assert_eq!(count("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20260305T140000"), 3);
    assert_eq!(count("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20260305T060000Z"), 3);
    assert_eq!(count("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20260305T055959Z"), 2);
    assert_eq!(count("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=99991231T235959Z"), 12);
}

#[test]
fn summer_time_moves_no_party_day() {
    let berlin = schedule("FREQ=MONTHLY;BYMONTHDAY=5", "Europe/Berlin", "14:00:00").unwrap();
    let year = starts(&berlin, "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z");
    assert_eq!(year, ["03-05T13:00", "04-05T12:00"]);
    // 02:30 doesn't exist on 29 March 2026 in Berlin and exists twice on 25 October.
    let gap = schedule("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29", "Europe/Berlin", "02:30:00").unwrap();
    assert_eq!(starts(&gap, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), ["03-29T01:30"]);
    let twice = schedule("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=25", "Europe/Berlin", "02:30:00").unwrap();
    assert_eq!(starts(&twice, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), ["10-25T00:30"]);
}

#[test]
fn hostile_and_senseless_rules_are_refused_soon() {
    let begun = std::time::Instant::now();
    let bad = |rule: &str| monthly(rule).unwrap_err();
    for rule in [
        "",
        "FREQ",
        "FREQ=DAILY",
        "FREQ=SECONDLY",
        "BYDAY=MO",
        "FREQ=MONTHLY;FREQ=MONTHLY",
        "FREQ=MONTHLY;BYHOUR=1,2,3",
        "FREQ=MONTHLY;BYSECOND=1",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=MONTHLY;INTERVAL=65536",
        "FREQ=MONTHLY;COUNT=0",
        "FREQ=MONTHLY;COUNT=3;UNTIL=20260305",
        "FREQ=MONTHLY;UNTIL=20261332",
        "FREQ=MONTHLY;BYDAY=五",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=MONTHLY;BYDAY=M",
        "FREQ=MONTHLY\nDTSTART:20200101T000000Z",
        "FREQ=MONTHLY;BYSETPOS=0",
        "FREQ=MONTHLY;BYSETPOS=1",
    ] {
        assert_eq!(bad(rule), RecurrenceRefusal::BadRule, "{rule}");
    }
    assert_eq!(bad(&format!("FREQ=MONTHLY;BYDAY={}MO", "MO,".repeat(99))), RecurrenceRefusal::BadRule);
    assert_eq!(bad("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"), RecurrenceRefusal::Never);
    assert_eq!(bad("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"), RecurrenceRefusal::Never);
    assert_eq!(bad("FREQ=MONTHLY;UNTIL=20200101"), RecurrenceRefusal::Never);
    for rule in ["FREQ=WEEKLY", "FREQ=YEARLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1,2,3"] {
        assert_eq!(bad(rule), RecurrenceRefusal::TooOften, "{rule}");
    }
    assert!(begun.elapsed().as_secs() < 10);
    assert_eq!(schedule("FREQ=MONTHLY", "Mars/Olympus", "14:00:00"), Err(RecurrenceRefusal::BadTimeZone));
}

#[test]
fn drafts_are_made_once_for_the_months_ahead() {
    let new = NewRecurrence {
        id: RecurrenceId(Uuid::from_u128(5)),
        host_unit_id: BRANCH,
        kind: ActivityKind::ThemePartyDay,
        title: "主题党日".into(),
        venue: None,
        wants_check_out: false,
        schedule: monthly("FREQ=MONTHLY;BYMONTHDAY=5").unwrap(),
        created_by: SECRETARY,
    };
    let now = "2026-01-10T00:00:00Z".parse().unwrap();
    let today: NaiveDate = TODAY.parse().unwrap();
    let set = Recurrence::set_up(new, OrgUnitKind::PartyBranch, &rules(), today, now).unwrap();
    let (first, set) = set.due(&rules(), now).unwrap();
    assert_eq!(first.len(), 2, "February and March");
    let draft = set.draft(ActivityId(Uuid::from_u128(6)), first[0]);
    assert!(Activity::plan(draft, OrgUnitKind::PartyBranch, &rules(), now).is_ok());
    let (again, set) = set.due(&rules(), now).unwrap();
    assert!(again.is_empty());
    let (april, set) = set.due(&rules(), "2026-02-20T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(april.len(), 1);
    let stopped = set.stop(now).unwrap();
    assert!(stopped.clone().due(&rules(), "2026-09-01T00:00:00Z".parse().unwrap()).unwrap().0.is_empty());
    assert_eq!(stopped.stop(now).unwrap_err(), RecurrenceRefusal::AlreadyStopped);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_rule_panics_and_an_accepted_one_is_sparse(
        freq in prop::sample::select(vec!["WEEKLY", "MONTHLY", "YEARLY"]),
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "INTERVAL=2", "INTERVAL=13", "COUNT=5", "UNTIL=20270101", "UNTIL=20270101T000000Z", "BYDAY=2FR",
                "BYDAY=FR", "BYDAY=-5MO", "BYDAY=SU,MO", "BYMONTHDAY=31", "BYMONTHDAY=-1", "BYMONTHDAY=5,20",
                "BYMONTH=2", "BYMONTH=1,4,7,10", "BYSETPOS=-1", "BYSETPOS=2", "BYSETPOS=366",
            ]),
            0..4,
        ),
    ) {
        let rule = std::iter::once(format!("FREQ={freq}"))
            .chain(parts.iter().map(|part| (*part).to_owned()))
            .collect::<Vec<_>>()
            .join(";");
        if let Ok(schedule) = monthly(&rule) {
            let from = "2026-01-01T00:00:00Z".parse().unwrap();
            let year = schedule.occurrences(from, "2027-01-01T00:00:00Z".parse().unwrap()).unwrap();
            prop_assert!(year.len() <= 27, "{rule}");
            prop_assert!(year.windows(2).all(|w| w[1].starts_at - w[0].starts_at >= Duration::days(1)));
        }
    }

    #[test]
    fn no_text_panics(text in "[A-Z0-9=;,:+\\-五 ]{0,40}", value in "[A-Z0-9,+\\-]{0,12}") {
        let _ = monthly(&text);
        for part in ["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "COUNT", "INTERVAL"] {
            let _ = monthly(&format!("FREQ=MONTHLY;{part}={value}"));
        }
    }
}
