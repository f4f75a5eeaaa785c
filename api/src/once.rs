//! A request sent twice over a bad link is done once: the first answer is kept for a day under
//! the client's key.

use async_graphql::InputType;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use zhibu_domain::{error_code::ErrorCode, text};
use zhibu_persistence::{Tx, replay};

use crate::{call::Call, error::OpError};

/// Longest key.
const LONGEST: usize = 64;

/// What somebody is told whose request is being done this moment.
pub const IN_FLIGHT: &str = "the same request is in flight";

/// What a request says, so that another under the same key is noticed.
pub fn fingerprint<I: InputType>(input: &I) -> Vec<u8> {
    Sha256::digest(input.to_value().to_string().as_bytes()).to_vec()
}

/// Whether a client's key has the right form.
pub fn is_key(key: &str) -> bool {
    text::line(key, LONGEST).as_deref() == Some(key)
}

/// A client's key for one request, with a fingerprint of what it asked.
#[derive(Clone, Debug, Default)]
pub struct Once(Option<(String, Vec<u8>)>);

impl Once {
    /// Of a mutation's input and its `clientMutationId`.
    pub fn of<I: InputType>(key: Option<&String>, input: &I) -> Self {
        Self(key.map(|key| (key.clone(), fingerprint(input))))
    }

    /// Of a request with such a fingerprint, under the client's key.
    pub fn under(key: String, fingerprint: Vec<u8>) -> Self {
        Self(Some((key, fingerprint)))
    }

    fn key<'a>(call: &Call, operation: &'a str, key: &'a str) -> Result<replay::Key<'a>, OpError> {
        if !is_key(key) {
            let rule = "a key is one line of 1 to 64 characters";
            return Err(OpError::Code(ErrorCode::BadUserInput, rule));
        }
        Ok(replay::Key { district: call.district()?, account: call.account()?, operation, key })
    }

    /// What was made when this was asked before: as a rule an id.
    pub async fn earlier<T: DeserializeOwned>(&self, tx: &Tx, call: &Call) -> Result<Option<T>, OpError> {
        let Some((key, fingerprint)) = &self.0 else { return Ok(None) };
        let key = Self::key(call, tx.origin().operation, key)?;
        match replay::find(tx, &key).await? {
            None => Ok(None),
            Some(answer) if &answer.fingerprint != fingerprint => {
                Err(OpError::Code(ErrorCode::IdempotencyKeyReused, "the key was used for another request"))
            }
            Some(answer) => Ok(answer.answer.and_then(|a| serde_json::from_value(a).ok())),
        }
    }

    /// Keeps what was made, in the same transaction. Of two requests at once the second is
    /// told to ask again, and then finds the first one's answer.
    pub async fn keep(&self, tx: &Tx, call: &Call, made: impl Serialize) -> Result<(), OpError> {
        let Some((key, fingerprint)) = &self.0 else { return Ok(()) };
        let key = Self::key(call, tx.origin().operation, key)?;
        let free = replay::keep(tx, &key, fingerprint.clone(), serde_json::json!(made)).await?;
        if free { Ok(()) } else { Err(OpError::Code(ErrorCode::Overloaded, IN_FLIGHT)) }
    }
}
