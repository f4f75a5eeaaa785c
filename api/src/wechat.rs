//! WeChat's servers, as far as a mini-program needs them: who has signed in, whose phone number it is,
//! messages, codes. And a stand-in for them, for tests and for the demo.

mod answer;
mod client;
pub mod code;
mod letter;
pub mod message;
mod settings;
#[expect(clippy::indexing_slicing, reason = "of JSON: what isn't there reads as null")]
pub mod stand_in;
mod ticket;
mod token;

pub use answer::{WeChatError, WeChatFault};
pub use client::WeChat;
pub use code::CodeQuery;
pub use settings::{ProgramState, Settings, Template};
pub use ticket::{BindingTickets, TICKET_LIFETIME};
