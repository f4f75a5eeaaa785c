//! A client of `graphql-transport-ws`.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::world::World;

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came over a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    Message(Value),
    Closed(u16),
}

impl Socket {
    /// Opens a socket without saying who one is.
    pub async fn open(world: &World) -> Self {
        let mut request = world.socket().into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (socket, _) = connect_async(request).await.expect("a socket");
        Self(socket)
    }

    /// Opens a socket for the holder of a token.
    pub async fn connect(world: &World, token: Option<&str>) -> Result<Self, u16> {
        let payload = token.map_or_else(|| json!({}), |t| json!({ "authorization": format!("Bearer {t}") }));
        Self::connect_with(world, payload).await
    }

    /// Opens a socket with whatever proves who one is.
    pub async fn connect_with(world: &World, payload: Value) -> Result<Self, u16> {
        let mut socket = Self::open(world).await;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        match socket.next().await {
            Came::Message(ack) if ack["type"] == "connection_ack" => Ok(socket),
            Came::Message(other) => panic!("no acknowledgement: {other}"),
            Came::Closed(code) => Err(code),
        }
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the socket takes a message");
    }

    /// Starts a subscription.
    pub async fn subscribe(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message, or the closing.
    pub async fn next(&mut self) -> Came {
        self.next_within(Duration::from_secs(10)).await.expect("a message within ten seconds")
    }

    /// The next message, if one comes in time.
    pub async fn next_within(&mut self, time: Duration) -> Option<Came> {
        loop {
            let came = tokio::time::timeout(time, self.0.next()).await.ok()?;
            match came {
                Some(Ok(Message::Text(text))) => {
                    return Some(Came::Message(serde_json::from_str(&text).expect("JSON")));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Some(Came::Closed(frame.map_or(1005, |f| f.code.into())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Some(Came::Closed(1006)),
            }
        }
    }

    /// The next result of a subscription.
    pub async fn result(&mut self) -> Value {
        match self.next().await {
            Came::Message(message) if message["type"] == "next" => message["payload"].clone(),
            other => panic!("no result: {other:?}"),
        }
    }
}
