//! The endpoints of OAuth, error by error.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::Duration;
use serde_json::{Value, json};

use super::{Granted, access, asked, client, form, granted, token};
use crate::{
    both,
    harness::{Engine as Database, Reply, Setup, Unit, World, document::*},
};

#[track_caller]
fn fault(reply: &Reply, status: u16, error: &str) {
    assert_eq!(
        (reply.status.as_u16(), reply.body["error"].as_str()),
        (status, Some(error)),
        "{}",
        reply.text
    );
    let told = reply.body["error_description"].as_str().unwrap();
    assert!(told.is_ascii() && !told.contains(['"', '\\']), "{told}");
    assert_eq!(reply.headers["cache-control"], "no-store");
    if status == 401 {
        assert!(reply.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    }
}

fn claims(token: &str, part: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(part).unwrap()).unwrap()).unwrap()
}

both! {
    async fn a_client_gets_a_token_that_says_what_rfc_9068_asks(world: &World) {
        let client = client(world, &["UNITS_READ", "FIGURES_READ"], Unit::B1).await;
        let reply = token(world, &client, "").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(reply.headers["pragma"], "no-cache");
        assert_eq!((&reply.body["token_type"], &reply.body["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(reply.body["scope"], "units:read figures:read");
        let text = reply.body["access_token"].as_str().unwrap();
        assert_eq!(claims(text, 0)["typ"], "at+jwt");
        let said = claims(text, 1);
        for claim in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"] {
            assert!(!said[claim].is_null(), "{claim}: {said}");
        }
        assert_eq!((&said["sub"], &said["client_id"]), (&json!(client.client_id), &json!(client.client_id)));
        world.bearer(text).gql(UNITS, json!({})).await.data("/orgUnits");
        let some = token(world, &client, "&scope=figures:read&resource=http://127.0.0.1/api").await;
        assert_eq!(some.body["scope"], "figures:read");
        // It is for no more than was asked for, whatever the client may.
        let fewer = world.bearer(some.body["access_token"].as_str().unwrap());
        assert_eq!(fewer.gql(UNITS, json!({})).await.error_code(), "INSUFFICIENT_SCOPE");
        // An end before the token's cuts it.
        world.pass(Duration::days(90) - Duration::minutes(5));
        assert_eq!(token(world, &client, "").await.body["expires_in"], 300);
        world.pass(Duration::minutes(5));
        fault(&token(world, &client, "").await, 401, "invalid_client");
    }
}

both! {
    async fn every_error_of_the_token_endpoint(world: &World) {
        let client = client(world, &["UNITS_READ"], Unit::B1).await;
        fault(&token(world, &client, "&scope=members:read").await, 400, "invalid_scope");
        fault(&token(world, &client, "&scope=everything").await, 400, "invalid_scope");
        fault(&token(world, &client, "&scope=units:read++units:read").await, 400, "invalid_scope");
        fault(&token(world, &client, "&scope=units:read&scope=units:read").await, 400, "invalid_request");
        fault(&token(world, &client, "&resource=https://elsewhere.example/api").await, 400, "invalid_target");
        fault(&token(world, &client, "&resource=http://127.0.0.1/api&resource=https://b.example").await, 400, "invalid_target");
        let basic = Some((client.client_id.as_str(), client.secret.as_str()));
        let send = async |body: &str, basic| form(world, "/oauth/token", body, basic).await;
        fault(&send("", basic).await, 400, "invalid_request");
        fault(&send("grant_type=", basic).await, 400, "invalid_request");
        fault(&send("grant_type=password&username=a&password=b", basic).await, 400, "unsupported_grant_type");
        fault(&send("grant_type=client_credentials", None).await, 401, "invalid_client");
        let last = if client.secret.ends_with('A') { 'B' } else { 'A' };
        let wrong = format!("{}{last}", &client.secret[..39]);
        for (id, secret) in [(client.client_id.as_str(), wrong.as_str()), ("nobody", &client.secret), ("00000000000000000000000000000000", &client.secret), ("", "")] {
            fault(&send("grant_type=client_credentials", Some((id, secret))).await, 401, "invalid_client");
        }
        let twice = format!("grant_type=client_credentials&client_id={}&client_secret={}", client.client_id, client.secret);
        fault(&send(&twice, basic).await, 400, "invalid_request");
        assert_eq!(send(&twice, None).await.status, 200, "by the body");
        let json = world.http.post(world.path("/oauth/token")).json(&json!({ "grant_type": "client_credentials" }));
        fault(&Reply::read(json.send().await.unwrap()).await, 400, "invalid_request");
        let get = world.http.get(world.path("/oauth/token")).send().await.unwrap();
        assert_eq!(get.status(), 405);
        let huge = format!("grant_type=client_credentials&x={}", "a".repeat(2_000_000));
        fault(&send(&huge, basic).await, 400, "invalid_request");
        for header in ["Bearer x", "Basic", "Basic !!!", "Basic Og==", "Basic YQ=="] {
            let request = world.http.post(world.path("/oauth/token")).body("grant_type=client_credentials");
            let request = request.header("content-type", "application/x-www-form-urlencoded").header("authorization", header);
            fault(&Reply::read(request.send().await.unwrap()).await, 401, "invalid_client");
        }
    }
}

both! {
    async fn credentials_may_be_percent_encoded_before_basic(world: &World) {
        let client = client(world, &["UNITS_READ"], Unit::B1).await;
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{}", encoded(&client.client_id), encoded(&client.secret)));
        let request = world.http.post(world.path("/oauth/token")).body("grant_type=client_credentials");
        let request = request.header("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
        world.heard().await;
        let reply = request.header("authorization", format!("basic {pair}")).send().await.unwrap();
        assert_eq!(reply.status(), 200);
    }
}

async fn introspect(world: &World, client: &Granted, token: &str) -> Value {
    let basic = Some((client.client_id.as_str(), client.secret.as_str()));
    let reply = form(world, "/oauth/introspect", &format!("token={token}"), basic).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.headers["cache-control"], "no-store");
    reply.body
}

both! {
    async fn a_client_learns_of_its_own_tokens_and_takes_them_back(world: &World) {
        let (ours, theirs) = (client(world, &["UNITS_READ"], Unit::B1).await, client(world, &["UNITS_READ"], Unit::B2).await);
        let (first, second) = (access(world, &ours).await, access(world, &ours).await);
        let told = introspect(world, &ours, &first).await;
        assert_eq!((&told["active"], &told["scope"], &told["client_id"]), (&json!(true), &json!("units:read"), &json!(ours.client_id)));
        let person = world.secretary().access().await.unwrap();
        for token in [person.as_str(), "x", "a.b.c", &ours.secret] {
            assert_eq!(introspect(world, &ours, token).await, json!({ "active": false }));
        }
        assert_eq!(introspect(world, &theirs, &first).await, json!({ "active": false }));
        let revoke = async |client: &Granted, token: &str| {
            let basic = Some((client.client_id.as_str(), client.secret.as_str()));
            let body = format!("token={token}&token_type_hint=refresh_token");
            form(world, "/oauth/revoke", &body, basic).await
        };
        // Another's, or none at all: the same answer, and nothing happens.
        for (client, token) in [(&theirs, first.as_str()), (&ours, "nonsense"), (&ours, &person)] {
            let reply = revoke(client, token).await;
            assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
        }
        world.bearer(&first).gql(UNITS, json!({})).await.data("/orgUnits");
        for _ in 0..2 {
            assert_eq!(revoke(&ours, &first).await.status, 200);
        }
        assert_eq!(world.bearer(&first).gql(UNITS, json!({})).await.error_code(), "UNAUTHENTICATED");
        assert_eq!(introspect(world, &ours, &first).await, json!({ "active": false }));
        world.bearer(&second).gql(UNITS, json!({})).await.data("/orgUnits");
        world.pass(Duration::minutes(15));
        assert_eq!(introspect(world, &ours, &second).await, json!({ "active": false }));
        for path in ["/oauth/revoke", "/oauth/introspect"] {
            let basic = Some((ours.client_id.as_str(), ours.secret.as_str()));
            fault(&form(world, path, "", basic).await, 400, "invalid_request");
            fault(&form(world, path, "token=x", None).await, 401, "invalid_client");
        }
    }
}

both! {
    async fn tokens_of_a_deleted_client_are_void(world: &World) {
        let client = client(world, &["UNITS_READ"], Unit::B1).await;
        let bearer = access(world, &client).await;
        world.bearer(&bearer).gql(UNITS, json!({})).await.data("/orgUnits");
        world.office().run(REVOKE_GRANT, json!({ "id": client.id })).await.done();
        let reply = world.bearer(&bearer).gql(UNITS, json!({})).await;
        assert_eq!((reply.status.as_u16(), reply.error_code()), (401, "UNAUTHENTICATED"));
        fault(&token(world, &client, "").await, 401, "invalid_client");
    }
}

both! {
    async fn a_client_comes_from_its_addresses(world: &World) {
        let mut new = asked(world, &["UNITS_READ"], Unit::B1);
        new["addresses"] = json!(["192.0.2.0/24"]);
        let client = granted(&world.office().run(CREATE_CLIENT, new).await);
        fault(&token(world, &client, "").await, 401, "invalid_client");
    }
}

both! {
    async fn a_client_asks_for_so_many_tokens_a_minute(world: &World) {
        world.pin();
        let mut new = asked(world, &["UNITS_READ"], Unit::B1);
        new["perMinute"] = json!(2);
        let client = granted(&world.office().run(CREATE_CLIENT, new).await);
        let bearer = access(world, &client).await;
        world.bearer(&bearer).gql(UNITS, json!({})).await.data("/orgUnits");
        let refused = token(world, &client, "").await;
        fault(&refused, 429, "temporarily_unavailable");
        assert!(refused.headers.contains_key("retry-after") && refused.headers.contains_key("ratelimit"));
    }
}

both! {
    async fn where_everything_is_stands_in_the_metadata(world: &World) {
        let reply = world.http.get(world.path("/.well-known/oauth-authorization-server")).send().await.unwrap();
        let said = Reply::read(reply).await.body;
        assert_eq!(said["issuer"], "http://127.0.0.1");
        assert_eq!(said["token_endpoint"], "http://127.0.0.1/oauth/token");
        assert_eq!(said["grant_types_supported"], json!(["client_credentials"]));
        assert!(said["scopes_supported"].as_array().unwrap().contains(&json!("units:read")));
        let text = access(world, &client(world, &["UNITS_READ"], Unit::B1).await).await;
        assert_eq!(claims(&text, 1)["iss"], said["issuer"]);
        let jwks = world.http.get(world.path("/.well-known/jwks.json")).send().await.unwrap();
        assert!(Reply::read(jwks).await.text.contains(claims(&text, 0)["kid"].as_str().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_on_one_server_is_void_on_the_other() {
    let Some(one) = World::open(Database::Postgres, Setup::default()).await else { return };
    let two = one.replica().await;
    let client = client(&one, &["UNITS_READ"], Unit::B1).await;
    let bearer = access(&one, &client).await;
    two.bearer(&bearer).gql(UNITS, json!({})).await.data("/orgUnits");
    let basic = Some((client.client_id.as_str(), client.secret.as_str()));
    assert_eq!(form(&one, "/oauth/revoke", &format!("token={bearer}"), basic).await.status, 200);
    let asked = std::time::Instant::now();
    while two.bearer(&bearer).gql(UNITS, json!({})).await.error().is_none() {
        assert!(asked.elapsed() < std::time::Duration::from_secs(2), "the other server hasn't heard");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    two.close().await;
    one.close().await;
}
