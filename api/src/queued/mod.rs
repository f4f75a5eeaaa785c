//! What a phone did without signal, sent together: each action is answered by itself and in order,
//! and the whole may be sent again.

mod answer;
mod input;
mod mutation;
mod ops;

pub use mutation::QueuedMutation;
