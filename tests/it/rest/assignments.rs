//! Another system has something done.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, Who, World, clock::rfc3339, meeting::with, rest::new_key},
};

fn work(world: &World, more: Value) -> Value {
    let work = json!({
        "issuerUnitId": world.unit(Unit::S1), "to": { "kind": "UNIT", "id": world.unit(Unit::B1) },
        "kind": "TASK", "title": "走访困难群众", "measure": { "text": "入户走访", "target": 20, "unit": "户" },
        "dueAt": rfc3339(world.now() + Duration::days(10)),
    });
    with(work, more)
}

async fn step(world: &World, path: &str, tag: &str, body: Option<Value>) -> Reply {
    let mut request = world.office().rest(Method::POST, path).await;
    request = request.header("if-match", tag).header("idempotency-key", new_key());
    if let Some(body) = body {
        request = request.json(&body);
    }
    Reply::read(request.send().await.unwrap()).await
}

both! {
    async fn from_a_draft_to_its_end(world: &World) {
        let made = world.office().post("/assignments", Some(work(world, json!({})))).await;
        assert_eq!((made.status.as_u16(), made.found()["state"].as_str()), (201, Some("DRAFT")));
        let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(world.secretary().get(&path).await.problem(), (404, "NOT_FOUND"), "a draft is its issuers'");
        let read = world.office().get(&path).await;
        assert_eq!((read.found(), read.header("etag")), (made.found(), made.header("etag")));
        let stale = step(world, &format!("{path}/dispatch"), "\"99\"", None).await;
        assert_eq!(stale.problem(), (412, "STALE"));
        let given = step(world, &format!("{path}/dispatch"), read.header("etag"), None).await;
        assert_eq!(given.found()["state"], "DISPATCHED");
        let lying = world.secretary().get(&format!("/assignments?unitId={}&state=DISPATCHED", world.unit(Unit::B1))).await;
        assert_eq!(&lying.items()[0], given.found());
        let issued = world.office().get(&format!("/assignments?unitId={}&issued=true", world.unit(Unit::S1))).await;
        assert_eq!(issued.items().len(), 1);
        let reason = Some(json!({ "reason": "并入其他任务" }));
        let by_owner = world.secretary().post(&format!("{path}/cancel"), reason.clone()).await;
        assert_eq!(by_owner.problem(), (403, "FORBIDDEN"));
        let over = step(world, &format!("{path}/cancel"), given.header("etag"), reason).await;
        assert_eq!(over.found()["state"], "CANCELLED");
        let again = world.office().post(&format!("{path}/dispatch"), None).await;
        assert_eq!(again.problem(), (409, "CANCELLED"), "the operation's own no");
    }
}

both! {
    async fn the_same_key_makes_one(world: &World) {
        let first = world.office().post_under("/assignments", Some(work(world, json!({}))), "made-once").await;
        let again = world.office().post_under("/assignments", Some(work(world, json!({}))), "made-once").await;
        assert_eq!(first.found(), again.found());
        let other = work(world, json!({ "title": "另一件" }));
        let other = world.office().post_under("/assignments", Some(other), "made-once").await;
        assert_eq!(other.problem(), (422, "IDEMPOTENCY_KEY_REUSED"));
        let somebody = work(world, json!({ "issuerUnitId": world.unit(Unit::B1) }));
        world.secretary().post_under("/assignments", Some(somebody), "made-once").await.found();
    }
}

both! {
    async fn two_at_once_make_one(world: &World) {
        world.office().access().await;
        let send = async || world.office().post_under("/assignments", Some(work(world, json!({}))), "at-once").await;
        let (a, b) = futures_util::future::join(send(), send()).await;
        let mut ids = Vec::new();
        for reply in [a, b] {
            match reply.status.as_u16() {
                201 => ids.push(reply.body["id"].clone()),
                409 => assert_eq!(reply.problem().1, "OVERLOADED"),
                other => panic!("{other}: {}", reply.text),
            }
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
    }
}

both! {
    async fn refusals_name_what_is_wrong(world: &World) {
        let late = work(world, json!({ "dueAt": "2020-01-01T00:00:00Z" }));
        assert_eq!(world.office().post("/assignments", Some(late)).await.problem(), (409, "BAD_DUE"));
        let beyond = work(world, json!({ "to": { "kind": "UNIT", "id": world.unit(Unit::B3) } }));
        assert_eq!(world.office().post("/assignments", Some(beyond)).await.problem(), (409, "BEYOND_ISSUER"));
        let hidden = work(world, json!({ "title": "王\u{202E}明" }));
        assert_eq!(world.office().post("/assignments", Some(hidden)).await.problem(), (409, "BAD_TITLE"));
        let nobody = work(world, json!({ "issuerUnitId": "bm9uc2Vuc2U" }));
        assert_eq!(world.office().post("/assignments", Some(nobody)).await.problem(), (404, "NOT_FOUND"));
        let foreign = work(world, json!({}));
        assert_eq!(world.as_(Who::ForeignOffice).post("/assignments", Some(foreign)).await.problem(), (404, "NOT_FOUND"));
    }
}
