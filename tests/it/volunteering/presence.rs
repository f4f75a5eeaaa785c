//! Coming to a shift and leaving it by its code; the hours that it comes to.

use super::{
    shifts::{join, published},
    *,
};
use crate::both;

/// Two hours of Tuesday afternoon, five minutes before they begin; Member has the only place.
pub(super) async fn at_the_door(world: &World) -> String {
    at_the_door_with(world, json!({})).await
}

/// The same with more said.
pub(super) async fn at_the_door_with(world: &World, more: Value) -> String {
    let id = published(world, more).await;
    let place = json!({ "shiftId": id, "hasSkills": true });
    world.member_of_b1().run(SIGN_UP, place).await.done();
    world.set_clock(begins() - Duration::minutes(5));
    id
}

pub(super) fn begins() -> DateTime<Utc> {
    beijing_time(2026, 3, 3, 15, 0)
}

pub(super) async fn shown(world: &World, id: &str) -> Value {
    world.secretary().gql(SHIFT_CODE, json!({ "id": id })).await.data("/shiftCode").clone()
}

pub(super) async fn qr(world: &World, id: &str) -> String {
    shown(world, id).await["qr"].as_str().unwrap().to_owned()
}

/// Somebody scans what the screen shows now.
pub(super) async fn come(world: &World, who: Who, id: &str) -> Reply {
    let qr = qr(world, id).await;
    world.as_(who).run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })).await
}

/// Somebody leaves by a tap.
pub(super) async fn leave(world: &World, who: Who, id: &str) -> Reply {
    world.as_(who).run(CHECK_OUT_OF_SHIFT, json!({ "shiftId": id })).await
}

pub(super) fn hours(reply: &Reply) -> Value {
    reply.done()["signUp"]["serviceHours"].clone()
}

/// The shift's row as the secretary sees it.
pub(super) async fn row(world: &World, id: &str) -> Value {
    world.secretary().gql(SHIFT_PRESENCE, json!({ "id": id })).await.data("/node").clone()
}

both! {
    async fn from_the_door_to_the_ledger(world: &World) {
        let id = at_the_door(world).await;
        let came = come(world, Who::Member, &id).await;
        assert_eq!(came.done()["signUp"]["checkInMethod"], "QR");
        assert_eq!(came.done()["repeated"], false);
        let again = come(world, Who::Member, &id).await;
        assert_eq!((&again.done()["repeated"], &again.done()["signUp"]), (&json!(true), &came.done()["signUp"]));
        assert_eq!(row(world, &id).await["present"], 1);
        world.set_clock(begins() + Duration::minutes(90));
        let left = leave(world, Who::Member, &id).await;
        let entry = hours(&left);
        assert_eq!((&entry["origin"], &entry["state"]), (&json!("SHIFT"), &json!("REPORTED")));
        assert_eq!((&entry["minutes"], &entry["flags"]), (&json!(90), &json!([])), "from the shift's start on");
        assert_eq!((&entry["content"], &entry["shift"]["id"]), (&json!("清洁家园"), &json!(id)));
        world.pass(Duration::minutes(3));
        let again = leave(world, Who::Member, &id).await;
        assert_eq!((&again.done()["repeated"], hours(&again)), (&json!(true), entry.clone()));
        assert_eq!(come(world, Who::Member, &id).await.refused(), "ALREADY_CHECKED_OUT");
        let seen = row(world, &id).await;
        assert_eq!((&seen["present"], &seen["signUps"][0]["serviceHours"]["id"]), (&json!(0), &entry["id"]));
        let mine = world.member_of_b1().gql(MY_PRESENCE, json!({ "id": id })).await;
        assert_eq!(mine.str("/node/mySignUp/checkedOutAt"), rfc3339(begins() + Duration::minutes(90)).replace(".000Z", "+00:00"));
        assert_eq!(world.member_of_b1().gql(SHIFT_PRESENCE, json!({ "id": id })).await.error_code(), "FORBIDDEN");
        let own = json!({ "id": entry["id"], "service": service(0, 60) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, own).await.refused(), "FROM_SHIFT");
        let to_review = world.secretary().gql(HOURS_TO_REVIEW, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(to_review.str("/serviceHoursToReview/edges/0/node/id"), entry["id"]);
        let reviewed = review(world, Who::Secretary, json!({ "id": entry["id"] })).await;
        assert_eq!(reviewed["entry"]["state"], "IN_PUBLICITY");
        world.pass(Duration::days(7));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 90);
    }
}

both! {
    async fn nobody_verifies_their_own_shift(world: &World) {
        let id = published(world, json!({})).await;
        join(world, Who::Secretary, &id).await.done();
        world.set_clock(begins());
        come(world, Who::Secretary, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let entry = hours(&leave(world, Who::Secretary, &id).await);
        assert_eq!(review(world, Who::Secretary, json!({ "id": entry["id"] })).await["code"], "OWN_ENTRY");
        assert_eq!(review(world, Who::Deputy, json!({ "id": entry["id"] })).await["code"], Value::Null);
    }
}

both! {
    async fn what_is_refused_at_the_door(world: &World) {
        let id = at_the_door(world).await;
        let member = world.member_of_b1();
        assert_eq!(leave(world, Who::Member, &id).await.refused(), "NOT_CHECKED_IN");
        for (input, why) in [
            (json!({ "shiftId": id, "digits": "12345" }), "CODE_WRONG"),
            (json!({ "shiftId": id, "qr": "zhs1.AAAA" }), "CODE_WRONG"),
            (json!({ "qr": "nonsense" }), "CODE_WRONG"),
            (json!({ "shiftId": id }), "CODE_WRONG"),
            (json!({}), "CODE_WRONG"),
        ] {
            assert_eq!(member.run(CHECK_IN_AT_SHIFT, input.clone()).await.refused(), why, "{input}");
        }
        let old = qr(world, &id).await;
        world.pass(Duration::minutes(1));
        assert_eq!(member.run(CHECK_IN_AT_SHIFT, json!({ "qr": old })).await.refused(), "CODE_EXPIRED");
        let full = come(world, Who::Second, &id).await;
        assert_eq!(full.refused(), "NO_PLACE");
        assert_eq!(come(world, Who::Stranger, &id).await.refused(), "NOT_A_MEMBER");
        let foreign = world.as_(Who::ForeignMember);
        assert_eq!(foreign.run(CHECK_IN_AT_SHIFT, json!({ "qr": qr(world, &id).await })).await.refused(), "CODE_WRONG");
        // A meeting room's code opens no shift, and a shift's no meeting room.
        assert_eq!(member.run(CHECK_IN, json!({ "qr": qr(world, &id).await })).await.refused(), "CODE_WRONG");
        world.set_clock(begins() + Duration::hours(2) + Duration::seconds(1));
        assert_eq!(come(world, Who::Member, &id).await.refused(), "CLOSED");
        assert_eq!(world.member_of_b1().gql(SHIFT_CODE, json!({ "id": id })).await.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn too_early_called_off_or_another_shift(world: &World) {
        let one = published(world, json!({})).await;
        let later = json!({ "startsAt": rfc3339(begins() + Duration::hours(4)), "endsAt": rfc3339(begins() + Duration::hours(5)) });
        let two = published(world, later).await;
        join(world, Who::Member, &one).await.done();
        world.set_clock(begins() - Duration::minutes(31));
        assert_eq!(come(world, Who::Member, &one).await.refused(), "NOT_YET_OPEN");
        world.set_clock(begins() - Duration::minutes(30));
        let of_two = json!({ "shiftId": one, "qr": qr(world, &two).await });
        assert_eq!(world.member_of_b1().run(CHECK_IN_AT_SHIFT, of_two).await.refused(), "CODE_OF_ANOTHER_SHIFT");
        come(world, Who::Member, &one).await.done();
        world.secretary().run(CANCEL_SHIFT, json!({ "id": one, "reason": "暴雨" })).await.done();
        assert_eq!(leave(world, Who::Member, &one).await.refused(), "CANCELLED");
        assert_eq!(come(world, Who::Second, &one).await.refused(), "CANCELLED");
        world.set_clock(begins() + Duration::hours(3));
        world.settle().await;
        let seen = row(world, &one).await;
        assert_eq!(seen["signUps"][0]["serviceHours"], Value::Null, "what didn't take place comes to nothing");
    }
}

both! {
    async fn who_comes_without_having_signed_up_takes_a_free_place(world: &World) {
        let id = at_the_door_with(world, json!({ "capacity": 2, "skills": ["电工"] })).await;
        let unskilled = come(world, Who::Second, &id).await;
        assert_eq!(unskilled.refused(), "SKILLS_NEEDED");
        let skilled = json!({ "qr": qr(world, &id).await, "hasSkills": true });
        let came = world.as_(Who::Second).run(CHECK_IN_AT_SHIFT, skilled.clone()).await;
        assert_eq!(came.done()["signUp"]["state"], "SIGNED_UP");
        assert_eq!(world.as_(Who::MemberOfB3).run(CHECK_IN_AT_SHIFT, skilled).await.refused(), "NO_PLACE");
        assert_eq!(row(world, &id).await["taken"], 2);
        let own = json!({ "id": came.done()["signUp"]["id"] });
        assert_eq!(world.as_(Who::Second).run(WITHDRAW_SIGN_UP, own).await.refused(), "CHECKED_IN");
    }
}

both! {
    async fn by_six_digits_with_few_tries(world: &World) {
        // Each server counts for itself.
        world.pin();
        let id = at_the_door(world).await;
        let digits = shown(world, &id).await["digits"].as_str().unwrap().to_owned();
        let wrong = if digits == "000000" { "000001" } else { "000000" };
        let typed = async |digits: &str| world.member_of_b1().run(CHECK_IN_AT_SHIFT, json!({ "shiftId": id, "digits": digits })).await;
        for _ in 0..10 {
            assert_eq!(typed(wrong).await.refused(), "CODE_WRONG");
        }
        assert_eq!(typed(&digits).await.refused(), "TOO_MANY_ATTEMPTS");
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let digits = shown(world, &id).await["digits"].clone();
        let out = world.member_of_b1().run(CHECK_OUT_OF_SHIFT, json!({ "shiftId": id, "digits": digits })).await;
        assert_eq!(out.done()["signUp"]["checkOutMethod"], "DIGITS");
    }
}

both! {
    async fn a_forgotten_check_out_is_closed_at_the_end_capped_and_flagged(world: &World) {
        let most = json!({ "key": "FORGOTTEN_CHECK_OUT_MINUTES", "value": 45, "source": "试点" });
        world.administrator().run(SET_RULE, most).await.done();
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(3) - Duration::seconds(1));
        world.settle().await;
        assert_eq!(row(world, &id).await["present"], 1, "there is an hour to check out");
        world.set_clock(begins() + Duration::hours(3));
        world.settle().await;
        let seen = row(world, &id).await["signUps"][0].clone();
        assert_eq!(seen["checkOutMethod"], "FORGOTTEN");
        let entry = &seen["serviceHours"];
        assert_eq!((&entry["minutes"], &entry["reportedMinutes"]), (&json!(45), &json!(120)));
        assert_eq!(entry["flags"], json!(["FORGOTTEN_CHECK_OUT"]));
        let again = leave(world, Who::Member, &id).await;
        assert_eq!(again.done()["repeated"], true);
        // A reviewer who knows better gives up to the whole.
        let whole = json!({ "id": entry["id"], "minutes": 120, "reason": "全程在场" });
        assert_eq!(review(world, Who::Secretary, whole).await["entry"]["minutes"], 120);
    }
}

both! {
    async fn scans_without_signal_count_from_when_they_were_made(world: &World) {
        let id = at_the_door(world).await;
        let (first, came) = (qr(world, &id).await, world.now());
        world.set_clock(begins() + Duration::minutes(70));
        let (second, left) = (qr(world, &id).await, world.now());
        // Nobody was there, as far as the server knew; the phone is eleven hours fast.
        world.set_clock(begins() + Duration::hours(5));
        world.settle().await;
        let off = Duration::hours(11);
        let scan = |qr: &str, at: DateTime<Utc>| json!({ "qr": qr, "offline": {
            "scannedAt": rfc3339(at + off), "sentAt": rfc3339(world.now() + off) } });
        let member = world.member_of_b1();
        member.run(CHECK_IN_AT_SHIFT, scan(&first, came)).await.done();
        // The worker is faster than the phone: what it closed gives way to the scan.
        world.settle().await;
        let out = member.run(CHECK_OUT_OF_SHIFT, scan(&second, left)).await;
        let entry = hours(&out);
        assert_eq!((&entry["minutes"], &entry["flags"]), (&json!(70), &json!([])));
        let again = member.run(CHECK_OUT_OF_SHIFT, scan(&second, left)).await;
        assert_eq!((&again.done()["repeated"], hours(&again)), (&json!(true), entry));
        let all = member.gql(SERVICE_HOURS, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(all.list("/serviceHours/edges").len(), 1);
        let typed = json!({ "shiftId": id, "digits": "123456", "offline": scan("", came)["offline"] });
        assert_eq!(world.as_(Who::Second).run(CHECK_IN_AT_SHIFT, typed).await.refused(), "OFFLINE_NEEDS_SCAN");
    }
}

both! {
    async fn one_time_is_served_once(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let report = |from: i64, until: i64| json!({ "unitId": world.unit(Unit::B3), "service": with(service(0, 1), json!({
            "startsAt": rfc3339(begins() + Duration::minutes(from)), "endsAt": rfc3339(begins() + Duration::minutes(until)) })) });
        let elsewhere = world.member_of_b1().run(REPORT_HOURS, report(10, 40)).await;
        assert_eq!(elsewhere.refused(), "OVERLAP", "the member is at the shift");
        leave(world, Who::Member, &id).await.done();
        assert_eq!(world.member_of_b1().run(REPORT_HOURS, report(10, 40)).await.refused(), "OVERLAP");
        world.member_of_b1().run(REPORT_HOURS, report(-60, 0)).await.done();
        // The other way round: who has reported the time can't have been at the shift.
        world.as_(Who::Second).run(REPORT_HOURS, report(0, 60)).await.done();
        let two = json!({ "shiftId": id, "memberIds": [world.member(Who::Second)], "at": rfc3339(begins() + Duration::minutes(30)), "reason": "补录" });
        let larger = published(world, json!({ "startsAt": rfc3339(begins() + Duration::minutes(70)), "endsAt": rfc3339(begins() + Duration::minutes(80)) })).await;
        let entered = world.secretary().run(CHECK_IN_VOLUNTEERS, two).await;
        assert_eq!(entered.done()["results"][0]["code"], "NO_PLACE");
        come(world, Who::Second, &larger).await.done();
    }
}

both! {
    async fn what_was_scanned_without_signal_is_sent_together(world: &World) {
        let id = at_the_door(world).await;
        let deed = |name: &str, qr: &str, at: DateTime<Utc>| json!({
            "clientActionId": name, "at": rfc3339(at), "deed": { name: { "qr": qr } } });
        let came = deed("checkInAtShift", &qr(world, &id).await, world.now());
        world.set_clock(begins() + Duration::minutes(30));
        let left = deed("checkOutOfShift", &qr(world, &id).await, world.now());
        world.set_clock(begins() + Duration::hours(4));
        let sent = json!({ "sentAt": rfc3339(world.now()), "actions": [came, left] });
        let first = world.member_of_b1().run(SEND_QUEUED, sent.clone()).await;
        let entry = first.done()["answers"][1]["checkOutOfShift"]["signUp"]["serviceHours"].clone();
        assert_eq!((&entry["minutes"], &entry["flags"]), (&json!(30), &json!([])));
        let again = world.member_of_b1().run(SEND_QUEUED, sent).await;
        assert_eq!(again.done()["answers"][0]["checkInAtShift"]["repeated"], true);
        assert_eq!(again.done()["answers"][1]["checkOutOfShift"]["repeated"], true);
    }
}
