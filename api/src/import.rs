//! Importing a roster: everything is checked before anything is written.

mod mutation;
pub mod ops;

pub use mutation::ImportMutation;
