//! Scans made without signal arrive later.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Who, World,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

async fn send(world: &World, who: Who, qr: &str, scanned: DateTime<Utc>, sent: DateTime<Utc>) -> Reply {
    let offline = json!({ "scannedAt": rfc3339(scanned), "sentAt": rfc3339(sent) });
    world.as_(who).run(CHECK_IN, json!({ "qr": qr, "offline": offline })).await
}

fn claim(reply: &Reply) -> Value {
    assert_eq!(reply.done()["attendance"], json!(null), "{}", reply.text);
    reply.done()["claim"].clone()
}

both! {
    async fn a_scan_counts_from_when_it_was_made(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.set_clock(end() + Duration::hours(1));
        let reply = send(world, Who::Member, &qr, scanned, world.now()).await;
        let attendance = &reply.done()["attendance"];
        assert_eq!(attendance["state"], "PRESENT");
        assert_eq!(attendance["method"], "OFFLINE_QR");
        assert!(attendance["occurredAt"].as_str().unwrap() < rfc3339(start()).as_str());
        let again = send(world, Who::Member, &qr, scanned, world.now()).await;
        assert_eq!(again.done()["repeated"], true);
    }
}

both! {
    async fn a_phone_whose_clock_is_wrong_is_believed_by_its_difference(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.pass(Duration::hours(1));
        let off = Duration::hours(5);
        let reply = send(world, Who::Member, &qr, scanned + off, world.now() + off).await;
        assert_eq!(reply.done()["attendance"]["state"], "PRESENT");
    }
}

both! {
    async fn times_that_cannot_be_are_left_to_the_organizer(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.pass(Duration::hours(1));
        let later = claim(&send(world, Who::Member, &qr, scanned + Duration::minutes(20), world.now()).await);
        assert_eq!(later["reason"], "TIMES_DISAGREE");
        let listed = world.secretary().gql(CLAIMS, json!({ "id": id })).await;
        assert_eq!(listed.str("/checkInClaims/edges/0/node/member/name"), "陈党员");
        let accepted = world.secretary().run(DECIDE_CLAIM, json!({ "id": later["id"], "accepted": true })).await;
        assert_eq!(accepted.done()["checkInClaim"]["state"], "ACCEPTED");
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/myAttendance/method"), "CLAIM");
        let twice = world.secretary().run(DECIDE_CLAIM, json!({ "id": later["id"], "accepted": false, "reason": "试" })).await;
        assert_eq!(twice.refused(), "ALREADY_DECIDED");
    }
}

both! {
    async fn the_far_past_and_the_far_future_do_no_harm(world: &World) {
        let id = world.party_day().await;
        let qr = world.qr(&id).await;
        world.pass(Duration::minutes(10));
        for (who, scanned, sent) in [
            (Who::Member, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            (Who::Second, "+262000-01-01T00:00:00Z", "-262000-01-01T00:00:00Z"),
            (Who::Deputy, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            let offline = json!({ "scannedAt": scanned, "sentAt": sent });
            let reply = world.as_(who).run(CHECK_IN, json!({ "qr": qr, "offline": offline })).await;
            let fine = reply.error() == Some("BAD_USER_INPUT") || reply.body["errors"].is_null();
            assert!(fine, "{}", reply.text);
        }
        assert!(!id.is_empty());
    }
}

both! {
    async fn a_scan_that_arrives_days_later_is_left_to_the_organizer(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.pass(Duration::hours(25));
        world.settle().await;
        let late = claim(&send(world, Who::Member, &qr, scanned, world.now()).await);
        assert_eq!(late["reason"], "ARRIVED_LATE");
        let rejected = json!({ "id": late["id"], "accepted": false, "reason": "无人见到" });
        let rejected = world.secretary().run(DECIDE_CLAIM, rejected).await;
        assert_eq!(rejected.done()["checkInClaim"]["rejection"], "无人见到");
        world.set_clock(end() + Duration::days(31));
        assert_eq!(send(world, Who::Second, &qr, scanned, world.now()).await.refused(), "TOO_LATE");
    }
}

both! {
    async fn a_scan_replaces_the_absence_that_the_closing_wrote(world: &World) {
        let id = world.party_day().await;
        let (qr, scanned) = (world.qr(&id).await, world.now());
        world.set_clock(end());
        let closed = world.secretary().run(CLOSE, json!({ "id": id })).await;
        assert_eq!(closed.done()["activity"]["tally"]["absent"], 8);
        world.pass(Duration::hours(2));
        send(world, Who::Member, &qr, scanned, world.now()).await.done();
        let unit = world.unit(crate::harness::Unit::B1);
        let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": unit })).await;
        assert_eq!(shown.int("/activities/edges/0/node/tally/absent"), 7);
        assert_eq!(shown.int("/activities/edges/0/node/tally/present"), 1);
    }
}

both! {
    async fn only_a_scan_counts_without_signal(world: &World) {
        let id = world.party_day().await;
        let code = world.code(&id).await;
        let offline = json!({ "scannedAt": rfc3339(world.now()), "sentAt": rfc3339(world.now()) });
        let typed = json!({ "digits": code["digits"], "activityId": id, "offline": offline });
        assert_eq!(world.member_of_b1().run(CHECK_IN, typed).await.refused(), "OFFLINE_NEEDS_SCAN");
        let forged = "zhb1.".to_owned() + &"A".repeat(60);
        assert_eq!(send(world, Who::Member, &forged, world.now(), world.now()).await.refused(), "CODE_WRONG");
        let now = world.now();
        world.set_clock(now + Duration::minutes(20));
        let early = world.qr(&id).await;
        world.set_clock(now);
        world.forget_tokens();
        assert_eq!(send(world, Who::Member, &early, world.now(), world.now()).await.refused(), "CODE_WRONG", "a code of the future");
    }
}
