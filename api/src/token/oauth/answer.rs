use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde_json::{Value, json};
use zhibu_persistence::StoreError;

use crate::error::OpError;

/// What went well.
pub enum Answer {
    /// With a body.
    Json(Value),
    /// Without.
    Empty,
}

/// What RFC 6749, section 5.2, calls an error. Its description is for developers: ASCII, in English.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

/// After what time to come again, where the server can't at the moment.
const PAUSE: Duration = Duration::from_secs(5);

impl Fault {
    /// The request is at fault.
    pub fn bad(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }

    /// Nobody whom we know, or not with what proves it.
    pub fn client() -> Self {
        let description = "unknown client, wrong secret, or not from this address";
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description }
    }

    /// A scope that doesn't exist or wasn't granted.
    pub fn scope() -> Self {
        Self::bad("invalid_scope", "a scope is unknown or was not granted to the client")
    }

    /// As often as the client may in a minute.
    pub fn too_often() -> Self {
        let (error, description) = ("temporarily_unavailable", "too many requests in a minute");
        Self { status: StatusCode::TOO_MANY_REQUESTS, error, description }
    }

    /// Ours.
    pub fn server() -> Self {
        let description = "the server can't answer";
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, error: "server_error", description }
    }
}

impl From<OpError> for Fault {
    fn from(error: OpError) -> Self {
        error.log();
        if error.is_unavailable() {
            let (error, description) = ("temporarily_unavailable", "please try again in a moment");
            return Self { status: StatusCode::SERVICE_UNAVAILABLE, error, description };
        }
        Self::server()
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        OpError::from(error).into()
    }
}

/// The answer as HTTP has it: never kept anywhere.
pub fn answer(result: Result<Answer, Fault>) -> HttpResponse {
    let status = result.as_ref().map_or_else(|fault| fault.status, |_| StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    match result {
        Ok(Answer::Json(body)) => response.json(body),
        Ok(Answer::Empty) => response.finish(),
        Err(fault) => {
            if status == StatusCode::UNAUTHORIZED {
                response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"zhibu\""));
            }
            if status == StatusCode::SERVICE_UNAVAILABLE {
                response.insert_header((header::RETRY_AFTER, PAUSE.as_secs()));
            }
            response.json(json!({ "error": fault.error, "error_description": fault.description }))
        }
    }
}
