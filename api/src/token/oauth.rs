//! OAuth 2.0 for other systems: tokens by client credentials (RFC 6749, 9068, 8707), their revocation (7009) and
//! introspection (7662), and where all that is (8414).

mod answer;
mod client;
mod form;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::DateTime;
use serde_json::json;
use zhibu_domain::{id::SessionId, policy::Permit, token::TokenScope, vocabulary::Vocabulary};
use zhibu_persistence::token;

use self::{
    answer::{Answer, Fault, answer},
    client::Client,
    form::Form,
};
use crate::{
    app::App,
    auth::token::{ClientClaims, LIFETIME, NewClientToken, Signed, client_id},
    gate,
    graphql::body::Short,
    web::{post, read},
};

/// Where access tokens are given out.
pub const TOKEN: &str = "/oauth/token";
const REVOKE: &str = "/oauth/revoke";
const INTROSPECT: &str = "/oauth/introspect";

/// Mounts it.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(post(TOKEN, issue))
        .service(post(REVOKE, revoke))
        .service(post(INTROSPECT, introspect))
        .service(read("/.well-known/oauth-authorization-server", metadata));
}

async fn issue(app: web::Data<App>, request: HttpRequest, body: Short) -> HttpResponse {
    let app = app.into_inner();
    answer(token_of(&app, &request, body).await)
}

async fn revoke(app: web::Data<App>, request: HttpRequest, body: Short) -> HttpResponse {
    let app = app.into_inner();
    answer(revoked(&app, &request, body).await)
}

async fn introspect(app: web::Data<App>, request: HttpRequest, body: Short) -> HttpResponse {
    let app = app.into_inner();
    answer(introspected(&app, &request, body).await)
}

/// The scopes asked for, as OAuth speaks; all of the client's where none is named. Never fewer than asked for: a
/// client that isn't given what it needs shall hear it here.
fn scopes(form: &Form, client: &Client) -> Result<String, Fault> {
    let granted = &client.known.grant.scopes;
    let asked = match form.get("scope") {
        None => granted.clone(),
        Some(text) => {
            let heard: Option<Vec<_>> = text.split(' ').map(TokenScope::heard).collect();
            heard.ok_or(Fault::scope())?
        }
    };
    if !asked.iter().all(|scope| granted.contains(scope)) {
        return Err(Fault::scope());
    }
    Ok(asked.into_iter().map(TokenScope::spoken).collect::<Vec<_>>().join(" "))
}

async fn token_of(app: &Arc<App>, request: &HttpRequest, body: Short) -> Result<Answer, Fault> {
    let form = Form::read(request, body)?;
    let client = Client::authenticate(app, request, &form).await?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Fault::bad("unsupported_grant_type", "only client_credentials is supported")),
        None => return Err(Fault::bad("invalid_request", "grant_type is missing")),
    }
    if form.all("resource").any(|resource| resource != app.auth.tokens.resource()) {
        return Err(Fault::bad("invalid_target", "the resource is not served here"));
    }
    let scope = scopes(&form, &client)?;
    let (now, grant) = (app.now(), &client.known.grant);
    let until = (now + LIFETIME).min(grant.expires_at);
    let new = NewClientToken {
        id: app.id(),
        grant: grant.id,
        account_id: grant.account_id,
        district_id: client.known.district_id,
        scope: scope.clone(),
        until,
    };
    let token = app.auth.tokens.issue_client(new, now).map_err(|_| Fault::server())?;
    Ok(Answer::Json(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": (until - now).num_seconds(),
        "scope": scope,
    })))
}

/// An access token of the client itself that is still valid.
fn own(app: &App, client: &Client, form: &Form) -> Result<Option<ClientClaims>, Fault> {
    let token = form.get("token").ok_or(Fault::bad("invalid_request", "token is missing"))?;
    let Ok(signed) = app.auth.tokens.verify(token, app.now()) else { return Ok(None) };
    match signed.as_ref() {
        Signed::Client(claims) if claims.client_id == client_id(client.known.grant.id) => {
            Ok(Some(claims.clone()))
        }
        Signed::Client(_) | Signed::Session(_) => Ok(None),
    }
}

/// Another's token, or none of ours, is left alone, and the answer is the same (RFC 7009, 2.2).
async fn revoked(app: &Arc<App>, request: &HttpRequest, body: Short) -> Result<Answer, Fault> {
    let form = Form::read(request, body)?;
    let client = Client::authenticate(app, request, &form).await?;
    let Some(claims) = own(app, &client, &form)? else { return Ok(Answer::Empty) };
    let (district, account, id) =
        (client.known.district_id, client.known.grant.account_id, SessionId(claims.jti));
    let call = gate::call(app, request, zhibu_domain::policy::Actor::Anonymous);
    let permit = Permit::signing_in(district, Some(account));
    let until = DateTime::from_timestamp(claims.exp, 0).ok_or(Fault::server())?;
    let tx = app.begin(&call, "revokeAccessToken").await?;
    token::revoke_access_token(&tx, &permit, account, id, until).await?;
    tx.commit().await?;
    app.memo.revoke([id]);
    Ok(Answer::Empty)
}

/// A client may ask about its own tokens; of any other it learns nothing.
async fn introspected(app: &Arc<App>, request: &HttpRequest, body: Short) -> Result<Answer, Fault> {
    let form = Form::read(request, body)?;
    let client = Client::authenticate(app, request, &form).await?;
    let claims = own(app, &client, &form)?;
    let live = claims.filter(|claims| !app.memo.revoked.contains_key(&SessionId(claims.jti)));
    Ok(Answer::Json(match live {
        None => json!({ "active": false }),
        Some(claims) => json!({
            "active": true,
            "scope": claims.scope,
            "client_id": claims.client_id,
            "token_type": "Bearer",
            "exp": claims.exp,
            "iat": claims.iat,
            "sub": claims.sub,
            "aud": claims.aud,
            "iss": claims.iss,
            "jti": claims.jti,
        }),
    }))
}

async fn metadata(app: web::Data<App>) -> HttpResponse {
    let issuer = app.auth.tokens.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let scopes: Vec<_> = TokenScope::words().iter().map(|word| word.value.spoken()).collect();
    let methods = ["client_secret_basic", "client_secret_post"];
    HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(json!({
        "issuer": issuer,
        "token_endpoint": at(TOKEN),
        "jwks_uri": at("/.well-known/jwks.json"),
        "scopes_supported": scopes,
        // Required, and never empty, though there is no authorization endpoint: erratum 7793.
        "response_types_supported": ["none"],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": at(REVOKE),
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint": at(INTROSPECT),
        "introspection_endpoint_auth_methods_supported": methods,
    }))
}
