//! Activities, their agendas; themes; recurrences.

mod due;
mod recurrence;
mod row;
mod theme;

pub use due::{DUE, reconsider, set_due};
pub use recurrence::{
    insert_recurrence, lock_recurrence, recurrence, recurrences, recurrences_due, recurrences_of,
    update_recurrence,
};
pub use theme::{Adopted, adoptions, insert_theme, lock_theme, theme_page, themes, update_theme};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;
use zhibu_domain::{
    activity::{Activity, ActivityItem, ActivityKind, ActivityState, Agenda, AgendaTemplate},
    id::{ActivityId, DistrictId, OrgUnitId, PartyMemberId},
    organization::OrgUnitPath,
    policy::Permit,
    rule::Rules,
    vocabulary::Vocabulary,
};

use self::row::{activity, item, joint_host};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    organization::below,
    row::{insert, insert_all, update},
    sql,
};

async fn joint_hosts(
    db: &impl Connect,
    district: DistrictId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<OrgUnitId>>> {
    let query = joint_host::Entity::find()
        .filter(joint_host::Column::DistrictId.eq(district.0))
        .filter(joint_host::Column::ActivityId.is_in(ids.iter().copied()))
        .order_by_asc(joint_host::Column::UnitId);
    let mut hosts: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        hosts.entry(row.activity_id).or_default().push(OrgUnitId(row.unit_id));
    }
    Ok(hosts)
}

async fn read_all(
    db: &impl Connect,
    district: DistrictId,
    rows: Vec<activity::Model>,
) -> Result<Vec<Activity>> {
    let ids: Vec<_> = rows.iter().filter(|r| r.is_joint).map(|r| r.id).collect();
    let mut hosts = if ids.is_empty() { HashMap::new() } else { joint_hosts(db, district, &ids).await? };
    rows.into_iter()
        .map(|r| {
            let joint = hosts.remove(&r.id).unwrap_or_default();
            row::read(r, joint)
        })
        .collect()
}

/// Activities by their ids.
pub async fn activities(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Activity>> {
    let query = activity::Entity::find()
        .filter(activity::Column::DistrictId.eq(district.0))
        .filter(activity::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let rows = query.all(db.conn()).await?;
    Ok(read_all(db, district, rows).await?.into_iter().map(|a| (a.id, a)).collect())
}

/// An activity.
pub async fn activity(db: &impl Connect, district: DistrictId, id: ActivityId) -> Result<Option<Activity>> {
    Ok(activities(db, district, &[id]).await?.remove(&id))
}

/// An activity that is about to be changed.
pub async fn lock_activity(tx: &Tx, district: DistrictId, id: ActivityId) -> Result<Option<Activity>> {
    let found = activity::Entity::find_by_id((district.0, id.0)).lock_exclusive().one(tx.conn()).await?;
    Ok(read_all(tx, district, found.into_iter().collect()).await?.pop())
}

/// What to list of the activities.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// Only of this host or joint host.
    pub unit: Option<OrgUnitId>,
    /// Only of hosts in this subtree.
    pub subtree: Option<OrgUnitPath>,
    /// Only those on whose list this member stands.
    pub member: Option<PartyMemberId>,
    /// Only of this kind.
    pub kind: Option<ActivityKind>,
    /// Only in one of these states; all where empty.
    pub states: Vec<ActivityState>,
    /// Only those that were made known: no drafts, and none that were called off before.
    pub known_only: bool,
    /// Only those that end at or after this time.
    pub from: Option<DateTime<Utc>>,
    /// Only those that start before this time.
    pub until: Option<DateTime<Utc>>,
    /// Latest start first.
    pub latest_first: bool,
}

/// A page of activities in order of their start.
pub async fn activity_page(
    db: &impl Connect,
    district: DistrictId,
    filter: ActivityFilter,
    page: PageRequest,
) -> Result<Page<Activity>> {
    let mut values: Vec<Value> = vec![district.0.into()];
    // By way of the member's lists: those to come of a whole district are many more than theirs.
    let mut text = match filter.member {
        Some(_) => "SELECT t.* FROM attendee e CROSS JOIN activity t".to_owned(),
        None => "SELECT t.* FROM activity t".to_owned(),
    };
    if filter.subtree.is_some() {
        text.push_str(" JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.host_unit_id");
    }
    text.push_str(" WHERE t.district_id = $1");
    let mut and = |values: &mut Vec<Value>, value: Value, condition: &str| {
        values.push(value);
        text.push_str(" AND ");
        text.push_str(&condition.replace("$?", &format!("${}", values.len())));
    };
    if let Some(unit) = filter.unit {
        let hosted = "t.id IN (SELECT a.id FROM activity a WHERE a.district_id = $1 AND a.host_unit_id = $?
            UNION SELECT j.activity_id FROM activity_joint_host j WHERE j.district_id = $1 AND j.unit_id = $?)";
        and(&mut values, unit.0.into(), hosted);
    }
    if let Some(member) = filter.member {
        let listed = "e.district_id = $1 AND e.member_id = $? AND e.activity_id = t.id";
        and(&mut values, member.0.into(), listed);
    }
    if let Some(kind) = filter.kind {
        and(&mut values, kind.code().into(), "t.kind = $?");
    }
    if let Some(from) = filter.from {
        and(&mut values, from.into(), "t.ends_at >= $?");
    }
    if let Some(until) = filter.until {
        and(&mut values, until.into(), "t.starts_at < $?");
    }
    if !filter.states.is_empty() {
        text.push_str(" AND ");
        text.push_str(&sql::in_list("t.state", values.len() + 1, filter.states.len()));
        values.extend(filter.states.iter().map(|s| Value::from(s.code())));
    }
    if filter.known_only {
        text.push_str(" AND t.published_at IS NOT NULL");
    }
    if let Some(subtree) = &filter.subtree {
        let condition = below(subtree, "u.path", &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    page.append_by(&mut text, &mut values, "activity", "starts_at", filter.latest_first);
    let rows = sql::all(db, &text, values).await?;
    Ok(page.page(read_all(db, district, rows).await?))
}

/// Remembers a new activity with its agenda; `rules` are those of its day.
pub async fn insert_activity(
    tx: &Tx,
    permit: &Permit,
    activity: &Activity,
    agenda: &Agenda,
    rules: &Rules,
) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored(district, activity, rules)).await?;
    insert_all(tx, row::joint_hosts(district, activity)).await?;
    insert_all(tx, agenda.items().iter().map(|i| row::stored_item(district, activity.id, i)).collect())
        .await?;
    audit::append(tx, permit, Entry::about(activity.id).change(None, Some(activity))).await
}

/// Remembers many activities (demo data).
pub async fn insert_activities(
    tx: &Tx,
    permit: &Permit,
    activities: &[(Activity, Agenda)],
    rules: &Rules,
) -> Result<()> {
    let district = permit.district_id();
    insert_all(tx, activities.iter().map(|(a, _)| row::stored(district, a, rules)).collect()).await?;
    insert_all(tx, activities.iter().flat_map(|(a, _)| row::joint_hosts(district, a)).collect()).await?;
    let items = activities
        .iter()
        .flat_map(|(a, agenda)| agenda.items().iter().map(|i| row::stored_item(district, a.id, i)));
    insert_all(tx, items.collect()).await
}

/// Remembers an activity's change; `rules` are those of its day. The caller has locked `before`.
pub async fn update_activity(
    tx: &Tx,
    permit: &Permit,
    before: &Activity,
    after: &Activity,
    rules: &Rules,
    reason: Option<&str>,
) -> Result<()> {
    let district = permit.district_id();
    update(tx, row::stored(district, after, rules)).await?;
    if before.joint_host_ids != after.joint_host_ids {
        let key = vec![district.0.into(), after.id.0.into()];
        sql::execute(tx, "DELETE FROM activity_joint_host WHERE district_id = $1 AND activity_id = $2", key)
            .await?;
        insert_all(tx, row::joint_hosts(district, after)).await?;
    }
    audit::append(tx, permit, Entry::about(after.id).reason(reason).change(Some(before), Some(after))).await
}

/// The agendas of activities.
pub async fn agendas(
    db: &impl Connect,
    district: DistrictId,
    ids: &[ActivityId],
) -> Result<HashMap<ActivityId, Agenda>> {
    let query = item::Entity::find()
        .filter(item::Column::DistrictId.eq(district.0))
        .filter(item::Column::ActivityId.is_in(ids.iter().map(|id| id.0)));
    let mut items: HashMap<_, Vec<ActivityItem>> = HashMap::new();
    for row in query.all(db.conn()).await? {
        items.entry(ActivityId(row.activity_id)).or_default().push(row::read_item(row)?);
    }
    Ok(items.into_iter().map(|(id, items)| (id, Agenda::from_stored(items))).collect())
}

/// Replaces an activity's agenda. The caller has locked the activity.
pub async fn save_agenda(
    tx: &Tx,
    permit: &Permit,
    activity: ActivityId,
    before: &Agenda,
    after: &Agenda,
) -> Result<()> {
    let district = permit.district_id();
    let key = vec![district.0.into(), activity.0.into()];
    sql::execute(tx, "DELETE FROM activity_item WHERE district_id = $1 AND activity_id = $2", key).await?;
    insert_all(tx, after.items().iter().map(|i| row::stored_item(district, activity, i)).collect()).await?;
    audit::append(tx, permit, Entry::about(activity).change(Some(before), Some(after))).await
}

#[derive(FromQueryResult)]
struct TemplateRow {
    titles: serde_json::Value,
}

/// The template of fixed items that holds for a unit: its own, or the nearest superior's.
pub async fn template(db: &impl Connect, district: DistrictId, path: &OrgUnitPath) -> Result<AgendaTemplate> {
    let mut paths = path.superiors();
    paths.push(path.clone());
    let text = format!(
        "SELECT t.titles FROM agenda_template t JOIN org_unit u ON u.district_id = t.district_id AND u.id = t.unit_id
         WHERE t.district_id = $1 AND {} ORDER BY u.path DESC LIMIT 1",
        sql::in_list("u.path", 2, paths.len())
    );
    let values =
        std::iter::once(Value::from(district.0)).chain(paths.iter().map(|p| p.as_str().into())).collect();
    let row = sql::one::<TemplateRow>(db, &text, values).await?;
    let titles = row.and_then(|r| serde_json::from_value::<Vec<String>>(r.titles).ok());
    Ok(titles.and_then(|titles| AgendaTemplate::new(&titles).ok()).unwrap_or_default())
}

/// Sets the template of a unit and all below it that have none of their own.
pub async fn save_template(
    tx: &Tx,
    permit: &Permit,
    unit: OrgUnitId,
    template: &AgendaTemplate,
) -> Result<()> {
    let district = permit.district_id();
    let own = "SELECT titles FROM agenda_template WHERE district_id = $1 AND unit_id = $2";
    let before = sql::one::<TemplateRow>(tx, own, vec![district.0.into(), unit.0.into()]).await?;
    let (before, after) = (before.map(|row| row.titles), serde_json::json!(template.titles()));
    sql::execute(
        tx,
        "INSERT INTO agenda_template (district_id, unit_id, titles) VALUES ($1, $2, $3)
         ON CONFLICT (district_id, unit_id) DO UPDATE SET titles = excluded.titles",
        vec![district.0.into(), unit.0.into(), after.clone().into()],
    )
    .await?;
    audit::append(tx, permit, Entry::about(unit).change(before.as_ref(), Some(&after))).await
}
