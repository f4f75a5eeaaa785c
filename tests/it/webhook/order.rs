//! Each message once at a time, and what happens to one thing in order, whoever sends it.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;
use zhibu::webhook::deliver_once;
use zhibu_domain::webhook::Slots;
use zhibu_persistence::webhook;

use super::{deliveries, later, listen, open, ping, rename, send, stands};
use crate::{
    both,
    harness::{
        Unit, World,
        document::*,
        receiver::{Mood, Receiver},
    },
};

both! {
    open(),
    async fn what_came_after_a_failure_waits_for_it_and_nothing_else_does(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::S1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Refuses(world.unit(Unit::B1)));
        for version in 1..=3 {
            rename(world, Unit::B1, version).await;
        }
        rename(world, Unit::B2, 1).await;
        send(world).await;
        let got = to.came(2).await;
        let of_b1 = |got: &[crate::harness::receiver::Got]| {
            got.iter().filter(|g| g.body.contains(&world.unit(Unit::B1))).map(|g| g.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!((got.len(), of_b1(&got).len()), (2, 1), "the sister's came through");
        to.feel(Mood::Takes);
        later(world, Duration::seconds(6)).await;
        send(world).await;
        send(world).await;
        let order = of_b1(&to.came(5).await);
        let mut expected: Vec<_> = deliveries(world, &hook).await.into_iter()
            .filter(|d| d["subjectId"] == json!(world.unit(Unit::B1)))
            .map(|d| d["id"].as_str().unwrap().to_owned()).collect();
        expected.reverse();
        assert_eq!(order[1..], expected[..], "the first once more, then the others");
    }
}

both! {
    open(),
    async fn order_is_that_of_what_happened_whatever_a_servers_clock_says(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Refuses(world.unit(Unit::B1)));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        let first = stands(world, &hook, |d| !d["failure"].is_null()).await;
        // As on a server whose clock is behind.
        world.pass(-Duration::seconds(3));
        to.feel(Mood::Takes);
        rename(world, Unit::B1, 2).await;
        send(world).await;
        later(world, Duration::seconds(9)).await;
        send(world).await;
        let ids: Vec<_> = to.came(3).await.into_iter().map(|got| json!(got.id)).collect();
        assert_eq!(ids[..2], [first["id"].clone(), first["id"].clone()]);
        assert_ne!(ids[2], first["id"]);
        let listed: Vec<_> = deliveries(world, &hook).await.into_iter().map(|d| d["id"].clone()).collect();
        assert_eq!(listed, [ids[2].clone(), ids[0].clone()], "latest first");
    }
}

both! {
    open(),
    async fn several_workers_send_each_message_once(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::S1, &["UNIT_CHANGED"]).await;
        for version in 1..=6 {
            for unit in [Unit::B1, Unit::B2, Unit::Group] {
                rename(world, unit, version).await;
            }
        }
        world.settle().await;
        while deliveries(world, &hook).await.iter().any(|d| d["state"] == "PENDING") {
            for result in join_all(world.workers(3).map(deliver_once)).await {
                result.unwrap();
            }
        }
        let mut ids: Vec<_> = to.got().into_iter().map(|g| g.id).collect();
        assert_eq!(ids.len(), 18);
        for unit in [Unit::B1, Unit::B2, Unit::Group] {
            let of: Vec<_> = to.got().into_iter().filter(|g| g.body.contains(&world.unit(unit))).map(|g| g.id).collect();
            let mut kept: Vec<_> = deliveries(world, &hook).await.into_iter()
                .filter(|d| d["subjectId"] == json!(world.unit(unit)))
                .map(|d| d["id"].as_str().unwrap().to_owned()).collect();
            kept.reverse();
            assert_eq!(of, kept, "in order");
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 18, "each once");
        assert!(to.most_at_once() <= 8, "{}", to.most_at_once());
    }
}

both! {
    open(),
    async fn what_a_killed_worker_had_taken_is_sent_by_another(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        // Taken before anybody else can: the endpoint has a pause that ends for this worker alone.
        to.feel(Mood::Says(503, "retry-after: 60\r\n".to_owned()));
        ping(world, &hook).await;
        stands(world, &hook, |d| d["attempts"] == 1 && !d["failure"].is_null()).await;
        to.feel(Mood::Takes);
        rename(world, Unit::B1, 1).await;
        world.settle().await;
        let then = world.now() + Duration::seconds(61);
        let taken = webhook::take(&world.app.store, then, Slots::beside(0, 0)).await.unwrap();
        assert_eq!(taken.len(), 1);
        world.set_clock(then + Duration::seconds(59));
        send(world).await;
        assert_eq!(to.got().len(), 1, "they are left to the killed one for a minute");
        later(world, Duration::seconds(2)).await;
        to.came(2).await;
        let done = stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        assert_eq!(done["attempts"], 2);
    }
}

both! {
    open(),
    async fn a_page_of_messages_costs_no_more_statements_than_one(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        let statements = async |first: i32| {
            let reply = world.office().gql(DELIVERIES, json!({ "id": hook.id, "first": first })).await;
            reply.list("/webhookDeliveries/edges");
            reply.headers["server-timing"].to_str().unwrap().to_owned()
        };
        for _ in 0..6 {
            ping(world, &hook).await;
        }
        to.came(6).await;
        statements(1).await;
        assert_eq!(statements(1).await, statements(50).await);
        let page = world.office().gql(DELIVERIES, json!({ "id": hook.id, "first": 4 })).await;
        let after = page.str("/webhookDeliveries/pageInfo/endCursor");
        let rest = world.office().gql(DELIVERIES, json!({ "id": hook.id, "first": 4, "after": after })).await;
        assert_eq!(rest.list("/webhookDeliveries/edges").len(), 2);
        assert_eq!(rest.data("/webhookDeliveries/pageInfo/hasNextPage"), false);
    }
}
