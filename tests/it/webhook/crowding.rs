//! Many messages, slow receivers, and endpoints that wait: none of it is to cost the others anything.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Duration;
use futures_util::future::join_all;
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::json;
use zhibu::webhook::deliver_once;
use zhibu_persistence::count_statements;

use super::{deliveries, later, listen, open, rename, send, stands};
use crate::{
    both,
    harness::{
        Engine, Setup, Unit, World,
        clock::rfc3339,
        document::*,
        receiver::{Mood, Receiver},
    },
};

/// Receivers may take as long as a test.
fn patient() -> Setup {
    let configure = |config: &mut zhibu::config::Config| {
        (open().configure)(config);
        config.webhook.timeout_ms = 20_000;
    };
    Setup { configure, ..Setup::default() }
}

both! {
    patient(),
    async fn nine_endpoints_that_hang_leave_room_for_a_quick_one(world: &World) {
        let (slow, quick) = (Receiver::open().await, Receiver::open().await);
        slow.feel(Mood::Hangs);
        let mut hanging = Vec::new();
        for _ in 0..9 {
            hanging.push(listen(world, &slow, Unit::S1, &["ACTIVITY_PUBLISHED"]).await);
        }
        for _ in 0..8 {
            world.published(json!({})).await;
        }
        world.settle().await;
        slow.came(9 + 32).await;
        listen(world, &quick, Unit::S1, &["UNIT_CHANGED"]).await;
        rename(world, Unit::B1, 1).await;
        world.settle().await;
        quick.came(1).await;
        for hook in &hanging {
            let all = deliveries(world, hook).await;
            assert!(all.iter().all(|d| d["failure"].is_null() && d["state"] == "PENDING"), "{all:?}");
        }
    }
}

both! {
    open(),
    async fn what_cant_go_costs_one_look(world: &World) {
        let (off, on) = (Receiver::open().await, Receiver::open().await);
        // An endpoint that is switched off, with a message whose time has come …
        off.feel(Mood::Says(503, String::new()));
        let disabled = listen(world, &off, Unit::B2, &["UNIT_CHANGED"]).await;
        rename(world, Unit::B2, 1).await;
        send(world).await;
        stands(world, &disabled, |d| !d["failure"].is_null()).await;
        let switched = json!({ "id": disabled.id, "version": 1, "enabled": false });
        world.office().run(CHANGE_WEBHOOK, switched).await.done();
        world.pass(Duration::seconds(10));
        // … and one where a message waits behind another, whose time hasn't come.
        on.feel(Mood::Says(503, String::new()));
        let hook = listen(world, &on, Unit::B1, &["UNIT_CHANGED"]).await;
        rename(world, Unit::B1, 1).await;
        send(world).await;
        stands(world, &hook, |d| !d["failure"].is_null()).await;
        rename(world, Unit::B1, 2).await;
        world.settle().await;
        assert_eq!(deliveries(world, &hook).await.len(), 2);
        let sent = Arc::new(AtomicUsize::default());
        count_statements(Arc::clone(&sent), deliver_once(&world.app)).await.unwrap();
        assert_eq!(sent.load(Ordering::SeqCst), 1, "nothing is locked or written");
        on.feel(Mood::Takes);
        later(world, Duration::seconds(6)).await;
        on.came(3).await;
    }
}

both! {
    open(),
    async fn no_more_than_five_thousand_are_replayed_at_once(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Says(410, String::new()));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        stands(world, &hook, |d| d["state"] == "DEAD").await;
        // 8192 of them.
        let options = ConnectOptions::new(&world.app.config.database_url).max_connections(1).to_owned();
        let database = Database::connect(options).await.unwrap();
        let drawn = if world.engine == Engine::Postgres { "gen_random_uuid()" } else { "randomblob(16)" };
        let text = format!(
            "CREATE TEMP TABLE more AS SELECT * FROM webhook_delivery;
             UPDATE more SET id = {drawn};
             INSERT INTO webhook_delivery SELECT * FROM more;
             DROP TABLE more;"
        );
        for _ in 0..13 {
            database.execute_unprepared(&text).await.unwrap();
        }
        database.close().await.unwrap();
        // The first answers give it a pause.
        to.feel(Mood::Says(503, "retry-after: 3600\r\n".to_owned()));
        world.office().run(CHANGE_WEBHOOK, json!({ "id": hook.id, "version": 1, "enabled": true })).await.done();
        let range = json!({
            "endpointId": hook.id, "from": rfc3339(world.now() - Duration::hours(1)),
            "until": rfc3339(world.now() + Duration::hours(1)),
        });
        let mut counts = Vec::new();
        for _ in 0..3 {
            counts.push(world.office().run(REPLAY_DELIVERIES, range.clone()).await.done()["count"].clone());
        }
        assert_eq!(counts, [5_000, 3_192, 0]);
    }
}

both! {
    async fn of_many_who_register_at_once_no_more_than_twenty_come_through(world: &World) {
        let create = async || {
            let new = json!({
                "unitId": world.unit(Unit::B1), "url": "https://1.1.1.1/a", "description": "区门户",
                "events": ["UNIT_CHANGED"],
            });
            world.office().run(CREATE_WEBHOOK, new).await
        };
        for _ in 0..18 {
            create().await.done();
        }
        let made = join_all((0..12).map(|_| create())).await;
        let (done, refused): (Vec<_>, Vec<_>) = made.iter().partition(|reply| reply.root_typename().ends_with("Done"));
        assert_eq!(done.len(), 2);
        assert!(refused.iter().all(|reply| reply.refused() == "TOO_MANY"));
    }
}
