//! An answer, and what tests ask of it.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Reply {
    /// Reads an answer.
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, body, text }
    }

    /// What stands at a path of `data`; there must be no error.
    #[track_caller]
    pub fn data(&self, path: &str) -> &Value {
        assert!(self.body.get("errors").is_none(), "an error: {}", self.text);
        let data = self.body.get("data").unwrap_or_else(|| panic!("no data: {}", self.text));
        data.pointer(path).unwrap_or_else(|| panic!("nothing at {path}: {}", self.text))
    }

    /// A text in `data`.
    #[track_caller]
    pub fn str(&self, path: &str) -> String {
        let text = self.data(path).as_str();
        text.unwrap_or_else(|| panic!("no text at {path}: {}", self.text)).to_owned()
    }

    /// A number in `data`.
    #[track_caller]
    pub fn int(&self, path: &str) -> i64 {
        self.data(path).as_i64().unwrap_or_else(|| panic!("no number at {path}: {}", self.text))
    }

    /// A list in `data`.
    #[track_caller]
    pub fn list(&self, path: &str) -> &Vec<Value> {
        self.data(path).as_array().unwrap_or_else(|| panic!("no list at {path}: {}", self.text))
    }

    /// The answer of the only mutation: what was done.
    #[track_caller]
    pub fn done(&self) -> &Value {
        let answer = self.root();
        let kind = answer["__typename"].as_str().unwrap_or_default();
        assert!(kind.ends_with("Done"), "not done: {}", self.text);
        answer
    }

    /// The answer of the only mutation: the code of its refusal.
    #[track_caller]
    pub fn refused(&self) -> &str {
        let answer = self.root();
        let kind = answer["__typename"].as_str().unwrap_or_default();
        assert!(kind.ends_with("Refused"), "not refused: {}", self.text);
        assert!(answer["message"].as_str().is_some_and(|m| !m.is_empty()), "no sentence: {}", self.text);
        answer["code"].as_str().expect("a code")
    }

    /// The answer of the only mutation: the name of its type.
    #[track_caller]
    pub fn root_typename(&self) -> &str {
        self.root()["__typename"].as_str().unwrap_or_default()
    }

    #[track_caller]
    fn root(&self) -> &Value {
        let root = self.data("").as_object().and_then(|d| d.values().next());
        root.unwrap_or_else(|| panic!("no answer: {}", self.text))
    }

    /// The code of the first error.
    #[track_caller]
    pub fn error_code(&self) -> &str {
        self.error().unwrap_or_else(|| panic!("no error: {}", self.text))
    }

    /// The code of the first error, if there is one.
    pub fn error(&self) -> Option<&str> {
        self.body.pointer("/errors/0/extensions/code")?.as_str()
    }

    /// How many statements the database was sent.
    #[track_caller]
    pub fn statements(&self) -> usize {
        let header = self.headers.get("server-timing").and_then(|h| h.to_str().ok()).expect("server-timing");
        header.split('"').nth(1).and_then(|n| n.parse().ok()).expect("a number of statements")
    }
}
