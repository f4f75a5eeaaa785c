use proptest::prelude::*;

use super::*;
use crate::id::CheckInClaimId;

/// What a phone does at `now`, seconds after the start, with the code shown at `shown`.
struct Try {
    activity: Activity,
    listed: bool,
    existing: Option<Attendance>,
    claim: Option<CheckInClaimId>,
    wrong_codes: i64,
}

impl Default for Try {
    fn default() -> Self {
        Self { activity: published(), listed: true, existing: None, claim: None, wrong_codes: 0 }
    }
}

fn second(seconds: i64) -> DateTime<Utc> {
    at(0) + Duration::seconds(seconds)
}

impl Try {
    fn of(activity: Activity) -> Self {
        Self { activity, ..Self::default() }
    }

    fn check_in(
        &self,
        how: How<'_>,
        offline: Option<OfflineScan>,
        now: i64,
    ) -> Result<Decision, CheckInRefusal> {
        let attendee = attendee(1);
        let check_in = CheckIn { how, device: Some("phone"), offline, position: None };
        decide(
            check_in,
            &CheckInContext {
                activity: &self.activity,
                attendee: self.listed.then_some(&attendee),
                key: &key(),
                rules: &rules(),
                now: second(now),
                existing: self.existing.as_ref(),
                claim: self.claim,
                wrong_codes: self.wrong_codes,
            },
        )
    }

    fn scan(&self, shown: i64, now: i64) -> Result<Decision, CheckInRefusal> {
        let code = show(&key(), self.activity.id, second(shown), &rules());
        self.check_in(How::Scan(&code.qr), None, now)
    }

    /// A scan at `scanned` and sent at `now`, by a clock that is `wrong` seconds fast.
    fn offline(&self, shown: i64, scanned: i64, wrong: i64, now: i64) -> Result<Decision, CheckInRefusal> {
        let code = show(&key(), self.activity.id, second(shown), &rules());
        let scan = OfflineScan { scanned_at: second(scanned + wrong), sent_at: second(now + wrong) };
        self.check_in(How::Scan(&code.qr), Some(scan), now)
    }
}

fn recorded(decision: Result<Decision, CheckInRefusal>) -> NewAttendance {
    match decision {
        Ok(Decision::Recorded { new, .. }) => new,
        other => panic!("{other:?}"),
    }
}

fn claimed(decision: Result<Decision, CheckInRefusal>) -> ClaimReason {
    match decision {
        Ok(Decision::Claim(claim)) => claim.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_scan_is_recorded_present_then_late() {
    let present = recorded(Try::default().scan(600, 600));
    assert_eq!((present.state, present.method), (AttendanceState::Present, Some(CheckInMethod::Qr)));
    assert_eq!(present.flags.list(), []);
    assert!(present.device.is_some());
    assert_eq!(recorded(Try::default().scan(601, 601)).state, AttendanceState::Late);
}

#[test]
fn a_forwarded_screenshot_fails() {
    assert_eq!(Try::default().scan(0, 20), Err(CheckInRefusal::CodeExpired));
    let edge = recorded(Try::default().scan(0, 19));
    assert_eq!(edge.flags.list(), [AttendanceFlag::CodeEdge]);
}

#[test]
fn digits_are_typed_and_paused_after_too_many_errors() {
    let code = show(&key(), published().id, second(0), &rules());
    let typed = How::Digits(&code.digits);
    assert_eq!(recorded(Try::default().check_in(typed, None, 5)).method, Some(CheckInMethod::Digits));
    let tired = Try { wrong_codes: 10, ..Try::default() };
    assert_eq!(tired.check_in(typed, None, 5), Err(CheckInRefusal::TooManyAttempts));
    assert!(tired.scan(0, 5).is_ok(), "scanning is no guessing");
    let scan = OfflineScan { scanned_at: second(0), sent_at: second(0) };
    let refused = Try::default().check_in(typed, Some(scan), 5);
    assert_eq!(refused, Err(CheckInRefusal::OfflineNeedsScan));
}

#[test]
fn no_check_in_exists_outside_an_open_activity() {
    let end = 120 * 60;
    assert_eq!(Try::of(draft()).scan(0, 0), Err(CheckInRefusal::NotPublished));
    let cancelled = published().cancel("台风", at(-5)).unwrap();
    assert_eq!(Try::of(cancelled).scan(0, 0), Err(CheckInRefusal::Cancelled));
    assert_eq!(Try::default().scan(-1801, -1801), Err(CheckInRefusal::NotYetOpen));
    assert_eq!(Try::default().scan(end + 1, end + 1), Err(CheckInRefusal::Closed));
    assert_eq!(Try::of(published().close(at(60)).unwrap()).scan(3601, 3601), Err(CheckInRefusal::Closed));
    assert_eq!(Try { listed: false, ..Try::default() }.scan(0, 0), Err(CheckInRefusal::NotExpected));
}

#[test]
fn a_repeat_returns_the_first_whatever_it_holds_up() {
    let existing = record(&published(), &attendee(1), AttendanceState::Late);
    let first = Decision::Already(existing.id);
    let again = Try { existing: Some(existing), ..Try::default() };
    assert_eq!(again.scan(0, 3000), Ok(first.clone()));
    assert_eq!(again.check_in(How::Scan("nonsense"), None, 0), Ok(first));
}

#[test]
fn an_offline_scan_counts_from_the_time_of_the_scan() {
    let new = recorded(Try::default().offline(300, 302, 0, 20_000));
    assert_eq!((new.state, new.method), (AttendanceState::Present, Some(CheckInMethod::OfflineQr)));
    assert_eq!((new.occurred_at, new.recorded_at), (second(302), second(20_000)));
    assert_eq!(new.flags.list(), [AttendanceFlag::Offline]);
    let skewed = recorded(Try::default().offline(300, 302, -3_000, 20_000));
    assert_eq!(skewed.occurred_at, second(302), "a wrong clock is corrected");
    assert_eq!(skewed.flags.list(), [AttendanceFlag::Offline, AttendanceFlag::ClockSkew]);
}

#[test]
fn an_offline_scan_supersedes_an_absence_but_not_an_organizers_word() {
    let absent = record(&closed(), &attendee(1), AttendanceState::Absent);
    let of = |existing| Try { existing: Some(existing), ..Try::of(closed()) };
    match of(absent.clone()).offline(300, 302, 0, 9_000).unwrap() {
        Decision::Recorded { new, supersedes } => {
            assert_eq!(supersedes, Some(absent.id));
            assert_eq!(new.replace(&absent).version, 2);
        }
        other => panic!("{other:?}"),
    }
    let decided = Attendance { recorded_by: Some(SECRETARY), ..absent };
    assert_eq!(claimed(of(decided).offline(300, 302, 0, 9_000)), ClaimReason::Decided);
}

#[test]
fn what_cannot_be_proved_is_left_to_the_organizer() {
    let day = 86_400;
    assert_eq!(claimed(Try::default().offline(300, 400, 0, 9_000)), ClaimReason::TimesDisagree);
    assert_eq!(claimed(Try::default().offline(300, 302, 0, day + 600)), ClaimReason::ArrivedLate);
    let archived = closed().archive(at(122)).unwrap();
    assert_eq!(claimed(Try::of(archived).offline(300, 302, 0, 9_000)), ClaimReason::Archived);
    let claim = CheckInClaimId(Uuid::from_u128(4));
    let again = Try { claim: Some(claim), ..Try::default() }.offline(300, 400, 0, 9_000);
    assert_eq!(again, Ok(Decision::AlreadyClaimed(claim)));
    assert_eq!(Try::default().offline(300, 302, 0, 31 * day), Err(CheckInRefusal::TooLate));
}

#[test]
fn a_forged_or_foreign_offline_code_is_refused() {
    let scan = Some(OfflineScan { scanned_at: second(1), sent_at: second(50) });
    let forged = show(&CodeKey::new([8; 32]), published().id, second(0), &rules());
    let refused = Try::default().check_in(How::Scan(&forged.qr), scan, 50);
    assert_eq!(refused, Err(CheckInRefusal::CodeWrong));
    let foreign = show(&key(), ActivityId(Uuid::from_u128(9)), second(0), &rules());
    let refused = Try::default().check_in(How::Scan(&foreign.qr), scan, 50);
    assert_eq!(refused, Err(CheckInRefusal::CodeOfAnotherActivity));
    assert_eq!(Try::default().offline(500, 500, 0, 50), Err(CheckInRefusal::CodeWrong), "not shown yet");
    let extreme = OfflineScan { scanned_at: DateTime::<Utc>::MAX_UTC, sent_at: DateTime::<Utc>::MIN_UTC };
    let code = show(&key(), published().id, second(0), &rules());
    let answer = Try::default().check_in(How::Scan(&code.qr), Some(extreme), 50);
    assert_eq!(claimed(answer), ClaimReason::TimesDisagree);
}

proptest! {
    #[test]
    fn nothing_is_ever_accepted_outside_the_window(
        shown in -6_000_i64..15_000,
        scanned in -6_000_i64..15_000,
        aligned in any::<bool>(),
        wrong in -400_i64..400,
        delay in 0_i64..200_000,
        close in prop::option::of(0_i64..120),
        online in any::<bool>(),
    ) {
        let activity = match close {
            Some(minutes) => published().close(at(minutes)).unwrap(),
            None => published(),
        };
        let window = activity.check_in_window();
        let of = Try::of(activity);
        let scanned = if aligned { shown } else { scanned };
        let now = shown.max(scanned) + delay;
        let decision = if online { of.scan(shown, now) } else { of.offline(shown, scanned, wrong, now) };
        match decision {
            Ok(Decision::Recorded { new, .. }) => {
                prop_assert!(window.contains(new.occurred_at));
                prop_assert!(new.occurred_at <= second(now));
                prop_assert!((new.occurred_at - second(shown)).abs() <= Duration::seconds(20));
                prop_assert!(new.state.is_there());
                prop_assert_eq!(new.flags.contains(AttendanceFlag::Offline), !online);
            }
            Ok(Decision::Claim(claim)) => {
                prop_assert!(!online && window.contains(claim.occurred_at));
            }
            Ok(other) => prop_assert!(false, "{:?}", other),
            Err(_) => {}
        }
    }

    #[test]
    fn a_clock_that_is_wrong_by_any_amount_changes_nothing_but_the_flag(
        wrong in -1_000_000_i64..1_000_000, shown in 0_i64..7_000, delay in 0_i64..80_000,
    ) {
        let right = recorded(Try::default().offline(shown, shown, 0, shown + delay));
        let other = recorded(Try::default().offline(shown, shown, wrong, shown + delay));
        prop_assert_eq!(right.occurred_at, other.occurred_at);
        prop_assert_eq!(other.flags.contains(AttendanceFlag::ClockSkew), wrong.abs() > 120);
    }
}
