//! Documents made to hurt.

use serde_json::json;

use crate::{
    both,
    harness::{World, document::*},
};

async fn refused(world: &World, document: &str) -> String {
    let reply = world.member_of_b1().gql(document, json!({})).await;
    assert!(reply.body.get("data").is_none_or(serde_json::Value::is_null), "not run: {}", reply.text);
    assert!(reply.status.is_client_error(), "{}: {}", reply.status, reply.text);
    assert!(reply.text.len() < 20_000, "a short answer");
    reply.error_code().to_owned()
}

both! {
    async fn malformed_documents(world: &World) {
        assert_eq!(refused(world, "").await, "BAD_REQUEST");
        for document in ["   ", "{", "}", "query {", "{ me { name }", "💥", "{ me(name: ) { id } }", "\u{FEFF}{", "{ \"me\" }"] {
            assert_eq!(refused(world, document).await, "GRAPHQL_PARSE_FAILED", "{document}");
        }
        for document in ["{ nothing }", "{ me }", "{ me { name { x } } }", "query Q($x: Nope) { me { name } }", "{ me { ...F } }"] {
            assert_eq!(refused(world, document).await, "GRAPHQL_VALIDATION_FAILED", "{document}");
        }
        assert_eq!(refused(world, "query A { me { id } } query B { me { id } }").await, "OPERATION_RESOLUTION_FAILURE");
    }
}

both! {
    async fn deep_wide_and_repetitive_documents(world: &World) {
        let deep = format!("{{ district {{ root {{ {} id {} }} }} }}", "parentUnit { ".repeat(40), "}".repeat(40));
        assert_eq!(refused(world, &deep).await, "QUERY_TOO_DEEP");
        let aliases: String = (0..1_000).map(|n| format!("a{n}: me {{ id }} ")).collect();
        let code = refused(world, &format!("{{ {aliases} }}")).await;
        assert!(["TOO_MANY_ALIASES", "TOO_MANY_ROOT_FIELDS", "QUERY_TOO_LONG"].contains(&code.as_str()), "{code}");
        let nested: String = (0..1_000).map(|n| format!("a{n}:name ")).collect();
        assert_eq!(refused(world, &format!("{{ me {{ {nested} }} }}")).await, "TOO_MANY_ALIASES");
        let directives = "@include(if: true)".repeat(200);
        assert_eq!(refused(world, &format!("{{ me {{ id {directives} }} }}")).await, "TOO_MANY_DIRECTIVES");
        let wide = "name ".repeat(3_000);
        let code = refused(world, &format!("{{ me {{ {wide} }} }}")).await;
        assert!(["QUERY_TOO_COMPLEX", "QUERY_TOO_LONG"].contains(&code.as_str()), "{code}");
        assert_eq!(refused(world, &format!("{{ me {{ id }} }} # {}", "x".repeat(70_000))).await, "QUERY_TOO_LONG");
        let costly = "{ orgUnits(first: 100) { edges { node { units(first: 100) { edges { node { units(first: 100) { edges { node { id } } } } } } } } } }";
        assert_eq!(refused(world, costly).await, "QUERY_TOO_COMPLEX");
    }
}

both! {
    async fn fragments_within_fragments(world: &World) {
        let circle = "{ me { ...A } } fragment A on Account { ...B } fragment B on Account { ...A }";
        let code = refused(world, circle).await;
        assert!(["GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_DEEP", "QUERY_TOO_COMPLEX"].contains(&code.as_str()), "{code}");
        let mut bomb = "{ me { ...F30 } } fragment F0 on Account { id name }".to_owned();
        for n in 1..=30 {
            bomb.push_str(&format!(" fragment F{n} on Account {{ ...F{} ...F{} }}", n - 1, n - 1));
        }
        let started = std::time::Instant::now();
        let code = refused(world, &bomb).await;
        assert!(["QUERY_TOO_COMPLEX", "QUERY_TOO_DEEP", "GRAPHQL_VALIDATION_FAILED"].contains(&code.as_str()), "{code}");
        assert!(started.elapsed().as_secs() < 3);
    }
}

both! {
    async fn wrong_types_of_variables(world: &World) {
        for variables in [
            json!({}),
            json!({ "unitId": null }),
            json!({ "unitId": 7 }),
            json!({ "unitId": [] }),
            json!({ "unitId": { "a": 1 } }),
            json!({ "unitId": "not-an-id" }),
            json!({ "unitId": world.unit(crate::harness::Unit::B1), "first": "ten" }),
            json!({ "unitId": world.unit(crate::harness::Unit::B1), "first": 1.5 }),
            json!({ "unitId": world.unit(crate::harness::Unit::B1), "first": 99_999_999_999_i64 }),
        ] {
            let reply = world.secretary().gql(ROSTER, variables.clone()).await;
            let code = reply.error_code();
            assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "BAD_ID"].contains(&code), "{variables}: {}", reply.text);
        }
        for first in [0, -1, 101, i32::MIN, i32::MAX] {
            let ask = json!({ "unitId": world.unit(crate::harness::Unit::B1), "first": first });
            let reply = world.secretary().gql(ROSTER, ask).await;
            assert!(["BAD_USER_INPUT", "QUERY_TOO_COMPLEX"].contains(&reply.error_code()), "{first}: {}", reply.text);
        }
        for after in ["x", "💥", "AAAA", &"A".repeat(10_000)] {
            let ask = json!({ "unitId": world.unit(crate::harness::Unit::B1), "after": after });
            assert_eq!(world.secretary().gql(ROSTER, ask).await.error_code(), "BAD_USER_INPUT");
        }
    }
}
