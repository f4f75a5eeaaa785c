//! Subtrees in hand-written statements: each is one range of an index.

use sea_orm::Value;
use zhibu_domain::{id::OrgUnitId, organization::OrgUnitPath};

use crate::sql;

/// The condition that a unit lies in a subtree: one range of an index.
pub(crate) fn below(subtree: &OrgUnitPath, path: &str, values: &mut Vec<Value>) -> String {
    values.push(subtree.as_str().into());
    values.push(subtree.range_end().into());
    format!("({path} >= ${} AND {path} < ${})", values.len() - 1, values.len())
}

/// The beginning of a statement that sums something for several units at once: `root`, those units `r`
/// that meet a condition, and `place`, each unit below one of them or itself.
pub(crate) fn rooted(condition: &str) -> String {
    format!(
        "WITH root (district_id, root, path, until) AS (
            SELECT r.district_id, r.id, r.path, substr(r.path, 1, length(r.path) - 1) || '0'
            FROM org_unit r WHERE r.district_id = $1 AND {condition}),
         place (root, unit_id) AS (
            SELECT r.root, u.id FROM root r JOIN org_unit u ON u.district_id = r.district_id AND u.path >= r.path AND u.path < r.until)"
    )
}

/// The same for these units.
pub(crate) fn rooted_at(units: &[OrgUnitId], values: &mut Vec<Value>) -> String {
    let list = sql::in_list("r.id", values.len() + 1, units.len());
    values.extend(units.iter().map(|id| Value::from(id.0)));
    rooted(&list)
}
