//! One socket, from the upgrade to the farewell. A single task: it sends one message before it
//! asks the subscriptions for the next, so that a slow client slows only itself.

use std::io::ErrorKind;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError, Session};
use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Response};
use futures_util::future::{LocalBoxFuture, OptionFuture, pending};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_stream::StreamMap;
use zhibu_domain::error_code::ErrorCode;

use super::message::{ClientMessage, Close, ServerMessage};
use super::outbox::Outbox;
use crate::graphql::answer::{self, Body, Reader};
use crate::graphql::endpoint::Endpoint;
use crate::graphql::gate::{Connection, Count, Gate};
use crate::graphql::operation::{Asked, Operation};
use crate::graphql::rejection::Rejection;

/// What a subscription has to say; nothing at its end.
type Event = Option<(Response, Arc<Asked>)>;

/// A client that has said who it is.
struct Client {
    data: Arc<Data>,
    reader: Reader,
    count: Option<Count>,
}

/// Where the handshake stands.
enum Stage {
    Silent,
    Asked,
    In(Client),
}

struct Socket<'a, E, G> {
    endpoint: &'a Endpoint<E, G>,
    outbox: Outbox,
    stage: Stage,
    subscriptions: StreamMap<String, BoxStream<'static, Event>>,
}

type Handshake<'a> = LocalBoxFuture<'a, Result<Connection, Rejection>>;

/// Serves a socket until it is closed.
pub async fn run<E: Executor, G: Gate>(
    endpoint: web::Data<Endpoint<E, G>>,
    request: HttpRequest,
    session: Session,
    mut messages: AggregatedMessageStream,
) {
    let patience = Duration::from_millis(endpoint.settings.socket.send_ms);
    let mut socket = Socket {
        endpoint: &endpoint,
        outbox: Outbox::new(session, patience),
        stage: Stage::Silent,
        subscriptions: StreamMap::new(),
    };
    let close = socket.serve(&request, &mut messages).await;
    tracing::debug!(code = close.code, reason = close.reason, "a socket is closed");
    socket.subscriptions.clear();
    socket.outbox.close(&close).await;
}

impl<E: Executor, G: Gate> Socket<'_, E, G> {
    async fn serve(&mut self, request: &HttpRequest, messages: &mut AggregatedMessageStream) -> Close {
        let settings = &self.endpoint.settings.socket;
        let mut handshake: Option<Handshake<'_>> = None;
        let mut deadline = pin!(sleep_until(Instant::now() + Duration::from_millis(settings.init_ms)));
        let mut ends = true;
        let period = Duration::from_millis(settings.ping_ms);
        let mut heartbeat = interval_at(Instant::now() + period, period);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut shutdown = pin!(stopped(self.endpoint.shutdown.clone()));
        loop {
            let done = tokio::select! {
                message = messages.next() => {
                    heard = Instant::now();
                    match self.receive(message).await {
                        Ok(Some(payload)) => {
                            let gate = &self.endpoint.gate;
                            handshake = Some(async move { gate.connect(request, &payload).await }.boxed_local());
                            Ok(())
                        }
                        Ok(None) => Ok(()),
                        Err(close) => Err(close),
                    }
                }
                Some(connection) = OptionFuture::from(handshake.as_mut()) => {
                    handshake = None;
                    match self.greet(connection).await {
                        Ok(lifetime) => {
                            ends = lifetime.is_some();
                            deadline.as_mut().reset(Instant::now() + lifetime.unwrap_or_default());
                            Ok(())
                        }
                        Err(close) => Err(close),
                    }
                }
                Some((id, event)) = self.subscriptions.next(), if !self.subscriptions.is_empty() => {
                    self.deliver(&id, event).await
                }
                _ = heartbeat.tick() => match heard.elapsed() > period * 2 {
                    true => Err(Close::SILENT),
                    false => self.outbox.ping().await,
                },
                () = &mut deadline, if ends => Err(match self.stage {
                    Stage::In(_) => Close::EXPIRED,
                    Stage::Silent | Stage::Asked => Close::INIT_TIMEOUT,
                }),
                () = &mut shutdown => Err(Close::GOING_AWAY),
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    /// Does what a message asks; hands back the payload of `connection_init`.
    async fn receive(
        &mut self,
        message: Option<Result<AggregatedMessage, ProtocolError>>,
    ) -> Result<Option<serde_json::Value>, Close> {
        let text = match message {
            Some(Ok(AggregatedMessage::Text(text))) => text,
            Some(Ok(AggregatedMessage::Ping(payload))) => {
                self.outbox.pong(&payload).await?;
                return Ok(None);
            }
            Some(Ok(AggregatedMessage::Pong(_))) => return Ok(None),
            Some(Ok(AggregatedMessage::Binary(_))) => return Err(Close::BAD_MESSAGE),
            Some(Ok(AggregatedMessage::Close(_))) | None => return Err(Close::GONE),
            // Text that isn't UTF-8 comes as invalid data, a message in too many pieces as another.
            Some(Err(ProtocolError::Io(error))) if error.kind() == ErrorKind::InvalidData => {
                return Err(Close::BAD_MESSAGE);
            }
            Some(Err(ProtocolError::Overflow | ProtocolError::Io(_))) => return Err(Close::TOO_BIG),
            Some(Err(_)) => return Err(Close::BAD_MESSAGE),
        };
        match serde_json::from_str(&text).map_err(|_| Close::BAD_MESSAGE)? {
            ClientMessage::ConnectionInit { payload } => match self.stage {
                Stage::Silent => {
                    self.stage = Stage::Asked;
                    Ok(Some(serde_json::Value::Object(payload.unwrap_or_default())))
                }
                Stage::Asked | Stage::In(_) => Err(Close::TOO_MANY_INITS),
            },
            ClientMessage::Ping { payload } => {
                self.outbox.send(&ServerMessage::Pong { payload }).await.map(|()| None)
            }
            ClientMessage::Pong {} => Ok(None),
            ClientMessage::Subscribe { id, payload } => self.subscribe(id, payload).await.map(|()| None),
            ClientMessage::Complete { id } => {
                self.subscriptions.remove(&id);
                Ok(None)
            }
        }
    }

    /// Lets the client in; says how long its token lasts.
    async fn greet(&mut self, connection: Result<Connection, Rejection>) -> Result<Option<Duration>, Close> {
        let connection = connection.map_err(|rejection| match rejection.code() {
            ErrorCode::Overloaded | ErrorCode::Unavailable | ErrorCode::Internal => Close::TRY_AGAIN,
            _ => Close::FORBIDDEN,
        })?;
        let reader = Reader { language: connection.language, request_id: connection.request_id };
        self.stage = Stage::In(Client { data: Arc::new(connection.data), reader, count: connection.count });
        self.outbox.send(&ServerMessage::ConnectionAck).await?;
        Ok(connection.expires_in)
    }

    async fn subscribe(&mut self, id: String, operation: Operation) -> Result<(), Close> {
        let Stage::In(client) = &self.stage else { return Err(Close::UNAUTHORIZED) };
        if id.is_empty() {
            return Err(Close::BAD_MESSAGE);
        }
        if self.subscriptions.contains_key(&id) {
            return Err(Close::DUPLICATE);
        }
        match self.start(client, operation) {
            Ok(events) => {
                self.subscriptions.insert(id, events);
                Ok(())
            }
            Err(rejection) => {
                let payload = &[rejection.to_error(client.reader.language)];
                self.outbox.send(&ServerMessage::Error { id: &id, payload }).await
            }
        }
    }

    fn start(&self, client: &Client, operation: Operation) -> Result<BoxStream<'static, Event>, Rejection> {
        let settings = &self.endpoint.settings;
        if self.subscriptions.len() >= settings.socket.subscriptions {
            return Err(Rejection::new(ErrorCode::TooManySubscriptions)
                .detail(format!("a socket holds at most {}", settings.socket.subscriptions)));
        }
        if let Some(count) = &client.count {
            count()?;
        }
        let prepared = operation.prepare(&self.endpoint.documents, settings.introspection)?;
        if prepared.asked.kind != OperationType::Subscription {
            return Err(Rejection::new(ErrorCode::BadRequest).detail("send queries and mutations by POST"));
        }
        let results = self.endpoint.executor.execute_stream(prepared.request, Some(client.data.clone()));
        let reader = client.reader.clone();
        let asked = Arc::new(prepared.asked);
        let results = AssertUnwindSafe(results).catch_unwind().map(move |result| {
            let response = result.unwrap_or_else(|_| answer::fault(&reader));
            Some((response, asked.clone()))
        });
        Ok(results.chain(stream::once(async { None })).boxed())
    }

    /// Passes on what a subscription says.
    async fn deliver(&mut self, id: &str, event: Event) -> Result<(), Close> {
        let Stage::In(client) = &self.stage else { return Err(Close::UNAUTHORIZED) };
        let Some((mut response, asked)) = event else {
            self.subscriptions.remove(id);
            return self.outbox.send(&ServerMessage::Complete { id }).await;
        };
        if answer::dress(&mut response, &asked, &self.endpoint.nulls, &client.reader) {
            let payload = Body::of(&response, true);
            return self.outbox.send(&ServerMessage::Next { id, payload }).await;
        }
        self.subscriptions.remove(id);
        self.outbox.send(&ServerMessage::Error { id, payload: &response.errors }).await
    }
}

/// Waits for the server to stop.
async fn stopped(signal: Option<tokio::sync::watch::Receiver<bool>>) {
    if let Some(mut signal) = signal
        && signal.wait_for(|stop| *stop).await.is_ok()
    {
        return;
    }
    pending().await
}
