use super::*;

fn tick(arrived_at: Option<DateTime<Utc>>, reason: Option<&str>) -> RosterCheckIn {
    RosterCheckIn { recorder: SECRETARY, arrived_at, reason: reason.map(str::to_owned) }
}

fn enter(
    tick: &RosterCheckIn,
    activity: &Activity,
    existing: Option<&Attendance>,
    minutes: i64,
) -> Result<Entry, AttendanceRefusal> {
    tick.decide(activity, Some(&attendee(1)), existing, &rules(), at(minutes))
}

fn recorded(entry: Result<Entry, AttendanceRefusal>) -> NewAttendance {
    match entry {
        Ok(Entry::Recorded { new, .. }) => new,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_organizer_enters_a_member_and_is_named() {
    let new = recorded(enter(&tick(None, None), &published(), None, 15));
    assert_eq!((new.state, new.method), (AttendanceState::Late, Some(CheckInMethod::Roster)));
    assert_eq!((new.occurred_at, new.recorded_by), (at(15), Some(SECRETARY)));
    let paper = recorded(enter(&tick(None, None), &published(), None, 5_000));
    assert_eq!((paper.state, paper.occurred_at), (AttendanceState::Present, at(0)));
    let late = recorded(enter(&tick(Some(at(30)), Some("手机没电")), &published(), None, 5_000));
    assert_eq!((late.state, late.occurred_at), (AttendanceState::Late, at(30)));
}

#[test]
fn the_roster_is_open_from_check_in_until_corrections_end() {
    let day = 24 * 60;
    assert_eq!(enter(&tick(None, None), &published(), None, -31), Err(AttendanceRefusal::NotYetOpen));
    assert!(enter(&tick(None, None), &closed(), None, 120 + 30 * day).is_ok());
    let over = enter(&tick(None, None), &closed(), None, 121 + 30 * day);
    assert_eq!(over, Err(AttendanceRefusal::CorrectionOver));
    let archived = closed().archive(at(130)).unwrap();
    assert_eq!(enter(&tick(None, None), &archived, None, 131), Err(AttendanceRefusal::Archived));
    assert_eq!(enter(&tick(None, None), &draft(), None, 0), Err(AttendanceRefusal::NotPublished));
    let stranger = tick(None, None).decide(&published(), None, None, &rules(), at(0));
    assert_eq!(stranger, Err(AttendanceRefusal::NotExpected));
    for wrong in [-31, 16, 121] {
        let answer = enter(&tick(Some(at(wrong)), None), &published(), None, 15);
        assert_eq!(answer, Err(AttendanceRefusal::BadArrival), "{wrong}");
    }
}

#[test]
fn overriding_a_record_takes_a_reason_and_another_person() {
    let absent = record(&closed(), &attendee(1), AttendanceState::Absent);
    let enter = |tick: &RosterCheckIn| enter(tick, &closed(), Some(&absent), 200);
    assert_eq!(enter(&tick(None, Some("  "))), Err(AttendanceRefusal::BadReason));
    assert!(matches!(enter(&tick(None, Some("漏签"))), Ok(Entry::Recorded { supersedes: Some(_), .. })));
    let own = RosterCheckIn { recorder: attendee(1).account_id, ..tick(None, Some("漏签")) };
    assert_eq!(enter(&own), Err(AttendanceRefusal::OwnRecord));
    assert!(own.decide(&published(), Some(&attendee(1)), None, &rules(), at(5)).is_ok());
    let present = record(&closed(), &attendee(1), AttendanceState::Present);
    let again = tick(None, None).decide(&closed(), Some(&attendee(1)), Some(&present), &rules(), at(200));
    assert_eq!(again, Ok(Entry::Already(present.id)));
}

#[test]
fn check_out_once_after_check_in_and_soon() {
    let present = record(&published(), &attendee(1), AttendanceState::Present);
    let out =
        |attendance: &Attendance, minutes| attendance.clone().check_out(&published(), &rules(), at(minutes));
    let first = out(&present, 118).unwrap();
    assert_eq!(first.checked_out_at, Some(at(118)));
    assert_eq!(out(&first, 119).unwrap(), first);
    assert_eq!(out(&first, 9_000).unwrap(), first);
    assert_eq!(out(&present, 181), Err(AttendanceRefusal::CheckOutClosed));
    let absent = record(&published(), &attendee(1), AttendanceState::Absent);
    assert_eq!(out(&absent, 100), Err(AttendanceRefusal::NotCheckedIn));
    let unwanted = Activity { wants_check_out: false, ..published() };
    let answer = present.check_out(&unwanted, &rules(), at(100));
    assert_eq!(answer, Err(AttendanceRefusal::CheckOutNotWanted));
}

#[test]
fn a_correction_has_a_reason_and_a_second_person_and_an_end() {
    let correction = |state, reason: &str, corrector| Correction { state, reason: reason.into(), corrector };
    let correct = |correction, minutes| {
        record(&closed(), &attendee(1), AttendanceState::Present).correct(
            correction,
            &closed(),
            &attendee(1),
            &rules(),
            at(minutes),
        )
    };
    let absent = |reason: &str| correction(AttendanceState::Absent, reason, SECRETARY);
    let done = correct(absent("本人未到场"), 200).unwrap();
    assert_eq!((done.state, done.method, done.version), (AttendanceState::Absent, None, 2));
    assert_eq!((done.recorded_by, done.recorded_at), (Some(SECRETARY), at(200)));
    assert_eq!(done.reason.as_deref(), Some("本人未到场"));
    assert_eq!(correct(absent(""), 200), Err(AttendanceRefusal::BadReason));
    let same = correction(AttendanceState::Present, "x", SECRETARY);
    assert_eq!(correct(same, 200), Err(AttendanceRefusal::SameState));
    let own = correction(AttendanceState::Late, "x", attendee(1).account_id);
    assert_eq!(correct(own, 200), Err(AttendanceRefusal::OwnRecord));
    let over = 121 + 30 * 24 * 60;
    assert_eq!(correct(absent("x"), over), Err(AttendanceRefusal::CorrectionOver));
}
