use sea_orm::{EntityTrait, QuerySelect, Value};
use zhibu_domain::{
    activity::Schedule,
    assignment::{AssignmentTemplate, Standing},
    id::{AccountId, AssignmentTemplateId, DistrictId, OrgUnitId},
    organization::OrgUnitPath,
    policy::Permit,
};

use self::template_row::{self as template, Model};
use crate::{
    Connect, Page, PageRequest, Result, StoreError, Tx,
    audit::{self, Entry},
    due::Due,
    row::{insert, update},
    sql,
};

mod template_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment_template")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Uuid,
        pub terms: Json,
        pub recipient: Option<Json>,
        pub rule: Option<String>,
        pub starts_on: Option<Date>,
        pub time_of_day: Option<String>,
        pub minutes: Option<i64>,
        pub time_zone: Option<String>,
        pub issued_until: Option<DateTimeUtc>,
        pub next_at: Option<DateTimeUtc>,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub stopped_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

const LACKS: StoreError = StoreError::Unreadable("AssignmentTemplate");

fn stored(district: DistrictId, t: &AssignmentTemplate) -> Model {
    let standing = t.standing.as_ref();
    let schedule = standing.map(|s| &s.schedule);
    Model {
        district_id: district.0,
        id: t.id.0,
        unit_id: t.unit_id.0,
        terms: serde_json::json!(t.terms),
        recipient: standing.map(|s| serde_json::json!(s.to)),
        rule: schedule.map(|s| s.rule.clone()),
        starts_on: schedule.map(|s| s.starts_on),
        time_of_day: schedule.map(|s| s.time.format("%H:%M:%S").to_string()),
        minutes: schedule.map(|s| s.minutes),
        time_zone: schedule.map(|s| s.time_zone.clone()),
        issued_until: standing.map(|s| s.issued_until),
        next_at: t.next_at(),
        created_by: t.created_by.0,
        created_at: t.created_at,
        stopped_at: t.stopped_at,
        version: t.version,
    }
}

fn standing(row: &Model) -> Result<Option<Standing>> {
    let Some(recipient) = row.recipient.clone() else { return Ok(None) };
    let time = row.time_of_day.as_ref().ok_or(LACKS)?;
    Ok(Some(Standing {
        to: serde_json::from_value(recipient).map_err(|_| LACKS)?,
        schedule: Schedule {
            rule: row.rule.clone().ok_or(LACKS)?,
            starts_on: row.starts_on.ok_or(LACKS)?,
            time: time.parse().map_err(|_| LACKS)?,
            minutes: row.minutes.ok_or(LACKS)?,
            time_zone: row.time_zone.clone().ok_or(LACKS)?,
        },
        issued_until: row.issued_until.ok_or(LACKS)?,
    }))
}

fn read(row: Model) -> Result<AssignmentTemplate> {
    Ok(AssignmentTemplate {
        standing: standing(&row)?,
        id: AssignmentTemplateId(row.id),
        unit_id: OrgUnitId(row.unit_id),
        terms: serde_json::from_value(row.terms).map_err(|_| LACKS)?,
        created_by: AccountId(row.created_by),
        created_at: row.created_at,
        stopped_at: row.stopped_at,
        version: row.version,
    })
}

/// A template.
pub async fn template(
    db: &impl Connect,
    district: DistrictId,
    id: AssignmentTemplateId,
) -> Result<Option<AssignmentTemplate>> {
    template::Entity::find_by_id((district.0, id.0)).one(db.conn()).await?.map(read).transpose()
}

/// A template that is about to be changed.
pub async fn lock_template(
    tx: &Tx,
    district: DistrictId,
    id: AssignmentTemplateId,
) -> Result<Option<AssignmentTemplate>> {
    let found = template::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    found.map(read).transpose()
}

/// The templates that a unit may use: its own and its superiors'; latest first.
pub async fn template_page(
    db: &impl Connect,
    district: DistrictId,
    path: &OrgUnitPath,
    page: PageRequest,
) -> Result<Page<AssignmentTemplate>> {
    let mut paths = path.superiors();
    paths.push(path.clone());
    let mut text = format!(
        "SELECT t.* FROM assignment_template t JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
         WHERE t.district_id = $1 AND {}",
        sql::in_list("u.path", 2, paths.len())
    );
    let mut values: Vec<Value> =
        std::iter::once(Value::from(district.0)).chain(paths.iter().map(|p| p.as_str().into())).collect();
    page.append(&mut text, &mut values, "t.id", true);
    let rows: Vec<Model> = sql::all(db, &text, values).await?;
    Ok(page.page(rows.into_iter().map(read).collect::<Result<_>>()?))
}

/// The templates that are due to issue.
pub const TEMPLATES_DUE: Due<AssignmentTemplateId> = Due::new("assignment_template", "id", "next_at");

/// Remembers a new template.
pub async fn insert_template(tx: &Tx, permit: &Permit, made: &AssignmentTemplate) -> Result<()> {
    insert(tx, stored(permit.district_id(), made)).await?;
    audit::append(tx, permit, Entry::about(made.id).change(None, Some(made))).await
}

/// Remembers a template's change. The caller has locked `before`.
pub async fn update_template(
    tx: &Tx,
    permit: &Permit,
    before: &AssignmentTemplate,
    after: &AssignmentTemplate,
) -> Result<()> {
    update(tx, stored(permit.district_id(), after)).await?;
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}
