//! A request of an operation, as its handler finds it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{app::App, call::Call, once::Once, reads::Loading};

/// A request: who asks, what for, with what.
pub struct Asked<P, B = ()> {
    /// What loads, in the name of the caller.
    pub reads: Loading,
    /// The parameters of path and query.
    pub params: P,
    /// The body.
    pub body: B,
    /// The version that `If-Match` names.
    pub version: Option<i32>,
    /// The client's key of a POST, with a fingerprint of the whole.
    pub once: Once,
}

impl<P, B> Asked<P, B> {
    /// The application.
    pub fn app(&self) -> &App {
        &self.reads.loader().app
    }

    /// Who asks.
    pub fn call(&self) -> &Call {
        &self.reads.loader().call
    }
}

/// The same, checked but not yet read.
pub(super) struct Raw {
    pub reads: Loading,
    pub params: Value,
    pub body: Option<Value>,
    pub version: Option<i32>,
    pub key: Option<String>,
}

impl Raw {
    /// The client's key, with a fingerprint of what it asked.
    pub fn once(&self, operation: &str) -> Once {
        let Some(key) = self.key.clone() else { return Once::default() };
        let whole = serde_json::json!([operation, self.params, self.body, self.version]);
        Once::under(key, Sha256::digest(whole.to_string()).to_vec())
    }
}
