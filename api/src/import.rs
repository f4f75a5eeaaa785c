//! Importing a roster: everything is checked before anything is written.

mod mutation;
pub mod ops;
mod prepare;

pub use mutation::ImportMutation;
