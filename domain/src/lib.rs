//! The rules of Zhibu: plain types and synchronous functions. No clock, no chance, no I/O:
//! whatever waits, draws lots or reads a clock lives outside and passes its findings in.
#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests may"
    )
)]

pub mod activity;
pub mod assignment;
pub mod board;
pub mod calendar;
pub mod desk;
pub mod error_code;
pub mod id;
pub mod identity;
pub mod member;
pub mod notification;
pub mod organization;
pub mod policy;
pub mod queued;
pub mod report;
pub mod rule;
pub mod text;
pub mod token;
pub mod vocabulary;
pub mod volunteering;
pub mod webhook;
