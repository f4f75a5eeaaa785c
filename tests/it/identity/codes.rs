//! One-time codes by text message.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{Reply, Who, World, document::*},
};

async fn ask(world: &World, phone: &str, purpose: &str) -> Reply {
    let input = json!({ "phone": phone, "district": "370100", "purpose": purpose });
    let reply = world.anonymous().run(REQUEST_CODE, input).await;
    world.settle().await;
    reply
}

async fn enter(world: &World, phone: &str, code: &str) -> Reply {
    world
        .anonymous()
        .run(SIGN_IN_WITH_CODE, json!({ "phone": phone, "district": "370100", "code": code }))
        .await
}

/// A code that isn't this one.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

both! {
    async fn a_code_signs_in_once(world: &World) {
        let phone = Who::Member.phone();
        ask(world, phone, "SIGN_IN").await.done();
        let code = world.sms_code(phone).await;
        assert_eq!(enter(world, phone, &another(&code)).await.refused(), "CODE_WRONG");
        assert_eq!(enter(world, phone, &code).await.done()["account"]["name"], "陈党员");
        assert_eq!(enter(world, phone, &code).await.refused(), "CODE_WRONG", "used");
    }
}

both! {
    async fn a_code_grows_old_and_serves_one_purpose(world: &World) {
        let phone = Who::Member.phone();
        ask(world, phone, "RESET_PASSWORD").await.done();
        let reset = world.sms_code(phone).await;
        assert_eq!(enter(world, phone, &reset).await.refused(), "CODE_WRONG");
        world.pass(Duration::minutes(2));
        ask(world, phone, "SIGN_IN").await.done();
        let code = world.sms_code(phone).await;
        world.pass(Duration::minutes(6));
        assert_eq!(enter(world, phone, &code).await.refused(), "CODE_WRONG");
    }
}

both! {
    async fn five_tries_spend_a_code(world: &World) {
        let phone = Who::Member.phone();
        ask(world, phone, "SIGN_IN").await.done();
        let code = world.sms_code(phone).await;
        for _ in 0..5 {
            assert_eq!(enter(world, phone, &another(&code)).await.refused(), "CODE_WRONG");
        }
        assert_eq!(enter(world, phone, &code).await.refused(), "LOCKED");
    }
}

both! {
    async fn asking_does_not_tell_whether_somebody_has_the_number(world: &World) {
        // What is kept in memory is in memory.
        world.pin();
        ask(world, "13087654321", "SIGN_IN").await.done();
        let known = ask(world, Who::Member.phone(), "SIGN_IN").await;
        let unknown = ask(world, "13012345678", "SIGN_IN").await;
        assert_eq!(known.body, unknown.body);
        assert_eq!(known.statements(), unknown.statements());
        assert_eq!(world.sms.count("13012345678"), 0);
        assert_eq!(ask(world, Who::Member.phone(), "SIGN_IN").await.refused(), "TOO_SOON");
        assert_eq!(ask(world, "13012345678", "SIGN_IN").await.refused(), "TOO_SOON");
    }
}

both! {
    async fn nobody_is_flooded_with_messages(world: &World) {
        // Each server counts for itself.
        world.pin();
        let phone = Who::Member.phone();
        let mut sent = 0;
        for _ in 0..8 {
            let reply = ask(world, phone, "SIGN_IN").await;
            match reply.error() {
                None => sent += 1,
                Some(code) => assert_eq!(code, "RATE_LIMITED"),
            }
            world.pass(Duration::seconds(61));
        }
        assert_eq!(sent, 6, "an hour's worth");
        assert_eq!(world.sms.count(phone), 6);
    }
}
