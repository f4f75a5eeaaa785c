//! What a phone did without signal, sent together: each action is answered by itself and in order,
//! and the whole may be sent again.

mod input;
mod mutation;

pub use mutation::QueuedMutation;
