//! What a phone did without signal and sends together.

use crate::vocabulary;

/// Most actions that are sent together.
pub const MOST: usize = 100;

vocabulary! {
    /// Why nothing of what was sent together was looked at.
    pub refusal enum QueuedRefusal {
        /// More than 100 actions: send the rest apart.
        TooMany = "TOO_MANY" => "一次最多补传100项，请分批发送。", "At most 100 actions may be sent together; send the rest apart.";
    }
}
