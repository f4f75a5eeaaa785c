//! The tree of Party organizations of one district.

mod day;
mod kind;
mod path;
mod refusal;
mod unit;

pub use day::{civil_day, day_start};
pub use kind::{CommunityClass, OrgUnitKind, UnitDomain};
pub use path::OrgUnitPath;
pub use refusal::OrgUnitRefusal;
pub use unit::{
    DEFAULT_TIME_ZONE, NewOrgUnit, OrgUnit, OrgUnitChange, check_dissolve, check_guidance, check_name, place,
};
