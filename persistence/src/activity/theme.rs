use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use zhibu_domain::{
    activity::Theme,
    id::{ActivityId, DistrictId, OrgUnitId, ThemeId},
    organization::OrgUnitPath,
    policy::Permit,
};

use super::row::{self, AdoptionRow, theme};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, update},
    sql,
};

/// Themes by their ids.
pub async fn themes(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ThemeId],
) -> Result<HashMap<ThemeId, Theme>> {
    let query = theme::Entity::find()
        .filter(theme::Column::DistrictId.eq(district.0))
        .filter(theme::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read_theme(r).map(|t| (t.id, t))).collect()
}

/// A theme that is about to be changed or adopted.
pub async fn lock_theme(tx: &Tx, district: DistrictId, id: ThemeId) -> Result<Option<Theme>> {
    let found = theme::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read_theme).transpose()
}

/// The themes issued to a unit: by its superiors or by itself; latest first.
pub async fn theme_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    page: PageRequest,
) -> Result<Page<Theme>> {
    let mut paths = path.superiors();
    paths.push(path.clone());
    let mut text = format!(
        "SELECT t.* FROM theme t JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.issuer_unit_id
         WHERE t.district_id = $1 AND {}",
        sql::in_list("u.path", 2, paths.len())
    );
    let mut values: Vec<Value> =
        std::iter::once(Value::from(district.0)).chain(paths.iter().map(|p| p.as_str().into())).collect();
    page.append(&mut text, &mut values, "t.id", true);
    let rows: Vec<theme::Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(row::read_theme).collect::<Result<_>>()?))
}

/// Remembers a new theme.
pub async fn insert_theme(tx: &Tx, permit: &Permit, theme: &Theme) -> Result<()> {
    insert(tx, row::stored_theme(permit.district_id(), theme)).await?;
    audit::append(tx, permit, Entry::about(theme.id).change(None, Some(theme))).await
}

/// Remembers a theme's change.
pub async fn update_theme(tx: &Tx, permit: &Permit, before: &Theme, after: &Theme) -> Result<()> {
    update(tx, row::stored_theme(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

/// A unit that has adopted a theme, and its activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// The unit.
    pub unit_id: OrgUnitId,
    /// Its activity.
    pub activity_id: ActivityId,
}

/// Who has adopted the themes; activities that were cancelled don't count.
pub async fn adoptions(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ThemeId],
) -> Result<HashMap<ThemeId, Vec<Adopted>>> {
    let text = format!(
        "SELECT theme_id, host_unit_id AS unit_id, id AS activity_id FROM activity
         WHERE district_id = $1 AND {} AND state <> 'CANCELLED' ORDER BY id",
        sql::in_list("theme_id", 2, ids.len())
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let mut adopted: HashMap<_, Vec<_>> = HashMap::new();
    for row in sql::all::<AdoptionRow>(db, &text, values).await? {
        let one = Adopted { unit_id: OrgUnitId(row.unit_id), activity_id: ActivityId(row.activity_id) };
        adopted.entry(ThemeId(row.theme_id)).or_default().push(one);
    }
    Ok(adopted)
}
