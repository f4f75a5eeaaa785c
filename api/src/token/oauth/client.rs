use std::sync::Arc;

use actix_web::{HttpRequest, http::header};
use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;
use zhibu_domain::{id::TokenGrantId, token::GrantKind};
use zhibu_persistence::token::{GrantKey, Known};

use super::{answer::Fault, form::Form};
use crate::{
    app::App,
    auth::api_key,
    gate,
    token::{known, spend},
};

/// A client that has proved who it is.
pub struct Client {
    /// Its grant.
    pub known: Arc<Known>,
}

/// Half of HTTP Basic, which OAuth has encoded as a form before (RFC 6749, 2.3.1).
fn decoded(half: &str) -> String {
    form_urlencoded::parse(half.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

/// The id and the secret of HTTP Basic; `None` where another scheme or nothing was sent.
fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, Fault> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let sent = value.to_str().ok().and_then(|value| value.split_once(' '));
    let (_, packed) =
        sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")).ok_or(Fault::client())?;
    let text = STANDARD.decode(packed.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, secret) = text.as_deref().and_then(|text| text.split_once(':')).ok_or(Fault::client())?;
    Ok(Some((decoded(id), decoded(secret))))
}

impl Client {
    /// Who asks, by HTTP Basic or by the body, never by both.
    pub async fn authenticate(app: &Arc<App>, request: &HttpRequest, form: &Form) -> Result<Self, Fault> {
        let (id, secret) = match (basic(request)?, form.get("client_id"), form.get("client_secret")) {
            (Some(_), _, Some(_)) => {
                return Err(Fault::bad("invalid_request", "the client has authenticated in two ways"));
            }
            // The body may name the client once more.
            (Some((id, secret)), named, None) if named.is_none_or(|named| named == id) => (id, secret),
            (None, Some(id), Some(secret)) => (id.to_owned(), secret.to_owned()),
            _ => return Err(Fault::client()),
        };
        let id = Uuid::try_parse(&id).map_err(|_| Fault::client())?;
        let hash = api_key::read(GrantKind::Client, &secret).ok_or(Fault::client())?;
        let known = known(app, GrantKey::Id(TokenGrantId(id))).await?.ok_or(Fault::client())?;
        let (grant, now) = (&known.grant, app.now());
        let proved = known.secrets.iter().any(|secret| secret.hash == hash && secret.is_live(now));
        let admitted = grant.kind == GrantKind::Client
            && proved
            && grant.is_live(now)
            && grant.admits(gate::address(app, request));
        if !admitted {
            return Err(Fault::client());
        }
        spend(app, request, &known).map_err(|_| Fault::too_often())?;
        Ok(Self { known })
    }
}
