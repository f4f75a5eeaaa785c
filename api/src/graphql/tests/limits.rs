use std::fmt::Write;
use std::time::Instant;

use super::*;

/// The query that GraphiQL and code generators send, at its deepest.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name } \
subscriptionType { name } types { ...FullType } directives { name description isRepeatable locations args { ...InputValue } } } } \
fragment FullType on __Type { kind name description specifiedByURL fields(includeDeprecated: true) { name description \
args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } \
inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } \
enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } } \
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason } \
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[actix_web::test]
async fn the_standard_introspection_query_passes() {
    let answer = query(INTROSPECTION).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.get("errors").is_none());
}

/// `each` so many times between `open` and `close`, its `N` a number.
fn wide(open: &str, each: &str, times: usize, close: &str) -> String {
    let each = (0..times).map(|n| each.replace('N', &n.to_string()));
    open.chars().chain(each.collect::<String>().chars()).chain(close.chars()).collect()
}

fn spreads(levels: usize, leaf: &str) -> String {
    let mut text = String::from("{ ...f0 } ");
    for level in 0..levels {
        let next = level + 1;
        write!(text, "fragment f{level} on Query {{ ...f{next} ...f{next} }} ").unwrap();
    }
    write!(text, "fragment f{levels} on Query {{ {leaf} }}").unwrap();
    text
}

/// Each of these would otherwise overflow a stack, run for hours or eat the memory.
#[actix_web::test]
async fn hostile_documents_are_refused_at_once() {
    let nested = |open: &str, times: usize| format!("{{ echo(text: {}", open.repeat(times));
    let mut chain = String::from("{ ...f0 } ");
    for level in 0..600 {
        write!(chain, "fragment f{level} on Query {{ ...f{} }} ", level + 1).unwrap();
    }
    let cases = [
        ("{ deeper ".repeat(60) + "{ hello " + &"}".repeat(61), "QUERY_TOO_DEEP"),
        ("{ deeper ".repeat(20) + "{ hello " + &"}".repeat(21), "QUERY_TOO_DEEP"),
        ("{ deeper ".repeat(7_000), "QUERY_TOO_DEEP"),
        (nested("[", 60_000), "QUERY_TOO_DEEP"),
        (nested("{a:", 20_000), "QUERY_TOO_DEEP"),
        (format!("{{ echo(text: \"\"\" \" {}", "[".repeat(60_000)), "GRAPHQL_PARSE_FAILED"),
        (format!("query($a: {}", "[".repeat(60_000)), "QUERY_TOO_DEEP"),
        (spreads(30, "hello"), "TOO_MANY_ROOT_FIELDS"),
        (spreads(30, "...unknown"), "QUERY_TOO_COMPLEX"),
        (spreads(30, "...f0"), "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...a } fragment a on Query { ...a }".into(), "GRAPHQL_VALIDATION_FAILED"),
        (
            "{ hello } fragment a on Query { ...b } fragment b on Query { ...a }".into(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (chain, "QUERY_TOO_DEEP"),
        (wide("{", " aN: hello", 1_000, "}"), "TOO_MANY_ROOT_FIELDS"),
        (wide("{ deeper {", " aN: hello", 101, "} }"), "TOO_MANY_ALIASES"),
        (wide("{ deeper {", " hello @skip(if: false)", 51, "} }"), "TOO_MANY_DIRECTIVES"),
        ("{ deeper {".to_owned() + &" hello".repeat(2_100) + "} }", "QUERY_TOO_COMPLEX"),
        ("{ dear deeper { dear } }".into(), "QUERY_TOO_COMPLEX"),
        (" hello".repeat(5_001), "QUERY_TOO_LONG"),
        (format!("{{ hello }} #{}", "x".repeat(65_536)), "QUERY_TOO_LONG"),
    ];
    for (at, (text, code)) in cases.into_iter().enumerate() {
        let begun = Instant::now();
        let answer = query(&text).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, code), "case {at}: {}", answer.body);
        assert!(begun.elapsed() < Duration::from_secs(2), "case {at} took {:?}", begun.elapsed());
    }
}

#[actix_web::test]
async fn what_lies_just_within_the_limits_is_run() {
    let cases = [
        "{ deeper ".repeat(19) + "{ hello " + &"}".repeat(20),
        wide("{", " aN: hello", 50, "}"),
        wide("{ deeper {", " aN: hello", 100, "} }"),
        "{ ...a ...a } fragment a on Query { hello deeper { hello } }".into(),
        format!("{{ echo(text: \"{}\") }}", "x".repeat(60_000)),
        format!("{{ echo(text: \"\"\" {} \"\"\") }}", "{[(".repeat(1_000)),
    ];
    for (at, text) in cases.into_iter().enumerate() {
        let answer = query(&text).await;
        assert!(answer.body.get("errors").is_none(), "case {at}: {}", answer.body);
    }
}

#[actix_web::test]
async fn a_refused_document_gets_at_most_twenty_errors_of_bounded_length() {
    let answer = query(&wide("{ deeper {", " noN", 100, "} }")).await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 20);
    let answer = query(&format!("{{ {} }}", "x".repeat(60_000))).await;
    assert!(answer.body.to_string().len() < 2_000);
}
