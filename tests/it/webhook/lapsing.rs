//! Owners who may not have it told any more.

use chrono::Duration;
use serde_json::{Value, json};

use super::{listen, listen_as, open, rename, send, stands};
use crate::{
    both,
    harness::{
        Actor, Unit, Who, World,
        document::*,
        receiver::{Mood, Receiver},
    },
    live::inbox::inbox,
    token::{access, client},
};

async fn reason(actor: &Actor<'_>, id: &str) -> Value {
    actor.gql(WEBHOOK, json!({ "id": id })).await.data("/node/disabledReason").clone()
}

/// Whether somebody was told, once, that their endpoint is disabled, which they may not see any more, and why.
async fn is_told(world: &World, who: Who) -> bool {
    send(world).await;
    let told = inbox(&world.as_(who)).await;
    let told: Vec<_> = told.iter().filter(|m| m["kind"] == "WEBHOOK_DISABLED").collect();
    assert!(told.len() <= 1, "{told:?}");
    told.first().is_some_and(|m| m["body"].as_str().unwrap().contains("“区门户”已停用：所有者已无权限"))
}

both! {
    open(),
    async fn what_ends_the_owners_right_ends_the_telling(world: &World) {
        let to = Receiver::open().await;
        let grant = client(world, &["WEBHOOKS_MANAGE", "UNITS_READ"], Unit::B1).await;
        let token = access(world, &grant).await;
        let made = listen_as(&world.bearer(&token), world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        rename(world, Unit::B1, 1).await;
        send(world).await;
        to.came(1).await;
        world.office().run(REVOKE_GRANT, json!({ "id": grant.id })).await.done();
        world.heard().await;
        assert_eq!(reason(&world.office(), &made.id).await, Value::Null);
        rename(world, Unit::B1, 2).await;
        send(world).await;
        assert_eq!(reason(&world.office(), &made.id).await, "NOT_ENTITLED");
        assert!(is_told(world, Who::Office).await, "whoever has given the grant");
        // A grant doesn't come back: whoever switches it on is told the same.
        let on = json!({ "id": made.id, "version": 1, "enabled": true });
        world.office().run(CHANGE_WEBHOOK, on).await.done();
        world.office().run(PING_WEBHOOK, json!({ "id": made.id })).await.done();
        for _ in 0..1_000 {
            if reason(&world.office(), &made.id).await == "NOT_ENTITLED" {
                break;
            }
            send(world).await;
        }
        assert_eq!(reason(&world.office(), &made.id).await, "NOT_ENTITLED");
        assert_eq!(to.got().len(), 1);
    }
}

both! {
    open(),
    async fn what_waits_when_an_office_is_left_waits_for_the_successor(world: &World) {
        let to = Receiver::open().await;
        let hook = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        to.feel(Mood::Says(503, String::new()));
        rename(world, Unit::B1, 1).await;
        send(world).await;
        let waits = stands(world, &hook, |d| !d["failure"].is_null()).await;
        to.feel(Mood::Takes);
        let ended = json!({ "id": world.post(Who::Office), "endsOn": "2026-03-01" });
        world.administrator().run(END_POST, ended).await.done();
        world.heard().await;
        world.pass(Duration::seconds(6));
        for _ in 0..1_000 {
            send(world).await;
            if !reason(&world.administrator(), &hook.id).await.is_null() {
                break;
            }
        }
        assert_eq!(reason(&world.administrator(), &hook.id).await, "NOT_ENTITLED");
        assert!(is_told(world, Who::Office).await, "the owner");
        let listed = world.administrator().gql(DELIVERIES, json!({ "id": hook.id, "first": 2 })).await;
        let kept = listed.data("/webhookDeliveries/edges/0/node");
        assert_eq!((&kept["state"], &kept["failure"]), (&json!("PENDING"), &json!("NOT_ENTITLED")));
        assert_eq!(to.got().len(), 1);
        // Whoever switches it on answers for it.
        let on = json!({ "id": hook.id, "version": 1, "enabled": true });
        world.administrator().run(CHANGE_WEBHOOK, on).await.done();
        send(world).await;
        assert_eq!(json!(to.came(2).await[1].id), waits["id"]);
    }
}
