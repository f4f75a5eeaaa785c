use super::*;

fn correct(minutes: i64) -> Verdict {
    Verdict::Correct { minutes, reason: "提前离开".into() }
}

#[test]
fn somebody_else_verifies_once() {
    let own = reported().review(Verdict::Approve, VOLUNTEER, &rules(), at(200));
    assert_eq!(own, Err(HourReviewRefusal::OwnEntry));
    let again = in_publicity().review(Verdict::Approve, SECRETARY, &rules(), at(700));
    assert_eq!(again, Err(HourReviewRefusal::AlreadyReviewed));
}

#[test]
fn a_correction_says_why_and_stays_within_the_time() {
    let corrected = reported().review(correct(60), SECRETARY, &rules(), at(200)).unwrap();
    assert_eq!((corrected.minutes, corrected.service.served_minutes()), (60, 120));
    assert_eq!(corrected.verification().unwrap().correction.as_deref(), Some("提前离开"));
    for minutes in [0, -1, 121] {
        let refused = reported().review(correct(minutes), SECRETARY, &rules(), at(200));
        assert_eq!(refused, Err(HourReviewRefusal::BadMinutes));
    }
    let verdict = Verdict::Return { reason: " ".into() };
    let silent = reported().review(verdict, SECRETARY, &rules(), at(200));
    assert_eq!(silent, Err(HourReviewRefusal::BadReason));
}

#[test]
fn it_counts_when_the_notice_is_over() {
    let until = at(600) + Duration::days(7);
    assert_eq!(in_publicity().due_at(false), Some(until));
    let early = in_publicity().grant(false, until - Duration::seconds(1)).unwrap_err();
    assert_eq!(early, HourReviewRefusal::NotDue);
    let (entry, posting) = in_publicity().grant(false, until).unwrap();
    assert_eq!((entry.counted_minutes(), posting.delta(), posting.year), (120, 120, 2026));
    assert_eq!(entry.grant(false, until).unwrap_err(), HourReviewRefusal::NotDue);
    let long = rules_with(RuleKey::PublicityDays, 14);
    let longer = reported().review(Verdict::Approve, SECRETARY, &long, at(600)).unwrap();
    assert_eq!(longer.due_at(false), Some(at(600) + Duration::days(14)));
    assert_eq!(*RuleKey::PublicityDays.bounds().1.start(), 7, "as the regulation says");
}

#[test]
fn what_was_verified_by_mistake_is_returned_during_the_notice() {
    let verdict = || Verdict::Return { reason: "误核".into() };
    let returned = in_publicity().review(verdict(), SECRETARY, &rules(), at(700)).unwrap();
    assert_eq!((returned.state(), returned.due_at(false)), (HourState::Returned, None));
    let own = in_publicity().review(verdict(), VOLUNTEER, &rules(), at(700));
    assert_eq!(own, Err(HourReviewRefusal::OwnEntry));
    for settled in [granted(), returned] {
        let again = settled.review(verdict(), SECRETARY, &rules(), at(800));
        assert_eq!(again, Err(HourReviewRefusal::AlreadyReviewed));
    }
    let corrected = in_publicity().review(correct(60), SECRETARY, &rules(), at(700));
    assert_eq!(corrected, Err(HourReviewRefusal::AlreadyReviewed), "the notice shows what was verified");
}

fn objection(by: AccountId) -> Objection {
    let objector = Objector { id: ObjectionId(Uuid::from_u128(7)), account_id: by };
    in_publicity().object(objector, &[], "当天不在场", at(700)).unwrap()
}

#[test]
fn an_open_objection_holds_it_up() {
    let until = at(600) + Duration::days(7);
    assert_eq!(in_publicity().grant(true, until).unwrap_err(), HourReviewRefusal::NotDue);
    let neighbour = AccountId(Uuid::from_u128(2));
    let upheld = objection(neighbour).decide(&in_publicity(), true, "经核实不在场", OFFICE, at(800)).unwrap();
    let back = in_publicity().disputed(&upheld);
    assert_eq!((upheld.state(), back.state()), (ObjectionState::Upheld, HourState::Returned));
    let dismissed = objection(neighbour).decide(&in_publicity(), false, "有照片", OFFICE, at(800)).unwrap();
    assert_eq!(in_publicity().disputed(&dismissed), in_publicity());
    assert_eq!(granted().disputed(&upheld), granted(), "what counts is reversed, never undone");
}

#[test]
fn who_objects_and_who_decides() {
    let neighbour = AccountId(Uuid::from_u128(2));
    let by = |account_id| Objector { id: ObjectionId(Uuid::nil()), account_id };
    let open = [objection(neighbour)];
    let object = |who, earlier: &[Objection], when| in_publicity().object(by(who), earlier, "不实", when);
    assert_eq!(object(VOLUNTEER, &[], at(700)), Err(ObjectionRefusal::OwnEntry));
    assert_eq!(object(neighbour, &open, at(700)), Err(ObjectionRefusal::AlreadyObjected));
    assert!(object(OFFICE, &open, at(700)).is_ok());
    let over = at(600) + Duration::days(7);
    assert_eq!(object(neighbour, &[], over), Err(ObjectionRefusal::NotInPublicity));
    let decide = |by| objection(neighbour).decide(&in_publicity(), false, "属实", by, at(800));
    assert_eq!(decide(VOLUNTEER), Err(ObjectionRefusal::OwnEntry));
    assert_eq!(decide(neighbour), Err(ObjectionRefusal::OwnObjection));
    assert_eq!(decide(SECRETARY), Err(ObjectionRefusal::OwnApproval));
    let decided = decide(OFFICE).unwrap();
    let again = decided.decide(&in_publicity(), true, "属实", OFFICE, at(900));
    assert_eq!(again, Err(ObjectionRefusal::AlreadyDecided));
}

#[test]
fn the_member_objects_to_a_correction_once() {
    let corrected = || reported().review(correct(60), SECRETARY, &rules(), at(600)).unwrap();
    let own = Objector { id: ObjectionId(Uuid::from_u128(8)), account_id: VOLUNTEER };
    let raised = corrected().object(own, &[], "当天没有提前离开", at(700)).unwrap();
    let decide = |by, upheld| raised.clone().decide(&corrected(), upheld, "经核实", by, at(800));
    assert_eq!(decide(VOLUNTEER, true), Err(ObjectionRefusal::OwnEntry));
    assert_eq!(decide(SECRETARY, true), Err(ObjectionRefusal::OwnApproval));
    let dismissed = decide(OFFICE, false).unwrap();
    assert_eq!(corrected().disputed(&dismissed), corrected());
    let again = corrected().object(own, &[dismissed], "当天没有提前离开", at(900));
    assert_eq!(again, Err(ObjectionRefusal::AlreadyObjected));
    let upheld = decide(OFFICE, true).unwrap();
    let anew = corrected().disputed(&upheld);
    assert_eq!(
        (anew.state(), anew.minutes),
        (HourState::Reported, 120),
        "it is looked at again, as reported"
    );
    // Corrected again, it may be objected to again.
    let twice = anew.review(correct(90), OFFICE, &rules(), at(1_000)).unwrap();
    assert!(twice.object(own, &[upheld], "仍不属实", at(1_100)).is_ok());
}

#[test]
fn objections_are_settled_with_the_entry() {
    let neighbour = AccountId(Uuid::from_u128(2));
    let (one, two) = (objection(neighbour), objection(OFFICE));
    let upheld = one.decide(&in_publicity(), true, "属实", AccountId(Uuid::from_u128(3)), at(800)).unwrap();
    let with_it = two.clone().settled_with(&upheld, &in_publicity(), at(800));
    assert_eq!((with_it.state(), with_it.answer()), (ObjectionState::Upheld, Some("属实")));
    let of_member = Objection { account_id: VOLUNTEER, ..two.clone() };
    let beside = of_member.settled_with(&upheld, &in_publicity(), at(800));
    assert_eq!((beside.state(), beside.answer()), (ObjectionState::Lapsed, Some("属实")));
    let gone = two.lapse(None, at(801));
    assert_eq!(
        (gone.state(), gone.answer(), gone.settled_at()),
        (ObjectionState::Lapsed, None, Some(at(801)))
    );
}

#[test]
fn what_was_granted_is_reversed_or_counted_anew() {
    let (anew, posting) = granted().recalculate(OFFICE, 90, "扣除休息", at(900)).unwrap();
    assert_eq!((anew.counted_minutes(), posting.before, posting.after), (90, 120, 90));
    let (gone, posting) = anew.reverse(OFFICE, "误报", at(901)).unwrap();
    assert_eq!((gone.state(), gone.counted_minutes(), posting.delta()), (HourState::Reversed, 0, -90));
    assert_eq!(gone.reverse(OFFICE, "误报", at(902)).unwrap_err(), HourReviewRefusal::NotGranted);
    assert_eq!(granted().reverse(VOLUNTEER, "误报", at(902)).unwrap_err(), HourReviewRefusal::OwnEntry);
    let same = granted().recalculate(OFFICE, 120, "无", at(902)).unwrap_err();
    assert_eq!(same, HourReviewRefusal::SameMinutes);
    let early = in_publicity().reverse(OFFICE, "误报", at(902)).unwrap_err();
    assert_eq!(early, HourReviewRefusal::NotGranted);
}

#[test]
fn stars_by_verified_hours() {
    use VolunteerStarLevel::*;
    for (hours, level) in [
        (0, None),
        (99, None),
        (100, Some(One)),
        (300, Some(Two)),
        (600, Some(Three)),
        (1_000, Some(Four)),
        (1_499, Some(Four)),
        (1_500, Some(Five)),
    ] {
        assert_eq!(star_level(hours * 60, &rules()), level, "{hours}");
    }
    assert_eq!(star_level(100 * 60 - 1, &rules()), None);
    assert_eq!(star_level(50 * 60, &rules_with(RuleKey::StarOneHours, 50)), Some(One));
}

#[test]
fn a_recalculation_is_undone_when_the_member_is_right() {
    let (granted, _) = in_publicity().grant(false, at(20_000)).unwrap();
    let own = Objector { id: ObjectionId(Uuid::from_u128(9)), account_id: VOLUNTEER };
    let object = |entry: &ServiceHourEntry, when| entry.object(own, &[], "没有休息", at(when));
    assert_eq!(
        object(&granted, 20_001),
        Err(ObjectionRefusal::NotInPublicity),
        "it counts as it was verified"
    );
    let before = granted.minutes;
    let (anew, _) = granted.recalculate(SECRETARY, 30, "扣除休息", at(20_010)).unwrap();
    let raised = object(&anew, 20_020).unwrap();
    let other = Objector { account_id: OFFICE, ..own };
    assert_eq!(anew.object(other, &[], "不实", at(20_020)), Err(ObjectionRefusal::NotInPublicity));
    let dismissed = raised.clone().decide(&anew, false, "有记录", OFFICE, at(20_030)).unwrap();
    assert_eq!(anew.restored(&dismissed, before), None);
    let upheld = raised.decide(&anew, true, "经核实没有休息", OFFICE, at(20_030)).unwrap();
    let (restored, posting) = anew.restored(&upheld, before).unwrap();
    assert_eq!((restored.counted_minutes(), posting.delta()), (before, before - 30));
    assert_eq!(object(&restored, 20_040), Err(ObjectionRefusal::OwnEntry), "nothing is corrected any more");
}
