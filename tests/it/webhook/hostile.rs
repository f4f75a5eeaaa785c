//! Receivers that mean no good, or know no better.

use std::time::{Duration as Real, Instant};

use sea_orm::{ConnectionTrait, Database};
use serde_json::json;

use super::{listen, open, ping, rename, stands};
use crate::{
    both,
    harness::{
        Setup, Unit, World,
        receiver::{Mood, Receiver},
    },
};

both! {
    open(),
    async fn a_receiver_that_hangs_holds_up_nobody_else(world: &World) {
        let (slow, quick) = (Receiver::open().await, Receiver::open().await);
        slow.feel(Mood::Hangs);
        let hanging = listen(world, &slow, Unit::S1, &["UNIT_CHANGED"]).await;
        listen(world, &quick, Unit::S1, &["UNIT_CHANGED"]).await;
        for unit in [Unit::B1, Unit::B2, Unit::Group] {
            rename(world, unit, 1).await;
        }
        let begun = Instant::now();
        world.settle().await;
        quick.came(3).await;
        let waited = begun.elapsed();
        slow.came(3).await;
        let failed = stands(world, &hanging, |d| !d["failure"].is_null()).await;
        assert_eq!((&failed["failure"], &failed["responseStatus"]), (&json!("TIMED_OUT"), &json!(null)));
        let latency = failed["latencyMs"].as_i64().unwrap();
        assert!((900..5_000).contains(&latency), "{latency}");
        assert!(waited < begun.elapsed(), "{waited:?}");
    }
}

both! {
    open(),
    async fn a_redirect_isnt_followed(world: &World) {
        let (to, inside) = (Receiver::open().await, Receiver::open().await);
        for status in [301, 302, 307, 308] {
            let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
            to.feel(Mood::Says(status, format!("location: {}\r\n", inside.url())));
            ping(world, &hook).await;
            stands(world, &hook, |d| d["failure"] == "REDIRECTED" && d["responseStatus"] == json!(status)).await;
        }
        assert_eq!(inside.got().len(), 0);
    }
}

both! {
    open(),
    async fn of_a_flood_little_is_read(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Floods);
        ping(world, &hook).await;
        let taken = stands(world, &hook, |d| d["state"] == "DELIVERED").await;
        assert_eq!(taken["responseBody"].as_str().unwrap().len(), 1_024);
        tokio::time::sleep(Real::from_millis(300)).await;
        // What the systems' buffers hold, and not a hundred million.
        assert!(to.flooded() < 20_000_000, "{}", to.flooded());
    }
}

both! {
    open(),
    async fn an_answer_that_drips_is_cut_off(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Drips);
        ping(world, &hook).await;
        let failed = stands(world, &hook, |d| !d["failure"].is_null()).await;
        assert_eq!(failed["failure"], "TIMED_OUT");
        assert!(failed["latencyMs"].as_i64().unwrap() < 5_000);
    }
}

/// One address of this machine may be told, and no other.
fn narrow() -> Setup {
    Setup {
        configure: |config| {
            config.webhook.allowed_networks = vec!["127.0.0.2/32".parse().unwrap()];
            config.webhook.plain_http = true;
            config.webhook.ports = Vec::new();
        },
        ..Setup::default()
    }
}

both! {
    narrow(),
    async fn a_name_that_stands_for_something_else_by_now_is_refused_at_the_connection(world: &World) {
        let (allowed, inside) = (Receiver::on("127.0.0.2").await, Receiver::open().await);
        let hook = listen(world, &allowed, Unit::B1, &["UNIT_CHANGED"]).await;
        ping(world, &hook).await;
        allowed.came(1).await;
        // As if it had been registered when the name stood for another address.
        let database = Database::connect(&world.app.config.database_url).await.unwrap();
        for host in ["localhost", "127.0.0.1"] {
            let text = format!("UPDATE webhook_endpoint SET url = 'http://{host}:{}/hook'", inside.port);
            database.execute_unprepared(&text).await.unwrap();
            let id = ping(world, &hook).await;
            let failed = stands(world, &hook, |d| d["id"] == json!(id) && !d["failure"].is_null()).await;
            assert_eq!((&failed["failure"], &failed["state"]), (&json!("ADDRESS_REFUSED"), &json!("DEAD")), "{host}");
        }
        database.close().await.unwrap();
        assert_eq!(inside.got().len(), 0);
    }
}
