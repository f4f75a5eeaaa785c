//! The messages of `graphql-transport-ws`.

use async_graphql::ServerError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::graphql::answer::Body;
use crate::graphql::operation::Operation;

/// What a client sends.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Says who it is.
    ConnectionInit {
        /// Holds the token.
        payload: Option<Map<String, Value>>,
    },
    /// Wants a pong.
    Ping {
        /// Comes back.
        payload: Option<Map<String, Value>>,
    },
    /// Answers a ping.
    Pong {},
    /// Starts a subscription.
    Subscribe {
        /// Chosen by the client.
        id: String,
        /// What it wants.
        payload: Operation,
    },
    /// Ends a subscription.
    Complete {
        /// Which.
        id: String,
    },
}

/// What the server sends.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    /// The client may subscribe now.
    ConnectionAck,
    /// Answers a ping.
    Pong {
        /// As it came.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    /// One result of a subscription.
    Next {
        /// Of which.
        id: &'a str,
        /// The result.
        payload: Body<'a>,
    },
    /// A subscription could not be started.
    Error {
        /// Which.
        id: &'a str,
        /// Why.
        payload: &'a [ServerError],
    },
    /// A subscription has ended.
    Complete {
        /// Which.
        id: &'a str,
    },
}

/// Why a socket is closed: the code and a word for developers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code.
    pub code: u16,
    /// The word.
    pub reason: &'static str,
}

impl Close {
    /// The client closed it, or is gone.
    pub const GONE: Self = Self { code: 1000, reason: "" };
    /// The server stops.
    pub const GOING_AWAY: Self = Self { code: 1001, reason: "Going away" };
    /// A message is longer than allowed.
    pub const TOO_BIG: Self = Self { code: 1009, reason: "Message too big" };
    /// The server can't say now who the client is.
    pub const TRY_AGAIN: Self = Self { code: 1013, reason: "Try again later" };
    /// The client is silent.
    pub const SILENT: Self = Self { code: 3008, reason: "Timeout" };
    /// The client leaves its messages unread.
    pub const UNREAD: Self = Self { code: 3008, reason: "Unread" };
    /// A message isn't of the protocol.
    pub const BAD_MESSAGE: Self = Self { code: 4400, reason: "Invalid message" };
    /// A subscription before the acknowledgement.
    pub const UNAUTHORIZED: Self = Self { code: 4401, reason: "Unauthorized" };
    /// The gate doesn't let the client in.
    pub const FORBIDDEN: Self = Self { code: 4403, reason: "Forbidden" };
    /// The token is at its end.
    pub const EXPIRED: Self = Self { code: 4403, reason: "expired" };
    /// The client hasn't said who it is.
    pub const INIT_TIMEOUT: Self = Self { code: 4408, reason: "Connection initialisation timeout" };
    /// Two subscriptions of one id.
    pub const DUPLICATE: Self = Self { code: 4409, reason: "Subscriber already exists" };
    /// The client says twice who it is.
    pub const TOO_MANY_INITS: Self = Self { code: 4429, reason: "Too many initialisation requests" };
}
