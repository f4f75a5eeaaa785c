use super::*;
use crate::id::LeaveRequestId;

fn ask(
    activity: &Activity,
    attendance: Option<&Attendance>,
    earlier: Option<&LeaveRequest>,
    minutes: i64,
) -> Result<LeaveRequest, LeaveRefusal> {
    let id = LeaveRequestId(Uuid::from_u128(2));
    LeaveRequest::ask(id, activity, Some(&attendee(1)), attendance, earlier, "出差", at(minutes))
}

fn decide(request: LeaveRequest, granted: bool, by: AccountId) -> Result<LeaveRequest, LeaveRefusal> {
    request.decide(granted, Some(" "), &published(), attendee(1).account_id, by, at(-5))
}

#[test]
fn leave_is_asked_while_expected_and_before_the_end() {
    assert_eq!(ask(&published(), None, None, 119).unwrap().state(), LeaveState::Requested);
    assert_eq!(ask(&published(), None, None, 120), Err(LeaveRefusal::Over));
    assert_eq!(ask(&draft(), None, None, 0), Err(LeaveRefusal::NotPublished));
    assert_eq!(ask(&closed(), None, None, 119), Err(LeaveRefusal::Over));
    let here = record(&published(), &attendee(1), AttendanceState::Late);
    assert_eq!(ask(&published(), Some(&here), None, 20), Err(LeaveRefusal::CheckedIn));
    let guest = Attendee { counted: false, ..attendee(1) };
    let id = LeaveRequestId(Uuid::from_u128(2));
    let answer = LeaveRequest::ask(id, &published(), Some(&guest), None, None, "出差", at(0));
    assert_eq!(answer, Err(LeaveRefusal::NotExpected));
}

#[test]
fn somebody_else_decides_once_and_a_refused_member_may_ask_again() {
    let request = ask(&published(), None, None, -60).unwrap();
    assert_eq!(decide(request.clone(), true, attendee(1).account_id), Err(LeaveRefusal::OwnRequest));
    assert_eq!(ask(&published(), None, Some(&request), -50), Err(LeaveRefusal::AlreadyAsked));
    let granted = decide(request.clone(), true, SECRETARY).unwrap();
    assert_eq!(decide(granted.clone(), false, SECRETARY), Err(LeaveRefusal::AlreadyDecided));
    assert_eq!(ask(&published(), None, Some(&granted), -4), Err(LeaveRefusal::AlreadyAsked));
    let refused = decide(request, false, SECRETARY).unwrap();
    assert!(matches!(refused.progress, LeaveProgress::Refused { note: None, .. }));
    assert!(ask(&published(), None, Some(&refused), -4).is_ok());
}

#[test]
fn leave_is_withdrawn_before_the_start() {
    let request = ask(&published(), None, None, -60).unwrap();
    let granted = decide(request.clone(), true, SECRETARY).unwrap();
    assert_eq!(granted.clone().withdraw(&published(), at(-1)).unwrap().state(), LeaveState::Withdrawn);
    assert_eq!(granted.withdraw(&published(), at(0)), Err(LeaveRefusal::Started));
    let refused = decide(request, false, SECRETARY).unwrap();
    assert_eq!(refused.withdraw(&published(), at(-1)), Err(LeaveRefusal::AlreadyDecided));
}

#[test]
fn leave_granted_after_the_closing_excuses_the_absence_alone() {
    let granted = decide(ask(&published(), None, None, -60).unwrap(), true, SECRETARY).unwrap();
    let absent = record(&closed(), &attendee(1), AttendanceState::Absent);
    let excused = absent.clone().excuse(&granted, &closed(), at(300)).unwrap();
    assert_eq!((excused.state, excused.version), (AttendanceState::OnLeave, 2));
    let here = record(&closed(), &attendee(1), AttendanceState::Present);
    assert_eq!(here.clone().excuse(&granted, &closed(), at(300)), Ok(here));
    let archived = closed().archive(at(200)).unwrap();
    assert_eq!(absent.excuse(&granted, &archived, at(300)), Err(AttendanceRefusal::Archived));
}
