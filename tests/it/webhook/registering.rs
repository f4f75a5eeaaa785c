//! Who has whom told of what.

use chrono::Duration;
use serde_json::{Value, json};

use super::{deliveries, listen, open, ping, stands};
use crate::{
    both,
    harness::{Unit, Who, World, document::*, receiver::Receiver},
    token::{access, client},
};

async fn create(world: &World, who: Who, unit: Unit, more: Value) -> crate::harness::Reply {
    let new = json!({
        "unitId": world.unit(unit), "url": "https://hook.invalid/a", "description": "区门户", "events": ["UNIT_CHANGED"],
    });
    world.as_(who).run(CREATE_WEBHOOK, crate::harness::meeting::with(new, more)).await
}

both! {
    async fn an_endpoint_is_registered_changed_listed_and_deleted(world: &World) {
        let made = create(world, Who::Office, Unit::B1, json!({ "clientMutationId": "k1" })).await;
        let endpoint = made.done()["endpoint"].clone();
        assert!(made.done()["secret"].as_str().unwrap().starts_with("whsec_"));
        assert_eq!((&endpoint["enabled"], &endpoint["owner"]["id"]), (&json!(true), &json!(world.account(Who::Office))));
        let again = create(world, Who::Office, Unit::B1, json!({ "clientMutationId": "k1" })).await;
        assert_eq!((&again.done()["endpoint"]["id"], &again.done()["secret"]), (&endpoint["id"], &Value::Null));
        let change = json!({ "id": endpoint["id"], "version": 1, "description": "官网", "events": ["UNIT_CHANGED", "MEMBER_LEFT"], "enabled": false });
        let changed = world.office().run(CHANGE_WEBHOOK, change.clone()).await;
        assert_eq!(changed.done()["endpoint"]["disabledReason"], "BY_HAND");
        assert_eq!(changed.done()["endpoint"]["events"], json!(["MEMBER_LEFT", "UNIT_CHANGED"]));
        assert_eq!(world.office().run(CHANGE_WEBHOOK, change).await.refused(), "STALE");
        let ping = world.office().run(PING_WEBHOOK, json!({ "id": endpoint["id"] })).await;
        assert_eq!(ping.refused(), "DISABLED");
        let listed = world.office().gql(WEBHOOKS, json!({ "unitId": world.unit(Unit::S1) })).await;
        assert_eq!(listed.str("/webhookEndpoints/edges/0/node/description"), "官网");
        assert!(!listed.text.contains("whsec_"));
        world.office().run(DELETE_WEBHOOK, json!({ "id": endpoint["id"] })).await.done();
        let gone = world.office().run(DELETE_WEBHOOK, json!({ "id": endpoint["id"] })).await;
        assert_eq!(gone.error_code(), "NOT_FOUND");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": endpoint["id"], "first": 10 })).await;
        let operations: Vec<_> = audit.list("/audit/edges").iter().map(|e| e["node"]["operation"].clone()).collect();
        assert_eq!(operations, ["deleteWebhookEndpoint", "changeWebhookEndpoint", "createWebhookEndpoint"]);
    }
}

both! {
    async fn addresses_that_could_be_our_own_network_are_refused(world: &World) {
        for (url, code) in [
            ("https://127.0.0.1/", "ADDRESS_NOT_ALLOWED"),
            ("https://localhost/", "ADDRESS_NOT_ALLOWED"),
            ("https://LOCALHOST./", "ADDRESS_NOT_ALLOWED"),
            ("https://2130706433/", "ADDRESS_NOT_ALLOWED"),
            ("https://[::ffff:10.0.0.1]/", "ADDRESS_NOT_ALLOWED"),
            ("https://169.254.169.254/latest/meta-data", "ADDRESS_NOT_ALLOWED"),
            ("http://hook.invalid/", "HTTPS_REQUIRED"),
            ("https://hook.invalid:22/", "PORT_NOT_ALLOWED"),
            ("https://a:b@hook.invalid/", "BAD_URL"),
            ("hook.invalid", "BAD_URL"),
            ("\u{0}", "BAD_URL"),
        ] {
            let refused = create(world, Who::Office, Unit::B1, json!({ "url": url })).await;
            assert_eq!(refused.refused(), code, "{url}");
        }
        let made = create(world, Who::Office, Unit::B1, json!({})).await.done()["endpoint"]["id"].clone();
        let change = json!({ "id": made, "version": 1, "url": "https://10.0.0.1/" });
        assert_eq!(world.office().run(CHANGE_WEBHOOK, change).await.refused(), "ADDRESS_NOT_ALLOWED");
    }
}

both! {
    async fn nobody_has_told_what_they_may_not_see(world: &World) {
        let code = async |who: Who, unit: Unit| create(world, who, unit, json!({})).await.error_code().to_owned();
        assert_eq!(code(Who::Secretary, Unit::B1).await, "FORBIDDEN");
        assert_eq!(code(Who::Office, Unit::B3).await, "FORBIDDEN");
        assert_eq!(code(Who::Office, Unit::D).await, "NOT_FOUND");
        // The administrator sees units, and no members.
        create(world, Who::Administrator, Unit::A, json!({})).await.done();
        let beyond = create(world, Who::Administrator, Unit::A, json!({ "events": ["UNIT_CHANGED", "MEMBER_JOINED"] })).await;
        assert_eq!(beyond.refused(), "BEYOND_YOURS");
        // Nor by another's endpoint: neither elsewhere, nor under another secret. But they may switch it off.
        let strong = create(world, Who::Office, Unit::B1, json!({ "events": ["MEMBER_JOINED"] })).await.done()["endpoint"]["id"].clone();
        let admin = world.administrator();
        let stolen = admin.run(CHANGE_WEBHOOK, json!({ "id": strong, "version": 1, "url": "https://b.invalid/" })).await;
        assert_eq!(stolen.refused(), "BEYOND_YOURS");
        assert_eq!(admin.run(ROTATE_WEBHOOK, json!({ "id": strong })).await.refused(), "BEYOND_YOURS");
        let off = admin.run(CHANGE_WEBHOOK, json!({ "id": strong, "version": 1, "enabled": false })).await;
        assert_eq!(off.done()["endpoint"]["owner"]["id"], json!(world.account(Who::Office)));
        for (more, code) in [
            (json!({ "events": [] }), "NO_EVENTS"),
            (json!({ "events": ["PING"] }), "NO_EVENTS"),
            (json!({ "description": "" }), "BAD_DESCRIPTION"),
        ] {
            assert_eq!(create(world, Who::Office, Unit::B1, more).await.refused(), code);
        }
        for _ in 0..19 {
            create(world, Who::Office, Unit::B1, json!({})).await.done();
        }
        assert_eq!(create(world, Who::Office, Unit::B1, json!({})).await.refused(), "TOO_MANY");
    }
}

both! {
    async fn a_client_manages_its_own_endpoints_alone(world: &World) {
        let scopes = ["WEBHOOKS_MANAGE", "UNITS_READ"];
        let (ours, theirs) = (client(world, &scopes, Unit::B1).await, client(world, &scopes, Unit::B1).await);
        let (ours, theirs) = (access(world, &ours).await, access(world, &theirs).await);
        let new = json!({
            "unitId": world.unit(Unit::B1), "url": "https://hook.invalid/", "description": "甲", "events": ["UNIT_CHANGED"],
        });
        let made = world.bearer(&ours).run(CREATE_WEBHOOK, new.clone()).await.done()["endpoint"]["id"].clone();
        let beyond = crate::harness::meeting::with(new.clone(), json!({ "events": ["MEMBER_JOINED"] }));
        assert_eq!(world.bearer(&ours).run(CREATE_WEBHOOK, beyond).await.refused(), "BEYOND_YOURS");
        let elsewhere = crate::harness::meeting::with(new, json!({ "unitId": world.unit(Unit::B2) }));
        assert_eq!(world.bearer(&ours).run(CREATE_WEBHOOK, elsewhere).await.error_code(), "NOT_FOUND");
        for document in [PING_WEBHOOK, ROTATE_WEBHOOK, DELETE_WEBHOOK] {
            assert_eq!(world.bearer(&theirs).run(document, json!({ "id": made })).await.error_code(), "NOT_FOUND");
        }
        let seen = async |token: &str| {
            let listed = world.bearer(token).gql(WEBHOOKS, json!({ "unitId": world.unit(Unit::B1) })).await;
            listed.list("/webhookEndpoints/edges").len()
        };
        assert_eq!((seen(&ours).await, seen(&theirs).await), (1, 0));
        let hidden = world.bearer(&theirs).gql(WEBHOOK, json!({ "id": made })).await;
        assert_eq!(hidden.data("/node"), &Value::Null);
        let unscoped = access(world, &client(world, &["UNITS_READ"], Unit::B1).await).await;
        let denied = world.bearer(&unscoped).gql(WEBHOOK_TYPES, json!({})).await;
        assert_eq!(denied.error_code(), "INSUFFICIENT_SCOPE");
        let types = world.bearer(&ours).gql(WEBHOOK_TYPES, json!({})).await;
        assert!(types.list("/webhookEventTypes").iter().all(|t| {
            let example: Value = serde_json::from_str(t["example"].as_str().unwrap()).unwrap();
            example["type"] == t["name"] && t["scope"].is_string()
        }));
    }
}

both! {
    open(),
    async fn while_a_secret_is_replaced_messages_bear_both_signatures(world: &World) {
        let to = Receiver::open().await;
        let first = listen(world, &to, Unit::B1, &["UNIT_CHANGED"]).await;
        let rotated = world.office().run(ROTATE_WEBHOOK, json!({ "id": first.id, "overlapHours": 1 })).await;
        let second = rotated.done()["secret"].as_str().unwrap().to_owned();
        assert_eq!(rotated.done()["endpoint"]["secrets"].as_array().unwrap().len(), 2);
        ping(world, &first).await;
        let both = to.came(1).await.remove(0);
        assert!(both.is_signed_by(&first.secret) && both.is_signed_by(&second));
        assert_eq!(both.timestamp, world.now().timestamp());
        assert_eq!(both.kind(), "webhook.ping");
        world.pass(Duration::hours(1));
        ping(world, &first).await;
        let one = to.came(2).await.remove(1);
        assert!(!one.is_signed_by(&first.secret) && one.is_signed_by(&second));
        stands(world, &first, |d| d["state"] == "DELIVERED").await;
        assert_eq!(deliveries(world, &first).await.len(), 2);
    }
}
