use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::graphql::tests::serve;
use crate::graphql::{PATH, Settings, SocketSettings};

fn quick() -> Settings {
    let socket = SocketSettings { init_ms: 300, send_ms: 500, ..SocketSettings::default() };
    Settings { socket, origins: vec!["https://app.example.cn".into()], ..Settings::default() }
}

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn dial(address: &str, headers: &[(&'static str, &str)]) -> Result<Client, Error> {
    let mut request = format!("ws://{address}{PATH}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| Client(socket))
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

impl Client {
    async fn connect(address: &str) -> Self {
        dial(address, &[PROTOCOL, ("accept-language", "en")]).await.unwrap()
    }

    /// Connects and says who it is.
    async fn greet(address: &str, token: &str) -> Self {
        let mut client = Self::connect(address).await;
        client.init(token).await;
        assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
        client
    }

    async fn init(&mut self, token: &str) {
        self.say(
            &json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } }),
        )
        .await;
    }

    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(&json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    /// The next message, or the code and reason with which the socket is closed.
    async fn next(&mut self) -> Value {
        loop {
            match tokio::time::timeout(Duration::from_secs(5), self.0.next()).await.expect("an answer") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(frame))) => {
                    return frame
                        .map_or(json!("closed"), |f| json!([u16::from(f.code), f.reason.to_string()]));
                }
                Some(Ok(_)) => {}
                other => return json!(format!("{other:?}")),
            }
        }
    }
}

#[actix_web::test]
async fn a_subscription_runs_to_its_end() {
    let (address, _stop) = serve(quick());
    let mut client = Client::greet(&address, "good").await;
    client.subscribe("a", "subscription { count(to: 2) }").await;
    assert_eq!(
        client.next().await,
        json!({ "type": "next", "id": "a", "payload": { "data": { "count": 1 } } })
    );
    assert_eq!(
        client.next().await,
        json!({ "type": "next", "id": "a", "payload": { "data": { "count": 2 } } })
    );
    assert_eq!(client.next().await, json!({ "type": "complete", "id": "a" }));
    client.subscribe("a", "subscription { who }").await;
    assert_eq!(client.next().await["payload"]["data"]["who"], "Li");
    assert_eq!(client.next().await["type"], "complete");
}

#[actix_web::test]
async fn pings_are_answered_and_complete_ends_a_subscription() {
    let (address, _stop) = serve(quick());
    let mut client = Client::greet(&address, "good").await;
    client.say(&json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(client.next().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    client.say(&json!({ "type": "pong" })).await;
    client.subscribe("a", "subscription { ticks(everyMs: 20, bytes: 1) }").await;
    assert_eq!(client.next().await["type"], "next");
    client.say(&json!({ "type": "complete", "id": "a" })).await;
    client.say(&json!({ "type": "ping" })).await;
    while client.next().await["type"] != "pong" {}
    client.subscribe("a", "subscription { count(to: 1) }").await;
    assert_eq!(client.next().await["payload"]["data"]["count"], 1);
}

#[actix_web::test]
async fn what_cannot_be_subscribed_to_is_an_error_of_that_id() {
    let (address, _stop) =
        serve(Settings { socket: SocketSettings { subscriptions: 2, ..quick().socket }, ..quick() });
    let mut client = Client::greet(&address, "good").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello }", "BAD_REQUEST"),
        ("mutation { add(a: 1, b: 1) }", "BAD_REQUEST"),
        ("", "BAD_REQUEST"),
        ("subscription($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
        ("subscription { count(to: \"x\") }", "BAD_USER_INPUT"),
        ("subscription { panics }", "INTERNAL"),
    ] {
        client.subscribe("a", query).await;
        let answer = client.next().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("a")), "{query} {answer}");
        assert_eq!(answer["payload"][0]["extensions"]["code"], code, "{query} {answer}");
    }
    for id in ["a", "b"] {
        client.subscribe(id, "subscription { ticks(everyMs: 60000, bytes: 1) }").await;
    }
    client.subscribe("c", "subscription { count(to: 1) }").await;
    assert_eq!(client.next().await["payload"][0]["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS");
    client.subscribe("a", "subscription { count(to: 1) }").await;
    assert_eq!(client.next().await, json!([4409, "Subscriber already exists"]));
}

#[actix_web::test]
async fn the_socket_is_closed_with_the_code_of_the_protocol() {
    let (address, _stop) = serve(quick());
    let init = |token: &str| json!({ "type": "connection_init", "payload": { "authorization": token } });
    let subscribe =
        json!({ "type": "subscribe", "id": "a", "payload": { "query": "subscription { count(to: 1) }" } });
    let cases: [(Vec<Value>, Value); 11] = [
        (vec![init("Bearer bad")], json!([4403, "Forbidden"])),
        (vec![json!({ "type": "connection_init" })], json!([4403, "Forbidden"])),
        (vec![init("Bearer down")], json!([1013, "Try again later"])),
        (vec![subscribe.clone()], json!([4401, "Unauthorized"])),
        (vec![init("Bearer slow"), subscribe], json!([4401, "Unauthorized"])),
        (vec![init("Bearer slow"), init("Bearer slow")], json!([4429, "Too many initialisation requests"])),
        (vec![json!({ "type": "other" })], json!([4400, "Invalid message"])),
        (vec![json!({ "type": "connection_init", "payload": 1 })], json!([4400, "Invalid message"])),
        (vec![json!([])], json!([4400, "Invalid message"])),
        (vec![], json!([4408, "Connection initialisation timeout"])),
        (
            vec![json!({ "type": "ping", "payload": { "x": "y".repeat(70_000) } })],
            json!([1009, "Message too big"]),
        ),
    ];
    for (messages, close) in cases {
        let mut client = Client::connect(&address).await;
        for message in &messages {
            client.say(message).await;
        }
        assert_eq!(client.next().await, close, "{messages:?}");
    }
    let mut client = Client::connect(&address).await;
    client.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(client.next().await, json!([4400, "Invalid message"]));
}

#[actix_web::test]
async fn an_expired_token_and_a_stopping_server_close_the_socket() {
    let (address, stop) = serve(quick());
    let mut short = Client::greet(&address, "short").await;
    assert_eq!(short.next().await, json!([4403, "expired"]));
    let mut long = Client::greet(&address, "good").await;
    stop.send(true).unwrap();
    assert_eq!(long.next().await, json!([1001, "Going away"]));
}

#[actix_web::test]
async fn only_known_origins_and_the_protocol_are_let_in() {
    let (address, _stop) = serve(quick());
    let own = format!("http://{address}");
    for (headers, status) in [
        (vec![PROTOCOL], None),
        (vec![("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")], None),
        (vec![PROTOCOL, ("origin", &own)], None),
        (vec![PROTOCOL, ("origin", "https://app.example.cn")], None),
        (vec![PROTOCOL, ("origin", "https://evil.example")], Some(403)),
        (vec![PROTOCOL, ("origin", "null")], Some(403)),
        (vec![("sec-websocket-protocol", "graphql-ws")], Some(400)),
        (vec![], Some(400)),
    ] {
        let refused = match dial(&address, &headers).await {
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        };
        assert_eq!(refused, status, "{headers:?}");
    }
}

#[actix_web::test]
async fn a_silent_client_is_given_up() {
    let socket = SocketSettings { ping_ms: 100, ..quick().socket };
    let (address, _stop) = serve(Settings { socket, ..quick() });
    let mut client = Client::greet(&address, "good").await;
    // A client that reads answers pings by itself; this one doesn't read for a while.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(client.next().await, json!([3008, "Timeout"]));
    let mut reading = Client::greet(&address, "good").await;
    let quiet = tokio::time::timeout(Duration::from_millis(500), reading.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
}

#[actix_web::test]
async fn a_client_that_does_not_read_is_given_up_and_disturbs_nobody() {
    let (address, _stop) = serve(quick());
    let mut slow = Client::greet(&address, "good").await;
    slow.subscribe("flood", "subscription { ticks(everyMs: 0, bytes: 200000) }").await;
    let mut other = Client::greet(&address, "good").await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        let asked = Instant::now();
        other.say(&json!({ "type": "ping" })).await;
        assert_eq!(other.next().await["type"], "pong");
        assert!(asked.elapsed() < Duration::from_millis(300), "{:?}", asked.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // What was under way still arrives, and then why it ends.
    let mut received = 0;
    let end = loop {
        let came = slow.next().await;
        if came["type"] != "next" {
            break came;
        }
        received += 1;
    };
    assert!(received < 500, "{received}");
    assert_eq!(end, json!([3008, "Unread"]));
}
