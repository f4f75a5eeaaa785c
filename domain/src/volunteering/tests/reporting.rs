use super::*;

fn refused(service: Service, booked: &[Booked], now: DateTime<Utc>) -> HourReportRefusal {
    let id = ServiceHourEntryId(Uuid::from_u128(9));
    report(2, service).enter(id, booked, Shanghai, &rules(), now).unwrap_err()
}

#[test]
fn hours_are_whole_minutes_without_the_way() {
    let mut service = service(0, 120);
    service.travel_minutes = 30;
    service.window.starts_at += Duration::seconds(59);
    let entry = enter(1, service, &[]).unwrap();
    assert_eq!((entry.minutes, entry.served_on.to_string()), (90, "2026-03-05".into()));
    assert_eq!(entry.service.window.starts_at, at(0));
    assert_eq!((entry.state(), entry.origin), (HourState::Reported, HourOrigin::SelfReported));
    assert_eq!(entry.counted_minutes(), 0);
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let later = at(5_000);
    let mut travel = service(0, 60);
    travel.travel_minutes = 60;
    let mut backwards = travel.clone();
    backwards.travel_minutes = -1;
    for (service, now, why) in [
        (service(0, 60), at(59), HourReportRefusal::InFuture),
        (service(60, 60), later, HourReportRefusal::EndsBeforeStart),
        (service(60, 0), later, HourReportRefusal::EndsBeforeStart),
        (service(0, 24 * 60 + 1), later, HourReportRefusal::LongerThanADay),
        (service(0, 60), at(60) + Duration::days(31), HourReportRefusal::TooOld),
        (travel, later, HourReportRefusal::BadTravel),
        (backwards, later, HourReportRefusal::BadTravel),
    ] {
        assert_eq!(refused(service, &[], now), why);
    }
}

#[test]
fn words_must_say_something_and_pictures_are_references() {
    let of = |change: fn(&mut Service)| {
        let mut service = service(0, 60);
        change(&mut service);
        refused(service, &[], at(100))
    };
    assert_eq!(of(|s| s.place = " ".into()), HourReportRefusal::BadPlace);
    assert_eq!(of(|s| s.content = "\u{200B}".into()), HourReportRefusal::BadContent);
    assert_eq!(of(|s| s.beneficiary = "长".repeat(101)), HourReportRefusal::BadBeneficiary);
    assert_eq!(of(|s| s.beneficiary_count = Some(0)), HourReportRefusal::BadBeneficiary);
    assert_eq!(of(|s| s.pictures = vec!["a".into(); 10]), HourReportRefusal::BadPictures);
    assert_eq!(of(|s| s.pictures = vec!["图 片".into()]), HourReportRefusal::BadPictures);
}

#[test]
fn nobody_serves_twice_at_the_same_time() {
    let first = [booked(&reported())];
    assert_eq!(refused(service(0, 120), &first, at(500)), HourReportRefusal::Duplicate);
    for (from, until) in [(-60, 1), (119, 180), (30, 60), (-60, 180)] {
        assert_eq!(refused(service(from, until), &first, at(500)), HourReportRefusal::Overlap);
    }
    assert!(enter(2, service(120, 180), &first).is_ok() && enter(2, service(-60, 0), &first).is_ok());
}

#[test]
fn a_day_holds_no_more_than_a_day() {
    // From 1:00 to 23:59.
    let long = booked(&enter(1, service(-480, 899), &[]).unwrap());
    let early = service(-540, -480);
    let rules = rules_with(RuleKey::ServiceDayHours, 8);
    let id = ServiceHourEntryId(Uuid::from_u128(2));
    let now = at(5_000);
    let refusal = report(1, early.clone()).enter(id, &[long], Shanghai, &rules, now).unwrap_err();
    assert_eq!(refusal, HourReportRefusal::DayFull);
    assert!(report(1, early).enter(id, &[long], Shanghai, &super::rules(), now).is_ok());
}

#[test]
fn what_goes_on_past_midnight_counts_for_both_days() {
    // From 20:00 to 2:00, with a cap of six hours.
    let over_midnight = booked(&enter(1, service(660, 1_020), &[]).unwrap());
    let rules = rules_with(RuleKey::ServiceDayHours, 6);
    let try_with = |other: Booked, service| {
        let id = ServiceHourEntryId(Uuid::from_u128(2));
        report(1, service).enter(id, &[other], Shanghai, &rules, at(5_000)).map(|entry| entry.minutes)
    };
    let full = Err(HourReportRefusal::DayFull);
    // Four hours of it are the first day's, two the next one's.
    assert_eq!(try_with(over_midnight, service(0, 120)), Ok(120));
    assert_eq!(try_with(over_midnight, service(0, 121)), full);
    assert_eq!(try_with(over_midnight, service(1_080, 1_320)), Ok(240));
    assert_eq!(try_with(over_midnight, service(1_080, 1_321)), full);
    // Its own second day counts, too: beside five hours of that day it may go on until 1:00.
    let next_day = booked(&enter(3, service(1_440, 1_740), &[]).unwrap());
    assert_eq!(try_with(next_day, service(840, 960)), Ok(120));
    assert_eq!(try_with(next_day, service(840, 961)), full);
    // What was corrected, or was the way there, takes up no more than its minutes.
    assert_eq!(try_with(Booked { minutes: 60, ..over_midnight }, service(0, 300)), Ok(300));
}

#[test]
fn a_returned_entry_keeps_no_day_open() {
    let verdict = Verdict::Return { reason: "请核对时间".into() };
    let returned = reported().review(verdict, SECRETARY, &rules(), at(300)).unwrap();
    let later = at(300) + Duration::days(90);
    let again = |day: i64| {
        let from = day * 24 * 60;
        returned.clone().revise(service(from, from + 60), &[], Shanghai, &rules(), later)
    };
    assert_eq!(again(40), Err(HourReportRefusal::TooOld));
    assert_eq!(again(65).unwrap().flags.list(), [HourFlag::LateReported]);
    assert_eq!(again(85).unwrap().flags.list(), []);
    assert_eq!(again(0).unwrap().flags.list(), [], "what was told of in time isn't late");
}

#[test]
fn hints_are_for_the_reviewer() {
    let flags = |service, booked: &[Booked]| enter(1, service, booked).unwrap().flags.list();
    assert_eq!(flags(service(0, 120), &[]), []);
    assert_eq!(flags(service(0, 8 * 60 + 1), &[]), [HourFlag::Long]);
    // 22:59 to 23:00 isn't night, a minute later is, and so is 4:59.
    assert_eq!(flags(service(839, 840), &[]), []);
    assert_eq!(flags(service(839, 841), &[]), [HourFlag::Night]);
    assert_eq!(flags(service(-241, -120), &[]), [HourFlag::Night]);
    assert_eq!(flags(service(-240, -120), &[]), []);
    let much = Booked { minutes: 60 * 60 - 119, ..booked(&enter(2, service(-2_000, -1_000), &[]).unwrap()) };
    assert_eq!(flags(service(0, 120), &[much]), [HourFlag::UnusualMonth]);
    let late = report(1, service(0, 60)).enter(
        ServiceHourEntryId(Uuid::from_u128(3)),
        &[],
        Shanghai,
        &rules(),
        at(61) + Duration::days(14),
    );
    let late = late.unwrap().flags;
    assert_eq!((late.list(), late.count()), (vec![HourFlag::LateReported], 1));
    assert_eq!(HourFlags::from_stored(late.stored() | 1 << 20), late);
}

#[test]
fn what_was_returned_may_be_sent_again_even_after_the_days_for_reports() {
    let verdict = Verdict::Return { reason: "请补充服务内容".into() };
    let returned = reported().review(verdict, SECRETARY, &rules(), at(300)).unwrap();
    let much_later = at(300) + Duration::days(90);
    let again = returned.clone().revise(service(0, 90), &[], Shanghai, &rules(), much_later).unwrap();
    assert_eq!((again.state(), again.minutes, again.version), (HourState::Reported, 90, 3));
    // Its own time doesn't stand in its way.
    assert!(reported().revise(service(0, 119), &[booked(&reported())], Shanghai, &rules(), at(500)).is_ok());
    let other = [booked(&enter(2, service(120, 180), &[]).unwrap())];
    let overlap = returned.revise(service(60, 150), &other, Shanghai, &rules(), much_later);
    assert_eq!(overlap, Err(HourReportRefusal::Overlap));
    let settled = in_publicity().revise(service(0, 90), &[], Shanghai, &rules(), at(700));
    assert_eq!(settled, Err(HourReportRefusal::Settled));
}

#[test]
fn what_comes_from_a_shift_stays_as_it_is() {
    let shift = ServiceHourEntry { origin: HourOrigin::Shift, ..reported() };
    let revised = shift.revise(service(0, 90), &[], Shanghai, &rules(), at(500));
    assert_eq!(revised, Err(HourReportRefusal::FromShift));
}

#[test]
fn it_is_taken_back_before_it_counts() {
    assert_eq!(reported().withdraw(at(200)).unwrap().state(), HourState::Withdrawn);
    assert_eq!(in_publicity().withdraw(at(700)).unwrap().state(), HourState::Withdrawn);
    assert_eq!(granted().withdraw(at(700)), Err(HourReportRefusal::Settled));
}
