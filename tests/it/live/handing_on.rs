//! An event is handed on at least once; what it does, it does once.

use serde_json::{Value, json};
use uuid::Uuid;
use zhibu::notification::hand_on;
use zhibu_domain::id::AccountId;
use zhibu_persistence::outbox::Event;

use super::inbox::inbox;
use crate::{
    both,
    harness::{Unit, Who, World, assigning, document::*},
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
        let half = event(world, "service_hours.verified", &[Who::Member], json!({}));
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
        hand_on(&world.app, &event(world, "volunteer_shift.cancelled", &[Who::Member], odd)).await.unwrap();
        let inbox = inbox(&world.member_of_b1()).await;
        assert_eq!((&inbox[0]["title"], &inbox[0]["body"]), (&json!("班次取消"), &json!("")));
    }
}

both! {
    async fn who_is_given_work_is_told(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let made = world.secretary().run(CREATE_ASSIGNMENT, assigning::work(world, Unit::B1, to)).await;
        let id = made.done()["assignment"]["id"].clone();
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        world.settle().await;
        let told = inbox(&world.member_of_b1()).await;
        assert_eq!((told.len(), &told[0]["kind"]), (1, &json!("ASSIGNMENT_DISPATCHED")));
        assert_eq!(told[0]["subject"]["id"], id);
        assert!(told[0]["body"].as_str().unwrap().contains("期限："), "{}", told[0]);
        assert_eq!(inbox(&world.as_(Who::Second)).await.len(), 0);
    }
}

both! {
    async fn whose_hours_are_returned_is_told_why(world: &World) {
        let input = json!({ "unitId": world.unit(Unit::B1), "service": {
            "startsAt": "2026-03-01T09:00:00+08:00", "endsAt": "2026-03-01T10:00:00+08:00",
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        } });
        let reported = world.member_of_b1().run(REPORT_HOURS, input).await;
        let id = reported.done()["entry"]["id"].clone();
        let review = json!({ "reviews": [{ "id": id, "returned": true, "reason": "请核对时间" }] });
        world.secretary().run(REVIEW_HOURS, review).await.done();
        world.settle().await;
        let told = inbox(&world.member_of_b1()).await;
        assert_eq!((told.len(), &told[0]["kind"]), (1, &json!("HOURS_REVIEWED")));
        assert_eq!(told[0]["body"], "“清洁家园”。已退回。说明：请核对时间。");
    }
}
