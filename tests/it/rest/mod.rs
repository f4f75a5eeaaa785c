//! The REST door: what every resource has in common, and each of them.

mod access;
mod assignments;
mod attendance;
mod hours;
mod pages;
mod problems;
mod reading;
mod sync;
mod tokens;
mod webhooks;
