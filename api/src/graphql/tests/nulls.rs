use super::*;

/// The data and the paths of the errors.
async fn ask(text: &str) -> (serde_json::Value, Vec<serde_json::Value>) {
    let answer = query(text).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut paths: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|error| error["path"].clone()).collect();
    paths.sort_by_key(ToString::to_string);
    (answer.body["data"].clone(), paths)
}

#[actix_web::test]
async fn a_hidden_field_is_null_with_an_error_at_its_path() {
    let (data, paths) = ask("{ a: people { n phone } }").await;
    assert_eq!(data, json!({ "a": [{ "n": 0, "phone": "shown" }, { "n": 1, "phone": null }] }));
    assert_eq!(paths, [json!(["a", 1, "phone"])]);
    let (data, _) = ask("{ person(n: 1) { phone } }").await;
    assert_eq!(data, json!({ "person": { "phone": null } }));
    let (data, _) = ask("{ denied }").await;
    assert_eq!(data, json!({ "denied": null }));
}

#[actix_web::test]
async fn a_field_that_may_not_be_null_takes_what_is_around_it() {
    for (text, expected) in [
        ("{ hello person(n: 1) { n name } }", json!({ "hello": "nobody", "person": null })),
        ("{ hello people { n name } }", json!(null)),
        ("{ person(n: 1) { name phone } }", json!({ "person": null })),
        ("{ person(n: 1) { phone name } }", json!({ "person": null })),
        ("{ person(n: 1) { n friend { name } } }", json!({ "person": { "n": 1, "friend": null } })),
        ("{ person(n: 1) { friend { name } } }", json!({ "person": { "friend": null } })),
        (
            "{ person(n: 1) { posts { n name } } }",
            json!({ "person": { "posts": [{ "n": 0, "name": "shown" }, null] } }),
        ),
        (
            "{ person(n: 1) { posts { name } friend { phone } } }",
            json!({ "person": { "posts": [{ "name": "shown" }, null], "friend": { "phone": null } } }),
        ),
        ("{ deeper { deeper { failing } } }", json!(null)),
    ] {
        assert_eq!(ask(text).await.0, expected, "{text}");
    }
}

#[actix_web::test]
async fn fragments_are_followed() {
    for (text, expected) in [
        (
            "{ found(n: 1) { ... on Person { n phone } ... on Place { name } } }",
            json!({ "found": [{ "n": 1, "phone": null }, { "name": "Hall" }] }),
        ),
        (
            "{ person(n: 1) { ...p } } fragment p on Person { ... { x: phone } friend { ...q } } fragment q on Person { n name }",
            json!({ "person": { "x": null, "friend": null } }),
        ),
    ] {
        assert_eq!(ask(text).await.0, expected, "{text}");
    }
}
