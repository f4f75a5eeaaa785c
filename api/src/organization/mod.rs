//! Districts and the tree of units.

mod input;
mod mutation;
mod named;
mod object;
pub mod ops;
mod query;
pub mod rest;

pub use mutation::OrganizationMutation;
pub use named::{named_unit, permitted_unit};
pub use object::{DistrictObject, OrgUnitObject, unit_node};
pub use query::OrganizationQuery;
