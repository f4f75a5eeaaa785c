//! The code on the screen: it changes, can't be guessed, and can't be used again.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Who, World, document::*},
};

async fn digits(world: &World, id: &str, digits: &str) -> Reply {
    world.member_of_b1().run(CHECK_IN, json!({ "digits": digits, "activityId": id })).await
}

fn seconds_left(world: &World, code: &Value) -> i64 {
    let until: chrono::DateTime<chrono::Utc> = code["validUntil"].as_str().unwrap().parse().unwrap();
    (until - world.now()).num_seconds()
}

both! {
    async fn it_changes_every_fifteen_seconds(world: &World) {
        let id = world.party_day().await;
        let first = world.code(&id).await;
        assert!((1..=15).contains(&seconds_left(world, &first)));
        assert!(first["qrSvg"].as_str().unwrap().contains("<svg"));
        assert_eq!(first["digits"].as_str().unwrap().len(), 6);
        world.pass(Duration::seconds(15));
        let second = world.code(&id).await;
        assert_ne!(first["qr"], second["qr"]);
        assert_ne!(first["digits"], second["digits"]);
    }
}

both! {
    async fn a_forwarded_screenshot_fails(world: &World) {
        let id = world.party_day().await;
        let code = world.code(&id).await;
        let left = seconds_left(world, &code);
        world.pass(Duration::seconds(left + 4));
        world.member_of_b1().run(CHECK_IN, json!({ "qr": code["qr"] })).await.done();
        world.pass(Duration::seconds(1));
        let late = world.as_(Who::Second).run(CHECK_IN, json!({ "qr": code["qr"] })).await;
        assert_eq!(late.refused(), "CODE_EXPIRED");
    }
}

both! {
    async fn digits_last_a_little_longer(world: &World) {
        let id = world.party_day().await;
        let code = world.code(&id).await;
        let left = seconds_left(world, &code);
        world.pass(Duration::seconds(left + 29));
        digits(world, &id, code["digits"].as_str().unwrap()).await.done();
        world.pass(Duration::seconds(10));
        let late = json!({ "digits": code["digits"], "activityId": id });
        let late = world.as_(Who::Second).run(CHECK_IN, late).await;
        assert!(["CODE_WRONG", "CODE_EXPIRED"].contains(&late.refused()));
    }
}

both! {
    async fn a_scan_at_the_edge_is_a_hint_not_a_refusal(world: &World) {
        let id = world.party_day().await;
        let code = world.code(&id).await;
        world.pass(Duration::seconds(seconds_left(world, &code) + 4));
        world.member_of_b1().run(CHECK_IN, json!({ "qr": code["qr"] })).await.done();
        let shown = world.secretary().gql(ATTENDEES, json!({ "unitId": world.unit(crate::harness::Unit::B1), "first": 20 })).await;
        assert!(shown.text.contains("CODE_EDGE"), "{}", shown.text);
    }
}

both! {
    async fn another_activitys_code_is_named_as_such(world: &World) {
        let id = world.party_day().await;
        let other = world.published(json!({ "title": "支委会", "kind": "COMMITTEE_MEETING" })).await;
        let qr = world.qr(&other).await;
        let reply = world.member_of_b1().run(CHECK_IN, json!({ "qr": qr, "activityId": id })).await;
        assert_eq!(reply.refused(), "CODE_OF_ANOTHER_ACTIVITY");
    }
}

both! {
    async fn nothing_else_is_a_code(world: &World) {
        let id = world.party_day().await;
        let qr = world.qr(&id).await;
        let mut bent = qr.clone();
        let last = if qr.ends_with('A') { "B" } else { "A" };
        bent.replace_range(qr.len() - 1.., last);
        let long = "z".repeat(50_000);
        for text in ["", "zhb1.", "zhb1.AAAA", "https://example.com/qr", "💥\u{202E}", bent.as_str(), long.as_str()] {
            let reply = world.member_of_b1().run(CHECK_IN, json!({ "qr": text })).await;
            assert_eq!(reply.refused(), "CODE_WRONG", "{text}");
        }
        for input in [json!({}), json!({ "qr": qr, "digits": "123456" }), json!({ "digits": "123456" })] {
            assert_eq!(world.member_of_b1().run(CHECK_IN, input).await.refused(), "CODE_WRONG");
        }
    }
}

both! {
    async fn guessing_digits_is_paused(world: &World) {
        // Each server counts for itself.
        world.pin();
        let id = world.party_day().await;
        let right = world.code(&id).await["digits"].as_str().unwrap().to_owned();
        let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
        for _ in 0..10 {
            assert_eq!(digits(world, &id, &wrong).await.refused(), "CODE_WRONG");
        }
        assert_eq!(digits(world, &id, &right).await.refused(), "TOO_MANY_ATTEMPTS");
        world.scan(world.member_of_b1(), &id).await.done();
        let other = json!({ "digits": world.code(&id).await["digits"], "activityId": id });
        world.as_(Who::Second).run(CHECK_IN, other).await.done();
    }
}

both! {
    async fn digits_may_be_typed_as_people_type(world: &World) {
        let id = world.party_day().await;
        for text in ["", "12345", "1234567", "abcdef", "-12345", "１２３４５６７８９０", "½½½½½½", "💥"] {
            assert_eq!(digits(world, &id, text).await.refused(), "CODE_WRONG", "{text}");
        }
        let right = world.code(&id).await["digits"].as_str().unwrap().to_owned();
        digits(world, &id, &format!(" {} {} ", &right[..3], &right[3..])).await.done();
    }
}
