//! What opens Zhibu to scripts and to other systems: grants, their scopes and their secrets.

mod grant;
mod refusal;
mod scope;
mod secret;

pub use grant::{Grant, GrantChange, GrantKind, Holder, LONGEST, MOST_PERSONAL, NewGrant, RATE};
pub use refusal::TokenRefusal;
pub use scope::{TokenScope, TokenScopes};
pub use secret::{LONGEST_OVERLAP, Secret, rotate};

#[cfg(test)]
mod tests;
