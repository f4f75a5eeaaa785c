//! An event is handed on at least once; what it does, it does once.

use serde_json::{Value, json};
use uuid::Uuid;
use zhibu::notification::hand_on;
use zhibu_domain::id::AccountId;
use zhibu_persistence::outbox::Event;

use super::inbox::inbox;
use crate::{
    both,
    harness::{Who, World},
};

/// An event as another room writes it.
pub fn event(world: &World, kind: &str, accounts: &[Who], more: Value) -> Event {
    let accounts: Vec<AccountId> = accounts.iter().map(|who| world.ids.accounts[who]).collect();
    let mut payload = json!({ "accounts": accounts });
    for (key, value) in more.as_object().unwrap() {
        payload[key] = value.clone();
    }
    Event {
        district_id: world.district(false).0,
        id: world.app.id::<AccountId>().0,
        kind: kind.to_owned(),
        subject_id: Uuid::from_u128(7),
        payload,
        occurred_at: world.now(),
        attempts: 1,
    }
}

both! {
    async fn handed_on_again_nobody_is_told_twice(world: &World) {
        let told = event(world, "assignment.dispatched", &[Who::Member, Who::Second, Who::Member],
            json!({ "title": "走访", "at": "2026-03-09T10:00:00Z" }));
        let again: Vec<_> = (0..5).map(|_| hand_on(&world.app, &told)).collect();
        for result in futures_util::future::join_all(again).await {
            result.expect("handed on");
        }
        for who in [Who::Member, Who::Second] {
            let inbox = inbox(&world.as_(who)).await;
            assert_eq!(inbox.len(), 1, "{who:?}");
            assert_eq!(inbox[0]["body"], "“走访”。期限：3月9日18:00。");
            assert!(inbox[0]["subject"].is_null(), "there is no such thing");
        }
    }
}

both! {
    async fn a_worker_killed_half_way_has_told_each_once(world: &World) {
        let half = event(world, "hours.reviewed", &[Who::Member], json!({}));
        hand_on(&world.app, &half).await.unwrap();
        let whole = Event { payload: event(world, "", &[Who::Member, Who::Second], json!({})).payload, ..half };
        hand_on(&world.app, &whole).await.unwrap();
        for who in [Who::Member, Who::Second] {
            assert_eq!(inbox(&world.as_(who)).await.len(), 1, "{who:?}");
        }
    }
}

both! {
    async fn one_message_for_each_need(world: &World) {
        let remind = |need: &str| event(world, "assignment.due_soon", &[Who::Member], json!({ "need": need }));
        for need in ["2026-03-06", "2026-03-06", "2026-03-09"] {
            hand_on(&world.app, &remind(need)).await.unwrap();
        }
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 2, "one for each due time");
        hand_on(&world.app, &event(world, "nothing.known", &[Who::Member], json!({}))).await.unwrap();
        assert_eq!(inbox(&world.member_of_b1()).await.len(), 2);
    }
}

both! {
    async fn what_is_malformed_tells_what_it_can(world: &World) {
        let odd = json!({ "title": 7, "at": "soon", "reason": null, "units": "x", "need": [] });
        hand_on(&world.app, &event(world, "shift.cancelled", &[Who::Member], odd)).await.unwrap();
        let inbox = inbox(&world.member_of_b1()).await;
        assert_eq!((&inbox[0]["title"], &inbox[0]["body"]), (&json!("班次取消"), &json!("")));
    }
}
