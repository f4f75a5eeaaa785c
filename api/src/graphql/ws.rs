//! Subscriptions over WebSocket, by the protocol `graphql-transport-ws`. Queries and mutations
//! go by POST: there they have a request id, an idempotency key and the limits of HTTP.

mod message;
mod outbox;
mod socket;
#[cfg(test)]
mod tests;

use actix_web::guard::GuardContext;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use zhibu_domain::error_code::ErrorCode;

use super::accept::Media;
use super::answer;
use super::endpoint::Endpoint;
use super::gate::Gate;
use super::operation::language;
use super::rejection::Rejection;

/// The one protocol spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether the client wants a socket.
pub fn is_upgrade(context: &GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Answers `GET /graphql` with `Upgrade: websocket`.
pub async fn open<E: Executor, G: Gate>(
    request: HttpRequest,
    body: web::Payload,
    endpoint: web::Data<Endpoint<E, G>>,
) -> HttpResponse {
    let refuse = |rejection: &Rejection| answer::reject(rejection, Media::Json, language(request.headers()));
    if let Err(rejection) = check(request.headers(), &endpoint.settings.origins) {
        return refuse(&rejection);
    }
    match actix_ws::handle_with_protocols(&request, body, &[PROTOCOL]) {
        Ok((response, session, messages)) => {
            let limit = endpoint.settings.socket.message_bytes;
            let messages =
                messages.max_frame_size(limit).aggregate_continuations().max_continuation_size(limit);
            actix_web::rt::spawn(socket::run(endpoint, request, session, messages));
            response
        }
        Err(error) => refuse(&Rejection::new(ErrorCode::BadRequest).detail(error.to_string())),
    }
}

fn check(headers: &HeaderMap, origins: &[String]) -> Result<(), Rejection> {
    if !may_open(headers, origins) {
        return Err(Rejection::new(ErrorCode::Forbidden).detail("this origin may not open a socket"));
    }
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    match offered.flat_map(|value| value.split(',')).any(|protocol| protocol.trim() == PROTOCOL) {
        true => Ok(()),
        false => Err(Rejection::new(ErrorCode::BadRequest).detail("offer the protocol graphql-transport-ws")),
    }
}

/// Whether a page of this origin may open a socket: browsers ask nobody before they do. Programs
/// that aren't browsers send no origin.
fn may_open(headers: &HeaderMap, origins: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    own || origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
}
