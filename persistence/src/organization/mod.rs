//! Districts and the tree of units.

mod row;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::LockType,
};
use serde::Serialize;
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    organization::{Dependents, OrgUnit, OrgUnitKind, OrgUnitPath},
    policy::Permit,
    vocabulary::Vocabulary,
};

use self::row::{org_unit, org_unit_history};
use crate::{
    Connect, Page, PageRequest, Result, Tx, assignment,
    audit::{self, Entry},
    row::{insert, insert_all, update, word},
    sql, volunteering,
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct District {
    /// Identity.
    pub id: Uuid,
    /// The code by which a client names it (e.g. the 6-digit division code, GB/T 2260).
    pub code: String,
    /// Name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// All districts. Administration only: the one statement across tenants.
pub async fn districts(db: &impl Connect) -> Result<Vec<District>> {
    sql::all(db, "SELECT id, code, name, time_zone FROM district ORDER BY code", vec![]).await
}

/// Founds a district. Its root unit is saved apart.
pub async fn insert_district(tx: &Tx, permit: &Permit, district: &District) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO district (id, code, name, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)",
        vec![
            district.id.into(),
            district.code.clone().into(),
            district.name.clone().into(),
            district.time_zone.clone().into(),
            tx.now().into(),
        ],
    )
    .await?;
    audit::append(tx, permit, Entry::about(DistrictId(district.id)).change(None, Some(district))).await
}

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

/// A unit.
pub async fn unit(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<Option<OrgUnit>> {
    org_unit::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(row::read).transpose()
}

/// A unit that is about to be changed.
pub async fn lock_unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<Option<OrgUnit>> {
    let found = org_unit::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(row::read).transpose()
}

/// Keeps the shape of a district's tree as it is until the end of the transaction: units are
/// founded and moved one after the other, for each reads the paths that the others write.
pub async fn lock_tree(tx: &Tx, district: DistrictId) -> Result<()> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.is_null())
        .lock(LockType::NoKeyUpdate);
    query.one(tx.conn()).await?;
    Ok(())
}

/// Units that must stay as they are until the end of the transaction.
pub async fn hold_units(
    tx: &Tx,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, OrgUnit>> {
    let mut held = HashMap::new();
    for ids in ids.chunks(500) {
        let query = org_unit::Entity::find()
            .filter(org_unit::Column::DistrictId.eq(district.0))
            .filter(org_unit::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(org_unit::Column::Id)
            .lock(LockType::Share);
        for found in query.all(tx.conn()).await? {
            let unit = row::read(found)?;
            held.insert(unit.id, unit);
        }
    }
    Ok(held)
}

/// Lets one import into a district, or one export of it, go on at a time, until the end of the
/// transaction.
pub async fn lock_district(tx: &Tx, district: DistrictId) -> Result<()> {
    if tx.is_postgres() {
        sql::execute(tx, "SELECT 1 FROM district WHERE id = $1 FOR NO KEY UPDATE", vec![district.0.into()])
            .await?;
    }
    Ok(())
}

/// The district's root.
pub async fn root(db: &impl Connect, district: DistrictId) -> Result<Option<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.is_null());
    query.one(db.conn()).await?.map(row::read).transpose()
}

/// Units by their ids.
pub async fn units(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(|r| row::read(r).map(|u| (u.id, u))).collect()
}

/// The places of units in the tree.
pub async fn paths(db: &impl Connect, district: DistrictId, ids: &[OrgUnitId]) -> Result<Vec<OrgUnitPath>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(units(db, district, ids).await?.into_values().map(|u| u.path).collect())
}

/// Units by their paths: the superiors of a unit, from the root down.
pub async fn units_at(
    db: &impl Connect,
    district: DistrictId,
    paths: &[OrgUnitPath],
) -> Result<Vec<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Path.is_in(paths.iter().map(OrgUnitPath::as_str)))
        .order_by_asc(org_unit::Column::Path);
    query.all(db.conn()).await?.into_iter().map(row::read).collect()
}

/// All live units of a subtree, the tree's order.
pub async fn subtree(db: &impl Connect, district: DistrictId, path: &OrgUnitPath) -> Result<Vec<OrgUnit>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::Path.gte(path.as_str()))
        .filter(org_unit::Column::Path.lt(path.range_end()))
        .filter(org_unit::Column::DissolvedAt.is_null())
        .order_by_asc(org_unit::Column::Path);
    query.all(db.conn()).await?.into_iter().map(row::read).collect()
}

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

/// Remembers a new unit.
pub async fn insert_unit(tx: &Tx, permit: &Permit, unit: &OrgUnit) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored(district, unit)).await?;
    insert(tx, row::remembered(district, unit, tx.now())).await?;
    audit::append(tx, permit, Entry::about(unit.id).change(None, Some(unit))).await
}

/// Remembers many new units (demo data): superiors first.
pub async fn insert_units(tx: &Tx, permit: &Permit, units: &[OrgUnit]) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, units.iter().map(|u| row::stored(district, u)).collect()).await?;
    insert_all(tx, units.iter().map(|u| row::remembered(district, u, tx.now())).collect()).await
}

/// Remembers a unit's change. The caller has locked `before`.
pub async fn update_unit(tx: &Tx, permit: &Permit, before: &OrgUnit, after: &OrgUnit) -> Result<()> {
    let district = permit.district_id();
    update(tx, row::stored(district, after)).await?;
    insert(tx, row::remembered(district, after, tx.now())).await?;
    if before.path != after.path {
        move_subtree(tx, district, &before.path, &after.path).await?;
        volunteering::follow_unit(tx, district, &after.path).await?;
        assignment::look_through(tx, district).await?;
    }
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

async fn move_subtree(tx: &Tx, district: DistrictId, from: &OrgUnitPath, to: &OrgUnitPath) -> Result<()> {
    let mut values: Vec<Value> = vec![district.0.into(), to.as_str().into()];
    let condition = below(from, "path", &mut values);
    let from_length = from.as_str().len();
    let text = format!(
        "UPDATE org_unit SET path = $2 || substr(path, {}) WHERE district_id = $1 AND {condition}",
        from_length + 1
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}

/// The level closest to the root among the live units right below a unit.
pub async fn lowest_led_level(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<Option<u8>> {
    let query = org_unit::Entity::find()
        .filter(org_unit::Column::DistrictId.eq(district.0))
        .filter(org_unit::Column::ParentId.eq(id.0))
        .filter(org_unit::Column::DissolvedAt.is_null());
    let kinds = query.all(db.conn()).await?;
    let levels: Vec<u8> =
        kinds.iter().map(|r| word::<OrgUnitKind>(&r.kind).map(OrgUnitKind::level)).collect::<Result<_>>()?;
    Ok(levels.into_iter().min())
}

/// What depends on a unit.
pub async fn dependents(
    tx: &Tx,
    district: DistrictId,
    id: OrgUnitId,
    today: chrono::NaiveDate,
) -> Result<Dependents> {
    let key = || vec![Value::from(district.0), id.0.into()];
    let units = sql::count(
        tx,
        "SELECT count(*) FROM org_unit WHERE district_id = $1 AND parent_id = $2 AND dissolved_at IS NULL",
        key(),
    );
    let members = sql::count(
        tx,
        "SELECT count(*) FROM party_member WHERE district_id = $1 AND unit_id = $2 AND left_on IS NULL",
        key(),
    );
    let posts = sql::count(
        tx,
        "SELECT count(*) FROM post WHERE district_id = $1 AND unit_id = $2 AND (ends_on IS NULL OR ends_on >= $3)",
        [key(), vec![today.into()]].concat(),
    );
    let shifts = sql::count(
        tx,
        "SELECT count(*) FROM volunteer_shift
         WHERE district_id = $1 AND unit_id = $2 AND state <> 'CANCELLED' AND ends_at > $3",
        [key(), vec![tx.now().into()]].concat(),
    );
    let assignments = sql::count(
        tx,
        "SELECT count(*) FROM assignment
         WHERE district_id = $1 AND unit_id = $2 AND state NOT IN ('VERIFIED', 'CANCELLED')",
        key(),
    );
    Ok(Dependents {
        units: units.await?,
        members: members.await?,
        posts: posts.await?,
        shifts: shifts.await?,
        assignments: assignments.await?,
    })
}

/// A version of a unit's name, type and superior.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitVersion {
    /// Counts from 1.
    pub version: i32,
    /// Type.
    pub kind: OrgUnitKind,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Superior.
    pub parent_id: Option<OrgUnitId>,
    /// From when; until the next version.
    pub starts_at: DateTime<Utc>,
}

/// The histories of units, oldest version first.
pub async fn histories(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<UnitVersion>>> {
    let query = org_unit_history::Entity::find()
        .filter(org_unit_history::Column::DistrictId.eq(district.0))
        .filter(org_unit_history::Column::UnitId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(org_unit_history::Column::Version);
    let mut histories: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        let version = UnitVersion {
            version: row.version,
            kind: word(&row.kind)?,
            name: row.name,
            short_name: row.short_name,
            parent_id: row.parent_id.map(OrgUnitId),
            starts_at: row.starts_at,
        };
        histories.entry(OrgUnitId(row.unit_id)).or_default().push(version);
    }
    Ok(histories)
}

#[derive(FromQueryResult)]
struct GuidanceRow {
    unit_id: Uuid,
    guide_id: Uuid,
}

/// Who guides each of the units, beside their superiors.
pub async fn guides(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    guidance(db, district, ids, "unit_id", |r| (r.unit_id, r.guide_id)).await
}

/// Whom each of the units guides.
pub async fn guided(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    guidance(db, district, ids, "guide_id", |r| (r.guide_id, r.unit_id)).await
}

async fn guidance(
    db: &impl Connect,
    district: DistrictId,
    ids: &[OrgUnitId],
    column: &str,
    pair: fn(&GuidanceRow) -> (Uuid, Uuid),
) -> Result<HashMap<OrgUnitId, Vec<OrgUnitId>>> {
    let list = sql::in_list(column, 2, ids.len());
    let text = format!(
        "SELECT unit_id, guide_id FROM guidance WHERE district_id = $1 AND {list} ORDER BY starts_at"
    );
    let values = std::iter::once(district.0).chain(ids.iter().map(|id| id.0)).map(Value::from).collect();
    let mut lines: HashMap<_, Vec<_>> = HashMap::new();
    for row in sql::all::<GuidanceRow>(db, &text, values).await? {
        let (key, value) = pair(&row);
        lines.entry(OrgUnitId(key)).or_default().push(OrgUnitId(value));
    }
    Ok(lines)
}

/// Adds a guidance line.
pub async fn insert_guidance(tx: &Tx, permit: &Permit, unit: OrgUnitId, guide: OrgUnitId) -> Result<()> {
    let values = vec![permit.district_id().0.into(), unit.0.into(), guide.0.into(), tx.now().into()];
    sql::execute(
        tx,
        "INSERT INTO guidance (district_id, unit_id, guide_id, starts_at) VALUES ($1, $2, $3, $4)",
        values,
    )
    .await?;
    audit::append(tx, permit, Entry::about(unit).change(None, Some(&guide))).await
}

/// Ends a guidance line; answers whether there was one.
pub async fn delete_guidance(tx: &Tx, permit: &Permit, unit: OrgUnitId, guide: OrgUnitId) -> Result<bool> {
    let values = vec![permit.district_id().0.into(), unit.0.into(), guide.0.into()];
    let gone = sql::execute(
        tx,
        "DELETE FROM guidance WHERE district_id = $1 AND unit_id = $2 AND guide_id = $3",
        values,
    )
    .await?;
    audit::append(tx, permit, Entry::about(unit).change(Some(&guide), None)).await?;
    Ok(gone == 1)
}

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
