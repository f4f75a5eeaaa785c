//! Requests of REST.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Actor, Reply};

/// A key that no other request has.
pub fn new_key() -> String {
    static KEYS: AtomicUsize = AtomicUsize::new(0);
    format!("key-{}", KEYS.fetch_add(1, Ordering::SeqCst))
}

impl Actor<'_> {
    /// A request of REST with everything but its body; the path is below `/api/v1`.
    pub async fn rest(&self, method: Method, path: &str) -> RequestBuilder {
        let token = self.access().await;
        self.world().heard().await;
        let request = self.world().http.request(method, self.world().path(&format!("/api/v1{path}")));
        let request = request.header("accept-language", self.language());
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::read(self.rest(Method::GET, path).await.send().await.expect("an answer")).await
    }

    /// Writes under a key of its own.
    pub async fn post(&self, path: &str, body: Option<Value>) -> Reply {
        self.post_under(path, body, &new_key()).await
    }

    /// Writes under a key.
    pub async fn post_under(&self, path: &str, body: Option<Value>, key: &str) -> Reply {
        let mut request = self.rest(Method::POST, path).await.header("idempotency-key", format!("\"{key}\""));
        if let Some(body) = body {
            request = request.json(&body);
        }
        Reply::read(request.send().await.expect("an answer")).await
    }

    /// Changes, or ends, what has a version; without a tag whichever it has.
    pub async fn versioned(
        &self,
        method: Method,
        path: &str,
        tag: Option<&str>,
        body: Option<Value>,
    ) -> Reply {
        let mut request = self.rest(method.clone(), path).await;
        if method == Method::POST {
            request = request.header("idempotency-key", new_key());
        }
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Reply::read(request.send().await.expect("an answer")).await
    }
}

impl Reply {
    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The answer, which must be what was asked for.
    #[track_caller]
    pub fn found(&self) -> &Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        &self.body
    }

    /// The items of a page.
    #[track_caller]
    pub fn items(&self) -> &Vec<Value> {
        self.found()["items"].as_array().unwrap_or_else(|| panic!("no items: {}", self.text))
    }

    /// The status and the code of a problem.
    #[track_caller]
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.body["status"], self.status.as_u16());
        assert_eq!(self.body["requestId"], self.header("x-request-id"));
        assert!(self.body["title"].as_str().is_some_and(|title| !title.is_empty()));
        (self.status.as_u16(), self.body["code"].as_str().expect("a code"))
    }
}
