//! What Zhibu remembers: the only place with SQL. SQLite and PostgreSQL behave the same; what
//! differs is the schema's few words (`migration`), the connection (`store`) and the batch of
//! check-ins (`attendance`).
#![warn(missing_docs)]

pub mod activity;
pub mod assignment;
pub mod attendance;
pub mod audit;
pub mod board;
pub mod calendar;
pub mod desk;
pub mod due;
pub mod epoch;
mod error;
pub mod feed;
pub mod identity;
pub mod member;
pub mod migration;
pub mod notification;
pub mod organization;
pub mod outbox;
mod page;
pub mod replay;
pub mod report;
mod row;
pub mod rule;
pub mod signal;
mod sql;
mod store;
pub mod token;
pub mod volunteering;
pub mod webhook;

pub use error::StoreError;
pub use page::{Page, PageRequest};
pub use store::{Connect, Origin, SchemaState, Settings, Store, Tx, carry_count, count_statements};

/// What a function of this crate answers.
pub type Result<T> = std::result::Result<T, StoreError>;
