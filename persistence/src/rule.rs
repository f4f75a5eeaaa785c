//! The districts' own values of rules.

use sea_orm::FromQueryResult;
use zhibu_domain::{id::DistrictId, policy::Permit, rule::RuleSetting, vocabulary::Vocabulary};

use crate::{
    Connect, Result, Tx,
    audit::{self, Entry},
    row::word,
    sql,
};

#[derive(FromQueryResult)]
struct SettingRow {
    key: String,
    starts_on: chrono::NaiveDate,
    value: i64,
    source: String,
}

/// All settings of a district, past, present and future.
pub async fn settings(db: &impl Connect, district: DistrictId) -> Result<Vec<RuleSetting>> {
    let text = "SELECT key, starts_on, value, source FROM rule_setting WHERE district_id = $1 ORDER BY key, starts_on";
    let rows = sql::all::<SettingRow>(db, text, vec![district.0.into()]).await?;
    rows.into_iter()
        .map(|r| {
            Ok(RuleSetting { key: word(&r.key)?, starts_on: r.starts_on, value: r.value, source: r.source })
        })
        .collect()
}

/// Remembers a setting; one for the same rule and day is replaced.
pub async fn save_setting(tx: &Tx, permit: &Permit, setting: &RuleSetting) -> Result<()> {
    let district = permit.district_id();
    let same_day = |s: &RuleSetting| s.key == setting.key && s.starts_on == setting.starts_on;
    let before = settings(tx, district).await?.into_iter().find(same_day);
    sql::execute(
        tx,
        "INSERT INTO rule_setting (district_id, key, starts_on, value, source) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (district_id, key, starts_on) DO UPDATE SET value = excluded.value, source = excluded.source",
        vec![
            district.0.into(),
            setting.key.code().into(),
            setting.starts_on.into(),
            setting.value.into(),
            setting.source.clone().into(),
        ],
    )
    .await?;
    let entry = Entry::about(district).reason(Some(&setting.source));
    audit::append(tx, permit, entry.change(before.as_ref(), Some(setting))).await
}
