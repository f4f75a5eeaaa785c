//! Zhibu's server and command line.

pub mod call;
pub mod clock;
pub mod error;
pub mod graphql;
