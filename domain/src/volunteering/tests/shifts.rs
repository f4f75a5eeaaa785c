use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::{
    id::{SignUpId, VolunteerProjectId, VolunteerShiftId},
    member::BirthMonth,
};

pub(super) fn project() -> VolunteerProject {
    let project = VolunteerProject {
        id: VolunteerProjectId(Uuid::from_u128(1)),
        unit_id: OrgUnitId(Uuid::from_u128(1)),
        team_id: None,
        name: "清洁家园".into(),
        description: Some(" ".into()),
        beneficiary: None,
        created_by: SECRETARY,
        created_at: at(0),
        ended_at: None,
    };
    project.begin(None).unwrap()
}

/// Two hours of tomorrow for two volunteers.
fn new_shift() -> NewShift {
    let day = 24 * 60;
    NewShift {
        id: VolunteerShiftId(Uuid::from_u128(1)),
        window: TimeWindow { starts_at: at(day), ends_at: at(day + 120) },
        place: "芙蓉社区".into(),
        capacity: 2,
        skills: vec![],
        minimum_age: None,
        created_by: SECRETARY,
    }
}

fn draft() -> VolunteerShift {
    new_shift().plan(&project(), at(0)).unwrap()
}

pub(super) fn published() -> VolunteerShift {
    draft().publish(at(0)).unwrap()
}

pub(super) fn volunteer(n: u128) -> Volunteer {
    Volunteer {
        member_id: PartyMemberId(Uuid::from_u128(n)),
        account_id: AccountId(Uuid::from_u128(n)),
        birth: Some(BirthMonth { year: 1990, month: 3 }),
        has_skills: false,
        is_elsewhere: false,
    }
}

pub(super) fn join(
    shift: &VolunteerShift,
    n: u128,
    all: &[SignUp],
    minute: i64,
) -> Result<SignUp, SignUpRefusal> {
    let id = SignUpId(Uuid::from_u128(u128::try_from(minute).unwrap() * 100 + n));
    shift.sign_up(id, volunteer(n), all, &HashSet::new(), "2026-03-06".parse().unwrap(), at(minute))
}

#[test]
fn who_comes_first_has_a_place_and_the_others_wait() {
    let mut all = vec![];
    for n in 1..=4 {
        let next = join(&published(), n, &all, 10).unwrap();
        all.push(next);
    }
    let states: Vec<_> = all.iter().map(SignUp::state).collect();
    use SignUpState::{SignedUp, Waiting};
    assert_eq!(states, [SignedUp, SignedUp, Waiting, Waiting]);
    assert_eq!(join(&published(), 3, &all, 11).unwrap(), all[2], "a repeat answers the first");
    assert_eq!(join(&draft(), 5, &all, 11), Err(SignUpRefusal::NotPublished));
    assert_eq!(join(&published(), 5, &all, 24 * 60), Err(SignUpRefusal::Started));
}

#[test]
fn a_place_that_becomes_free_is_offered_and_goes_on_when_nobody_confirms() {
    let shift = published();
    let mut all = vec![];
    for n in 1..=4 {
        let next = join(&shift, n, &all, 10).unwrap();
        all.push(next);
    }
    all[0] = all[0].clone().withdraw(&shift, at(20)).unwrap();
    let moved = shift.move_up(&all, &HashSet::new(), &rules(), at(20));
    assert_eq!(moved.len(), 1);
    assert_eq!((moved[0].member_id, moved[0].due_at()), (all[2].member_id, Some(at(20 + 12 * 60))));
    all[2] = moved[0].clone();
    assert_eq!(join(&shift, 5, &all, 21).unwrap().state(), SignUpState::Waiting, "nobody passes who waits");
    assert_eq!(shift.move_up(&all, &HashSet::new(), &rules(), at(21)), []);
    let too_late = at(20 + 12 * 60);
    assert_eq!(all[2].clone().confirm(&shift, false, too_late), Err(SignUpRefusal::NotOffered));
    let moved = shift.move_up(&all, &HashSet::new(), &rules(), too_late);
    let states: Vec<_> = moved.iter().map(SignUp::state).collect();
    assert_eq!(states, [SignUpState::Lapsed, SignUpState::Offered]);
    // The deadline never lies after the start.
    assert_eq!(moved[1].due_at(), Some(shift.window.starts_at));
    let confirmed = moved[1].clone().confirm(&shift, false, too_late).unwrap();
    assert_eq!(confirmed.state(), SignUpState::SignedUp);
    assert_eq!(confirmed.clone().confirm(&shift, false, too_late), Ok(confirmed));
}

#[test]
fn who_is_elsewhere_by_now_is_passed_over_and_goes_on_waiting() {
    let shift = VolunteerShift { capacity: 1, ..published() };
    let mut all = vec![];
    for n in 1..=3 {
        let next = join(&shift, n, &all, 10).unwrap();
        all.push(next);
    }
    let busy = HashSet::from([all[1].member_id]);
    all[0] = all[0].clone().withdraw(&shift, at(20)).unwrap();
    let moved = shift.move_up(&all, &busy, &rules(), at(20));
    assert_eq!(moved.iter().map(|s| s.member_id).collect::<Vec<_>>(), [all[2].member_id]);
    let alone = all[..2].to_vec();
    assert_eq!(shift.move_up(&alone, &busy, &rules(), at(20)), []);
    let next = |busy: &HashSet<_>| {
        let day = "2026-03-06".parse().unwrap();
        shift.sign_up(SignUpId(Uuid::nil()), volunteer(4), &alone, busy, day, at(21)).unwrap().state()
    };
    assert_eq!(next(&busy), SignUpState::SignedUp, "the free place is nobody else's");
    assert_eq!(next(&HashSet::new()), SignUpState::Waiting);
    let confirm = |is_elsewhere| moved[0].clone().confirm(&shift, is_elsewhere, at(21)).map(|s| s.state());
    assert_eq!(confirm(true), Err(SignUpRefusal::Overlap));
    assert_eq!(confirm(false), Ok(SignUpState::SignedUp));
}

#[test]
fn skills_age_and_other_shifts_are_looked_at() {
    let day = "2026-03-06".parse().unwrap();
    let try_with = |shift: &VolunteerShift, volunteer| {
        shift.sign_up(SignUpId(Uuid::nil()), volunteer, &[], &HashSet::new(), day, at(5)).map(|s| s.state())
    };
    let skilled = VolunteerShift { skills: vec!["电工".into()], ..published() };
    assert_eq!(try_with(&skilled, volunteer(1)), Err(SignUpRefusal::SkillsNeeded));
    assert!(try_with(&skilled, Volunteer { has_skills: true, ..volunteer(1) }).is_ok());
    let grown = VolunteerShift { minimum_age: Some(36), ..published() };
    assert_eq!(try_with(&grown, volunteer(1)), Err(SignUpRefusal::TooYoung), "36 this month, perhaps later");
    let older = Volunteer { birth: Some(BirthMonth { year: 1990, month: 2 }), ..volunteer(1) };
    assert!(try_with(&grown, older).is_ok());
    assert_eq!(try_with(&grown, Volunteer { birth: None, ..volunteer(1) }), Err(SignUpRefusal::TooYoung));
    let busy = Volunteer { is_elsewhere: true, ..volunteer(1) };
    assert_eq!(try_with(&published(), busy), Err(SignUpRefusal::Overlap));
}

#[test]
fn a_shift_is_planned_published_cancelled_and_counted() {
    let planned = |change: fn(&mut NewShift)| {
        let mut shift = new_shift();
        change(&mut shift);
        shift.plan(&project(), at(0)).map(|_| ())
    };
    assert_eq!(planned(|s| s.window.ends_at = s.window.starts_at), Err(ShiftRefusal::EndsBeforeStart));
    assert_eq!(planned(|s| s.window.ends_at += Duration::hours(23)), Err(ShiftRefusal::TooLong));
    assert_eq!(planned(|s| s.window.starts_at = at(0)), Err(ShiftRefusal::TooLong));
    assert_eq!(planned(|s| s.capacity = 0), Err(ShiftRefusal::BadCapacity));
    assert_eq!(planned(|s| s.minimum_age = Some(13)), Err(ShiftRefusal::BadAge));
    assert_eq!(planned(|s| s.skills = vec!["技".into(); 11]), Err(ShiftRefusal::BadSkills));
    assert_eq!(planned(|s| s.place = String::new()), Err(ShiftRefusal::BadPlace));
    assert_eq!(new_shift().plan(&project(), at(24 * 60)), Err(ShiftRefusal::BadTime));
    let ended = project().end(false, at(1)).unwrap();
    assert_eq!(new_shift().plan(&ended, at(2)), Err(ShiftRefusal::ProjectEnded));
    assert_eq!(ended.end(false, at(2)), Err(VolunteerProjectRefusal::Ended));
    assert_eq!(project().end(true, at(2)), Err(VolunteerProjectRefusal::HasShifts));
    assert_eq!(published().publish(at(1)), Err(ShiftRefusal::AlreadyPublished));
    assert_eq!(draft().publish(at(24 * 60)), Err(ShiftRefusal::Started));
    let cancelled = published().cancel("暴雨", at(1)).unwrap();
    assert_eq!(cancelled.clone().cancel("暴雨", at(2)), Err(ShiftRefusal::Cancelled));
    assert_eq!(join(&cancelled, 1, &[], 3), Err(SignUpRefusal::Cancelled));
    assert_eq!(published().cancel("暴雨", at(24 * 60)), Err(ShiftRefusal::Started));
    let heads = HeadCount { beneficiaries: 30, groups: 2 };
    assert_eq!(published().count_heads(heads, at(1)), Err(ShiftRefusal::NotStarted));
    assert_eq!(published().count_heads(heads, at(24 * 60)).unwrap().head_count, heads);
    let negative = HeadCount { beneficiaries: -1, groups: 0 };
    assert_eq!(published().count_heads(negative, at(24 * 60)), Err(ShiftRefusal::BadCount));
}

#[test]
fn a_shift_is_changed_as_far_as_it_has_come() {
    use ShiftRefusal::*;
    let day = 24 * 60;
    let later =
        ShiftChange { starts_at: Some(at(day + 30)), ends_at: Some(at(day + 200)), ..Default::default() };
    let moved = published().change(later.clone(), false, at(5)).unwrap();
    assert!(moved.is_elsewhere_than(&published()));
    assert_eq!(moved.version, published().version + 1);
    assert!(
        !draft().change(later.clone(), false, at(5)).unwrap().is_elsewhere_than(&draft()),
        "nobody knew it"
    );
    assert_eq!(published().change(later.clone(), true, at(day - 5)), Err(SomebodyThere));
    assert_eq!(published().change(later.clone(), false, at(day)), Err(Started));
    assert!(draft().change(later.clone(), false, at(day)).is_ok(), "a draft hasn't begun");
    let larger = ShiftChange { capacity: Some(9), place: Some("曲水亭街".into()), ..Default::default() };
    let changed = published().change(larger.clone(), true, at(day + 60)).unwrap();
    assert_eq!((changed.capacity, changed.window), (9, published().window));
    assert_eq!(published().change(larger.clone(), true, at(day + 120)), Err(Over));
    assert_eq!(published().cancel("暴雨", at(1)).unwrap().change(larger, false, at(2)), Err(Cancelled));
    let with = |change: ShiftChange| published().change(change, false, at(5)).map(|s| s.minimum_age);
    assert_eq!(with(ShiftChange { ends_at: Some(at(day)), ..Default::default() }), Err(EndsBeforeStart));
    assert_eq!(with(ShiftChange { starts_at: Some(at(4)), ..Default::default() }), Err(TooLong));
    assert_eq!(with(ShiftChange { capacity: Some(0), ..Default::default() }), Err(BadCapacity));
    assert_eq!(with(ShiftChange { minimum_age: Some(Some(13)), ..Default::default() }), Err(BadAge));
    assert_eq!(with(ShiftChange { minimum_age: Some(Some(18)), ..Default::default() }), Ok(Some(18)));
}

#[test]
fn a_larger_shift_moves_up_who_waits_and_a_smaller_one_takes_no_place_away() {
    let mut all = vec![];
    for n in 1..=4 {
        let next = join(&published(), n, &all, 10).unwrap();
        all.push(next);
    }
    let sized = |n| {
        let change = ShiftChange { capacity: Some(n), ..Default::default() };
        published().change(change, false, at(20)).unwrap()
    };
    let moved = sized(3).move_up(&all, &HashSet::new(), &rules(), at(20));
    assert_eq!(moved.iter().map(|s| s.member_id).collect::<Vec<_>>(), [all[2].member_id]);
    assert_eq!(sized(1).move_up(&all, &HashSet::new(), &rules(), at(20)), []);
}

proptest! {
    #[test]
    fn no_sequence_gives_more_places_than_there_are(
        steps in proptest::collection::vec((0_u8..4, 0_usize..10, 0_i64..200), 1..60),
    ) {
        let shift = published();
        let mut all: Vec<SignUp> = vec![];
        let mut minute = 1;
        for (what, n, wait) in steps {
            minute += wait;
            let now = at(minute);
            match what {
                0 => all.extend(join(&shift, n as u128, &all, minute).ok().filter(|new| !all.contains(new))),
                1 => if let Some(s) = all.get(n).cloned() && let Ok(s) = s.withdraw(&shift, now) { all[n] = s },
                2 => if let Some(s) = all.get(n).cloned() && let Ok(s) = s.confirm(&shift, false, now) { all[n] = s },
                _ => {}
            }
            for moved in shift.move_up(&all, &HashSet::new(), &rules(), now) {
                let place = all.iter().position(|s| s.id == moved.id).unwrap();
                all[place] = moved;
            }
            prop_assert!(all.iter().filter(|s| s.has_place()).count() <= 2);
            let mut live: Vec<_> = all.iter().filter(|s| s.is_live()).map(|s| s.member_id).collect();
            let many = live.len();
            live.sort();
            live.dedup();
            prop_assert_eq!(live.len(), many, "nobody twice");
            let free = all.iter().filter(|s| s.has_place()).count() < 2;
            let waits = all.iter().any(|s| s.state() == SignUpState::Waiting);
            prop_assert!(!(free && waits && !shift.has_started(now)), "no place is free while somebody waits");
        }
    }
}

#[test]
fn the_time_to_confirm_begins_when_the_person_may_be_told() {
    let shift = published();
    let mut all = vec![];
    for n in 1..=3 {
        let next = join(&shift, n, &all, 10).unwrap();
        all.push(next);
    }
    assert_eq!(all[2].clone().told_after(Duration::hours(8), &shift), all[2], "who waits has no deadline");
    all[0] = all[0].clone().withdraw(&shift, at(20)).unwrap();
    let offered = shift.move_up(&all, &HashSet::new(), &rules(), at(20)).remove(0);
    let due = |hours| offered.clone().told_after(Duration::hours(hours), &shift).due_at();
    assert_eq!((due(0), due(8)), (Some(at(20 + 12 * 60)), Some(at(20 + 20 * 60))));
    assert_eq!(due(24), Some(shift.window.starts_at), "at most until it begins");
}
