//! Signing in, sessions, passwords, the second factor.

mod actor;
mod initial_password;
mod input;
mod mutation;
mod object;
pub mod ops;
mod query;

pub use actor::{actor, catch_up, in_absence, rights, watch};
pub(crate) use actor::{has_proved, second_factor_missing};
pub use mutation::IdentityMutation;
pub use object::{AuthTokensObject, SessionObject};
pub use ops::one_time_code::{SEND_CODE, deliver};
pub use query::IdentityQuery;
