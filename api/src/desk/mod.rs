//! The desk of those responsible: what is due, late and missing; who hasn't done something yet, and
//! reminding only those.

mod mutation;
mod object;
mod query;
mod record;
mod remind;

pub use mutation::DeskMutation;
pub use object::BranchDesk;
pub use query::DeskQuery;
pub use record::WorkRecord;
pub(crate) use record::{RecordKind, load};
