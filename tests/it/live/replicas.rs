//! Two servers on one PostgreSQL: whoever writes, everybody hears.

use std::time::{Duration as Real, Instant};

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::{
    Engine, Setup, Unit, Who, World,
    document::*,
    ws::{Came, Socket},
};

/// Sooner than any look that no signal asked for.
const SOON: Real = Real::from_secs(5);

async fn watch(world: &World, token: &str, document: &str, variables: Value) -> Socket {
    let mut socket = Socket::connect(world, Some(token)).await.expect("a socket");
    socket.subscribe("1", document, variables).await;
    socket.result().await;
    socket
}

async fn hears(socket: &mut Socket, what: &str) {
    let asked = Instant::now();
    while asked.elapsed() < SOON {
        match socket.next_within(SOON).await {
            Some(Came::Message(message)) if message.to_string().contains(what) => return,
            Some(Came::Message(_)) => {}
            other => panic!("{what} wasn't heard: {other:?}"),
        }
    }
    panic!("{what} wasn't heard in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_writes_every_subscriber_hears() {
    let Some(one) = World::open(Engine::Postgres, Setup::default()).await else { return };
    let two = one.replica().await;
    let crowd = one.crowd(Unit::B1, 6).await;
    let id = one.party_day().await;
    let token = one.secretary().access().await.unwrap();
    let mut screens = Vec::new();
    for world in [&one, &two] {
        screens.push(watch(world, &token, TALLY, json!({ "id": id })).await);
    }
    let qr = one.qr(&id).await;
    for (n, (phone, _)) in crowd.iter().enumerate() {
        let world = if n % 2 == 0 { &one } else { &two };
        world.by_phone(phone).run(CHECK_IN, json!({ "qr": qr })).await.done();
        for screen in &mut screens {
            hears(screen, &format!("\"present\":{}", n + 1)).await;
        }
    }
    drop(screens);
    let member = one.member_of_b1().access().await.unwrap();
    let mut inboxes = Vec::new();
    for world in [&one, &two] {
        inboxes.push(watch(world, &member, FOLLOW_INBOX, json!({})).await);
    }
    for (n, world) in [&one, &two, &one].into_iter().enumerate() {
        world.published(json!({ "title": format!("第{n}次") })).await;
        for inbox in &mut inboxes {
            hears(inbox, "notification.added").await;
        }
    }
    two.member_of_b1().run(MARK_ALL_READ, json!({})).await.done();
    for inbox in &mut inboxes {
        hears(inbox, "inbox.read").await;
    }
    drop(inboxes);
    two.abandon().await;
    one.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_lost_connection_nothing_is_missed() {
    let Some(one) = World::open(Engine::Postgres, Setup::default()).await else { return };
    let two = one.replica().await;
    let token = two.as_(Who::Member).access().await.unwrap();
    let mut inbox = watch(&two, &token, FOLLOW_INBOX, json!({})).await;
    let db = sea_orm::Database::connect(&one.app.config.database_url).await.unwrap();
    let deafen = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    for n in 0..3 {
        db.execute_unprepared(deafen).await.unwrap();
        one.published(json!({ "title": format!("第{n}次") })).await;
        one.settle().await;
        hears(&mut inbox, "notification.added").await;
    }
    db.close().await.unwrap();
    drop(inbox);
    two.abandon().await;
    one.close().await;
}
