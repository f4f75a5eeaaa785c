//! Receivers that can't take what they are sent for a while, or any more.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Endpoint, deliveries, endpoint, later, listen, listen_as, open, ping, rename, send, stands};
use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        receiver::{Mood, Receiver},
    },
    token::{access, client},
};

fn says(status: u16) -> Mood {
    Mood::Says(status, String::new())
}

both! {
    open(),
    async fn what_fails_is_sent_again_under_the_same_id(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(says(500));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        let waiting = stands(world, &hook, |d| d["attempts"] == 1 && !d["failure"].is_null()).await;
        assert_eq!((&waiting["state"], &waiting["failure"]), (&json!("PENDING"), &json!("STATUS")));
        assert_eq!((&waiting["responseStatus"], &waiting["responseBody"]), (&json!(500), &json!("said\u{fffd}!")));
        assert_eq!(endpoint(world, &hook).await["failures"], 1);
        to.feel(Mood::Takes);
        send(world).await;
        assert_eq!(to.got().len(), 1, "its time hasn't come");
        later(world, Duration::seconds(6)).await;
        let got = to.came(2).await;
        assert_eq!((&got[0].id, &got[0].body), (&got[1].id, &got[1].body));
        assert_eq!(got[1].timestamp - got[0].timestamp, 6);
        assert!(got[1].is_signed_by(&hook.secret));
        let done = stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        assert_eq!((&done["attempts"], &done["nextAttemptAt"], &done["failure"]), (&json!(2), &Value::Null, &Value::Null));
        assert_eq!(endpoint(world, &hook).await["failures"], 0);
    }
}

async fn told(world: &World) -> Vec<Value> {
    crate::live::inbox::inbox(&world.as_(Who::Office)).await
}

both! {
    open(),
    async fn who_is_gone_is_sent_nothing_any_more_and_the_owner_is_told(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(says(410));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        let given_up = stands(world, &hook, |d| d["state"] == "DEAD").await;
        assert_eq!(given_up["responseStatus"], 410);
        assert_eq!(endpoint(world, &hook).await["disabledReason"], "GONE");
        rename(world, Unit::B1, 2).await;
        send(world).await;
        assert_eq!(deliveries(world, &hook).await.len(), 1, "nothing new is kept");
        let told = told(world).await;
        assert_eq!((&told[0]["kind"], &told[0]["subject"]["id"]), (&json!("WEBHOOK_DISABLED"), &json!(hook.id)));
        assert!(told[0]["body"].as_str().unwrap().contains("区门户"), "{told:?}");
        // Switched on again, what was given up can be replayed.
        to.feel(Mood::Takes);
        let replay = json!({ "id": given_up["id"] });
        assert_eq!(world.office().run(REPLAY_DELIVERY, replay.clone()).await.refused(), "DISABLED");
        let on = json!({ "id": hook.id, "version": 1, "enabled": true });
        world.office().run(CHANGE_WEBHOOK, on).await.done();
        world.office().run(REPLAY_DELIVERY, replay).await.done();
        let got = to.came(2).await;
        assert_eq!(got[0].id, got[1].id);
        stands(world, &hook, |d| d["state"] == "DELIVERED").await;
    }
}

both! {
    open(),
    async fn of_a_clients_endpoint_whoever_has_given_the_client_is_told(world: &World) {
        let to = Receiver::open().await;
        let token = access(world, &client(world, &["WEBHOOKS_MANAGE", "UNITS_READ"], Unit::B1).await).await;
        let hook = listen_as(&world.bearer(&token), world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(says(410));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        stands(world, &hook, |d| d["state"] == "DEAD").await;
        send(world).await;
        assert_eq!(told(world).await[0]["kind"], "WEBHOOK_DISABLED");
    }
}

both! {
    open(),
    async fn a_receiver_says_when_it_wants_the_next(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Says(429, "retry-after: 120\r\n".to_owned()));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        stands(world, &hook, |d| d["attempts"] == 1 && !d["failure"].is_null()).await;
        to.feel(Mood::Takes);
        rename(world, Unit::Group, 1).await;
        later(world, Duration::seconds(119)).await;
        assert_eq!(to.got().len(), 1, "nor is anything else sent");
        later(world, Duration::seconds(2)).await;
        to.came(3).await;
    }
}

/// Has an endpoint fail five times in a row.
async fn wear_out(world: &World, to: &Receiver, hook: &Endpoint) {
    to.feel(says(503));
    for n in 1..=5 {
        ping(world, hook).await;
        send(world).await;
        for _ in 0..1_000 {
            if endpoint(world, hook).await["failures"].as_i64().unwrap() >= n.min(5) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        world.pass(Duration::seconds(6));
    }
}

both! {
    open(),
    async fn after_five_failures_there_is_a_pause_and_then_a_single_trial(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::S1, &["UNIT_CHANGED"]).await;
        wear_out(world, &to, &hook).await;
        let worn = endpoint(world, &hook).await;
        assert!(worn["failures"].as_i64().unwrap() >= 5 && !worn["pausedUntil"].is_null(), "{worn}");
        for unit in [Unit::B1, Unit::B2, Unit::Group] {
            rename(world, unit, 1).await;
        }
        let so_far = to.got().len();
        send(world).await;
        assert_eq!(to.got().len(), so_far, "nothing is sent during a pause");
        // The trial fails: the next pause is longer, and only one message was tried.
        world.pass(Duration::seconds(40));
        world.app.hub.webhooks().notify_one();
        to.came(so_far + 1).await;
        send(world).await;
        assert_eq!(to.got().len(), so_far + 1);
        assert!(!endpoint(world, &hook).await["pausedUntil"].is_null());
        to.feel(Mood::Takes);
        world.pass(Duration::hours(1));
        to.came(so_far + 4).await;
        stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        let all = deliveries(world, &hook).await;
        assert!(all.iter().all(|d| d["state"] == if d["event"] == "PING" { "DEAD" } else { "DELIVERED" }), "{all:?}");
        assert_eq!(endpoint(world, &hook).await["failures"], 0);
    }
}

both! {
    open(),
    async fn after_three_days_of_failures_it_is_given_up_and_can_be_replayed(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        let begun = world.now();
        to.feel(says(500));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        let mut at = 1;
        while endpoint(world, &hook).await["enabled"] == json!(true) {
            at += 1;
            assert!(at < 40, "it is never given up");
            later(world, Duration::hours(3)).await;
        }
        assert_eq!(endpoint(world, &hook).await["disabledReason"], "FAILING");
        let days = (world.now() - begun).num_hours();
        assert!((72..=110).contains(&days), "{days}");
        assert_eq!(told(world).await[0]["kind"], "WEBHOOK_DISABLED");
        // What still waits there expires.
        world.pass(Duration::days(5));
        for app in world.apps() {
            zhibu::worker::forget(app).await.unwrap();
        }
        let dead = stands(world, &hook, |d| d["state"] == "DEAD").await;
        to.feel(Mood::Takes);
        world.office().run(CHANGE_WEBHOOK, json!({ "id": hook.id, "version": 1, "enabled": true })).await.done();
        let range = |from, until| json!({ "endpointId": hook.id, "from": crate::harness::clock::rfc3339(from), "until": crate::harness::clock::rfc3339(until) });
        let empty = world.office().run(REPLAY_DELIVERIES, range(begun - Duration::days(2), begun)).await;
        assert_eq!(empty.done()["count"], 0);
        let bad = world.office().run(REPLAY_DELIVERIES, range(begun, begun)).await;
        assert_eq!(bad.refused(), "BAD_RANGE");
        let seen = to.got().len();
        let whole = range(begun, begun + Duration::hours(1));
        assert_eq!(world.office().run(REPLAY_DELIVERIES, whole.clone()).await.done()["count"], 1);
        assert_eq!(to.came(seen + 1).await[seen].id, dead["id"].as_str().unwrap());
        stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        // What was delivered is replayed only where that is said.
        assert_eq!(world.office().run(REPLAY_DELIVERIES, whole.clone()).await.done()["count"], 0);
        let delivered = crate::harness::meeting::with(whole, json!({ "delivered": true }));
        assert_eq!(world.office().run(REPLAY_DELIVERIES, delivered).await.done()["count"], 1);
        to.came(seen + 2).await;
        stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        // It is kept for a while, and then forgotten.
        world.pass(Duration::days(31));
        for app in world.apps() {
            zhibu::worker::forget(app).await.unwrap();
        }
        assert_eq!(deliveries(world, &hook).await.len(), 0);
    }
}

both! {
    open(),
    async fn a_test_during_a_pause_goes_before_all_that_waits(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::S1, &["UNIT_CHANGED"]).await;
        to.feel(says(503));
        rename(world, Unit::B2, 1).await;
        send(world).await;
        to.came(1).await;
        wear_out(world, &to, &hook).await;
        rename(world, Unit::B1, 1).await;
        send(world).await;
        world.pass(Duration::seconds(20));
        let so_far = to.got().len();
        to.feel(Mood::Refuses("unit.changed".to_owned()));
        let id = ping(world, &hook).await;
        send(world).await;
        let next = to.came(so_far + 1).await.remove(so_far);
        assert_eq!((next.kind(), &next.id), ("webhook.ping".to_owned(), &id));
    }
}
