//! Coming to a shift and leaving it, and the hours that it comes to.

use std::slice::from_ref;

use proptest::prelude::*;

use super::{shifts::*, *};
use crate::{
    activity::check_in::{CodeKey, How, OfflineScan, show},
    id::{ActivityId, SignUpId},
};

const DAY: i64 = 24 * 60;

fn key() -> CodeKey {
    CodeKey::new([7; 32])
}

fn code(minute: i64) -> String {
    show(&key(), published().id, at(minute), &rules()).qr
}

fn scan(qr: &str) -> Proof<'_> {
    Proof::Code { how: How::Scan(qr), offline: None, wrong_codes: 0 }
}

fn late(qr: &str, scanned: i64, sent: i64) -> Proof<'_> {
    let offline = OfflineScan { scanned_at: at(scanned), sent_at: at(sent) };
    Proof::Code { how: How::Scan(qr), offline: Some(offline), wrong_codes: 0 }
}

fn roster(minute: Option<i64>) -> Proof<'static> {
    Proof::Roster { by: SECRETARY, at: minute.map(at), reason: "没有智能手机" }
}

/// Signed up for the shift, which lasts from minute `DAY` to `DAY + 120`.
fn signed_up() -> SignUp {
    join(&published(), 1, &[], 10).unwrap()
}

fn arrive(
    all: &[SignUp],
    booked: &[Booked],
    minute: i64,
    proof: Proof<'_>,
) -> Result<SignUp, ShiftCheckInRefusal> {
    let (shift, key, rules) = (published(), key(), rules());
    let here = AtShift { shift: &shift, key: &key, rules: &rules, now: at(minute) };
    let id = SignUpId(Uuid::from_u128(99));
    let day = "2026-03-06".parse().unwrap();
    let hours = Some(HourState::Reported);
    here.check_in(Arrival { id, volunteer: volunteer(1), sign_ups: all, hours, booked, day }, proof)
}

fn leave(own: &SignUp, minute: i64, proof: Proof<'_>) -> Result<SignUp, ShiftCheckInRefusal> {
    let (shift, key, rules) = (published(), key(), rules());
    AtShift { shift: &shift, key: &key, rules: &rules, now: at(minute) }.check_out(own, None, proof)
}

fn here() -> SignUp {
    arrive(&[signed_up()], &[], DAY, scan(&code(DAY))).unwrap()
}

fn hours_of(own: &SignUp, booked: &[Booked], rules: &Rules) -> Option<ServiceHourEntry> {
    let reckoning = Reckoning {
        id: ServiceHourEntryId(Uuid::from_u128(1)),
        earlier: None,
        unit_id: published().unit_id,
        project: &project(),
        booked,
        zone: Shanghai,
        rules,
        now: at(DAY + 200),
    };
    published().served(own, reckoning)
}

#[test]
fn who_signed_up_comes_and_leaves_by_the_code() {
    let came = here();
    assert_eq!(came.presence.since().map(|s| s.at), Some(at(DAY)));
    assert_eq!(arrive(from_ref(&came), &[], DAY + 5, scan("nonsense")), Ok(came.clone()), "the first stands");
    let left = leave(&came, DAY + 90, scan(&code(DAY + 90))).unwrap();
    assert_eq!(leave(&left, DAY + 100, Proof::Tap), Ok(left.clone()), "the first stands");
    assert_eq!(
        arrive(from_ref(&left), &[], DAY + 95, scan(&code(DAY + 95))),
        Err(ShiftCheckInRefusal::AlreadyCheckedOut)
    );
    let entry = hours_of(&left, &[], &rules()).unwrap();
    assert_eq!((entry.minutes, entry.origin, entry.state()), (90, HourOrigin::Shift, HourState::Reported));
    assert_eq!(entry.flags.list(), []);
    assert_eq!(entry.service.window, TimeWindow { starts_at: at(DAY), ends_at: at(DAY + 90) });
}

#[test]
fn what_is_refused_at_the_door() {
    use ShiftCheckInRefusal::*;
    let all = [signed_up()];
    assert_eq!(arrive(&all, &[], DAY - 31, scan(&code(DAY - 31))), Err(NotYetOpen));
    assert_eq!(arrive(&all, &[], DAY + 121, scan(&code(DAY + 121))), Err(Closed));
    assert_eq!(arrive(&all, &[], DAY, scan(&code(DAY - 5))), Err(CodeExpired));
    assert_eq!(arrive(&all, &[], DAY, scan("zhs1.AAAA")), Err(CodeWrong));
    let room = show(&key(), ActivityId(published().id.0), at(DAY), &rules()).qr;
    assert_eq!(arrive(&all, &[], DAY, scan(&room)), Err(CodeWrong), "a meeting room's code opens no shift");
    assert_eq!(arrive(&all, &[], DAY, Proof::Tap), Err(CodeWrong), "nobody comes by a tap");
    let typed = Proof::Code { how: How::Digits("123456"), offline: None, wrong_codes: 10 };
    assert_eq!(arrive(&all, &[], DAY, typed), Err(TooManyAttempts));
    assert_eq!(leave(&all[0], DAY, Proof::Tap), Err(NotCheckedIn));
    assert_eq!(leave(&here(), DAY + 181, Proof::Tap), Err(Closed));
    let elsewhere = Booked {
        by: Booking::Visit(SignUpId(Uuid::from_u128(7))),
        window: TimeWindow { starts_at: at(DAY - 60), ends_at: at(DAY + 1) },
        served_on: "2026-03-06".parse().unwrap(),
        minutes: 61,
    };
    assert_eq!(arrive(&all, &[elsewhere], DAY, scan(&code(DAY))), Err(Overlap));
    assert!(arrive(&all, &[elsewhere], DAY + 1, scan(&code(DAY + 1))).is_ok());
}

#[test]
fn who_has_not_signed_up_takes_a_free_place() {
    let came = arrive(&[], &[], DAY + 5, scan(&code(DAY + 5))).unwrap();
    assert_eq!((came.state(), came.id), (SignUpState::SignedUp, SignUpId(Uuid::from_u128(99))));
    let shift = published();
    let full: Vec<_> = (2..=3).map(|n| join(&shift, n, &[], 10).unwrap()).collect();
    assert_eq!(arrive(&full, &[], DAY, scan(&code(DAY))), Err(ShiftCheckInRefusal::NoPlace));
    let waiting = SignUp { progress: SignUpProgress::Waiting, ..signed_up() };
    let came = arrive(from_ref(&waiting), &[], DAY, scan(&code(DAY))).unwrap();
    assert_eq!((came.id, came.state()), (waiting.id, SignUpState::SignedUp));
    let withdrawn = signed_up().withdraw(&shift, at(20)).unwrap();
    assert_ne!(arrive(from_ref(&withdrawn), &[], DAY, scan(&code(DAY))).unwrap().id, withdrawn.id);
    let early = arrive(&[signed_up()], &[], DAY - 10, scan(&code(DAY - 10))).unwrap();
    assert_eq!(early.withdraw(&shift, at(DAY - 5)), Err(SignUpRefusal::CheckedIn));
}

#[test]
fn who_runs_the_shift_enters_those_without_a_phone() {
    use ShiftCheckInRefusal::*;
    let all = [signed_up()];
    let came = arrive(&all, &[], DAY + 60, roster(Some(DAY + 10))).unwrap();
    let since = came.presence.since().unwrap();
    assert_eq!((since.at, since.by, since.method), (at(DAY + 10), Some(SECRETARY), ShiftMarkMethod::Roster));
    assert_eq!(arrive(&all, &[], DAY + 60, roster(Some(DAY + 61))), Err(BadTime), "not in the future");
    assert_eq!(arrive(&all, &[], DAY + 60, roster(Some(DAY - 31))), Err(BadTime));
    let silent = Proof::Roster { by: SECRETARY, at: None, reason: " " };
    assert_eq!(arrive(&all, &[], DAY, silent), Err(BadReason));
    let oneself = Proof::Roster { by: VOLUNTEER, at: None, reason: "本人" };
    assert_eq!(arrive(&all, &[], DAY, oneself), Err(OwnPresence));
    assert_eq!(arrive(&all, &[], DAY + 120 + 30 * DAY + 1, roster(Some(DAY))), Err(TooLate));
    assert_eq!(leave(&came, DAY + 90, roster(Some(DAY + 9))), Err(BadTime), "not before coming");
    let left = leave(&came, DAY + 90, roster(Some(DAY + 70))).unwrap();
    let entry = hours_of(&left, &[], &rules()).unwrap();
    assert_eq!((entry.minutes, entry.flags.list()), (60, vec![HourFlag::OnBehalf]));
}

#[test]
fn who_runs_the_shift_corrects_until_the_hours_are_decided_on() {
    use ShiftCheckInRefusal::*;
    let (shift, key, rules) = (published(), key(), rules());
    let door = AtShift { shift: &shift, key: &key, rules: &rules, now: at(DAY + 90) };
    let left = leave(&here(), DAY + 60, Proof::Tap).unwrap();
    let right = |hours, proof| door.check_out(&left, hours, proof).map(|s| s.presence.until().unwrap().at);
    assert_eq!(right(Some(HourState::Reported), roster(Some(DAY + 80))), Ok(at(DAY + 80)));
    assert_eq!(right(Some(HourState::Returned), roster(Some(DAY + 80))), Ok(at(DAY + 80)));
    assert_eq!(right(Some(HourState::InPublicity), roster(Some(DAY + 80))), Err(HoursReviewed));
    assert_eq!(right(Some(HourState::Withdrawn), roster(Some(DAY + 80))), Err(HoursReviewed));
    assert_eq!(right(None, roster(None)), Err(AlreadyCheckedOut), "a correction says when it was");
    let entered = door.check_out(&left, None, roster(Some(DAY + 80))).unwrap();
    let again = door.check_out(&entered, Some(HourState::InPublicity), roster(Some(DAY + 80)));
    assert_eq!(again.as_ref(), Ok(&entered), "the same sent once more");
    let later = arrive(from_ref(&left), &[], DAY + 90, roster(Some(DAY + 20))).unwrap();
    assert_eq!(
        (later.presence.since().unwrap().at, later.presence.until()),
        (at(DAY + 20), left.presence.until())
    );
    assert_eq!(arrive(from_ref(&left), &[], DAY + 90, roster(Some(DAY + 61))), Err(BadTime));
    assert_eq!(arrive(from_ref(&left), &[], DAY + 90, roster(None)), Err(AlreadyCheckedOut));
}

#[test]
fn nobody_leaves_before_the_shift_starts() {
    let early = arrive(&[signed_up()], &[], DAY - 10, scan(&code(DAY - 10))).unwrap();
    assert_eq!(leave(&early, DAY - 1, Proof::Tap), Err(ShiftCheckInRefusal::NotStarted));
    assert_eq!(leave(&early, DAY - 1, scan(&code(DAY - 1))), Err(ShiftCheckInRefusal::NotStarted));
    assert_eq!(leave(&early, DAY - 1, roster(None)), Err(ShiftCheckInRefusal::NotStarted));
    assert!(leave(&early, DAY, Proof::Tap).is_ok());
}

#[test]
fn a_forgotten_check_out_is_closed_at_the_end_capped_and_flagged() {
    let shift = published();
    assert_eq!(here().close(&shift, at(DAY + 179)), None, "there is time to check out");
    let closed = here().close(&shift, at(DAY + 180)).unwrap();
    assert_eq!(closed.close(&shift, at(DAY + 180)), None);
    assert_eq!(closed.presence.until().map(|u| u.at), Some(shift.window.ends_at));
    let entry = hours_of(&closed, &[], &rules_with(RuleKey::ForgottenCheckOutMinutes, 45)).unwrap();
    assert_eq!((entry.minutes, entry.service.served_minutes()), (45, 120));
    assert_eq!(entry.flags.list(), [HourFlag::ForgottenCheckOut]);
    // A reviewer who knows better gives the whole.
    let correct = Verdict::Correct { minutes: 120, reason: "全程在场".into() };
    assert_eq!(entry.review(correct, SECRETARY, &rules(), at(DAY + 300)).unwrap().minutes, 120);
    // So does a scan that was made in time.
    let qr = code(DAY + 100);
    let left = leave(&closed, DAY + 400, late(&qr, DAY + 100, DAY + 400)).unwrap();
    assert_eq!(left.presence.until().map(|u| u.at), Some(at(DAY + 100)));
    assert_eq!(leave(&closed, DAY + 170, Proof::Tap), Ok(closed));
}

#[test]
fn a_scan_without_signal_counts_from_when_the_code_was_shown() {
    let qr = code(DAY + 10);
    // The phone's clock is five hours fast: what counts is how long ago it scanned.
    let came = arrive(&[signed_up()], &[], DAY + 90, late(&qr, DAY + 310, DAY + 390)).unwrap();
    let since = came.presence.since().unwrap();
    assert_eq!((since.at, since.doubtful), (at(DAY + 10), false));
    let came = arrive(&[signed_up()], &[], DAY + 90, late(&qr, DAY - 300, DAY + 390)).unwrap();
    let since = came.presence.since().unwrap();
    assert_eq!((since.at, since.doubtful), (at(DAY + 10), true), "the code bounds the time");
    let left = leave(&came, DAY + 90, Proof::Tap).unwrap();
    let again = arrive(from_ref(&left), &[], DAY + 95, late(&qr, DAY + 310, DAY + 395));
    assert_eq!(again.as_ref(), Ok(&left), "the same scan sent once more");
    assert!(hours_of(&left, &[], &rules()).unwrap().flags.list().contains(&HourFlag::DoubtfulTimes));
}

#[test]
fn hours_that_clash_with_others_are_told_of() {
    let left = leave(&here(), DAY + 90, Proof::Tap).unwrap();
    let other = booked(&enter(5, service(DAY + 80, DAY + 110), &[]).unwrap());
    assert_eq!(hours_of(&left, &[other], &rules()).unwrap().flags.list(), [HourFlag::Clash]);
    assert_eq!(
        enter(5, service(DAY + 80, DAY + 110), &[Booked { by: Booking::Visit(signed_up().id), ..other }]),
        Err(HourReportRefusal::Duplicate)
    );
}

proptest! {
    #[test]
    fn whatever_the_clocks_say_minutes_are_never_negative_and_never_above_the_cap(
        came in DAY - 30..DAY + 120,
        left in DAY - 300..DAY + 180,
        forgotten in any::<bool>(),
        cap in 1_i64..200,
    ) {
        let came_by = code(came);
        let own = arrive(&[signed_up()], &[], came, scan(&came_by)).unwrap();
        // The server's clock may have been set back in between.
        let own = if forgotten { own.close(&published(), at(DAY + 180)) } else { leave(&own, left, Proof::Tap).ok() };
        let Some(own) = own else { return Ok(()) };
        let (since, until) = (own.presence.since().unwrap().at, own.presence.until().unwrap().at);
        prop_assert!(since <= until);
        let entry = hours_of(&own, &[], &rules_with(RuleKey::ForgottenCheckOutMinutes, cap));
        let Some(entry) = entry else { return Ok(()) };
        prop_assert!(entry.minutes >= 1);
        prop_assert!(entry.minutes <= entry.service.length());
        prop_assert!(entry.service.length() <= 120, "never longer than the shift");
        prop_assert_eq!(entry.flags.list().contains(&HourFlag::ForgottenCheckOut), forgotten);
        if forgotten {
            prop_assert!(entry.minutes <= cap);
        }
    }
}
