use chrono::Duration;
use serde_json::{Value, json};
use zhibu::config::SecondFactorMode;

use super::{asked, client, personal};
use crate::{
    both,
    harness::{Engine, Setup, Unit, Who, World, clock::rfc3339, document::*, ws::Socket},
};

async fn roster(world: &World, token: &str, unit: Unit) -> Result<usize, String> {
    let reply = world
        .bearer(token)
        .gql(
            "query($unitId: ID!) { roster(unitId: $unitId) { edges { node { id name } } } }",
            json!({ "unitId": world.unit(unit) }),
        )
        .await;
    match reply.error() {
        Some(code) => Err(code.to_owned()),
        None => Ok(reply.list("/roster/edges").len()),
    }
}

both! {
    async fn a_token_has_its_persons_rights_within_its_scopes_and_its_unit(world: &World) {
        let token = personal(world, Who::Office, &["MEMBERS_READ"], Unit::B1).await;
        assert!(token.secret.starts_with("zhb_") && token.secret.len() == 40);
        assert!(roster(world, &token.secret, Unit::B1).await.unwrap() > 0);
        // The person may see the sister's roster, the token may not.
        assert_eq!(roster(world, &token.secret, Unit::B2).await, Err("NOT_FOUND".to_owned()));
        let lacking = world.bearer(&token.secret).gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(lacking.error_code(), "INSUFFICIENT_SCOPE");
        assert_eq!(lacking.body.pointer("/errors/0/extensions/detail"), Some(&json!("activities:read")));
        // What the person may not do, the token doesn't give.
        let member = personal(world, Who::Member, &["MEMBERS_READ"], Unit::B1).await;
        assert_eq!(roster(world, &member.secret, Unit::B1).await, Err("NOT_FOUND".to_owned()));
        // What is one's own is no token's.
        for document in [ME, INBOX, MY_ACTIVITIES, PERSONAL_TOKENS] {
            assert_eq!(world.bearer(&token.secret).gql(document, json!({})).await.error_code(), "INSUFFICIENT_SCOPE");
        }
    }
}

both! {
    async fn tokens_make_no_tokens_and_are_shown_once(world: &World) {
        let first = personal(world, Who::Secretary, &["UNITS_READ"], Unit::B1).await;
        for document in [CREATE_TOKEN, CREATE_CLIENT] {
            let refused = world.bearer(&first.secret).run(document, asked(world, &["UNITS_READ"], Unit::B1)).await;
            assert_eq!(refused.error_code(), "INSUFFICIENT_SCOPE");
        }
        let rotate = world.bearer(&first.secret).run(ROTATE_GRANT, json!({ "id": first.id })).await;
        assert_eq!(rotate.error_code(), "INSUFFICIENT_SCOPE");
        let mut new = asked(world, &["UNITS_READ"], Unit::B1);
        new["clientMutationId"] = json!("t1");
        let made = world.secretary().run(CREATE_TOKEN, new.clone()).await;
        let again = world.secretary().run(CREATE_TOKEN, new).await;
        assert_eq!(made.done()["grant"]["id"], again.done()["grant"]["id"]);
        assert_eq!(again.done()["secret"], Value::Null);
        let listed = world.secretary().gql(PERSONAL_TOKENS, json!({})).await;
        assert_eq!(listed.list("/personalTokens").len(), 2);
        assert!(!listed.text.contains(&first.secret));
        assert_eq!(listed.list("/personalTokens")[1]["secrets"][0]["tail"], first.secret[36..]);
        // Nobody else's.
        assert_eq!(world.office().gql(PERSONAL_TOKENS, json!({})).await.list("/personalTokens").len(), 0);
        let foreign = world.office().run(REVOKE_GRANT, json!({ "id": first.id })).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn of_many_tokens_made_at_once_no_more_than_fifty_come_through(world: &World) {
        for _ in 0..48 {
            personal(world, Who::Secretary, &["UNITS_READ"], Unit::B1).await;
        }
        let new = || async { world.secretary().run(CREATE_TOKEN, asked(world, &["UNITS_READ"], Unit::B1)).await };
        let made = futures_util::future::join_all((0..12).map(|_| new())).await;
        let (done, refused): (Vec<_>, Vec<_>) = made.iter().partition(|reply| reply.root_typename().ends_with("Done"));
        assert_eq!(done.len(), 2);
        assert!(refused.iter().all(|reply| reply.refused() == "TOO_MANY"));
    }
}

both! {
    async fn what_cant_be_granted_is_refused_with_its_reason(world: &World) {
        let expected = [
            (json!({ "name": "\u{202E}" }), "BAD_NAME", "name"),
            (json!({ "scopes": [] }), "NO_SCOPE", "scopes"),
            (json!({ "purpose": null }), "PURPOSE_REQUIRED", "purpose"),
            (json!({ "expiresAt": rfc3339(world.now()) }), "BAD_EXPIRY", "expiresAt"),
            (json!({ "expiresAt": rfc3339(world.now() + Duration::days(367)) }), "BAD_EXPIRY", "expiresAt"),
            (json!({ "addresses": ["10.0.0.0/33"] }), "BAD_ADDRESS", "addresses"),
            (json!({ "perMinute": 0 }), "BAD_RATE", "perMinute"),
        ];
        for (change, code, field) in expected {
            let mut new = asked(world, &["MEMBERS_READ"], Unit::B1);
            change.as_object().unwrap().iter().for_each(|(key, value)| new[key] = value.clone());
            let reply = world.secretary().run(CREATE_TOKEN, new).await;
            assert_eq!(reply.refused(), code);
            assert_eq!(reply.data("/createPersonalToken/field"), &json!([field]));
        }
        let foreign = world.secretary().run(CREATE_TOKEN, asked(world, &["UNITS_READ"], Unit::D)).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn a_token_is_rotated_with_overlap_and_revoked_at_once(world: &World) {
        let token = personal(world, Who::Secretary, &["MEMBERS_READ"], Unit::B1).await;
        let rotated = world.secretary().run(ROTATE_GRANT, json!({ "id": token.id, "overlapHours": 2 })).await;
        let new = rotated.done()["secret"].as_str().unwrap().to_owned();
        for secret in [&token.secret, &new] {
            assert!(roster(world, secret, Unit::B1).await.is_ok());
        }
        world.pass(Duration::hours(2));
        assert_eq!(roster(world, &token.secret, Unit::B1).await, Err("UNAUTHENTICATED".to_owned()));
        assert!(roster(world, &new, Unit::B1).await.is_ok());
        world.secretary().run(REVOKE_GRANT, json!({ "id": token.id })).await.done();
        assert_eq!(roster(world, &new, Unit::B1).await, Err("UNAUTHENTICATED".to_owned()));
        assert_eq!(world.secretary().run(ROTATE_GRANT, json!({ "id": token.id })).await.refused(), "ENDED");
        let bad = world.secretary().run(ROTATE_GRANT, json!({ "id": token.id, "overlapHours": 169 })).await;
        assert_eq!(bad.root_typename(), "TokenRefused");
    }
}

both! {
    async fn a_token_ends_by_itself_and_with_the_rights_it_cuts(world: &World) {
        let token = personal(world, Who::Secretary, &["MEMBERS_READ"], Unit::B1).await;
        let ended = json!({ "id": world.post(Who::Secretary), "endsOn": "2026-01-01" });
        world.administrator().run(END_POST, ended).await.done();
        assert_eq!(roster(world, &token.secret, Unit::B1).await, Err("NOT_FOUND".to_owned()));
        let other = personal(world, Who::Deputy, &["MEMBERS_READ"], Unit::B1).await;
        world.pass(Duration::days(90) - Duration::seconds(1));
        assert!(roster(world, &other.secret, Unit::B1).await.is_ok());
        world.pass(Duration::seconds(1));
        assert_eq!(roster(world, &other.secret, Unit::B1).await, Err("UNAUTHENTICATED".to_owned()));
    }
}

both! {
    async fn whoever_is_given_a_new_password_begins_without_tokens(world: &World) {
        let token = personal(world, Who::Member, &["UNITS_READ"], Unit::B1).await;
        let untouched = personal(world, Who::Second, &["UNITS_READ"], Unit::B1).await;
        world.secretary().run(ISSUE_PASSWORD, json!({ "memberId": world.member(Who::Member) })).await.done();
        assert_eq!(world.bearer(&token.secret).gql(UNITS, json!({})).await.error_code(), "UNAUTHENTICATED");
        world.bearer(&untouched.secret).gql(UNITS, json!({})).await.data("/orgUnits");
    }
}

both! {
    async fn forged_and_mistyped_tokens_are_nobodys(world: &World) {
        let token = personal(world, Who::Secretary, &["UNITS_READ"], Unit::B1).await.secret;
        let client = client(world, &["UNITS_READ"], Unit::B1).await.secret;
        let mut mistyped = token.clone();
        mistyped.replace_range(10..11, if &token[10..11] == "A" { "B" } else { "A" });
        for bad in [mistyped.as_str(), "zhb_", &token[..39], &format!("{token}A"), &client, &"zhb_A".repeat(1_000)] {
            let reply = world.bearer(bad).gql(UNITS, json!({})).await;
            assert_eq!((reply.status.as_u16(), reply.error_code()), (401, "UNAUTHENTICATED"));
            assert_eq!(reply.headers["www-authenticate"], "Bearer realm=\"zhibu\", error=\"invalid_token\"");
        }
    }
}

both! {
    async fn a_token_counts_from_its_addresses_alone(world: &World) {
        for (address, admitted) in [("127.0.0.0/8", true), ("::1", false), ("192.0.2.0/24", false)] {
            let mut new = asked(world, &["UNITS_READ"], Unit::B1);
            new["addresses"] = json!([address]);
            let made = world.secretary().run(CREATE_TOKEN, new).await;
            let secret = made.done()["secret"].as_str().unwrap().to_owned();
            let reply = world.bearer(&secret).gql(UNITS, json!({})).await;
            assert_eq!(reply.error().is_none(), admitted, "{address}: {}", reply.text);
        }
    }
}

both! {
    async fn a_token_has_so_many_requests_a_minute(world: &World) {
        world.pin();
        let mut new = asked(world, &["UNITS_READ"], Unit::B1);
        new["perMinute"] = json!(3);
        let made = world.secretary().run(CREATE_TOKEN, new).await;
        let secret = made.done()["secret"].as_str().unwrap().to_owned();
        for left in [2, 1, 0] {
            let reply = world.bearer(&secret).gql(UNITS, json!({})).await;
            reply.data("/orgUnits");
            let header = reply.headers["ratelimit"].to_str().unwrap();
            assert!(header.starts_with(&format!("\"minute\";r={left};t=")), "{header}");
            assert_eq!(reply.headers["ratelimit-policy"], "\"minute\";q=3;w=60");
        }
        let reply = world.bearer(&secret).gql(UNITS, json!({})).await;
        assert_eq!((reply.status.as_u16(), reply.error_code()), (429, "RATE_LIMITED"));
        let wait: i64 = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait));
        world.pass(Duration::seconds(120));
        world.bearer(&secret).gql(UNITS, json!({})).await.data("/orgUnits");
        assert!(world.secretary().gql(UNITS, json!({})).await.headers.get("ratelimit").is_none());
    }
}

/// A personal token of the secretary's that may ask so often in a minute.
async fn frugal(world: &World, per_minute: i32) -> String {
    let mut new = asked(world, &["ACTIVITIES_READ"], Unit::B1);
    new["perMinute"] = json!(per_minute);
    let made = world.secretary().run(CREATE_TOKEN, new).await;
    made.done()["secret"].as_str().unwrap().to_owned()
}

both! {
    async fn each_subscription_of_its_sockets_counts(world: &World) {
        world.pin();
        let id = world.published(json!({})).await;
        let secret = frugal(world, 2).await;
        let mut socket = Socket::connect(world, Some(&secret)).await.expect("a socket");
        socket.subscribe("1", TALLY, json!({ "id": id })).await;
        assert!(socket.result().await.to_string().contains("expected"));
        socket.subscribe("2", TALLY, json!({ "id": id })).await;
        let came = socket.next().await;
        assert!(format!("{came:?}").contains("RATE_LIMITED"), "{came:?}");
    }
}

both! {
    async fn when_it_was_last_used_is_known(world: &World) {
        let token = personal(world, Who::Secretary, &["UNITS_READ"], Unit::B1).await;
        let used = async || world.secretary().gql(PERSONAL_TOKENS, json!({})).await.data("/personalTokens/0/lastUsedAt").clone();
        assert_eq!(used().await, Value::Null);
        world.bearer(&token.secret).gql(UNITS, json!({})).await.data("/orgUnits");
        for _ in 0..200 {
            if used().await != Value::Null {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("its use was never written down");
    }
}

both! {
    async fn sockets_take_tokens_and_end_with_them(world: &World) {
        let id = world.published(json!({})).await;
        let token = personal(world, Who::Secretary, &["ACTIVITIES_READ"], Unit::B1).await;
        let mut socket = Socket::connect(world, Some(&token.secret)).await.expect("a socket");
        socket.subscribe("1", TALLY, json!({ "id": id })).await;
        assert!(socket.result().await.to_string().contains("expected"));
        let elsewhere = personal(world, Who::Office, &["ACTIVITIES_READ"], Unit::B2).await;
        let mut blind = Socket::connect(world, Some(&elsewhere.secret)).await.expect("a socket");
        blind.subscribe("1", TALLY, json!({ "id": id })).await;
        let came = blind.next().await;
        assert!(format!("{came:?}").contains("NOT_FOUND"), "{came:?}");
        world.secretary().run(REVOKE_GRANT, json!({ "id": token.id })).await.done();
        world.heard().await;
        assert!(Socket::connect(world, Some(&token.secret)).await.is_err());
    }
}

/// Posts demand the second factor.
fn demanding() -> Setup {
    Setup { second_factor: SecondFactorMode::Required, ..Setup::default() }
}

both! {
    demanding(),
    async fn who_holds_a_post_proves_the_second_factor_first(world: &World) {
        let reply = world.secretary().run(CREATE_TOKEN, asked(world, &["UNITS_READ"], Unit::B1)).await;
        assert_eq!(reply.error_code(), "SECOND_FACTOR_REQUIRED");
        world.member_of_b1().run(CREATE_TOKEN, asked(world, &["UNITS_READ"], Unit::B1)).await.done();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_revokes_is_void_on_the_other() {
    let Some(one) = World::open(Engine::Postgres, Setup::default()).await else { return };
    let two = one.replica().await;
    let token = personal(&one, Who::Secretary, &["MEMBERS_READ"], Unit::B1).await;
    assert!(roster(&two, &token.secret, Unit::B1).await.is_ok());
    one.secretary().run(REVOKE_GRANT, json!({ "id": token.id })).await.done();
    let asked = std::time::Instant::now();
    while roster(&two, &token.secret, Unit::B1).await.is_ok() {
        assert!(asked.elapsed() < std::time::Duration::from_secs(2), "the other server hasn't heard");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    two.close().await;
    one.close().await;
}
