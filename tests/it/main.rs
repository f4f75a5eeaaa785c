//! One binary: everything goes through HTTP, GraphQL, WebSocket or the command line.

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "a harness has more than each test needs")]
mod harness;

mod access;
mod activity;
mod assignment;
mod attendance;
mod board;
mod calendar;
mod command_line;
mod desk;
mod faults;
mod hostile;
mod identity;
mod kill;
mod live;
mod office;
mod plumbing;
mod rest;
mod schema;
mod sheet;
mod token;
mod volunteering;
mod webhook;
