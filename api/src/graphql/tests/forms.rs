use super::*;

const WEIGH: &str = "mutation($f: Upload!) { weigh(file: $f) }";

fn form(parts: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (head, content) in parts {
        body += &format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n");
    }
    body + "--XX--\r\n"
}

fn request(body: impl Into<web::Bytes>) -> TestRequest {
    post(&json!({}))
        .insert_header(("content-type", "multipart/form-data; boundary=XX"))
        .insert_header(("graphql-require-preflight", "1"))
        .set_payload(body)
}

fn operations() -> String {
    json!({ "query": WEIGH, "variables": { "f": null } }).to_string()
}

#[actix_web::test]
async fn a_file_reaches_its_variable() {
    let operations = operations();
    for (head, content, expected) in [
        ("name=\"0\"; filename=\"名册.xlsx\"\r\nContent-Type: text/plain", "a\r\n--X\r\nb", "名册.xlsx:9"),
        ("name=\"0\"; filename=\"a%22;b\\\\.csv\"", "", "a\";b\\.csv:0"),
        ("name=0; filename=plain", "-XX--", "plain:5"),
    ] {
        let body = form(&[
            ("name=\"operations\"", &operations),
            ("name=\"map\"", "{\"0\":[\"variables.f\"]}"),
            (head, content),
        ]);
        let answer = send(request(body)).await;
        assert_eq!(answer.body, json!({ "data": { "weigh": expected } }), "{head}");
    }
}

#[actix_web::test]
async fn a_form_that_is_not_one_is_refused() {
    let operations = operations();
    let operations = ("name=\"operations\"", operations.as_str());
    let map = ("name=\"map\"", "{\"0\":[\"variables.f\"]}");
    let file = ("name=\"0\"; filename=\"a\"", "abc");
    let batch = ("name=\"operations\"", "[]");
    let whole = form(&[operations, map, file]);
    for (at, body) in [
        String::new(),
        "no form".into(),
        whole[..whole.len() - 6].into(),
        form(&[map, file]),
        form(&[operations, file]),
        form(&[operations, map]),
        form(&[operations, ("name=\"map\"", "{}"), file]),
        form(&[operations, ("name=\"map\"", "[]"), file]),
        form(&[operations, ("name=\"map\"", "{\"0\":[]}"), file]),
        form(&[operations, ("name=\"map\"", "{\"0\":[\"variables.g\"]}"), file]),
        form(&[operations, ("name=\"map\"", "{\"0\":[\"f\"]}"), file]),
        form(&[batch, map, file]),
        form(&[operations, map, ("filename=\"a\"", "abc")]),
        form(&vec![file; 20]),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = send(request(body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "BAD_REQUEST"),
            "case {at}: {}",
            answer.body
        );
    }
    let unguarded = post(&json!({})).insert_header(("content-type", "multipart/form-data; boundary=XX"));
    assert_eq!(send(unguarded.set_payload(whole)).await.code(), "PREFLIGHT_REQUIRED");
}

/// async-graphql takes such a text for the number of a file, and looks it up unchecked.
#[actix_web::test]
async fn nobody_names_a_file_by_number() {
    let number = "#__graphql_file__:7";
    for body in [
        json!({ "query": WEIGH, "variables": { "f": number } }),
        json!({ "query": WEIGH, "variables": { "f": "#__graphql_file__:x" } }),
        json!({ "query": WEIGH, "variables": { "f": null, "g": { "h": [number] } } }),
        json!({ "query": format!("mutation {{ weigh(file: \"{number}\") }}") }),
        json!({ "query": "mutation { weigh(file: \"\\u0023__graphql_file__:0\") }" }),
        json!({ "query": format!("mutation($f: Upload! = \"{number}\") {{ weigh(file: $f) }}") }),
    ] {
        let answer = send(post(&body)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.body);
    }
}

#[actix_web::test]
async fn forms_are_bounded() {
    let settings = || Settings { form_bytes: 4_000, json_bytes: 200, ..Settings::default() };
    let large = "x".repeat(5_000);
    let body =
        form(&[("name=\"operations\"", &operations()), ("name=\"map\"", "{}"), ("name=\"0\"", &large)]);
    let answer = send_all(settings(), vec![request(body)]).await.remove(0);
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "PAYLOAD_TOO_LARGE"));
    let body = form(&[("name=\"operations\"", &large[..300])]);
    let answer = send_all(settings(), vec![request(body)]).await.remove(0);
    assert_eq!(answer.code(), "PAYLOAD_TOO_LARGE");
    let none = Settings { forms_at_once: 0, ..Settings::default() };
    let answer = send_all(none, vec![request("")]).await.remove(0);
    assert_eq!((answer.status.as_u16(), answer.code()), (503, "OVERLOADED"));
    assert!(answer.headers.contains_key("retry-after"));
}
