//! What happens to one thing is handed on in order, whoever hands it on and whatever fails; and nobody
//! waits for the phone network.

use std::{collections::BTreeMap, time::Duration as Real};

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;
use zhibu::worker::{post_once, relay_once};
use zhibu_domain::notification::FeedKind;
use zhibu_persistence::{Origin, feed, outbox};

use super::inbox::inbox;
use crate::{
    both,
    harness::{Who, World, document::*, fault::Fault},
};

const STEPS: [&str; 3] = ["assignment.step0", "assignment.step1", "assignment.step2"];

/// One step after the other happens to so many things.
async fn happen(world: &World, things: u128) {
    let district = world.district(false);
    let origin = Origin { operation: "test", request_id: None, now: world.now() };
    let tx = world.app.store.begin(origin).await.unwrap();
    for step in STEPS {
        for thing in 1..=things {
            let payload = json!({ "accounts": [world.ids.accounts[&Who::Member]] });
            outbox::publish(&tx, district, step, Uuid::from_u128(thing), payload).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// What was told of each thing, in order.
async fn told(world: &World) -> BTreeMap<Uuid, Vec<String>> {
    let (district, owner) = (world.district(false), world.ids.accounts[&Who::Member].0);
    let all = feed::since(&world.app.store, district, FeedKind::Assignments, owner, 0, 10_000).await.unwrap();
    let mut told: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for change in all.changes {
        told.entry(change.change.subject_id).or_default().push(change.change.event);
    }
    told
}

both! {
    async fn several_workers_keep_the_order_of_each_thing(world: &World) {
        happen(world, 400).await;
        while outbox::count(&world.app.store, world.now()).await.unwrap() > 0 {
            for result in join_all(world.workers(3).map(relay_once)).await {
                result.unwrap();
            }
        }
        let told = told(world).await;
        assert_eq!(told.len(), 400);
        for (thing, events) in told {
            assert_eq!(events, STEPS, "{thing}");
        }
    }
}

both! {
    async fn what_came_after_a_failure_waits_for_it(world: &World) {
        world.settle().await;
        let fault = Fault::of(world).await;
        fault.begin_where("INSERT feed_change", "NEW.event = 'assignment.step1'").await;
        happen(world, 2).await;
        for _ in 0..3 {
            relay_once(&world.app).await.unwrap();
            tokio::time::sleep(Real::from_millis(50)).await;
        }
        let so_far = told(world).await;
        assert!(so_far.values().all(|events| *events == STEPS[..1]), "{so_far:?}");
        fault.end("INSERT feed_change").await;
        world.pass(Duration::seconds(61));
        world.settle().await;
        let told = told(world).await;
        assert!(told.len() == 2 && told.values().all(|events| *events == STEPS), "{told:?}");
        fault.close().await;
    }
}

both! {
    async fn a_phone_network_that_hangs_keeps_nobodys_inbox(world: &World) {
        world.secretary().access().await;
        let me = world.member_of_b1();
        me.access().await;
        let phone = Who::Second.phone();
        world.sms.hang(true);
        let input = json!({ "phone": phone, "district": "370100", "purpose": "SIGN_IN" });
        world.anonymous().run(REQUEST_CODE, input).await.done();
        // The server's own worker takes the code …
        tokio::time::sleep(Real::from_millis(1_000)).await;
        world.published(json!({})).await;
        let mut waited = 0;
        while inbox(&me).await.is_empty() {
            waited += 1;
            assert!(waited < 40, "the inbox waits for the phone network");
            tokio::time::sleep(Real::from_millis(100)).await;
        }
        assert_eq!(world.sms.count(phone), 0);
        world.sms.hang(false);
        world.settle().await;
        world.sms_code(phone).await;
        // … and nobody sends it again.
        world.pass(Duration::seconds(61));
        for app in world.apps() {
            post_once(app).await.unwrap();
        }
        assert_eq!(world.sms.count(phone), 1);
    }
}

both! {
    async fn a_code_that_was_sent_and_not_struck_off_is_not_sent_again(world: &World) {
        if world.apps().count() > 1 {
            return; // Each server remembers what it has sent itself.
        }
        let fault = Fault::of(world).await;
        world.settle().await;
        fault.begin("DELETE outbox_event").await;
        let phone = Who::Second.phone();
        let input = json!({ "phone": phone, "district": "370100", "purpose": "SIGN_IN" });
        world.anonymous().run(REQUEST_CODE, input).await.done();
        let _not_struck_off = post_once(&world.app).await;
        world.sms_code(phone).await;
        world.pass(Duration::seconds(61));
        let _not_struck_off = post_once(&world.app).await;
        fault.end("DELETE outbox_event").await;
        world.pass(Duration::seconds(61));
        post_once(&world.app).await.unwrap();
        assert_eq!(world.sms.count(phone), 1);
        fault.close().await;
    }
}
