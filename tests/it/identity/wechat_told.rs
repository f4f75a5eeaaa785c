//! A new way in is told to whom it concerns, and isn't tried for ever.

use chrono::Duration;
use serde_json::{Value, json};

use super::wechat::{link, wechat};
use crate::{
    both,
    harness::{Setup, Who, World, actor::sign_in, document::*, wechat::with_mini_program},
    live::inbox::inbox,
};

/// What somebody was told of their ways in, newest first.
async fn told(world: &World, who: Who) -> Vec<Value> {
    world.settle().await;
    let mut inbox = inbox(&world.as_(who)).await;
    inbox.retain(|one| one["kind"].as_str().unwrap().starts_with("WECHAT_"));
    inbox
}

async fn kinds(world: &World, who: Who) -> Vec<String> {
    told(world, who).await.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

both! {
    with_mini_program(),
    async fn who_is_bound_or_loses_a_binding_is_told(world: &World) {
        let wechat = wechat(world);
        wechat.bound(Who::Member).await;
        let mine = told(world, Who::Member).await;
        assert_eq!(mine.len(), 1, "{mine:?}");
        assert_eq!((&mine[0]["kind"], &mine[0]["title"]), (&json!("WECHAT_BOUND"), &json!("微信已绑定")));
        let body = mine[0]["body"].as_str().unwrap();
        assert!(body.starts_with("3月2日09:00，") && body.contains("解绑"), "{body}");
        // Coming in by it, and binding it once more, is nothing new.
        wechat.sign_in(&wechat.login(Who::Member)).await.done();
        link(world, Who::Member, &wechat.login(Who::Member), false).await.done();
        assert_eq!(kinds(world, Who::Member).await, ["WECHAT_BOUND"]);
        // Who is refused has changed nothing.
        link(world, Who::Second, &wechat.login(Who::Member), false).await.refused();
        assert!(kinds(world, Who::Second).await.is_empty());
        link(world, Who::Second, &wechat.login(Who::Member), true).await.done();
        assert_eq!(kinds(world, Who::Second).await, ["WECHAT_BOUND"]);
        assert_eq!(kinds(world, Who::Member).await, ["WECHAT_MOVED", "WECHAT_BOUND"]);
        // And so is who takes another phone.
        let fresh = wechat.with(|p| p.login("the second's new WeChat account"));
        link(world, Who::Second, &fresh, false).await.done();
        assert_eq!(kinds(world, Who::Second).await, ["WECHAT_BOUND", "WECHAT_BOUND"]);
        for kind in ["WECHAT_BOUND", "WECHAT_MOVED"] {
            let muted = json!({ "mutedKinds": [kind] });
            assert_eq!(world.member_of_b1().run(SET_PREFERENCES, muted).await.refused(), "CANNOT_BE_MUTED");
        }
    }
}

both! {
    with_mini_program(),
    async fn linking_is_tried_ten_times_an_hour(world: &World) {
        // Each server counts by itself.
        world.pin();
        let wechat = wechat(world);
        for _ in 0..10 {
            assert_eq!(link(world, Who::Member, "forged", false).await.refused(), "WECHAT_CODE_WRONG");
        }
        let before = wechat.with(|p| p.asked.len());
        let good = wechat.login(Who::Member);
        assert_eq!(link(world, Who::Member, &good, false).await.error_code(), "RATE_LIMITED");
        assert_eq!(wechat.with(|p| p.asked.len()), before, "WeChat isn't asked");
        link(world, Who::Second, &wechat.login(Who::Second), false).await.done();
        world.pass(Duration::hours(2));
        link(world, Who::Member, &wechat.login(Who::Member), false).await.done();
    }
}

both! {
    Setup { second_factor: zhibu::config::SecondFactorMode::Required, ..with_mini_program() },
    async fn who_has_not_proved_the_second_factor_opens_no_way_in(world: &World) {
        let wechat = wechat(world);
        let unproved = link(world, Who::Secretary, &wechat.login(Who::Secretary), false).await;
        assert_eq!(unproved.error_code(), "SECOND_FACTOR_REQUIRED");
        assert!(wechat.with(|p| p.asked.is_empty()));
        link(world, Who::Member, &wechat.login(Who::Member), false).await.done();
    }
}

both! {
    with_mini_program(),
    async fn whoever_has_issued_a_password_opens_no_way_in_by_it(world: &World) {
        let wechat = wechat(world);
        let issued = world.secretary().run(ISSUE_PASSWORD, json!({ "memberId": world.member(Who::Member) })).await;
        let initial = issued.done()["password"].as_str().unwrap().to_owned();
        let entered = sign_in(world, Who::Member.phone(), "370100", &initial).await;
        let bearer = world.bearer(entered.done()["tokens"]["accessToken"].as_str().unwrap());
        let input = json!({ "code": wechat.login(Who::Secretary), "appId": wechat.appid });
        assert_eq!(bearer.run(LINK_WECHAT, input).await.error_code(), "PASSWORD_CHANGE_REQUIRED");
        assert!(wechat.with(|p| p.asked.is_empty()));
    }
}
