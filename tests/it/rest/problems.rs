//! What is wrong is told so that a program and a person can tell what.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use zhibu::config::Config;

use crate::{
    both,
    harness::{Reply, Setup, Unit, World},
};

async fn sent(
    world: &World,
    path: &str,
    media: &str,
    key: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> Reply {
    let mut request =
        world.secretary().rest(Method::POST, path).await.header("content-type", media).body(body);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    Reply::read(request.send().await.unwrap()).await
}

both! {
    async fn a_problem_speaks_the_callers_language(world: &World) {
        let path = format!("/members?unitId={}", world.unit(Unit::B1));
        let zh = world.stranger().get(&path).await;
        let en = world.stranger().speaking("en").get(&path).await;
        assert_eq!((zh.problem(), en.problem()), ((404, "NOT_FOUND"), (404, "NOT_FOUND")));
        assert_eq!((&zh.body["title"], &en.body["title"]), (&json!("未找到该内容。"), &json!("It was not found.")));
        assert_eq!(zh.body["type"], "urn:zhibu:problem:NOT_FOUND");
        let nobody = world.anonymous().get(&path).await;
        assert_eq!((nobody.problem(), nobody.header("www-authenticate")), ((401, "UNAUTHENTICATED"), "Bearer realm=\"zhibu\""));
        let forged = world.bearer("forged").get(&path).await;
        assert_eq!(forged.problem(), (401, "UNAUTHENTICATED"));
        assert_eq!(forged.header("www-authenticate"), "Bearer realm=\"zhibu\", error=\"invalid_token\"");
        let forbidden = world.member_of_b1().get(&format!("/hours?unitId={}", world.unit(Unit::B1))).await;
        assert_eq!(forbidden.problem().0, 404, "a member doesn't see others' hours");
    }
}

both! {
    async fn faults_are_told_by_their_places(world: &World) {
        let page = world.stranger().get("/units?limit=0&kind=CASTLE").await;
        assert_eq!(page.problem(), (400, "BAD_USER_INPUT"));
        let mut places: Vec<_> = page.body["errors"].as_array().unwrap().iter().map(|e| e["parameter"].as_str().unwrap()).collect();
        places.sort_unstable();
        assert_eq!(places, ["kind", "limit"]);
        for query in ["limit=101", "limit=1.5", "limit=+5", "limit=", "limit=5&limit=5", "after=%00", "after=x", "dissolved=yes"] {
            assert_eq!(world.stranger().get(&format!("/units?{query}")).await.problem(), (400, "BAD_USER_INPUT"), "{query}");
        }
        for (query, parameter) in [("", "unitId"), ("?unitId=x&updatedsince=2026-01-01", "updatedsince")] {
            let faulty = world.stranger().get(&format!("/members{query}")).await;
            assert_eq!((faulty.problem(), &faulty.body["errors"][0]["parameter"]), ((400, "BAD_USER_INPUT"), &json!(parameter)));
        }
        let body = json!({ "memberIds": ["x", 7], "arrivedAt": "yesterday", "more": true });
        let faulty = world.secretary().post("/activities/x/check-ins", Some(body)).await;
        assert_eq!(faulty.problem(), (400, "BAD_USER_INPUT"));
        let faults = faulty.body["errors"].as_array().unwrap();
        let mut places: Vec<_> = faults.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        places.sort_unstable();
        assert_eq!(places, ["", "/arrivedAt", "/memberIds/1"]);
        assert!(!faulty.text.contains("yesterday"), "what was sent isn't sent back");
    }
}

both! {
    async fn hostile_requests_are_turned_away(world: &World) {
        let (path, json) = ("/assignments", "application/json");
        for body in ["", "null", "7", "[]", "{", "{\"title\": \"\u{0}\"}", "\u{FFFD}"] {
            let status = sent(world, path, json, Some("k"), body).await.problem().0;
            assert_eq!(status, 400, "{body}");
        }
        assert_eq!(sent(world, path, json, Some("k"), vec![0xFF, 0xFE, 0x00]).await.problem().0, 400);
        assert_eq!(sent(world, path, json, Some("k"), "[".repeat(100_000)).await.problem().0, 400);
        assert_eq!(sent(world, path, json, Some("k"), "[".repeat(300_000)).await.problem(), (413, "PAYLOAD_TOO_LARGE"));
        assert_eq!(sent(world, path, "text/plain", Some("k"), "{}").await.problem(), (415, "UNSUPPORTED_MEDIA_TYPE"));
        assert_eq!(sent(world, path, "", Some("k"), "{}").await.problem().0, 415);
        for key in [None, Some(""), Some("\"\""), Some("\"a\\\"b\""), Some("a b"), Some("\"a"), Some(&"k".repeat(65))] {
            assert_eq!(sent(world, path, json, key, "{}").await.problem(), (400, "BAD_REQUEST"), "{key:?}");
        }
        for id in ["%00", "%5C%1B%01", "%FF", "..", "T3JnVW5pdDow", "🚩", "a".repeat(5_000).as_str()] {
            let reply = world.stranger().get(&format!("/units/{id}")).await;
            assert_eq!(reply.problem(), (404, "NOT_FOUND"), "{id}");
        }
        let odd = world.stranger().rest(Method::GET, "/units?limit=1").await;
        let odd = odd.header("host", "evil.example").header("x-forwarded-host", "evil.example");
        let odd = Reply::read(odd.send().await.unwrap()).await;
        assert!(odd.header("link").starts_with("</api/v1/units?"), "no header decides where a link leads");
    }
}

fn few(config: &mut Config) {
    config.rest_per_minute = 3;
}

both! {
    Setup { configure: few, ..Setup::default() },
    async fn who_asks_too_often_is_told_when_to_come_back(world: &World) {
        world.pin();
        for left in [2, 1, 0] {
            let reply = world.stranger().get("/units").await;
            reply.found();
            assert_eq!(reply.header("ratelimit-policy"), "\"minute\";q=3;w=60");
            assert!(reply.header("ratelimit").starts_with(&format!("\"minute\";r={left};t=")), "{}", reply.header("ratelimit"));
        }
        let over = world.stranger().get("/units").await;
        assert_eq!(over.problem(), (429, "RATE_LIMITED"));
        assert_eq!(over.body["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
        let wait: i64 = over.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait));
        world.secretary().get("/units").await.found();
        world.pass(Duration::seconds(120));
        world.stranger().get("/units").await.found();
        assert_eq!(over.body.get("detail").and_then(Value::as_str), Some("too many requests in a minute"));
    }
}
