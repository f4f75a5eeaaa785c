use chrono::{DateTime, Utc};
use uuid::Uuid;
use zhibu_domain::{
    activity::{
        Activity, ActivityItem, ActivityState, DueTransition, ItemDone, Lifecycle, Occurrence, Recurrence,
        Schedule, Theme, TimeWindow, Venue,
    },
    id::{AccountId, ActivityId, ActivityItemId, DistrictId, OrgUnitId, RecurrenceId, ThemeId},
    rule::Rules,
    vocabulary::Vocabulary,
};

use crate::{Result, StoreError, row::word};

pub(super) mod activity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub host_unit_id: Uuid,
        pub is_joint: bool,
        pub kind: String,
        pub title: String,
        pub description: Option<String>,
        pub theme_id: Option<Uuid>,
        pub recurrence_id: Option<Uuid>,
        pub occurrence_at: Option<DateTimeUtc>,
        pub starts_at: DateTimeUtc,
        pub ends_at: DateTimeUtc,
        pub venue: Option<Json>,
        pub audience: String,
        pub wants_check_out: bool,
        pub late_after_minutes: i64,
        pub check_in_opens_minutes: i64,
        pub check_in_closes_minutes: i64,
        pub state: String,
        pub published_at: Option<DateTimeUtc>,
        pub opened_at: Option<DateTimeUtc>,
        pub closed_at: Option<DateTimeUtc>,
        pub archived_at: Option<DateTimeUtc>,
        pub cancelled_at: Option<DateTimeUtc>,
        pub cancel_reason: Option<String>,
        pub due_at: Option<DateTimeUtc>,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod joint_host {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity_joint_host")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
    }
    crate::row::plain_entity!();
}

pub(super) mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub activity_id: Uuid,
        pub position: i32,
        pub kind: String,
        pub title: String,
        pub done_at: Option<DateTimeUtc>,
        pub done_by: Option<Uuid>,
    }
    crate::row::plain_entity!();
}

pub(super) mod theme {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "theme")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub issuer_unit_id: Uuid,
        pub kind: String,
        pub title: String,
        pub description: Option<String>,
        pub items: Json,
        pub starts_on: Date,
        pub ends_on: Date,
        pub issued_by: Uuid,
        pub issued_at: DateTimeUtc,
        pub withdrawn_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod recurrence {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "recurrence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub host_unit_id: Uuid,
        pub kind: String,
        pub title: String,
        pub venue: Option<Json>,
        pub wants_check_out: bool,
        pub rule: String,
        pub starts_on: Date,
        pub time_of_day: String,
        pub minutes: i64,
        pub time_zone: String,
        pub drafted_until: DateTimeUtc,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub stopped_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

fn venue_json(venue: Option<&Venue>) -> Option<serde_json::Value> {
    venue.and_then(|v| serde_json::to_value(v).ok())
}

fn read_venue(json: Option<serde_json::Value>) -> Result<Option<Venue>> {
    json.map(serde_json::from_value).transpose().map_err(|_| StoreError::Unreadable("Venue"))
}

/// The row of an activity on whose day these rules hold: they say when its next step is due.
pub(super) fn stored(district: DistrictId, a: &Activity, rules: &Rules) -> activity::Model {
    let (archived_at, cancelled) = match &a.lifecycle {
        Lifecycle::Archived { archived_at, .. } => (Some(*archived_at), None),
        Lifecycle::Cancelled { cancelled_at, reason, .. } => (None, Some((*cancelled_at, reason.clone()))),
        _ => (None, None),
    };
    activity::Model {
        district_id: district.0,
        id: a.id.0,
        host_unit_id: a.host_unit_id.0,
        is_joint: !a.joint_host_ids.is_empty(),
        kind: a.kind.code().to_owned(),
        title: a.title.clone(),
        description: a.description.clone(),
        theme_id: a.theme_id.map(|t| t.0),
        recurrence_id: a.occurrence.map(|o| o.recurrence_id.0),
        occurrence_at: a.occurrence.map(|o| o.at),
        starts_at: a.window.starts_at,
        ends_at: a.window.ends_at,
        venue: venue_json(a.venue.as_ref()),
        audience: a.audience.code().to_owned(),
        wants_check_out: a.wants_check_out,
        late_after_minutes: a.late_after_minutes,
        check_in_opens_minutes: a.check_in_opens_minutes,
        check_in_closes_minutes: a.check_in_closes_minutes,
        state: a.state().code().to_owned(),
        published_at: a.lifecycle.published_at(),
        opened_at: a.lifecycle.opened_at(),
        closed_at: a.lifecycle.closed_at(),
        archived_at,
        cancelled_at: cancelled.as_ref().map(|c| c.0),
        cancel_reason: cancelled.map(|c| c.1),
        due_at: a.next_step(rules).map(DueTransition::at),
        created_by: a.created_by.0,
        created_at: a.created_at,
        version: a.version,
    }
}

fn lifecycle(row: &activity::Model) -> Result<Lifecycle> {
    let lacks = StoreError::Unreadable("Lifecycle");
    let need = |at: Option<DateTime<Utc>>| at.ok_or_else(|| lacks.clone());
    let (published_at, opened_at, closed_at) = (row.published_at, row.opened_at, row.closed_at);
    Ok(match word::<ActivityState>(&row.state)? {
        ActivityState::Draft => Lifecycle::Draft,
        ActivityState::Published => Lifecycle::Published { published_at: need(published_at)? },
        ActivityState::Open => {
            Lifecycle::Open { published_at: need(published_at)?, opened_at: need(opened_at)? }
        }
        ActivityState::Closed => Lifecycle::Closed {
            published_at: need(published_at)?,
            opened_at: need(opened_at)?,
            closed_at: need(closed_at)?,
        },
        ActivityState::Archived => Lifecycle::Archived {
            published_at: need(published_at)?,
            opened_at: need(opened_at)?,
            closed_at: need(closed_at)?,
            archived_at: need(row.archived_at)?,
        },
        ActivityState::Cancelled => Lifecycle::Cancelled {
            published_at,
            cancelled_at: need(row.cancelled_at)?,
            reason: row.cancel_reason.clone().unwrap_or_default(),
        },
    })
}

pub(super) fn read(row: activity::Model, joint_host_ids: Vec<OrgUnitId>) -> Result<Activity> {
    Ok(Activity {
        lifecycle: lifecycle(&row)?,
        id: ActivityId(row.id),
        host_unit_id: OrgUnitId(row.host_unit_id),
        joint_host_ids,
        kind: word(&row.kind)?,
        title: row.title,
        description: row.description,
        theme_id: row.theme_id.map(ThemeId),
        occurrence: row
            .recurrence_id
            .zip(row.occurrence_at)
            .map(|(id, at)| Occurrence { recurrence_id: RecurrenceId(id), at }),
        window: TimeWindow { starts_at: row.starts_at, ends_at: row.ends_at },
        venue: read_venue(row.venue)?,
        audience: word(&row.audience)?,
        wants_check_out: row.wants_check_out,
        late_after_minutes: row.late_after_minutes,
        check_in_opens_minutes: row.check_in_opens_minutes,
        check_in_closes_minutes: row.check_in_closes_minutes,
        version: row.version,
        created_by: AccountId(row.created_by),
        created_at: row.created_at,
    })
}

pub(super) fn joint_hosts(district: DistrictId, a: &Activity) -> Vec<joint_host::Model> {
    let row = |unit: &OrgUnitId| joint_host::Model {
        district_id: district.0,
        activity_id: a.id.0,
        unit_id: unit.0,
    };
    a.joint_host_ids.iter().map(row).collect()
}

pub(super) fn stored_item(district: DistrictId, activity: ActivityId, i: &ActivityItem) -> item::Model {
    item::Model {
        district_id: district.0,
        id: i.id.0,
        activity_id: activity.0,
        position: i.position,
        kind: i.kind.code().to_owned(),
        title: i.title.clone(),
        done_at: i.done.map(|d| d.at),
        done_by: i.done.map(|d| d.by.0),
    }
}

pub(super) fn read_item(row: item::Model) -> Result<ActivityItem> {
    Ok(ActivityItem {
        id: ActivityItemId(row.id),
        position: row.position,
        kind: word(&row.kind)?,
        title: row.title,
        done: row.done_at.zip(row.done_by).map(|(at, by)| ItemDone { at, by: AccountId(by) }),
    })
}

pub(super) fn stored_theme(district: DistrictId, t: &Theme) -> theme::Model {
    theme::Model {
        district_id: district.0,
        id: t.id.0,
        issuer_unit_id: t.issuer_unit_id.0,
        kind: t.kind.code().to_owned(),
        title: t.title.clone(),
        description: t.description.clone(),
        items: serde_json::json!(t.items),
        starts_on: t.starts_on,
        ends_on: t.ends_on,
        issued_by: t.issued_by.0,
        issued_at: t.issued_at,
        withdrawn_at: t.withdrawn_at,
        version: t.version,
    }
}

pub(super) fn read_theme(row: theme::Model) -> Result<Theme> {
    Ok(Theme {
        id: ThemeId(row.id),
        issuer_unit_id: OrgUnitId(row.issuer_unit_id),
        kind: word(&row.kind)?,
        title: row.title,
        description: row.description,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        items: serde_json::from_value(row.items).map_err(|_| StoreError::Unreadable("Theme.items"))?,
        issued_by: AccountId(row.issued_by),
        issued_at: row.issued_at,
        withdrawn_at: row.withdrawn_at,
        version: row.version,
    })
}

pub(super) fn stored_recurrence(district: DistrictId, r: &Recurrence) -> recurrence::Model {
    recurrence::Model {
        district_id: district.0,
        id: r.id.0,
        host_unit_id: r.host_unit_id.0,
        kind: r.kind.code().to_owned(),
        title: r.title.clone(),
        venue: venue_json(r.venue.as_ref()),
        wants_check_out: r.wants_check_out,
        rule: r.schedule.rule.clone(),
        starts_on: r.schedule.starts_on,
        time_of_day: r.schedule.time.format("%H:%M:%S").to_string(),
        minutes: r.schedule.minutes,
        time_zone: r.schedule.time_zone.clone(),
        drafted_until: r.drafted_until,
        created_by: r.created_by.0,
        created_at: r.created_at,
        stopped_at: r.stopped_at,
        version: r.version,
    }
}

pub(super) fn read_recurrence(row: recurrence::Model) -> Result<Recurrence> {
    Ok(Recurrence {
        id: RecurrenceId(row.id),
        host_unit_id: OrgUnitId(row.host_unit_id),
        kind: word(&row.kind)?,
        title: row.title,
        venue: read_venue(row.venue)?,
        wants_check_out: row.wants_check_out,
        schedule: Schedule {
            rule: row.rule,
            starts_on: row.starts_on,
            time: row.time_of_day.parse().map_err(|_| StoreError::Unreadable("Schedule.time"))?,
            minutes: row.minutes,
            time_zone: row.time_zone,
        },
        drafted_until: row.drafted_until,
        created_by: AccountId(row.created_by),
        created_at: row.created_at,
        stopped_at: row.stopped_at,
        version: row.version,
    })
}

/// A unit that has adopted a theme.
#[derive(sea_orm::FromQueryResult)]
pub(super) struct AdoptionRow {
    pub(super) theme_id: Uuid,
    pub(super) unit_id: Uuid,
    pub(super) activity_id: Uuid,
}
