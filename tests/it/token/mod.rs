//! OAuth clients and personal access tokens: what they may, for how long, and how they end.

mod clients;
mod foreign;
mod oauth;
mod personal;
mod reading;

use chrono::Duration;
use serde_json::{Value, json};

use crate::harness::{Reply, Unit, Who, World, clock::rfc3339, document::*};

/// A grant with its secret.
pub struct Granted {
    pub id: String,
    pub client_id: String,
    pub secret: String,
}

pub fn granted(reply: &Reply) -> Granted {
    let done = reply.done();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Granted {
        id: text(&done["grant"]["id"]),
        client_id: text(&done["grant"]["clientId"]),
        secret: text(&done["secret"]),
    }
}

/// A grant to ask for.
pub fn asked(world: &World, scopes: &[&str], unit: Unit) -> Value {
    json!({
        "name": "名册同步", "purpose": "与区系统同步名册", "scopes": scopes, "unitId": world.unit(unit),
        "expiresAt": rfc3339(world.now() + Duration::days(90)), "perMinute": 6000,
    })
}

/// A person's token.
pub async fn personal(world: &World, who: Who, scopes: &[&str], unit: Unit) -> Granted {
    granted(&world.as_(who).run(CREATE_TOKEN, asked(world, scopes, unit)).await)
}

/// A client that S1's office has created.
pub async fn client(world: &World, scopes: &[&str], unit: Unit) -> Granted {
    granted(&world.office().run(CREATE_CLIENT, asked(world, scopes, unit)).await)
}

/// Sends a form to an endpoint of OAuth; by HTTP Basic where credentials are given.
pub async fn form(world: &World, path: &str, body: &str, basic: Option<(&str, &str)>) -> Reply {
    world.heard().await;
    let mut request = world.http.post(world.path(path)).body(body.to_owned());
    request = request.header("content-type", "application/x-www-form-urlencoded");
    if let Some((id, secret)) = basic {
        request = request.basic_auth(id, Some(secret));
    }
    Reply::read(request.send().await.expect("an answer")).await
}

/// Asks for an access token.
pub async fn token(world: &World, client: &Granted, more: &str) -> Reply {
    let body = format!("grant_type=client_credentials{more}");
    form(world, "/oauth/token", &body, Some((&client.client_id, &client.secret))).await
}

/// An access token of a client.
pub async fn access(world: &World, client: &Granted) -> String {
    let reply = token(world, client, "").await;
    reply.body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {}", reply.text)).to_owned()
}
