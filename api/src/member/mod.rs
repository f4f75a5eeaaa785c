//! People: accounts, the roster, exemptions, posts.

pub mod authority;
mod home;
mod input;
mod mutation;
mod object;
pub mod ops;
mod query;
pub mod rest;
mod sight;
pub mod workbook;

pub use home::MemberHome;
pub use mutation::MemberMutation;
pub use object::{AccountObject, PartyMemberObject, PostObject, member_node};
pub use query::MemberQuery;
pub use sight::{named, see, see_by_id as see_member, seen as seen_member};
