//! The database is gone for a while: said so, lost nothing, works again.

use std::time::Duration as Real;

use serde_json::json;

use crate::harness::{Engine, Setup, Unit, World, document::*, postgres::Cluster};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    if crate::harness::postgres::available().await.is_none() {
        return;
    }
    let cluster =
        tokio::task::spawn_blocking(|| Cluster::start(true).expect("a cluster of one's own")).await.unwrap();
    let setup = Setup { configure: |c| c.database_wait_ms = 1_000, ..Setup::default() };
    let world = World::open_on(&cluster, setup).await;
    assert_eq!(world.engine, Engine::Postgres);
    let crowd = world.crowd(Unit::B1, 20).await;
    let id = world.party_day().await;
    let people: Vec<_> = crowd.iter().map(|(phone, _)| world.by_phone(phone)).collect();
    for person in &people {
        person.access().await;
    }
    let qr = world.qr(&id).await;
    let (before, after) = people.split_at(10);
    for person in before {
        person.run(CHECK_IN, json!({ "qr": qr })).await.done();
    }
    cluster.stop();
    for person in after.iter().take(3) {
        let reply = person.run(CHECK_IN, json!({ "qr": qr })).await;
        assert_eq!(reply.error_code(), "UNAVAILABLE", "{}", reply.text);
        assert!(!reply.text.contains("sqlx") && !reply.text.contains("127.0.0.1"), "{}", reply.text);
    }
    let ready = world.http.get(world.path("/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    assert_eq!(world.http.get(world.path("/healthz")).send().await.unwrap().status(), 200);
    cluster.restart();
    let mut waited = 0;
    while world.http.get(world.path("/readyz")).send().await.unwrap().status() != 200 {
        waited += 1;
        assert!(waited < 100, "it doesn't come back");
        tokio::time::sleep(Real::from_millis(100)).await;
    }
    for person in after {
        // A connection that died in the pool may cost one more try.
        let mut reply = person.run(CHECK_IN, json!({ "qr": qr })).await;
        for _ in 0..20 {
            if reply.error() != Some("UNAVAILABLE") {
                break;
            }
            tokio::time::sleep(Real::from_millis(100)).await;
            reply = person.run(CHECK_IN, json!({ "qr": qr })).await;
        }
        reply.done();
    }
    let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
    assert_eq!(
        shown.int("/activities/edges/0/node/tally/present"),
        20,
        "nothing that was acknowledged is lost"
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let setup = Setup { configure: |c| c.database_wait_ms = 500, ..Setup::default() };
    let world = World::open(Engine::Sqlite, setup).await.unwrap();
    let id = world.party_day().await;
    let qr = world.qr(&id).await;
    world.member_of_b1().access().await;
    // Another process holds the file for longer than the server waits.
    let blocker = sea_orm::Database::connect(&world.app.config.database_url).await.unwrap();
    let held = sea_orm::TransactionTrait::begin_with_options(
        &blocker,
        sea_orm::TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..Default::default()
        },
    );
    let held = held.await.unwrap();
    let reply = world.member_of_b1().run(CHECK_IN, json!({ "qr": qr })).await;
    assert_eq!(reply.error_code(), "UNAVAILABLE", "{}", reply.text);
    let read = world.member_of_b1().gql(ME, json!({})).await;
    read.data("/me");
    held.rollback().await.unwrap();
    world.member_of_b1().run(CHECK_IN, json!({ "qr": world.qr(&id).await })).await.done();
    world.close().await;
}
