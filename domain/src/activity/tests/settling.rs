use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::id::CheckInClaimId;

fn claim() -> CheckInClaim {
    NewClaim {
        activity_id: published().id,
        member_id: attendee(1).member_id,
        reason: ClaimReason::TimesDisagree,
        occurred_at: at(20),
        received_at: at(300),
        flags: AttendanceFlags::default().with(AttendanceFlag::Offline),
        nearness: Nearness::NotGiven,
        device: None,
    }
    .enter(CheckInClaimId(Uuid::from_u128(3)))
}

fn accept(claim: CheckInClaim, activity: &Activity, minutes: i64) -> Result<ClaimOutcome, ClaimRefusal> {
    let absent = record(activity, &attendee(1), AttendanceState::Absent);
    claim.accept(activity, &attendee(1), Some(&absent), SECRETARY, &rules(), at(minutes))
}

#[test]
fn an_accepted_claim_becomes_attendance_that_names_who_decided() {
    let outcome = accept(claim(), &closed(), 400).unwrap();
    assert_eq!(outcome.claim.state(), ClaimState::Accepted);
    let Entry::Recorded { new, supersedes: Some(_) } = outcome.entry else { panic!() };
    assert_eq!((new.state, new.method), (AttendanceState::Late, Some(CheckInMethod::Claim)));
    assert_eq!((new.occurred_at, new.recorded_by), (at(20), Some(SECRETARY)));
    assert_eq!(accept(outcome.claim, &closed(), 401), Err(ClaimRefusal::AlreadyDecided));
}

#[test]
fn archiving_costs_nobody_a_claim_but_the_end_of_corrections_does() {
    let archived = closed().archive(at(130)).unwrap();
    assert!(accept(claim(), &archived, 400).is_ok());
    let over = 121 + 30 * 24 * 60;
    assert_eq!(accept(claim(), &archived, over), Err(ClaimRefusal::CorrectionOver));
    let rejected = claim().reject(&attendee(1), SECRETARY, "未见其人", at(over)).unwrap();
    assert_eq!(rejected.state(), ClaimState::Rejected);
    let own = attendee(1).account_id;
    assert_eq!(claim().reject(&attendee(1), own, "x", at(400)), Err(ClaimRefusal::OwnRecord));
    assert_eq!(claim().reject(&attendee(1), SECRETARY, "", at(400)), Err(ClaimRefusal::BadReason));
}

proptest! {
    #[test]
    fn closing_leaves_nobody_expected_without_a_record(
        people in prop::collection::vec((any::<bool>(), prop::option::of(0_usize..2), any::<bool>()), 0..80)
    ) {
        let attendees: Vec<_> = (1..)
            .zip(&people)
            .map(|(n, (counted, ..))| Attendee { counted: *counted, votes: *counted, ..attendee(n) })
            .collect();
        let there = [AttendanceState::Present, AttendanceState::Late];
        let records: Vec<_> = attendees
            .iter()
            .zip(&people)
            .filter_map(|(who, (_, state, _))| state.map(|state| record(&closed(), who, there[state])))
            .collect();
        let recorded: HashSet<_> = records.iter().map(|record| record.member_id).collect();
        let on_leave = attendees.iter().zip(&people).filter(|(_, (.., leave))| *leave);
        let on_leave: HashSet<_> = on_leave.map(|(who, _)| who.member_id).collect();

        let new = missing(&closed(), &attendees, &recorded, &on_leave, at(121));
        let mut states: std::collections::HashMap<_, _> =
            records.iter().map(|record| (record.member_id, record.state)).collect();
        for record in &new {
            prop_assert!(states.insert(record.member_id, record.state).is_none(), "a second record");
            prop_assert_eq!(record.state == AttendanceState::OnLeave, on_leave.contains(&record.member_id));
        }
        let tally = Tally::of(attendees.iter().map(|who| (who, states.get(&who.member_id).copied())));
        prop_assert_eq!(tally.pending(), 0);
        prop_assert_eq!(tally.expected, tally.present + tally.late + tally.on_leave + tally.absent);
        prop_assert!(missing(&closed(), &attendees, &states.keys().copied().collect(), &on_leave, at(122)).is_empty());
    }
}
