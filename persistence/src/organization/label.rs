//! A district's own labels of the types of units.

use std::collections::HashMap;

use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use zhibu_domain::{id::DistrictId, organization::OrgUnitKind, policy::Permit, vocabulary::Vocabulary};

use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    row::word,
    sql,
};

#[derive(FromQueryResult)]
struct LabelRow {
    kind: String,
    label: String,
}

/// The district's own labels of the types of units.
pub async fn level_labels(db: &impl Connect, district: DistrictId) -> Result<HashMap<OrgUnitKind, String>> {
    let text = "SELECT kind, label FROM level_label WHERE district_id = $1";
    let rows = sql::all::<LabelRow>(db, text, vec![district.0.into()]).await?;
    rows.into_iter().map(|r| Ok((word(&r.kind)?, r.label))).collect()
}

/// What the audit says of a label.
#[derive(Serialize)]
struct Label<'a> {
    kind: OrgUnitKind,
    label: Option<&'a str>,
}

/// Sets, or with `None` removes, the district's label of a type of unit.
pub async fn set_level_label(tx: &Tx, permit: &Permit, kind: OrgUnitKind, label: Option<&str>) -> Result<()> {
    let district = permit.district_id();
    let key = || vec![Value::from(district.0), kind.code().into()];
    let old = level_labels(tx, district).await?.remove(&kind);
    sql::execute(tx, "DELETE FROM level_label WHERE district_id = $1 AND kind = $2", key()).await?;
    if let Some(label) = label {
        let values = [key(), vec![label.into()]].concat();
        sql::execute(tx, "INSERT INTO level_label (district_id, kind, label) VALUES ($1, $2, $3)", values)
            .await?;
    }
    let (before, after) = (Label { kind, label: old.as_deref() }, Label { kind, label });
    audit::append(tx, permit, Entry::about(district).change(Some(&before), Some(&after))).await
}
