//! Webhooks: who is told of what, in which order, how often; and receivers that mean no good.

mod crowding;
mod hostile;
mod lapsing;
mod order;
mod registering;
mod retrying;
mod telling;
mod types;

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::webhook::deliver_once;

use crate::harness::{Actor, Setup, Unit, World, document::*, receiver::Receiver};

/// This machine may be told, without TLS.
pub fn open() -> Setup {
    Setup {
        configure: |config| {
            config.webhook.allowed_networks = vec!["127.0.0.0/8".parse().unwrap()];
            config.webhook.plain_http = true;
            config.webhook.ports = Vec::new();
            config.webhook.timeout_ms = 1_000;
        },
        ..Setup::default()
    }
}

/// An endpoint with its secret.
pub struct Endpoint {
    pub id: String,
    pub secret: String,
}

/// Has a receiver told, by S1's office.
pub async fn listen(world: &World, to: &Receiver, unit: Unit, events: &[&str]) -> Endpoint {
    listen_as(&world.office(), world, to, unit, events).await
}

/// Has a receiver told, by somebody.
pub async fn listen_as(
    actor: &Actor<'_>,
    world: &World,
    to: &Receiver,
    unit: Unit,
    events: &[&str],
) -> Endpoint {
    let new =
        json!({ "unitId": world.unit(unit), "url": to.url(), "description": "区门户", "events": events });
    let made = actor.run(CREATE_WEBHOOK, new).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Endpoint { id: text(&made.done()["endpoint"]["id"]), secret: text(&made.done()["secret"]) }
}

/// Hands on what has happened, and sends what is due.
pub async fn send(world: &World) {
    world.settle().await;
    for app in world.apps() {
        deliver_once(app).await.unwrap();
    }
}

/// Lets time pass and sends what is due then.
pub async fn later(world: &World, time: Duration) {
    world.pass(time);
    send(world).await;
}

/// Has a test sent; answers its id.
pub async fn ping(world: &World, endpoint: &Endpoint) -> String {
    let sent = world.office().run(PING_WEBHOOK, json!({ "id": endpoint.id })).await;
    sent.done()["delivery"]["id"].as_str().unwrap().to_owned()
}

/// What was sent to an endpoint, latest first.
pub async fn deliveries(world: &World, endpoint: &Endpoint) -> Vec<Value> {
    let reply = world.office().gql(DELIVERIES, json!({ "id": endpoint.id, "first": 100 })).await;
    reply.list("/webhookDeliveries/edges").iter().map(|edge| edge["node"].clone()).collect()
}

/// Waits until the first, latest, message stands so; answers it.
pub async fn stands(world: &World, endpoint: &Endpoint, is: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1_000 {
        if let Some(first) = deliveries(world, endpoint).await.first().filter(|first| is(first)) {
            return first.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{:?}", deliveries(world, endpoint).await.first());
}

/// How an endpoint stands.
pub async fn endpoint(world: &World, endpoint: &Endpoint) -> Value {
    world.office().gql(WEBHOOK, json!({ "id": endpoint.id })).await.data("/node").clone()
}

/// Changes the name of a unit, so that there is something to tell.
pub async fn rename(world: &World, unit: Unit, version: i32) {
    let input = json!({ "id": world.unit(unit), "version": version, "name": format!("更名{version}") });
    world.office().run(UPDATE_UNIT, input).await.done();
}
