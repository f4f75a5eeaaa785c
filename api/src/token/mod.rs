//! Other systems and scripts: OAuth clients and personal access tokens. Both are grants: scopes, in a subtree,
//! until a day. How they are asked for is here; what they then may, the policy says.

mod admit;
mod input;
mod mutation;
pub mod oauth;
mod object;
pub mod ops;
mod query;

pub use admit::{admit, count, known, live, person, personal, spend};
pub use mutation::TokenMutation;
pub use object::TokenGrantObject;
pub use query::TokenQuery;
