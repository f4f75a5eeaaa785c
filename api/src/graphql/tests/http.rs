use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

fn get(query: &str) -> TestRequest {
    TestRequest::get()
        .uri(&format!("{PATH}?{query}"))
        .insert_header((header::ACCEPT, "application/graphql-response+json"))
}

#[actix_web::test]
async fn a_query_is_answered_with_the_headers_of_its_resolvers() {
    let answer =
        send(post(&json!({ "query": "{ hello }" })).insert_header(("authorization", "Bearer good"))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({ "data": { "hello": "Li" } }));
    assert_eq!(
        answer.headers.get("content-type").unwrap(),
        "application/graphql-response+json; charset=utf-8"
    );
    assert_eq!(answer.headers.get("cache-control").unwrap(), "no-store");
    assert_eq!(answer.headers.get("x-seen").unwrap(), "yes");
}

#[actix_web::test]
async fn a_request_that_is_not_one_is_refused_with_its_code() {
    let json_type = |request: TestRequest, kind: &str| request.insert_header(("content-type", kind));
    let cases = [
        (raw("{"), 400, "BAD_REQUEST"),
        (raw(""), 400, "BAD_REQUEST"),
        (raw("\"text\""), 400, "BAD_REQUEST"),
        (raw("[{\"query\":\"{ hello }\"}]"), 400, "BAD_REQUEST"),
        (raw(b"{\"query\":\"\xff\"}".as_slice()), 400, "BAD_REQUEST"),
        (raw("{}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"\"}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"{ hello }\",\"query\":\"{ hello }\"}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":1}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"{ hello }\",\"variables\":[]}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"{ hello }\",\"operationName\":{}}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"{ hello }\",\"extensions\":\"x\"}"), 400, "BAD_REQUEST"),
        (raw("{\"query\":\"{ hello }\",\"extensions\":{\"persistedQuery\":7}}"), 400, "BAD_REQUEST"),
        (json_type(raw("{}"), "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (json_type(raw("{}"), "application/json; charset=gbk"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (raw("{}").insert_header(("content-encoding", "gzip")), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (raw("{}").insert_header(("accept", "image/png")), 406, "NOT_ACCEPTABLE"),
        (raw("{}").insert_header(("authorization", "Bearer forged")), 401, "UNAUTHENTICATED"),
        (get("query=mutation{add(a:1,b:2)}"), 405, "METHOD_NOT_ALLOWED"),
        (get("query=subscription{count(to:1)}"), 400, "BAD_REQUEST"),
        (get("query={hello}&variables=x"), 400, "BAD_REQUEST"),
        (get("query={hello}&query={hello}"), 400, "BAD_REQUEST"),
        (get("quer"), 400, "BAD_REQUEST"),
        (post(&json!({ "query": "subscription { count(to: 1) }" })), 400, "BAD_REQUEST"),
        (TestRequest::put().uri(PATH), 405, "METHOD_NOT_ALLOWED"),
    ];
    let (requests, expected): (Vec<_>, Vec<_>) =
        cases.into_iter().map(|(request, status, code)| (request, (status, code))).unzip();
    let answers = send_all(Settings::default(), requests).await;
    for (at, (answer, (status, code))) in answers.iter().zip(expected).enumerate() {
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "case {at}: {}", answer.body);
        assert!(answer.body.get("data").is_none(), "case {at}");
    }
    assert_eq!(answers[18].headers.get("allow").unwrap(), "POST");
    assert_eq!(
        answers[17].headers.get("www-authenticate").unwrap(),
        r#"Bearer realm="zhibu", error="invalid_token""#
    );
}

#[actix_web::test]
async fn a_document_that_cannot_be_run_has_a_status_in_the_newer_type_alone() {
    for (body, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nothing }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query A { hello } query B { hello }" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "{ hello }", "operationName": "A" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query($t: String!) { echo(text: $t) }" }), "BAD_USER_INPUT"),
        (
            json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": null } }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": 1 } }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "query($c: Code!) { code(code: $c) }", "variables": { "c": "12345" } }),
            "BAD_USER_INPUT",
        ),
        (json!({ "query": "mutation { add(a: 99999999999, b: 1) }" }), "BAD_USER_INPUT"),
    ] {
        let newer = send(post(&body)).await;
        assert_eq!((newer.status.as_u16(), newer.code()), (400, code), "{body} {}", newer.body);
        assert!(newer.body.get("data").is_none(), "{body} {}", newer.body);
        assert!(!newer.detail().is_empty() && newer.body["errors"][0].get("path").is_none(), "{body}");
        let older = send(raw(body.to_string())).await;
        assert_eq!((older.status.as_u16(), older.code()), (200, code), "{body}");
    }
}

#[actix_web::test]
async fn messages_speak_the_readers_language() {
    let english = query("{ nothing }").await;
    assert_eq!(english.body["errors"][0]["message"], "The document does not fit the schema.");
    let chinese =
        send(post(&json!({ "query": "{ nothing }" })).insert_header(("accept-language", "zh-CN"))).await;
    assert_eq!(chinese.body["errors"][0]["message"], "查询与接口定义不符。");
    assert!(chinese.detail().contains("nothing"));
}

#[actix_web::test]
async fn a_fault_says_nothing_but_its_request() {
    for (text, path) in [("{ failing }", true), ("{ panicking }", false)] {
        let answer = query(text).await;
        assert_eq!((answer.code(), answer.detail()), ("INTERNAL", ""), "{}", answer.body);
        assert_eq!(answer.body["errors"][0]["extensions"]["requestId"], "r-1");
        assert_eq!(answer.status.as_u16(), if path { 200 } else { 500 });
        assert!(!answer.body.to_string().contains("secret"));
    }
    let denied = query("{ hello denied }").await;
    assert_eq!((denied.status.as_u16(), denied.code()), (200, "FORBIDDEN"));
    assert_eq!(denied.body["errors"][0]["message"], "You may not do this.");
    assert_eq!(denied.body["data"], json!({ "hello": "nobody", "denied": null }));
}

#[actix_web::test]
async fn a_get_reads_the_query_string() {
    let answer = send(get(
        "query=query(%24t:String!){echo(text:%24t)}&variables=%7B%22t%22:%22%E5%85%9A%22%7D&operationName=",
    ))
    .await;
    assert_eq!(answer.body, json!({ "data": { "echo": "党" } }));
}

#[actix_web::test]
async fn a_mutation_with_two_roots_was_run_even_if_one_input_is_wrong() {
    let answer = query("mutation($b: Int!) { one: add(a: 1, b: 1) two: add(a: $b, b: 1) }").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_USER_INPUT"));
    let answer = query("{ hello code(code: \"12345\") }").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (200, "BAD_USER_INPUT"));
    assert!(answer.body.get("data").is_some());
}

#[actix_web::test]
async fn introspection_may_be_off() {
    let settings = Settings { introspection: false, ..Settings::default() };
    let answers = send_all(
        settings,
        vec![
            post(&json!({ "query": "{ __schema { queryType { name } } }" })),
            post(&json!({ "query": "{ __typename }" })),
        ],
    )
    .await;
    assert_eq!(answers[0].code(), "GRAPHQL_VALIDATION_FAILED", "{}", answers[0].body);
    assert_eq!(answers[1].body, json!({ "data": { "__typename": "Query" } }));
}

#[actix_web::test]
async fn a_body_is_read_no_further_than_the_limit() {
    let settings = Settings { json_bytes: 1000, ..Settings::default() };
    let body = json!({ "query": "{ hello }", "extensions": { "x": "y".repeat(1000) } }).to_string();
    let answer = send_all(settings, vec![raw(body)]).await.remove(0);
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "PAYLOAD_TOO_LARGE"));
}

#[actix_web::test]
async fn browsers_get_the_page_unless_it_is_off() {
    let browser = |query: &str| {
        TestRequest::get()
            .uri(&format!("{PATH}{query}"))
            .insert_header(("accept", "text/html,application/xhtml+xml,*/*;q=0.8"))
    };
    let html = TestRequest::get().uri(PATH).insert_header(("accept", "text/html"));
    let on = Settings { graphiql: true, ..Settings::default() };
    let answers = send_all(on, vec![browser(""), browser("?query={hello}")]).await;
    for answer in answers {
        assert_eq!(answer.headers.get("content-type").unwrap(), "text/html; charset=utf-8");
        assert!(answer.headers.contains_key("content-security-policy"));
    }
    let asset = TestRequest::get().uri("/graphql/assets/page.js");
    let answers = send_all(Settings::default(), vec![html, browser("?query={hello}"), asset]).await;
    assert_eq!((answers[0].status.as_u16(), answers[0].code()), (406, "NOT_ACCEPTABLE"));
    assert_eq!(answers[1].body["data"]["hello"], "nobody");
    assert_eq!(answers[2].status, 404);
}

#[actix_web::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let (address, _stop) = serve(Settings { body_ms: 200, ..Settings::default() });
    let mut connection = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{{"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 2000];
    let read = connection.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
}
