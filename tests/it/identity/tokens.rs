//! Access tokens that nobody should take.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Who, World, document::*},
};

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

both! {
    async fn forged_tokens_are_refused(world: &World) {
        let token = world.member_of_b1().access().await.unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let (header, claims) = (read(parts[0]), read(parts[1]));
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            part(&claims)
        };
        let unsigned = part(&json!({ "alg": "none", "typ": "JWT", "kid": header["kid"] }));
        let symmetric = part(&json!({ "alg": "HS256", "typ": "JWT", "kid": header["kid"] }));
        let unknown_key = part(&json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "no-such-key" }));
        let secretary = world.ids.accounts[&Who::Secretary].0.to_string();
        let mut bent: Vec<char> = parts[2].chars().collect();
        bent[10] = if bent[10] == 'A' { 'B' } else { 'A' };
        let bent: String = bent.into_iter().collect();
        for forged in [
            format!("{unsigned}.{}.", parts[1]),
            format!("{unsigned}.{}.{}", parts[1], parts[2]),
            format!("{symmetric}.{}.{}", parts[1], parts[2]),
            format!("{unknown_key}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], with("sub", json!(secretary)), parts[2]),
            format!("{}.{}.{}", parts[0], with("exp", json!(9_999_999_999_i64)), parts[2]),
            format!("{}.{}.{bent}", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            "not.a.token".to_owned(),
            "💥".to_owned().escape_unicode().to_string(),
            "x".repeat(6_000),
        ] {
            let reply = world.bearer(&forged).gql(ME, json!({})).await;
            assert_eq!(reply.error_code(), "UNAUTHENTICATED", "{forged}");
            assert_eq!(reply.status, 401);
            assert!(reply.headers.contains_key("www-authenticate"));
        }
    }
}

both! {
    async fn a_token_ends_when_it_says(world: &World) {
        let token = world.member_of_b1().access().await.unwrap();
        world.pass(Duration::minutes(14));
        world.bearer(&token).gql(ME, json!({})).await.data("/me");
        world.pass(Duration::minutes(2));
        assert_eq!(world.bearer(&token).gql(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
    }
}

both! {
    async fn another_scheme_is_no_proof(world: &World) {
        let body = json!({ "query": ME });
        for header in ["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "token abc"] {
            let request = world.http.post(world.url()).header("authorization", header).json(&body);
            let reply = crate::harness::Reply::read(request.send().await.unwrap()).await;
            assert_eq!(reply.error_code(), "UNAUTHENTICATED", "{header}");
        }
    }
}

both! {
    async fn the_keys_are_public(world: &World) {
        let keys = world.http.get(world.path("/.well-known/jwks.json")).send().await.unwrap();
        let keys: Value = keys.json().await.unwrap();
        let token = world.member_of_b1().access().await.unwrap();
        let kid = &read(token.split('.').next().unwrap())["kid"];
        let key = keys["keys"].as_array().unwrap().iter().find(|k| &k["kid"] == kid).expect("the token's key");
        assert_eq!(key["crv"], "Ed25519");
        assert!(key.get("d").is_none(), "never the private half");
    }
}
