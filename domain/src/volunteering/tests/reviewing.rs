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
    let short = rules_with(RuleKey::PublicityDays, 0);
    let at_once = reported().review(Verdict::Approve, SECRETARY, &short, at(600)).unwrap();
    assert!(at_once.grant(false, at(600)).is_ok());
}

fn objection(by: AccountId) -> Objection {
    let objector = Objector { id: ObjectionId(Uuid::from_u128(7)), account_id: by, has_open: false };
    in_publicity().object(objector, "当天不在场", at(700)).unwrap()
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
    let objector = |account_id, has_open| Objector { id: ObjectionId(Uuid::nil()), account_id, has_open };
    let object = |o, when| in_publicity().object(o, "不实", when).unwrap_err();
    assert_eq!(object(objector(VOLUNTEER, false), at(700)), ObjectionRefusal::OwnEntry);
    assert_eq!(object(objector(neighbour, true), at(700)), ObjectionRefusal::AlreadyObjected);
    let over = at(600) + Duration::days(7);
    assert_eq!(object(objector(neighbour, false), over), ObjectionRefusal::NotInPublicity);
    let decide = |by| objection(neighbour).decide(&in_publicity(), false, "属实", by, at(800));
    assert_eq!(decide(VOLUNTEER), Err(ObjectionRefusal::OwnEntry));
    assert_eq!(decide(neighbour), Err(ObjectionRefusal::OwnObjection));
    assert_eq!(decide(SECRETARY), Err(ObjectionRefusal::OwnApproval));
    let decided = decide(OFFICE).unwrap();
    let again = decided.decide(&in_publicity(), true, "属实", OFFICE, at(900));
    assert_eq!(again, Err(ObjectionRefusal::AlreadyDecided));
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
