//! Who sends a request: reads the token and makes the call that resolvers find.

use std::{net::IpAddr, sync::Arc};

use actix_web::{HttpMessage, HttpRequest, http::header};
use async_graphql::Data;
use uuid::Uuid;
use zhibu_domain::{
    error_code::ErrorCode,
    policy::{Actor, Denied},
    vocabulary::Language,
};

use crate::{
    app::App,
    auth::{api_key, token::Bearer},
    board,
    call::Call,
    error::OpError,
    graphql::{Admission, Connection, Gate, Rejection, bearer},
    identity,
    reads::loading,
    token,
};

/// Lets requests and sockets in by their access tokens.
pub struct TokenGate(pub Arc<App>);

/// The id of a request, made by the server's outermost layer.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

fn text<'a>(request: &'a HttpRequest, name: &header::HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn rejection(error: &OpError) -> Rejection {
    Rejection::new(error.code())
}

/// The client's address. Of what is forwarded the very last counts, in whichever line: the proxy has added it, the
/// others whoever sent the request.
pub fn address(app: &App, request: &HttpRequest) -> Option<IpAddr> {
    let last = request.headers().get_all("x-forwarded-for").last().filter(|_| app.config.trust_forwarded_for);
    let forwarded = last.and_then(|line| line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    forwarded.or_else(|| request.peer_addr().map(|peer| peer.ip()))
}

/// The language that a request asks for.
pub fn language(request: &HttpRequest) -> Language {
    text(request, &header::ACCEPT_LANGUAGE).map(Language::from_accept_language).unwrap_or_default()
}

/// The call that somebody's request is.
pub fn call(app: &App, request: &HttpRequest, actor: Actor) -> Call {
    let request_id = request.extensions().get::<RequestId>().map_or_else(Uuid::nil, |id| id.0);
    let device = text(request, &header::USER_AGENT).map(|agent| agent.chars().take(100).collect());
    Call { actor, language: language(request), request_id, address: address(app, request), device }
}

/// The call that a request is, of whoever its `Authorization` header shows; nobody's without one. Every
/// door but GraphQL's begins here.
pub async fn authenticated(app: &App, request: &HttpRequest) -> Result<Call, OpError> {
    let actor = match text(request, &header::AUTHORIZATION) {
        None => Actor::Anonymous,
        Some(value) => {
            let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(Denied::Unauthenticated.into());
            }
            shown(app, request, token.trim()).await?.0
        }
    };
    Ok(call(app, request, actor))
}

/// Who shows a token, and for how many seconds it lasts.
async fn shown(app: &App, request: &HttpRequest, token: &str) -> Result<(Actor, Bearer, i64), OpError> {
    let now = app.now();
    let (bearer, until) = if api_key::is_personal(token) {
        let (bearer, until) = token::personal(app, token).await?;
        (bearer, until.timestamp())
    } else {
        let signed = app.auth.tokens.verify(token, now).map_err(|_| Denied::Unauthenticated)?;
        (signed.bearer().ok_or(Denied::Unauthenticated)?, signed.exp())
    };
    let actor = identity::actor(app, bearer).await?;
    if let Some(limit) = actor.limit() {
        token::admit(app, request, limit.grant_id).await?;
    }
    Ok((actor, bearer, until - now.timestamp()))
}

impl TokenGate {
    /// The socket of a room's screen.
    async fn screen(&self, request: &HttpRequest, ticket: &str) -> Result<Connection, Rejection> {
        let (screen, until) = board::ops::admit(&self.0, ticket).await.map_err(|e| rejection(&e))?;
        let call = call(&self.0, request, Actor::Screen(screen));
        Ok(Connection {
            data: data(&self.0, &call, false),
            language: call.language,
            request_id: Some(call.request_id.to_string()),
            expires_in: Some(until.signed_duration_since(self.0.now()).to_std().unwrap_or_default()),
            count: None,
        })
    }
}

/// What resolvers find. `brief` is a single request, within which nothing is read twice; on a
/// socket that lasts, everything is.
pub fn data(app: &Arc<App>, call: &Call, brief: bool) -> Data {
    let mut data = Data::default();
    if let Some(district) = call.actor.district_id() {
        let loading = loading(Arc::clone(app), district, call.clone());
        loading.enable_all_cache(brief);
        data.insert(loading);
    }
    data.insert(Arc::clone(app));
    data.insert(call.clone());
    data
}

impl Gate for TokenGate {
    async fn admit(&self, request: &HttpRequest) -> Result<Admission, Rejection> {
        let call = authenticated(&self.0, request).await.map_err(|e| rejection(&e))?;
        let request_id = Some(call.request_id.to_string());
        Ok(Admission { data: data(&self.0, &call, true), language: call.language, request_id })
    }

    async fn connect(
        &self,
        request: &HttpRequest,
        payload: &serde_json::Value,
    ) -> Result<Connection, Rejection> {
        if let Some(ticket) = payload.get("board").and_then(serde_json::Value::as_str) {
            return self.screen(request, ticket).await;
        }
        let token = bearer(payload).ok_or_else(|| Rejection::new(ErrorCode::Unauthenticated))?;
        let (actor, bearer, seconds) = shown(&self.0, request, token).await.map_err(|e| rejection(&e))?;
        let count = match actor.limit() {
            Some(limit) => Some(token::count(&self.0, limit.grant_id).await.map_err(|e| rejection(&e))?),
            None => None,
        };
        let call = call(&self.0, request, actor);
        let mut data = data(&self.0, &call, false);
        // Whoever watches for long is asked again and again who they are.
        data.insert(bearer);
        Ok(Connection {
            data,
            language: call.language,
            request_id: Some(call.request_id.to_string()),
            expires_in: Some(std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0))),
            count,
        })
    }
}
