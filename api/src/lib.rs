//! Zhibu's server and command line.

pub mod app;
pub mod auth;
pub mod call;
pub mod clock;
pub mod config;
pub mod error;
pub mod graphql;
pub mod identity;
pub mod live;
pub mod member;
pub mod memo;
pub mod once;
pub mod organization;
pub mod reads;
pub mod schema;
pub mod web;
