//! Districts and the tree of units.

mod dependents;
mod district;
mod guidance;
mod history;
mod label;
mod list;
mod row;
mod subtree;
mod unit;

pub use dependents::{dependents, lowest_led_level};
pub use district::{District, districts, insert_district, lock_district};
pub use guidance::{delete_guidance, guided, guides, insert_guidance};
pub use history::{UnitVersion, histories};
pub use label::{level_labels, set_level_label};
pub use list::{UnitFilter, unit_page};
pub(crate) use subtree::{below, rooted, rooted_at};
pub use unit::{
    hold_units, insert_unit, insert_units, lock_tree, lock_unit, paths, root, subtree, unit, units, units_at,
    update_unit,
};
