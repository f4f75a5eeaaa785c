//! What the transport asks of the rest of the server: who is there?

use std::time::Duration;

use actix_web::HttpRequest;
use async_graphql::Data;
use serde_json::Value;
use zhibu_domain::vocabulary::Language;

use super::rejection::Rejection;

/// Lets requests and sockets in.
pub trait Gate: Send + Sync + 'static {
    /// Reads who sends this request, before its body is read. `Err` turns it away: a bad token is
    /// UNAUTHENTICATED, while a request without one may go on and meet a guard later.
    fn admit(&self, request: &HttpRequest) -> impl Future<Output = Result<Admission, Rejection>>;

    /// Reads who opens a socket, from the payload of `connection_init` and the request that asked
    /// for the upgrade.
    fn connect(
        &self,
        request: &HttpRequest,
        payload: &Value,
    ) -> impl Future<Output = Result<Connection, Rejection>>;
}

/// A request let in.
#[derive(Default)]
pub struct Admission {
    /// For `Context::data` of the resolvers: the actor, the loaders …
    pub data: Data,
    /// The language of messages.
    pub language: Language,
    /// Under which the log has more about a fault.
    pub request_id: Option<String>,
}

/// A socket let in.
#[derive(Default)]
pub struct Connection {
    /// For `Context::data` of all subscriptions of this socket.
    pub data: Data,
    /// The language of messages.
    pub language: Language,
    /// Under which the log has more about a fault.
    pub request_id: Option<String>,
    /// How long the token lasts; the socket is closed then.
    pub expires_in: Option<Duration>,
    /// Counts each subscription, where the client may begin only so many.
    pub count: Option<Count>,
}

/// Counts a subscription, or turns it away.
pub type Count = Box<dyn Fn() -> Result<(), Rejection> + Send>;

/// The token in `{ "authorization": "Bearer …" }`; clients disagree on the case of the key.
pub fn bearer(payload: &Value) -> Option<&str> {
    let fields = payload.as_object()?;
    let (_, value) = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case("authorization"))?;
    let (scheme, token) = value.as_str()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
