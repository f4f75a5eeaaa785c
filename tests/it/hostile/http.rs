//! Requests that aren't ones.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, World, document::*},
};

async fn post(world: &World, content_type: &str, body: impl Into<reqwest::Body>) -> Reply {
    let token = world.member_of_b1().access().await.unwrap();
    let request =
        world.http.post(world.url()).bearer_auth(token).header("content-type", content_type).body(body);
    Reply::read(request.send().await.unwrap()).await
}

fn with_query(world: &World, document: &str) -> reqwest::Url {
    reqwest::Url::parse_with_params(&world.url(), [("query", document)]).unwrap()
}

both! {
    async fn bodies_that_are_none(world: &World) {
        for body in ["", "null", "7", "\"text\"", "[]", "{", "{\"query\": 7}", "{\"query\": null}", "{}", "\u{FFFD}"] {
            let reply = post(world, "application/json", body).await;
            assert!(reply.status.is_client_error(), "{body}: {}", reply.status);
            assert!(["BAD_REQUEST", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"].contains(&reply.error_code()), "{body}: {}", reply.text);
        }
        let bytes = post(world, "application/json", vec![0xFF, 0xFE, 0x00, 0x80]).await;
        assert_eq!(bytes.error_code(), "BAD_REQUEST");
        let nested = "[".repeat(100_000);
        assert_eq!(post(world, "application/json", nested).await.error_code(), "BAD_REQUEST");
        let text = post(world, "text/plain", json!({ "query": ME }).to_string()).await;
        assert_eq!(text.error_code(), "UNSUPPORTED_MEDIA_TYPE");
        let long = json!({ "query": ME, "extensions": { "x": "y".repeat(10_000_000) } }).to_string();
        assert_eq!(post(world, "application/json", long).await.error_code(), "PAYLOAD_TOO_LARGE");
    }
}

both! {
    async fn a_mutation_is_not_run_by_get(world: &World) {
        let token = world.secretary().access().await.unwrap();
        let mutation = format!(r#"mutation {{ publishActivity(input: {{ id: "{}" }}) {{ __typename }} }}"#, world.unit(Unit::B1));
        let get = world.http.get(with_query(world, &mutation)).bearer_auth(&token);
        let reply = Reply::read(get.header("accept", "application/json").send().await.unwrap()).await;
        assert_eq!(reply.status, 405);
        assert_eq!(reply.error_code(), "METHOD_NOT_ALLOWED");
        let get = world.http.get(with_query(world, "{ me { name } }")).bearer_auth(&token);
        let reply = Reply::read(get.header("accept", "application/json").send().await.unwrap()).await;
        assert_eq!(reply.str("/me/name"), "王书记");
        for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
            let other = world.http.request(method, world.url()).bearer_auth(&token).send().await.unwrap();
            assert_eq!(other.status(), 405);
        }
    }
}

both! {
    async fn what_is_read_has_a_head_and_nothing_else(world: &World) {
        let pages = ["/healthz", "/readyz", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server",
            "/api/docs", "/api/openapi.json", "/board/x", "/open/a.x"];
        for path in pages {
            let get = world.http.get(world.path(path)).send().await.unwrap();
            let head = world.http.head(world.path(path)).send().await.unwrap();
            assert_eq!((head.status(), get.headers().get("content-type")), (get.status(), head.headers().get("content-type")), "{path}");
            let post = world.http.post(world.path(path)).send().await.unwrap();
            assert_eq!((post.status().as_u16(), post.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD"), "{path}");
        }
        // That somebody has fetched a file is written down.
        let head = world.http.head(world.path("/downloads/x")).send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.headers()["allow"].to_str().unwrap()), (405, "GET"));
        let get = world.http.get(world.path("/oauth/token")).send().await.unwrap();
        assert_eq!((get.status().as_u16(), get.headers()["allow"].to_str().unwrap()), (405, "POST"));
    }
}

both! {
    async fn every_answer_has_a_request_id_and_no_inside(world: &World) {
        for reply in [
            world.member_of_b1().gql(ME, json!({})).await,
            world.member_of_b1().gql("{", json!({})).await,
            world.anonymous().gql(ME, json!({})).await,
        ] {
            assert!(reply.headers.contains_key("x-request-id"));
            assert!(!reply.text.contains("sqlx") && !reply.text.contains("src/"), "{}", reply.text);
        }
        let nowhere = world.http.get(world.path("/nothing/here")).send().await.unwrap();
        assert_eq!(nowhere.status(), 404);
        let html = world.http.get(world.url()).header("accept", "text/html").send().await.unwrap();
        assert_ne!(html.status(), 200, "GraphiQL is off unless it's enabled");
    }
}

both! {
    async fn probes_tell_how_it_is(world: &World) {
        assert_eq!(world.http.get(world.path("/healthz")).send().await.unwrap().text().await.unwrap(), "ok\n");
        assert_eq!(world.http.get(world.path("/readyz")).send().await.unwrap().text().await.unwrap(), "ready\n");
        assert_eq!(world.http.get(world.path("/metrics")).send().await.unwrap().status(), 404, "not on this port");
    }
}

both! {
    async fn errors_speak_the_callers_language(world: &World) {
        let zh = world.stranger().gql(ROSTER, json!({ "unitId": world.unit(Unit::B1) })).await;
        let en = world.stranger().speaking("en").gql(ROSTER, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(zh.body["errors"][0]["message"], "未找到该内容。");
        assert_eq!(en.body["errors"][0]["message"], "It was not found.");
        let odd = world.stranger().speaking("*;q=x, ,,,zz-ZZ").gql(ME, json!({})).await;
        assert_ne!(odd.data("/me"), &Value::Null);
    }
}
