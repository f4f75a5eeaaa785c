//! Who may do what: the one place that decides. See `docs/access.md` for the table.

mod action;
mod actor;
mod matrix;
mod permit;

pub use action::Action;
pub use actor::{Actor, HeldPost, Limit, Membership, Person, Screen};
pub use matrix::{ACCESS, Access, Relation};
pub use permit::{Denied, Permit, Scope, Subject, naming, permit, scope, signed_in};

#[cfg(test)]
mod tests;
