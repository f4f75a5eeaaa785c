//! Who may do what: the one place that decides. See `docs/access.md` for the table.

mod action;
mod actor;
mod matrix;
mod permit;

pub use action::Action;
pub use actor::{Actor, HeldPost, Membership, Person, Screen};
pub use matrix::{ACCESS, Access, Relation};
pub use permit::{Denied, Permit, Scope, Subject, permit, scope};
