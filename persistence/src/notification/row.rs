use chrono::NaiveTime;
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, NotificationId},
    notification::{Facts, Notification, NotificationKind, Preferences, QuietHours},
    vocabulary::Vocabulary,
};

use crate::{Result, StoreError, row::word};

pub(super) mod notification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub position: i64,
        pub kind: String,
        pub need: String,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub facts: Json,
        pub created_at: DateTimeUtc,
        pub alert_at: DateTimeUtc,
        pub read_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();
}

pub(super) mod preference {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification_preference")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub muted: Json,
        pub quiet_from: Option<String>,
        pub quiet_until: Option<String>,
    }
    crate::row::plain_entity!();
}

pub(super) fn stored(
    district: DistrictId,
    n: &Notification,
    need: &str,
    position: i64,
) -> Result<notification::Model> {
    let facts = serde_json::to_value(&n.facts).map_err(|_| StoreError::Unreadable("Facts"))?;
    Ok(notification::Model {
        district_id: district.0,
        account_id: n.account_id.0,
        id: n.id.0,
        position,
        kind: n.kind.code().to_owned(),
        need: need.to_owned(),
        subject_kind: n.subject_kind.clone(),
        subject_id: n.subject_id,
        facts,
        created_at: n.created_at,
        alert_at: n.alert_at,
        read_at: n.read_at,
    })
}

pub(super) fn read(row: notification::Model) -> Result<Notification> {
    Ok(Notification {
        id: NotificationId(row.id),
        account_id: AccountId(row.account_id),
        kind: word(&row.kind)?,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        facts: serde_json::from_value::<Facts>(row.facts).map_err(|_| StoreError::Unreadable("Facts"))?,
        created_at: row.created_at,
        alert_at: row.alert_at,
        read_at: row.read_at,
    })
}

const TIME: &str = "%H:%M:%S";

pub(super) fn stored_preferences(district: DistrictId, account: Uuid, p: &Preferences) -> preference::Model {
    let time = |at: fn(QuietHours) -> NaiveTime| p.quiet().map(|q| at(q).format(TIME).to_string());
    preference::Model {
        district_id: district.0,
        account_id: account,
        muted: p.muted().map(Vocabulary::code).collect(),
        quiet_from: time(QuietHours::from),
        quiet_until: time(QuietHours::until),
    }
}

pub(super) fn read_preferences(row: &preference::Model) -> Preferences {
    let time = |text: &Option<String>| NaiveTime::parse_from_str(text.as_deref()?, TIME).ok();
    let quiet = time(&row.quiet_from).zip(time(&row.quiet_until));
    let muted = row.muted.as_array().into_iter().flatten();
    Preferences::from_stored(
        // A kind that a newer version has muted isn't known here, and isn't told of either.
        muted.filter_map(|code| code.as_str().and_then(NotificationKind::from_code)),
        quiet.and_then(|(from, until)| QuietHours::new(from, until).ok()),
    )
}
