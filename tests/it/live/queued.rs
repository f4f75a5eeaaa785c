//! What phones did without signal, sent together.

use chrono::Duration;
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

fn scan(world: &World, id: &str, qr: &str) -> Value {
    json!({ "clientActionId": id, "at": rfc3339(world.now()), "deed": { "checkIn": { "qr": qr } } })
}

async fn send(world: &World, who: Who, actions: &[Value]) -> Reply {
    world.as_(who).run(SEND_QUEUED, json!({ "sentAt": rfc3339(world.now()), "actions": actions })).await
}

both! {
    async fn thirty_bad_ones_of_a_hundred_harm_no_other(world: &World) {
        let mut actions = Vec::new();
        for n in 0..70 {
            let day = Duration::minutes(10 * n);
            let plan = json!({ "title": format!("第{n}次"), "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
            let id = world.published(plan).await;
            world.set_clock(start() + day);
            actions.push(scan(world, &format!("good-{n}"), &world.qr(&id).await));
            if n % 7 < 3 {
                let bad = match n % 3 {
                    0 => scan(world, &format!("bad-{n}"), "nonsense"),
                    1 => scan(world, &"长".repeat(65), "x"),
                    _ => scan(world, &format!("bad-{n}"), &format!("{}x", world.qr(&id).await)),
                };
                actions.push(bad);
            }
        }
        assert_eq!(actions.len(), 100);
        let sent = send(world, Who::Member, &actions).await;
        let answers = sent.done()["answers"].as_array().unwrap().clone();
        for (action, answer) in actions.iter().zip(&answers) {
            assert_eq!(action["clientActionId"], answer["clientActionId"], "in the order sent");
            let good = action["clientActionId"].as_str().unwrap().starts_with("good");
            let done = answer["checkIn"]["__typename"] == "CheckInDone";
            assert_eq!(done, good, "{answer}");
        }
        let again = send(world, Who::Member, &actions).await;
        for (first, second) in answers.iter().zip(again.done()["answers"].as_array().unwrap()) {
            if first["checkIn"]["__typename"] == "CheckInDone" {
                assert_eq!(first["checkIn"]["attendance"], second["checkIn"]["attendance"]);
                assert_eq!(first["checkIn"]["claim"], second["checkIn"]["claim"]);
            } else {
                assert_eq!(first, second);
            }
        }
    }
}

both! {
    async fn it_may_be_sent_again(world: &World) {
        let id = world.party_day().await;
        let actions = [scan(world, "a", &world.qr(&id).await)];
        world.pass(Duration::hours(1));
        let first = send(world, Who::Member, &actions).await;
        let answer = &first.done()["answers"][0]["checkIn"];
        assert_eq!(answer["attendance"]["method"], "OFFLINE_QR", "{}", first.text);
        assert_eq!(answer["repeated"], false);
        world.pass(Duration::hours(1));
        let again = send(world, Who::Member, &actions).await;
        assert_eq!(again.done()["answers"][0]["checkIn"]["repeated"], true);
        assert_eq!(again.done()["answers"][0]["checkIn"]["attendance"], answer["attendance"]);
        let other = send(world, Who::Second, &actions).await;
        assert_eq!(other.done()["answers"][0]["checkIn"]["repeated"], false, "ids are each phone's own");
    }
}

both! {
    async fn an_id_stands_for_one_action(world: &World) {
        let id = world.party_day().await;
        let qr = world.qr(&id).await;
        let (one, other) = (scan(world, "a", &qr), scan(world, "a", "other"));
        let sent = send(world, Who::Member, &[one.clone(), other.clone(), one.clone(), scan(world, "", &qr)]).await;
        let answers = &sent.done()["answers"];
        assert_eq!(answers[0]["checkIn"]["repeated"], false, "{}", sent.text);
        assert_eq!(answers[1]["error"]["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(answers[1]["error"]["retry"], false);
        assert_eq!(answers[2]["checkIn"]["repeated"], true);
        assert_eq!(answers[3]["error"]["code"], "BAD_USER_INPUT");
        let later = send(world, Who::Member, &[other]).await;
        assert_eq!(later.done()["answers"][0]["error"]["code"], "IDEMPOTENCY_KEY_REUSED");
    }
}

both! {
    async fn more_than_a_hundred_are_sent_apart(world: &World) {
        let actions: Vec<_> = (0..101).map(|n| scan(world, &n.to_string(), "x")).collect();
        assert_eq!(send(world, Who::Member, &actions).await.refused(), "TOO_MANY");
        assert_eq!(send(world, Who::Member, &actions[..100]).await.done()["answers"].as_array().unwrap().len(), 100);
        assert!(send(world, Who::Member, &[]).await.done()["answers"].as_array().unwrap().is_empty());
    }
}

both! {
    async fn actions_are_the_callers_own(world: &World) {
        let id = world.party_day().await;
        let scanned = [scan(world, "a", &world.qr(&id).await)];
        for (who, code) in [(Who::MemberOfB2, "NOT_EXPECTED"), (Who::ForeignMember, "CODE_WRONG"), (Who::Stranger, "NOT_EXPECTED")] {
            let sent = send(world, who, &scanned).await;
            assert_eq!(sent.done()["answers"][0]["checkIn"]["code"], code, "{who:?} {}", sent.text);
        }
        let input = json!({ "sentAt": rfc3339(world.now()), "actions": scanned });
        assert_eq!(world.anonymous().run(SEND_QUEUED, input).await.error_code(), "UNAUTHENTICATED");
    }
}
