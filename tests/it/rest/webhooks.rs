//! A system registers itself, and looks after what it is sent.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, World, receiver::Receiver, rest::new_key},
    token::{access, client},
    webhook::{open, send},
};

fn new(world: &World, url: &str) -> Value {
    json!({ "unitId": world.unit(Unit::B1), "url": url, "description": "区门户", "events": ["UNIT_CHANGED"] })
}

both! {
    open(),
    async fn a_system_registers_itself_tries_it_and_replays(world: &World) {
        let to = Receiver::open().await;
        let token = access(world, &client(world, &["WEBHOOKS_MANAGE", "UNITS_READ"], Unit::B1).await).await;
        let system = world.bearer(&token);
        let made = system.post("/webhooks", Some(new(world, &to.url()))).await;
        assert_eq!((made.status.as_u16(), made.header("location")), (201, &*format!("/api/v1/webhooks/{}", made.found()["id"].as_str().unwrap())));
        let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let secret = made.found()["secret"].as_str().unwrap();

        let pinged = system.post(&format!("{path}/ping"), None).await;
        assert_eq!((pinged.status.as_u16(), pinged.found()["state"].as_str()), (201, Some("PENDING")));
        send(world).await;
        let came = to.came(1).await.remove(0);
        assert!(came.is_signed_by(secret));
        let message = pinged.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let sent = loop {
            let read = system.get(&message).await;
            if read.found()["state"] != "PENDING" {
                break read;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        };
        assert_eq!((&sent.found()["state"], &sent.found()["responseStatus"]), (&json!("DELIVERED"), &json!(204)));
        assert!(sent.found()["latencyMs"].is_number());
        let listed = system.get(&format!("{path}/deliveries?state=DELIVERED")).await;
        assert_eq!(listed.items(), std::slice::from_ref(sent.found()));

        let again = system.post(&format!("{message}/replay"), None).await;
        assert_eq!(again.found()["state"], "PENDING");
        send(world).await;
        assert_eq!(to.came(2).await.remove(1).id, came.id, "the same message");
        let none = json!({ "from": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z" });
        assert_eq!(system.post(&format!("{path}/replay"), Some(none)).await.found(), &json!({ "count": 0 }));
        let backwards = json!({ "from": "2020-01-02T00:00:00Z", "until": "2020-01-02T00:00:00Z" });
        let refused = system.post(&format!("{path}/replay"), Some(backwards)).await;
        assert_eq!((refused.problem(), &refused.body["errors"][0]["pointer"]), ((409, "BAD_RANGE"), &json!("/until")));
    }
}

both! {
    async fn an_endpoint_is_changed_and_deleted_by_its_version(world: &World) {
        let office = world.office();
        let made = office.post("/webhooks", Some(new(world, "https://hook.invalid/a"))).await;
        let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let read = office.get(&path).await;
        assert!(read.found().get("secret").is_none() && !read.text.contains("whsec_"));
        let off = Some(json!({ "enabled": false }));
        let changed = office.versioned(Method::POST, &path, Some(read.header("etag")), off.clone()).await;
        assert_eq!((&changed.found()["disabledReason"], &changed.found()["url"]), (&json!("BY_HAND"), &json!("https://hook.invalid/a")));
        let late = office.versioned(Method::POST, &path, Some(read.header("etag")), off).await;
        assert_eq!(late.problem(), (412, "STALE"));
        assert_eq!(late.body.get("errors"), None, "it was a header that was stale");
        let read = office.get(&path).await;
        assert_eq!(read.header("etag"), changed.header("etag"), "the change has told the tag");
        let late = office.versioned(Method::DELETE, &path, Some(made.header("etag")), None).await;
        assert_eq!(late.problem(), (412, "STALE"));
        // Rotating changes what is read, but nothing that a change could overwrite.
        let rotated = office.post(&format!("{path}/rotate-secret"), Some(json!({ "overlapHours": 1 }))).await;
        assert_eq!(rotated.found()["secrets"].as_array().map(Vec::len), Some(2));
        assert_ne!(office.get(&path).await.header("etag"), read.header("etag"));
        let gone = office.versioned(Method::DELETE, &path, Some(read.header("etag")), None).await;
        assert_eq!(gone.found()["id"], made.found()["id"]);
        assert_eq!(office.get(&path).await.problem(), (404, "NOT_FOUND"));
        for (body, status) in [(json!({}), 400), (json!({ "unitId": world.unit(Unit::B2) }), 400)] {
            assert_eq!(office.versioned(Method::POST, &path, None, Some(body)).await.status.as_u16(), status);
        }
    }
}

both! {
    async fn the_same_key_does_it_once(world: &World) {
        let office = world.office();
        let key = new_key();
        let twice = async |path: &str, body: Option<Value>| {
            let first = office.post_under(path, body.clone(), &key).await;
            let again = office.post_under(path, body, &key).await;
            assert_eq!(first.status, again.status, "{path}: {}", again.text);
            (first, again)
        };
        let (made, again) = twice("/webhooks", Some(new(world, "https://hook.invalid/a"))).await;
        assert_eq!((&made.found()["id"], &Value::Null), (&again.found()["id"], &again.found()["secret"]));
        let path = format!("/webhooks/{}", made.found()["id"].as_str().unwrap());
        let (first, again) = twice(&format!("{path}/rotate-secret"), Some(json!({}))).await;
        assert!(first.found()["secret"].is_string() && again.found()["secret"].is_null());
        assert_eq!(first.found()["secrets"], again.found()["secrets"]);
        let (first, again) = twice(&format!("{path}/ping"), None).await;
        assert_eq!(first.found()["id"], again.found()["id"]);
        assert_eq!(office.get(&format!("{path}/deliveries")).await.items().len(), 1);
        let off = Some(json!({ "enabled": false }));
        office.versioned(Method::POST, &path, None, off).await.found();
        let still = office.post_under(&format!("{path}/ping"), None, &key).await;
        assert_eq!(still.found()["id"], first.found()["id"], "what was done stays done");
        assert_eq!(office.post(&format!("{path}/ping"), None).await.problem(), (409, "DISABLED"));
    }
}

both! {
    async fn every_message_stands_in_the_document(world: &World) {
        let document = world.http.get(world.path("/api/openapi.json")).send().await.unwrap();
        let document: Value = document.json().await.unwrap();
        let types = world.office().gql(crate::harness::document::WEBHOOK_TYPES, json!({})).await;
        for told in types.list("/webhookEventTypes") {
            let described = &document["webhooks"][told["name"].as_str().unwrap()]["post"]["requestBody"]["content"]["application/json"];
            assert_eq!(described["schema"], json!({ "$ref": "#/components/schemas/WebhookMessage" }));
            let example: Value = serde_json::from_str(told["example"].as_str().unwrap()).unwrap();
            assert_eq!(described["example"], example);
        }
    }
}
