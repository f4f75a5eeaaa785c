//! The access token of the server's own calls to WeChat.

use std::time::{Duration as Real, Instant};

use chrono::Duration;
use serde_json::json;
use zhibu::wechat::stand_in::Fault;

use super::wechat::wechat;
use crate::{
    both,
    harness::{
        Who, World,
        wechat::{WeChat, with_mini_program},
    },
};

const TOKEN: &str = "/cgi-bin/stable_token";

/// How often WeChat was asked for a token.
fn asked(wechat: &WeChat<'_>) -> usize {
    wechat.with(|p| p.asked.iter().filter(|asked| asked.path == TOKEN).count())
}

/// Waits until WeChat is asked for a token once more.
async fn asking(wechat: &WeChat<'_>, before: usize) {
    while asked(wechat) == before {
        tokio::time::sleep(Real::from_millis(5)).await;
    }
}

/// Binds somebody by the number, which needs an access token.
async fn needs_token(wechat: &WeChat<'_>, who: Who) {
    wechat.bound(who).await;
}

both! {
    with_mini_program(),
    async fn no_call_fails_over_a_new_access_token(world: &World) {
        let wechat = wechat(world);
        let other = world.replica_of(with_mini_program()).await;
        assert_eq!(other.wechat_view().appid, wechat.appid);
        let people = [Who::Member, Who::Second, Who::Elder, Who::Leader, Who::Deputy, Who::Commissioner];
        let people: Vec<_> = people.into_iter().filter(|who| !who.phone().is_empty()).collect();
        let mut turn = people.into_iter();
        let mut both_ask = async || {
            needs_token(&world.wechat_view(), turn.next().unwrap()).await;
            needs_token(&other.wechat_view(), turn.next().unwrap()).await;
        };
        both_ask().await;
        assert_eq!(wechat.with(|p| p.tokens_made()), 1, "both servers have the same");
        // In the last five minutes there is a new one, the same for both.
        world.pass(Duration::seconds(7_200 - 200));
        both_ask().await;
        assert_eq!(wechat.with(|p| p.tokens_made()), 2);
        // Somebody has voided it.
        wechat.with(|p| p.void_token());
        needs_token(&world.wechat_view(), turn.next().unwrap()).await;
        assert_eq!(wechat.with(|p| p.tokens_made()), 3);
        other.abandon().await;
    }
}

both! {
    with_mini_program(),
    async fn a_token_that_still_works_is_used_while_there_is_no_other(world: &World) {
        world.pin();
        let wechat = wechat(world);
        wechat.bound(Who::Member).await;
        world.pass(Duration::seconds(7_200 - 200));
        wechat.with(|p| p.fail("/cgi-bin/stable_token", &[Fault::Code(-1), Fault::Code(-1), Fault::Code(-1)]));
        wechat.bound(Who::Second).await;
        world.pass(Duration::seconds(200));
        wechat.with(|p| p.fail("/cgi-bin/stable_token", &[Fault::Code(40_001)]));
        let ticket = wechat.ticket(Who::Stranger).await;
        let reply = wechat.bind(&ticket, json!({ "phoneCode": wechat.phone_code(Who::Stranger) })).await;
        assert_eq!(reply.error_code(), "UNAVAILABLE");
    }
}

both! {
    with_mini_program(),
    async fn nobody_waits_for_a_successor_of_a_token_that_works(world: &World) {
        // Each server has its own.
        world.pin();
        let wechat = wechat(world);
        needs_token(&wechat, Who::Member).await;
        world.pass(Duration::seconds(7_200 - 200));
        let before = asked(&wechat);
        wechat.with(|p| p.fail(TOKEN, &[Fault::Late(5_000)]));
        let others = async {
            asking(&wechat, before).await;
            let began = Instant::now();
            needs_token(&wechat, Who::Leader).await;
            assert!(began.elapsed() < Real::from_secs(4), "{:?}", began.elapsed());
        };
        tokio::join!(needs_token(&wechat, Who::Second), others);
        assert_eq!(asked(&wechat), before + 1);
    }
}

both! {
    with_mini_program(),
    async fn after_a_failed_renewal_it_is_left_for_half_a_minute(world: &World) {
        world.pin();
        let wechat = wechat(world);
        needs_token(&wechat, Who::Member).await;
        world.pass(Duration::seconds(7_200 - 200));
        let before = asked(&wechat);
        wechat.with(|p| p.fail(TOKEN, &[Fault::Page]));
        for who in [Who::Second, Who::Leader] {
            needs_token(&wechat, who).await;
            assert_eq!(asked(&wechat), before + 1, "{who:?}");
        }
        world.pass(Duration::seconds(30));
        needs_token(&wechat, Who::Deputy).await;
        assert_eq!((asked(&wechat), wechat.with(|p| p.tokens_made())), (before + 2, 2));
    }
}

both! {
    with_mini_program(),
    async fn who_has_waited_for_a_token_in_vain_does_not_wait_again(world: &World) {
        world.pin();
        let wechat = wechat(world);
        let tickets = [wechat.ticket(Who::Member).await, wechat.ticket(Who::Second).await];
        // Longer than WeChat is waited for.
        wechat.with(|p| p.fail(TOKEN, &[Fault::Late(9_000)]));
        let bind = async |ticket: &str, who: Who| {
            let reply = wechat.bind(ticket, json!({ "phoneCode": wechat.phone_code(who) })).await;
            assert_eq!(reply.error_code(), "UNAVAILABLE", "{}", reply.text);
        };
        let second = async {
            asking(&wechat, 0).await;
            bind(&tickets[1], Who::Second).await;
        };
        tokio::join!(bind(&tickets[0], Who::Member), second);
        assert_eq!(asked(&wechat), 1);
        needs_token(&wechat, Who::Leader).await;
    }
}
