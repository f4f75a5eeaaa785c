//! Every operation is tried by everybody, as GraphQL's are.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zhibu::rest::operations;

use crate::{
    access::{Scene, TRIED_BY},
    both,
    harness::{Reply, Unit, Who, World, cast::FOREIGNERS},
};

/// What is sent: the path, and the body where there is one. It passes the policy and is then refused.
struct Case {
    operation: &'static str,
    path: String,
    body: Option<Value>,
    /// Whether it is district A's own business, which others know nothing of.
    hidden: bool,
}

fn cases(world: &World, scene: &Scene, export: &str) -> Vec<Case> {
    let (b1, member) = (world.unit(Unit::B1), world.member(Who::Member));
    let case = |operation, path: String, body| Case { operation, path, body, hidden: true };
    let due = "2020-01-01T00:00:00Z";
    let work = json!({
        "issuerUnitId": b1, "to": { "kind": "UNIT", "id": b1 }, "kind": "TASK", "title": "走访", "dueAt": due,
        "measure": { "text": "走访", "target": 1, "unit": "户" },
    });
    let hook = json!({
        "unitId": b1, "url": "https://127.0.0.1/", "description": "门户网站", "events": ["UNIT_CHANGED"],
    });
    let backwards = json!({ "unitId": b1, "from": "2026-03-31", "until": "2026-02-01", "purpose": "录入" });
    vec![
        Case { hidden: false, ..case("listUnits", "/units".to_owned(), None) },
        case("getUnit", format!("/units/{b1}"), None),
        case("listMembers", format!("/members?unitId={b1}"), None),
        case("getMember", format!("/members/{member}"), None),
        case("listActivities", format!("/activities?unitId={b1}"), None),
        case("getActivity", format!("/activities/{}", scene.activity), None),
        case("listAttendees", format!("/activities/{}/attendees", scene.activity), None),
        case(
            "checkInMembers",
            format!("/activities/{}/check-ins", scene.activity),
            Some(json!({ "memberIds": [world.member(Who::MemberOfB3)] })),
        ),
        case("listHours", format!("/hours?unitId={b1}"), None),
        case("listHoursOfMember", format!("/members/{member}/hours"), None),
        case("listHourExports", format!("/hour-exports?unitId={b1}"), None),
        case("exportHours", "/hour-exports".to_owned(), Some(backwards)),
        case("getHourExport", format!("/hour-exports/{export}"), None),
        case("listHourExportRows", format!("/hour-exports/{export}/rows"), None),
        case("listAssignments", format!("/assignments?unitId={b1}"), None),
        case("createAssignment", "/assignments".to_owned(), Some(work)),
        case("getAssignment", format!("/assignments/{}", scene.assignment), None),
        case("dispatchAssignment", format!("/assignments/{}/dispatch", scene.assignment), None),
        case(
            "cancelAssignment",
            format!("/assignments/{}/cancel", scene.assignment),
            Some(json!({ "reason": "并入其他任务" })),
        ),
        case("listWebhookEndpoints", format!("/webhooks?unitId={b1}"), None),
        case("createWebhookEndpoint", "/webhooks".to_owned(), Some(hook)),
        case("getWebhookEndpoint", format!("/webhooks/{}", scene.webhook), None),
        case(
            "changeWebhookEndpoint",
            format!("/webhooks/{}", scene.webhook),
            Some(json!({ "url": "https://127.0.0.1/" })),
        ),
        case("deleteWebhookEndpoint", format!("/webhooks/{}", scene.webhook), None),
        case("rotateWebhookSecret", format!("/webhooks/{}/rotate-secret", scene.webhook), Some(json!({}))),
        case("pingWebhookEndpoint", format!("/webhooks/{}/ping", scene.webhook), None),
        case(
            "replayWebhookDeliveries",
            format!("/webhooks/{}/replay", scene.webhook),
            Some(json!({ "from": due, "until": due })),
        ),
        case("listWebhookDeliveries", format!("/webhooks/{}/deliveries", scene.webhook), None),
        case("getWebhookDelivery", format!("/webhook-deliveries/{}", scene.delivery), None),
        case("replayWebhookDelivery", format!("/webhook-deliveries/{}/replay", scene.delivery), None),
    ]
}

fn word(reply: &Reply) -> String {
    if reply.status.is_success() { "DONE".to_owned() } else { reply.problem().1.to_owned() }
}

both! {
    async fn every_operation_is_tried_by_everybody(world: &World) {
        let scene = Scene::set(world).await;
        let asked = json!({ "unitId": world.unit(Unit::B1), "from": "2026-01-01", "until": "2026-03-31", "purpose": "录入" });
        let export = world.office().post("/hour-exports", Some(asked)).await.found()["id"].as_str().unwrap().to_owned();
        let cases = cases(world, &scene, &export);
        let (table, tried): (BTreeSet<_>, BTreeSet<_>) =
            (operations().iter().map(|o| o.id).collect(), cases.iter().map(|case| case.operation).collect());
        assert_eq!(table, tried, "each operation has its case");
        let mut text = String::new();
        for case in cases {
            let operations = operations();
            let operation = operations.iter().find(|o| o.id == case.operation).unwrap();
            let try_it = async |who: crate::harness::Actor<'_>| match operation.method.as_str() {
                "GET" => who.get(&case.path).await,
                "DELETE" => who.versioned(reqwest::Method::DELETE, &case.path, Some("\"999\""), None).await,
                _ => who.post(&case.path, case.body.clone()).await,
            };
            assert_eq!(try_it(world.anonymous()).await.problem(), (401, "UNAUTHENTICATED"), "{}", case.operation);
            text.push_str(&format!("{}\n", case.operation));
            let mut by_word: Vec<(String, Vec<String>)> = Vec::new();
            for who in TRIED_BY.iter().chain(FOREIGNERS) {
                let word = word(&try_it(world.as_(*who)).await);
                if FOREIGNERS.contains(who) && case.hidden {
                    assert_eq!(word, "NOT_FOUND", "{who:?}, {}", case.operation);
                }
                match by_word.iter_mut().find(|(w, _)| *w == word) {
                    Some((_, people)) => people.push(format!("{who:?}")),
                    None => by_word.push((word, vec![format!("{who:?}")])),
                }
            }
            for (word, people) in by_word {
                text.push_str(&format!("    {word}: {}\n", people.join(", ")));
            }
        }
        // Both engines must give the same table.
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("rest_access", text);
        });
    }
}
