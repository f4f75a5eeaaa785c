//! GraphQL for preparations, where speed doesn't matter.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{Fault, wire};

/// A client.
pub struct Graph {
    address: SocketAddr,
    token: Option<String>,
}

impl Graph {
    /// For the holder of a token or for nobody.
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { address, token }
    }

    /// Asks; answers `data`. Each time by a connection of its own: the server closes those that rest.
    pub async fn ask(&self, query: &str, variables: Value) -> Result<Value, Fault> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut wire = wire::Wire::connect(self.address).await?;
        let answer = wire.exchange(&wire::request(self.token.as_deref(), &body)).await?;
        let mut answer: Value = serde_json::from_slice(answer.body)?;
        match answer.get("errors") {
            Some(errors) => Err(format!("{errors} to {query}").into()),
            None => Ok(answer.get_mut("data").map(Value::take).unwrap_or_default()),
        }
    }
}

/// The text at a JSON pointer.
pub fn text(value: &Value, pointer: &str) -> Result<String, Fault> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| format!("no {pointer} in {value}").into())
}
