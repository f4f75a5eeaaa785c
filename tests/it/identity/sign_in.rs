//! Signing in by phone and password.

use serde_json::json;

use crate::{
    both,
    harness::{
        Who, World,
        actor::{Tokens, sign_in},
        cast::PASSWORD,
        document::*,
    },
};

both! {
    async fn a_member_signs_in_and_is_known(world: &World) {
        let reply = sign_in(world, Who::Member.phone(), "370100", PASSWORD).await;
        let done = reply.done();
        assert_eq!(done["account"]["name"], "陈党员");
        assert_eq!(done["secondFactorMissing"], false);
        assert_eq!(done["passwordChangeRequired"], false);
        let tokens = Tokens::of(&done["tokens"]);
        let me = world.bearer(&tokens.access).gql(ME, json!({})).await;
        assert_eq!(me.str("/me/name"), "陈党员");
        assert_eq!(me.str("/me/maskedPhone"), "138****0021");
        assert_eq!(me.str("/me/partyMember/id"), world.member(Who::Member));
    }
}

both! {
    async fn a_phone_belongs_to_one_person_in_each_district(world: &World) {
        let here = sign_in(world, "13800000021", "370100", PASSWORD).await;
        let there = sign_in(world, "13800000021", "370200", PASSWORD).await;
        assert_eq!(here.done()["account"]["name"], "陈党员");
        assert_eq!(there.done()["account"]["name"], "施党员");
        let nowhere = world.anonymous().run(SIGN_IN, json!({ "phone": "13800000021", "password": PASSWORD })).await;
        assert_eq!(nowhere.refused(), "DISTRICT_REQUIRED");
        assert_eq!(sign_in(world, "13800000021", "999999", PASSWORD).await.refused(), "DISTRICT_REQUIRED");
    }
}

both! {
    async fn unknown_phone_and_wrong_password_cannot_be_told_apart(world: &World) {
        // What is kept in memory is in memory.
        world.pin();
        sign_in(world, "13087654321", "370100", "not-the-Password-9").await.refused();
        let wrong = sign_in(world, Who::Member.phone(), "370100", "not-the-Password-9").await;
        let unknown = sign_in(world, "13012345678", "370100", "not-the-Password-9").await;
        assert_eq!(wrong.refused(), "BAD_CREDENTIALS");
        assert_eq!(wrong.body, unknown.body);
        assert_eq!(wrong.status, unknown.status);
        assert_eq!(wrong.statements(), unknown.statements(), "the same work");
    }
}

both! {
    async fn the_refusal_speaks_the_callers_language(world: &World) {
        let input = json!({ "phone": "13012345678", "password": "x", "district": "370100" });
        let zh = world.anonymous().run(SIGN_IN, input.clone()).await;
        let en = world.anonymous().speaking("en-GB,en;q=0.9").run(SIGN_IN, input).await;
        assert_eq!(zh.data("/signIn/message"), "手机号或密码不正确。");
        assert_eq!(en.data("/signIn/message"), "The phone number or password is wrong.");
    }
}

both! {
    async fn every_sign_in_is_audited(world: &World) {
        sign_in(world, Who::Member.phone(), "370100", "not-the-Password-9").await.refused();
        sign_in(world, "13012345678", "370100", PASSWORD).await.refused();
        sign_in(world, Who::Member.phone(), "370100", PASSWORD).await.done();
        let audit = world.auditor().gql(AUDIT, json!({ "first": 10 })).await;
        let events: Vec<_> = audit.list("/audit/edges").iter().map(|e| &e["node"]).collect();
        let of = |event: &str| events.iter().filter(|e| e["after"]["event"] == event).count();
        assert_eq!(of("FAILED"), 2, "{}", audit.text);
        assert_eq!(of("SIGNED_IN"), 2, "the member's and the auditor's own: {}", audit.text);
        assert!(!audit.text.contains("13012345678") && !audit.text.contains("13800000021"), "no number stands there");
    }
}

both! {
    async fn a_password_of_ten_megabytes_is_turned_away(world: &World) {
        let reply = sign_in(world, Who::Member.phone(), "370100", &"x".repeat(10_000_000)).await;
        assert_eq!(reply.status, 413);
        assert_eq!(reply.error_code(), "PAYLOAD_TOO_LARGE");
        let long = sign_in(world, Who::Member.phone(), "370100", &"x".repeat(100_000)).await;
        assert_eq!(long.refused(), "BAD_CREDENTIALS");
    }
}
