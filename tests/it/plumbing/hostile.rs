//! What doesn't speak as a client does: pages of other origins, forged headers, and those who speak slowly.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, client::IntoClientRequest},
};

use crate::{
    both,
    harness::{Reply, Setup, Unit, World, document::*},
    token::asked,
};

/// The status of a socket's opening by a page of this origin.
async fn upgrade(world: &World, origin: Option<&str>) -> u16 {
    let mut request = world.socket().into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((_, answer)) => answer.status().as_u16(),
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("{other}"),
    }
}

both! {
    async fn a_page_of_another_origin_opens_no_socket(world: &World) {
        world.pin();
        let own = world.socket().replace("ws://", "http://").replace("/graphql", "");
        assert_eq!(upgrade(world, None).await, 101, "programs have no origin");
        assert_eq!(upgrade(world, Some(&own)).await, 101);
        for foreign in ["https://evil.example", "null", "http://127.0.0.1", "file://", &format!("{own}.evil.example")] {
            assert_eq!(upgrade(world, Some(foreign)).await, 403, "{foreign}");
        }
    }
}

both! {
    async fn a_page_of_another_origin_is_told_nothing(world: &World) {
        for path in ["/graphql", "/api/v1/units", "/oauth/token", "/downloads/x", "/calendar/x.ics"] {
            for method in [Method::OPTIONS, Method::GET] {
                let asked = world.http.request(method.clone(), world.path(path)).header("origin", "https://evil.example");
                let asked = asked.header("access-control-request-method", "POST");
                let answer = asked.header("access-control-request-headers", "authorization").send().await.unwrap();
                let allowed = answer.headers().keys().any(|name| name.as_str().starts_with("access-control-allow"));
                assert!(!allowed && !answer.status().is_server_error(), "{method} {path}: {answer:?}");
            }
        }
        // What a form can send without asking first runs nothing.
        let token = world.member_of_b1().access().await.unwrap();
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let body = json!({ "query": "mutation { signOut { __typename } }" }).to_string();
            let asked = world.http.post(world.url()).header("content-type", media).bearer_auth(&token);
            let answer = asked.header("origin", "https://evil.example").body(body).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{media}: {answer:?}");
        }
        world.member_of_b1().gql(ME, json!({})).await.data("/me");
    }
}

const FORGED: [(&str, &str); 5] = [
    ("host", "evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-for", "127.0.0.1, \u{1F6A9}"),
    ("forwarded", "for=\"_x\";host=evil.example;proto=gopher"),
];

both! {
    async fn no_header_decides_where_a_link_leads(world: &World) {
        let forged = |mut request: reqwest::RequestBuilder| {
            for (name, value) in FORGED {
                request = request.header(name, value.as_bytes());
            }
            request
        };
        let link = json!({ "query": CREATE_CALENDAR_LINK, "variables": { "input": {} } });
        let asked = forged(world.member_of_b1().request().await).json(&link);
        let made = Reply::read(asked.send().await.unwrap()).await;
        let url = made.done()["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&world.app.config.public_url), "{url}");
        let metadata = forged(world.http.get(world.path("/.well-known/oauth-authorization-server")));
        let metadata = metadata.send().await.unwrap().text().await.unwrap();
        assert!(!metadata.contains("evil.example") && !metadata.contains("gopher"), "{metadata}");
        let page = forged(world.http.get(world.path("/graphql")).header("accept", "text/html"));
        let page = page.send().await.unwrap();
        assert!(!page.status().is_server_error());
        assert!(!page.text().await.unwrap().contains("evil.example"));
    }
}

both! {
    async fn who_forges_an_address_is_counted_by_the_true_one(world: &World) {
        world.pin();
        let few = json!({ "key": "ADDRESS_FAILURES_PER_HOUR", "value": 20, "source": "试点" });
        world.administrator().run(SET_RULE, few).await.done();
        let failed = async |n: u32| {
            let input = json!({ "phone": format!("130000000{n:02}"), "password": "not-the-Password-9", "district": "370100" });
            let body = json!({ "query": SIGN_IN, "variables": { "input": input } });
            let asked = world.anonymous().request().await.header("x-forwarded-for", format!("10.9.8.{n}"));
            Reply::read(asked.json(&body).send().await.unwrap()).await.refused().to_owned()
        };
        for n in 0..20 {
            assert_eq!(failed(n).await, "BAD_CREDENTIALS", "{n}");
        }
        assert_eq!(failed(20).await, "TOO_MANY_FROM_ADDRESS");
    }
}

/// A proxy of ours stands before the server, and adds the address of who has come to it.
fn behind_a_proxy() -> Setup {
    Setup { configure: |config| config.trust_forwarded_for = true, ..Setup::default() }
}

both! {
    behind_a_proxy(),
    async fn behind_a_proxy_what_it_has_added_last_is_the_address(world: &World) {
        let mut new = asked(world, &["UNITS_READ"], Unit::B1);
        new["addresses"] = json!(["192.0.2.0/24"]);
        let made = world.secretary().run(CREATE_TOKEN, new).await;
        let secret = made.done()["secret"].as_str().unwrap().to_owned();
        for (lines, admitted) in [
            (vec!["192.0.2.7"], true),
            (vec!["203.0.113.5, 192.0.2.7"], true),
            (vec!["203.0.113.5", "192.0.2.7"], true),
            (vec!["192.0.2.7, 203.0.113.5"], false),
            (vec!["192.0.2.7", "203.0.113.5"], false),
            (vec!["192.0.2.7", "unknown"], false),
            (vec!["192.0.2.7,"], false),
            (vec![], false),
        ] {
            let mut request = world.bearer(&secret).rest(Method::GET, "/units").await;
            for line in &lines {
                request = request.header("x-forwarded-for", *line);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().is_success(), admitted, "{lines:?}: {answer:?}");
        }
    }
}

/// Connections that begin a request and never end it.
const SLOW: usize = 200;

both! {
    async fn who_speaks_slowly_is_cut_off_and_slows_nobody(world: &World) {
        world.pin();
        let address = world.path("").replace("http://", "");
        let body = format!("POST /oauth/token HTTP/1.1\r\nhost: {address}\r\ncontent-length: 9\r\n\
            content-type: application/x-www-form-urlencoded\r\n\r\n");
        let mut slow = Vec::new();
        for n in 0..SLOW {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            let begun = if n % 2 == 0 { "POST /graphql HTTP/1.1\r\nhost: x\r\nx-" } else { body.as_str() };
            stream.write_all(begun.as_bytes()).await.unwrap();
            slow.push(stream);
        }
        let began = Instant::now();
        world.member_of_b1().gql(ME, json!({})).await.data("/me");
        assert!(began.elapsed() < Duration::from_secs(5), "the others wait for nobody");
        for (n, stream) in slow.iter_mut().enumerate() {
            let mut heard = String::new();
            let cut = timeout(Duration::from_secs(20), stream.read_to_string(&mut heard)).await;
            assert!(cut.is_ok(), "{n} is still open");
            assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{heard}");
        }
    }
}
