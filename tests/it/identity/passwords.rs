//! Passwords: initial, changed, reset.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        actor::{Tokens, sign_in},
        cast::PASSWORD,
        document::*,
    },
};

const NEW: &str = "Brücke-7-Segel";

both! {
    async fn an_initial_password_must_be_changed_first(world: &World) {
        let issued = world.secretary().run(ISSUE_PASSWORD, json!({ "memberId": world.member(Who::Member) })).await;
        let initial = issued.done()["password"].as_str().unwrap().to_owned();
        let phone = Who::Member.phone();
        assert_eq!(sign_in(world, phone, "370100", PASSWORD).await.refused(), "BAD_CREDENTIALS");
        let entered = sign_in(world, phone, "370100", &initial).await;
        assert_eq!(entered.done()["passwordChangeRequired"], true);
        let bound = Tokens::of(&entered.done()["tokens"]);
        let bound = world.bearer(&bound.access);
        assert_eq!(bound.gql(DISTRICT, json!({})).await.error_code(), "PASSWORD_CHANGE_REQUIRED");
        assert_eq!(bound.gql(ENROLL, json!({})).await.error_code(), "PASSWORD_CHANGE_REQUIRED");
        let same = json!({ "currentPassword": initial, "newPassword": initial });
        assert_eq!(bound.run(CHANGE_PASSWORD, same).await.refused(), "SAME_AS_OLD");
        let changed = bound.run(CHANGE_PASSWORD, json!({ "currentPassword": initial, "newPassword": NEW })).await;
        let free = Tokens::of(&changed.done()["tokens"]);
        world.bearer(&free.access).gql(DISTRICT, json!({})).await.data("/district");
        let again = sign_in(world, phone, "370100", NEW).await;
        assert_eq!(again.done()["passwordChangeRequired"], false);
    }
}

both! {
    async fn changing_ends_all_other_sessions(world: &World) {
        let phone = Who::Member.phone();
        let other = Tokens::of(&sign_in(world, phone, "370100", PASSWORD).await.done()["tokens"]);
        let own = Tokens::of(&sign_in(world, phone, "370100", PASSWORD).await.done()["tokens"]);
        let input = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        let changed = world.bearer(&own.access).run(CHANGE_PASSWORD, input).await;
        assert_eq!(changed.done()["sessionsEnded"], 1);
        assert_eq!(world.bearer(&other.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        world.bearer(&own.access).gql(ME, json!({})).await.data("/me");
    }
}

both! {
    async fn a_weak_password_is_refused_by_its_fault(world: &World) {
        for (bad, why) in [
            ("aB3", "TOO_SHORT"),
            ("alllowercase", "TOO_FEW_CLASSES"),
            ("X-13800000021a", "CONTAINS_PHONE"),
            ("陈党员-Xy-99-aa", "CONTAINS_NAME"),
            ("kR9-pl\u{FFFD}ume", "BAD_CHARACTERS"),
            ("Password123!", "TOO_COMMON"),
            (PASSWORD, "SAME_AS_OLD"),
        ] {
            let input = json!({ "currentPassword": PASSWORD, "newPassword": bad });
            assert_eq!(world.member_of_b1().run(CHANGE_PASSWORD, input).await.refused(), why, "{bad}");
        }
        let wrong = json!({ "currentPassword": "wrong", "newPassword": NEW });
        assert_eq!(world.member_of_b1().run(CHANGE_PASSWORD, wrong).await.refused(), "WRONG_PASSWORD");
    }
}

both! {
    async fn a_forgotten_password_is_reset_by_a_code(world: &World) {
        let phone = Who::Member.phone();
        let before = Tokens::of(&sign_in(world, phone, "370100", PASSWORD).await.done()["tokens"]);
        let ask = json!({ "phone": phone, "district": "370100", "purpose": "RESET_PASSWORD" });
        world.anonymous().run(REQUEST_CODE, ask).await.done();
        world.settle().await;
        let code = world.sms_code(phone).await;
        let reset = |password: &str| json!({ "phone": phone, "district": "370100", "code": code, "newPassword": password });
        assert_eq!(world.anonymous().run(RESET_PASSWORD, reset("short")).await.refused(), "TOO_SHORT");
        let done = world.anonymous().run(RESET_PASSWORD, reset(NEW)).await;
        assert_eq!(done.done()["sessionsEnded"], 1);
        assert_eq!(world.bearer(&before.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        assert_eq!(world.anonymous().run(RESET_PASSWORD, reset("Other-8-Word")).await.refused(), "CODE_WRONG");
        sign_in(world, phone, "370100", NEW).await.done();
    }
}

both! {
    async fn a_secretary_cannot_take_over_a_post_holder(world: &World) {
        for (who, why) in [(Who::Deputy, "HOLDS_POSTS"), (Who::Secretary, "OWN_RECORD"), (Who::Elder, "BAD_PHONE")] {
            let input = json!({ "memberId": world.member(who) });
            assert_eq!(world.secretary().run(ISSUE_PASSWORD, input).await.refused(), why, "{who:?}");
        }
        world.administrator().run(ISSUE_PASSWORD, json!({ "memberId": world.member(Who::Deputy) })).await.done();
    }
}

both! {
    async fn a_post_holders_password_grows_old(world: &World) {
        world.pass(Duration::days(91));
        let secretary = sign_in(world, Who::Secretary.phone(), "370100", PASSWORD).await;
        assert_eq!(secretary.done()["passwordChangeRequired"], true);
        let member = sign_in(world, Who::Member.phone(), "370100", PASSWORD).await;
        assert_eq!(member.done()["passwordChangeRequired"], false);
    }
}

const ISSUE_AND_LOOK: &str = "mutation($input: IssueInitialPasswordInput!) { issueInitialPassword(input: $input) { __typename
    ... on IssueInitialPasswordDone { password partyMember { id name maskedPhone } } ... on MemberRefused { code message } } }";

both! {
    async fn who_issues_a_password_sees_no_more_than_otherwise(world: &World) {
        let input = json!({ "memberId": world.member(Who::Deputy) });
        let blind = world.administrator().run(ISSUE_AND_LOOK, input).await;
        let done = &blind.body["data"]["issueInitialPassword"];
        assert!(done["password"].is_string() && done["partyMember"].is_null(), "{}", blind.text);
        assert_eq!(blind.error_code(), "NOT_FOUND");
        assert!(!blind.text.contains("李副书记") && !blind.text.contains("0012"), "{}", blind.text);
        let input = json!({ "memberId": world.member(Who::Member) });
        let seen = world.secretary().run(ISSUE_AND_LOOK, input).await;
        assert_eq!(seen.done()["partyMember"]["name"], "陈党员");
    }
}

both! {
    async fn an_officer_who_is_no_member_gets_a_first_password(world: &World) {
        let unit = world.unit(Unit::S1);
        let give = json!({ "unitId": unit, "kind": "OFFICE_STAFF", "phone": "19100000081", "name": "沈干事",
            "startsOn": "2026-01-01" });
        let appointed = world.administrator().run(APPOINT, give).await;
        let post = appointed.done()["post"]["id"].as_str().unwrap().to_owned();
        let to = json!({ "postId": post });
        assert_eq!(world.secretary().run(ISSUE_PASSWORD, to.clone()).await.error_code(), "NOT_FOUND");
        let issued = world.administrator().run(ISSUE_PASSWORD, to.clone()).await;
        let initial = issued.done()["password"].as_str().unwrap().to_owned();
        let first = sign_in(world, "19100000081", "370100", &initial).await;
        assert_eq!(first.done()["passwordChangeRequired"], true);
        let token = first.done()["tokens"]["accessToken"].as_str().unwrap().to_owned();
        let change = json!({ "currentPassword": initial, "newPassword": "Bright-river-8" });
        world.bearer(&token).run(CHANGE_PASSWORD, change).await.done();
        assert_eq!(world.administrator().run(ISSUE_PASSWORD, to).await.refused(), "HAS_PASSWORD");
    }
}

both! {
    async fn a_members_password_goes_by_the_home_unit_whatever_posts_they_hold(world: &World) {
        let give = json!({ "unitId": world.unit(Unit::S2), "kind": "OFFICE_STAFF", "phone": Who::Member.phone(),
            "name": "陈党员", "startsOn": "2026-01-01" });
        let appointed = world.administrator().run(APPOINT, give).await;
        let post = appointed.done()["post"]["id"].clone();
        let refused = world.as_(Who::OfficeOfS2).run(ISSUE_PASSWORD, json!({ "postId": post })).await;
        assert!(["FORBIDDEN", "NOT_FOUND"].contains(&refused.error_code()), "{}", refused.text);
    }
}
