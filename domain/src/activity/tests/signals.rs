use super::*;
use crate::vocabulary::Vocabulary;

#[test]
fn a_shared_phone_and_a_distance_are_hints_only() {
    let mark = |device| DeviceMark::of(&key(), published().id, device);
    let member = |n| attendee(n).member_id;
    let shared = shared_devices([
        (member(1), mark("a")),
        (member(2), mark("a")),
        (member(3), mark("b")),
        (member(3), mark("b")),
        (member(4), None),
    ]);
    assert_eq!(shared, [member(1), member(2)].into());
    assert_ne!(mark("a"), DeviceMark::of(&key(), ActivityId(Uuid::from_u128(9)), "a"));
    assert_eq!(mark(""), None);
}

#[test]
fn flags_are_stored_but_for_the_derived_one() {
    let all: AttendanceFlags = AttendanceFlag::words().iter().map(|word| word.value).collect();
    assert_eq!(all.list().len(), 5);
    assert!(!AttendanceFlags::from_stored(all.stored()).contains(AttendanceFlag::SharedDevice));
    assert_eq!(AttendanceFlags::from_stored(-1).list().len(), 4);
    let some = AttendanceFlags::default().with(AttendanceFlag::Far);
    assert_eq!(serde_json::to_string(&some).unwrap(), "[\"FAR\"]");
}

#[test]
fn the_audit_never_keeps_a_phones_mark() {
    let device = DeviceMark::of(&key(), published().id, "a");
    let record = record(&published(), &attendee(1), AttendanceState::Present);
    let record = Attendance { device, ..record };
    assert!(!serde_json::to_string(&record).unwrap().contains("device"));
}
