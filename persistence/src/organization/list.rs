use sea_orm::Value;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{OrgUnit, OrgUnitKind, OrgUnitPath},
    vocabulary::Vocabulary,
};

use super::{
    below,
    row::{self, org_unit},
};
use crate::{Connect, Page, PageRequest, Result, sql};

/// What to list of the units.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// Only right below this unit.
    pub parent: Option<OrgUnitId>,
    /// Only in this subtree.
    pub subtree: Option<OrgUnitPath>,
    /// Only of this type.
    pub kind: Option<OrgUnitKind>,
    /// Only branches.
    pub branches_only: bool,
    /// Only with this text in the name, the short name or the code.
    pub text: Option<String>,
    /// Dissolved ones too.
    pub dissolved: bool,
}

/// A page of units in order of founding.
pub async fn unit_page(
    db: &impl Connect,
    district: DistrictId,
    filter: UnitFilter,
    page: PageRequest,
) -> Result<Page<OrgUnit>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    let mut text = "SELECT * FROM org_unit WHERE district_id = $1".to_owned();
    if let Some(parent) = filter.parent {
        values.push(parent.0.into());
        text.push_str(&format!(" AND parent_id = ${}", values.len()));
    }
    if let Some(subtree) = &filter.subtree {
        let condition = below(subtree, "path", &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    if let Some(kind) = filter.kind {
        values.push(kind.code().into());
        text.push_str(&format!(" AND kind = ${}", values.len()));
    }
    if filter.branches_only {
        text.push_str(" AND kind IN ('PARTY_BRANCH', 'JOINT_BRANCH')");
    }
    if let Some(words) = &filter.text {
        values.push(sql::containing(words).into());
        let n = values.len();
        let columns = ["name", "short_name", "code"].map(|column| sql::contains(db, column, n));
        text.push_str(&format!(" AND ({})", columns.join(" OR ")));
    }
    if !filter.dissolved {
        text.push_str(" AND dissolved_at IS NULL");
    }
    page.append(&mut text, &mut values, "id", false);
    let rows: Vec<org_unit::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read).collect::<Result<_>>()?))
}
