//! One attempt to hand a message to a receiver, who may be anybody.

use std::{error::Error, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{
    Client, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
    retry,
};
use zhibu_domain::webhook::{Answer, DeliveryFailure};

use super::{
    guard::{Forbidden, Guard, Settings},
    message::Message,
};
use crate::outgoing::client_trusting;

/// How much of an answer is read: a connection may go on sending for ever.
const READ: usize = 16 * 1_024;

/// How much of it is kept.
const KEPT: usize = 1_024;

/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);

/// Sends messages.
pub struct Sender {
    client: Client,
    /// Says to where.
    pub guard: Guard,
}

impl Sender {
    /// As the operator has set it up.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        let guard = Guard::new(settings);
        // Whoever redirects us could send us anywhere; a proxy of the environment would resolve the names itself.
        let client = client_trusting(settings.authorities.as_deref())
            .map_err(|why| format!("webhook.authorities: {why}"))?
            .dns_resolver(guard.clone())
            .retry(retry::never())
            .referer(false)
            .http1_only()
            // What a name stood for counts for one connection.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECTING)
            .timeout(Duration::from_millis(settings.timeout_ms))
            .user_agent(concat!("Zhibu/", env!("CARGO_PKG_VERSION")));
        Ok(Self { client: client.build().map_err(|error| error.to_string())?, guard })
    }

    /// Tries to hand a message over. Whoever has answered 2xx has taken it, whatever comes of the rest.
    pub async fn attempt(&self, url: &str, message: &Message, now: DateTime<Utc>) -> Answer {
        let started = tokio::time::Instant::now();
        let failed = |failure| Answer {
            failure: Some(failure),
            status: None,
            latency_ms: 0,
            body: None,
            retry_after: None,
        };
        let answer = match self.guard.read(url) {
            Err(_) => failed(DeliveryFailure::AddressRefused),
            Ok(url) => {
                let mut request = self.client.post(url).header(CONTENT_TYPE, "application/json");
                for (name, value) in &message.headers {
                    request = request.header(*name, value);
                }
                match request.body(message.body.clone()).send().await {
                    Ok(response) => read(response, now).await,
                    Err(error) => failed(why(&error)),
                }
            }
        };
        let latency_ms = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        Answer { latency_ms, ..answer }
    }
}

fn why(error: &reqwest::Error) -> DeliveryFailure {
    let mut cause = error.source();
    while let Some(found) = cause {
        if found.is::<Forbidden>() {
            return DeliveryFailure::AddressRefused;
        }
        cause = found.source();
    }
    if error.is_timeout() { DeliveryFailure::TimedOut } else { DeliveryFailure::Unreachable }
}

async fn read(mut response: Response, now: DateTime<Utc>) -> Answer {
    let status = response.status();
    let failure = match status {
        _ if status.is_success() => None,
        _ if status.is_redirection() => Some(DeliveryFailure::Redirected),
        _ => Some(DeliveryFailure::Status),
    };
    let retry_after = retry_after(&response, status, now);
    let mut body = Vec::new();
    while body.len() < READ
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend(chunk.into_iter().take(READ));
    }
    body.truncate(KEPT);
    // PostgreSQL's text holds no NUL.
    let body = String::from_utf8_lossy(&body).replace('\0', "\u{FFFD}");
    Answer {
        failure,
        status: Some(status.as_u16().into()),
        latency_ms: 0,
        body: (!body.is_empty()).then_some(body),
        retry_after,
    }
}

/// How long a receiver that is overloaded asks us to wait: seconds, or until when.
fn retry_after(response: &Response, status: StatusCode, now: DateTime<Utc>) -> Option<chrono::Duration> {
    if status.is_success() {
        return None;
    }
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<u32>() {
        Ok(seconds) => Some(chrono::Duration::seconds(seconds.into())),
        Err(_) => DateTime::parse_from_rfc2822(text).ok().map(|at| at.to_utc() - now),
    }
}
