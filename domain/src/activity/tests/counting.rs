use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::{
    id::ExemptionId,
    member::{Exemption, ExemptionKind, MemberStatus},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn candidate(n: u128, status: MemberStatus, exemption: Option<ExemptionKind>) -> Candidate {
    let member_id = PartyMemberId(Uuid::from_u128(n));
    Candidate {
        member_id,
        account_id: AccountId(Uuid::from_u128(n)),
        status,
        unit_id: BRANCH,
        entered_on: Some(day("2020-01-01")),
        left_on: None,
        exemptions: exemption
            .map(|kind| Exemption {
                id: ExemptionId(Uuid::from_u128(n)),
                member_id,
                kind,
                reason: "长期病假".into(),
                starts_on: day("2026-06-01"),
                ends_on: Some(day("2026-06-05")),
            })
            .into_iter()
            .collect(),
    }
}

#[test]
fn who_is_expected_and_who_votes() {
    let members = [
        candidate(1, MemberStatus::Full, None),
        candidate(2, MemberStatus::Probationary, None),
        candidate(3, MemberStatus::Full, Some(ExemptionKind::NotExpected)),
        candidate(4, MemberStatus::Full, Some(ExemptionKind::StudyHours)),
        candidate(5, MemberStatus::Full, Some(ExemptionKind::NoVote)),
        Candidate { left_on: Some(day("2026-06-05")), ..candidate(6, MemberStatus::Full, None) },
        Candidate { entered_on: Some(day("2026-06-06")), ..candidate(7, MemberStatus::Full, None) },
    ];
    let guests = [candidate(8, MemberStatus::Full, None), candidate(1, MemberStatus::Full, None)];
    let list = |on| {
        expected(Audience::Roster, &members, &guests, day(on))
            .iter()
            .map(|a| (a.member_id.0.as_u128(), a.counted, a.votes, a.exclusion))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        list("2026-06-05"),
        [
            (1, true, true, None),
            (2, true, false, None),
            (3, false, false, Some(ExclusionReason::Exempt)),
            (4, true, true, None),
            (5, true, false, None),
            (8, false, false, Some(ExclusionReason::Guest)),
        ]
    );
    // The next day the exemptions have ended and the newcomer has entered.
    assert_eq!(list("2026-06-06").iter().filter(|(_, _, votes, _)| *votes).count(), 5);
    let chosen = expected(Audience::Chosen, &members[..1], &[], day("2026-06-05"));
    assert_eq!(chosen[0].source, AttendeeSource::Chosen);
}

#[test]
fn a_quorum_is_more_than_half_in_whole_numbers() {
    assert!(!Quorum::ORDINARY.met(5, 10) && Quorum::ORDINARY.met(6, 10) && Quorum::ORDINARY.met(5, 9));
    assert!(!Quorum::ELECTION.met(8, 10) && Quorum::ELECTION.met(9, 10));
    assert!(!Quorum::ORDINARY.met(0, 0));
    assert!(Quorum::ELECTION.met(u32::MAX, u32::MAX));
}

#[test]
fn figures_add_up_and_the_rate_is_a_whole_number() {
    let tally = Tally { expected: 30, present: 20, late: 3, on_leave: 4, absent: 3, ..Tally::default() };
    let total: AttendanceFigures = [AttendanceFigures::of(&tally); 2].into_iter().sum();
    assert_eq!((total.held, total.expected, total.rate_permille()), (2, 60, Some(766)));
    assert_eq!(AttendanceFigures::default().rate_permille(), None);
    let member = AttendanceFigures::of_member(Some(AttendanceState::Late));
    assert_eq!((member.late, member.rate_permille()), (1, Some(1000)));
}

#[test]
fn a_month_is_the_hosts_month() {
    let zone: chrono_tz::Tz = "Asia/Shanghai".parse().unwrap();
    let new_year = "2025-12-31T16:00:00Z".parse().unwrap();
    assert_eq!(YearMonth::of(new_year, zone), YearMonth { year: 2026, month: 1 });
    let never = TimeWindow { starts_at: DateTime::<Utc>::MAX_UTC, ends_at: DateTime::<Utc>::MAX_UTC };
    assert!(never.day(zone) > day("9999-12-31"));
}

fn state() -> impl Strategy<Value = Option<AttendanceState>> {
    use AttendanceState::*;
    prop::option::of(prop::sample::select(vec![Present, Late, OnLeave, Absent]))
}

proptest! {
    #[test]
    fn a_tally_adds_up_in_any_order(
        people in prop::collection::vec((any::<bool>(), any::<bool>(), state()), 0..60).prop_shuffle(),
        turn in 0_usize..60,
    ) {
        let mut list: Vec<_> = people
            .iter()
            .map(|(counted, votes, state)| {
                (Attendee { counted: *counted, votes: *counted && *votes, ..attendee(1) }, *state)
            })
            .collect();
        let tally = Tally::of(list.iter().map(|(who, state)| (who, *state)));
        let known = tally.present + tally.late + tally.on_leave + tally.absent;
        prop_assert_eq!(tally.expected, known + tally.pending());
        prop_assert!(tally.present_voters <= tally.expected_voters && tally.expected_voters <= tally.expected);
        prop_assert!(tally.present_voters <= tally.present + tally.late);
        prop_assert_eq!(tally.quorum_met(), tally.present_voters * 2 > tally.expected_voters);
        let turn = turn.min(list.len());
        list.rotate_left(turn);
        prop_assert_eq!(tally, Tally::of(list.iter().map(|(who, state)| (who, *state))));
    }
}

#[test]
fn who_has_a_record_stays_on_a_list_that_is_drawn_anew() {
    let before = [attendee(1), attendee(2), attendee(3)];
    let recorded = [attendee(1).member_id, attendee(2).member_id].into();
    let list = redrawn(&before, vec![attendee(2), attendee(4)], &recorded);
    assert_eq!(list, vec![attendee(2), attendee(4), attendee(1)]);
}
