//! How many requests may come in a minute, and what is left: told with every answer, as
//! draft-ietf-httpapi-ratelimit-headers has it. Each server counts for itself.

use std::hash::Hash;

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use chrono::{DateTime, Utc};
use zhibu_domain::error_code::ErrorCode;

use crate::{
    auth::rate::{Limiter, Room},
    error::OpError,
};

/// What is left of the requests of a minute.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    limit: u32,
    remaining: u32,
    /// Seconds until more may come.
    reset: i64,
    exceeded: bool,
}

/// Counts a request; the answer tells what is left.
pub fn spend<K: Hash + Eq + Send + Sync + 'static>(
    request: &HttpRequest,
    limiter: &Limiter<K>,
    key: K,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<(), OpError> {
    let (Room { remaining, reset }, exceeded) = match limiter.admit(key, limit, now) {
        Ok(room) => (room, false),
        Err(reset) => (Room { remaining: 0, reset }, true),
    };
    let reset = (reset.num_milliseconds() + 999) / 1_000;
    request.extensions_mut().insert(Quota { limit, remaining, reset, exceeded });
    if exceeded {
        return Err(OpError::Code(ErrorCode::RateLimited, "too many requests in a minute"));
    }
    Ok(())
}

impl Quota {
    /// Tells it with an answer.
    pub fn tell(self, headers: &mut HeaderMap) {
        let mut insert = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        let Self { limit, remaining, reset, exceeded } = self;
        insert(HeaderName::from_static("ratelimit-policy"), format!("\"minute\";q={limit};w=60"));
        insert(HeaderName::from_static("ratelimit"), format!("\"minute\";r={remaining};t={reset}"));
        if exceeded {
            insert(RETRY_AFTER, reset.to_string());
        }
    }
}
