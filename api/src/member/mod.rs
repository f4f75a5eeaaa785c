//! People: accounts, the roster, exemptions, posts.

pub mod authority;
mod home;
mod input;
mod mutation;
mod object;
pub mod ops;
mod query;
pub mod workbook;

pub use home::MemberHome;
pub use mutation::MemberMutation;
pub use object::{AccountObject, PartyMemberObject, PostObject, member_node, see_by_id as see_member};
pub(crate) use object::{named, see};
pub use query::MemberQuery;
