//! Sessions: continued, listed, ended.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Reply, Who, World,
        actor::{Tokens, sign_in},
        cast::PASSWORD,
        document::*,
    },
};

async fn tokens(world: &World, who: Who) -> Tokens {
    Tokens::of(&sign_in(world, who.phone(), who.district(), PASSWORD).await.done()["tokens"])
}

async fn refresh(world: &World, token: &str) -> Reply {
    world.anonymous().run(REFRESH, json!({ "refreshToken": token })).await
}

both! {
    async fn a_session_goes_on_by_its_refresh_token(world: &World) {
        let first = tokens(world, Who::Member).await;
        world.pass(Duration::minutes(16));
        assert_eq!(world.bearer(&first.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        let second = Tokens::of(&refresh(world, &first.refresh).await.done()["tokens"]);
        assert_ne!(first.refresh, second.refresh);
        world.bearer(&second.access).gql(ME, json!({})).await.data("/me");
    }
}

both! {
    async fn a_used_refresh_token_ends_the_session(world: &World) {
        let first = tokens(world, Who::Member).await;
        let second = Tokens::of(&refresh(world, &first.refresh).await.done()["tokens"]);
        world.pass(Duration::seconds(11));
        assert_eq!(refresh(world, &first.refresh).await.refused(), "REUSE_DETECTED");
        assert_eq!(refresh(world, &second.refresh).await.refused(), "ENDED");
        let me = world.bearer(&second.access).gql(ME, json!({})).await;
        assert_eq!(me.error_code(), "UNAUTHENTICATED", "the access token is void at once");
    }
}

both! {
    async fn a_lost_answer_may_be_asked_for_again_within_seconds(world: &World) {
        let first = tokens(world, Who::Member).await;
        refresh(world, &first.refresh).await.done();
        world.pass(Duration::seconds(5));
        let again = Tokens::of(&refresh(world, &first.refresh).await.done()["tokens"]);
        world.bearer(&again.access).gql(ME, json!({})).await.data("/me");
    }
}

both! {
    async fn of_two_refreshes_at_once_the_session_survives(world: &World) {
        let first = tokens(world, Who::Member).await;
        let (a, b) = futures_util::future::join(refresh(world, &first.refresh), refresh(world, &first.refresh)).await;
        a.done();
        b.done();
    }
}

both! {
    async fn an_idle_session_ends_a_post_holders_sooner(world: &World) {
        let (member, secretary) = (tokens(world, Who::Member).await, tokens(world, Who::Secretary).await);
        world.pass(Duration::minutes(31));
        assert_eq!(refresh(world, &secretary.refresh).await.refused(), "EXPIRED");
        let member = Tokens::of(&refresh(world, &member.refresh).await.done()["tokens"]);
        world.pass(Duration::days(31));
        assert_eq!(refresh(world, &member.refresh).await.refused(), "EXPIRED");
    }
}

both! {
    async fn nonsense_is_no_refresh_token(world: &World) {
        let good = tokens(world, Who::Member).await.refresh;
        let mut forged = good.clone();
        forged.replace_range(good.len() - 2.., "AA");
        for text in ["", "nonsense", "....", "💥", forged.as_str(), &"x".repeat(5_000)] {
            let code = refresh(world, text).await.refused().to_owned();
            assert!(["UNKNOWN_TOKEN", "REUSE_DETECTED"].contains(&code.as_str()), "{text}: {code}");
        }
    }
}

both! {
    async fn a_lost_phone_is_signed_out_from_another(world: &World) {
        let (lost, kept) = (tokens(world, Who::Member).await, tokens(world, Who::Member).await);
        let listed = world.bearer(&kept.access).gql(SESSIONS, json!({})).await;
        assert_eq!(listed.list("/sessions").len(), 2);
        let other = listed.list("/sessions").iter().find(|s| s["current"] == false).unwrap()["id"].clone();
        world.bearer(&kept.access).run(REVOKE_SESSION, json!({ "id": other })).await.done();
        assert_eq!(world.bearer(&lost.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        assert_eq!(refresh(world, &lost.refresh).await.refused(), "ENDED");
        world.bearer(&kept.access).gql(ME, json!({})).await.data("/me");
    }
}

both! {
    async fn all_others_end_at_once(world: &World) {
        let (a, b, kept) =
            (tokens(world, Who::Member).await, tokens(world, Who::Member).await, tokens(world, Who::Member).await);
        let ended = world.bearer(&kept.access).gql(REVOKE_OTHERS, json!({})).await;
        assert_eq!(ended.done()["sessionsEnded"], 2);
        for gone in [a, b] {
            assert_eq!(world.bearer(&gone.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        }
        world.bearer(&kept.access).gql(SIGN_OUT, json!({})).await.done();
        assert_eq!(world.bearer(&kept.access).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        assert_eq!(refresh(world, &kept.refresh).await.refused(), "ENDED");
    }
}

both! {
    async fn a_session_names_its_device_in_plain_words(world: &World) {
        let label = "张三的\u{202E}手机\u{200B}".repeat(30);
        let input = json!({ "phone": Who::Member.phone(), "password": PASSWORD, "district": "370100", "deviceLabel": label });
        let reply = world.anonymous().run(SIGN_IN, input).await;
        let tokens = Tokens::of(&reply.done()["tokens"]);
        let listed = world.bearer(&tokens.access).gql(SESSIONS, json!({})).await;
        let shown = listed.data("/sessions/0/deviceLabel").as_str().unwrap_or_default().to_owned();
        assert!(shown.chars().count() <= 100 && !shown.contains('\u{202E}'), "{shown}");
    }
}
