use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, TokenGrantId, WebhookDeliveryId, WebhookEndpointId},
    organization::OrgUnitPath,
    vocabulary::Vocabulary,
    webhook::{Answer, Delivery, Endpoint, Owner, SigningSecret},
};

use super::{Known, queue::Taken};
use crate::{
    Result, StoreError,
    row::{word, word_opt},
};

pub(super) mod endpoint {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_endpoint")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Uuid,
        pub account_id: Uuid,
        pub grant_id: Option<Uuid>,
        pub second_factor: bool,
        pub url: String,
        pub description: String,
        pub events: Json,
        pub disabled_at: Option<DateTimeUtc>,
        pub disabled_reason: Option<String>,
        pub failures: i32,
        pub failing_since: Option<DateTimeUtc>,
        pub paused_until: Option<DateTimeUtc>,
        pub slow: bool,
        pub created_at: DateTimeUtc,
        pub version: i32,
    }
    crate::row::plain_entity!();
}

pub(super) mod secret {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_secret")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub endpoint_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub tail: String,
        pub created_at: DateTimeUtc,
        pub sealed: Vec<u8>,
        pub expires_at: Option<DateTimeUtc>,
    }
    crate::row::plain_entity!();

    // Not even what is sealed belongs into a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("webhook_secret(…)")
        }
    }
}

pub(super) mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub district_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub endpoint_id: Uuid,
        pub position: i64,
        pub event: String,
        pub subject_id: Uuid,
        pub unit_id: Uuid,
        pub occurred_at: DateTimeUtc,
        pub state: String,
        pub attempts: i32,
        pub due_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub leased_until: Option<DateTimeUtc>,
        pub tried_at: Option<DateTimeUtc>,
        pub failure: Option<String>,
        pub status: Option<i32>,
        pub latency_ms: Option<i32>,
        pub body: Option<String>,
    }
    crate::row::plain_entity!();

    // What a receiver has answered doesn't belong into a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "webhook_delivery({})", self.id)
        }
    }
}

/// An endpoint with the place of its unit.
#[derive(FromQueryResult)]
pub(super) struct KnownRow {
    pub district_id: Uuid,
    pub id: Uuid,
    unit_id: Uuid,
    account_id: Uuid,
    grant_id: Option<Uuid>,
    second_factor: bool,
    url: String,
    description: String,
    events: Value,
    disabled_at: Option<DateTime<Utc>>,
    disabled_reason: Option<String>,
    failures: i32,
    failing_since: Option<DateTime<Utc>>,
    paused_until: Option<DateTime<Utc>>,
    slow: bool,
    created_at: DateTime<Utc>,
    version: i32,
    path: String,
}

pub(super) fn stored_endpoint(district: DistrictId, e: &Endpoint) -> endpoint::Model {
    endpoint::Model {
        district_id: district.0,
        id: e.id.0,
        unit_id: e.unit_id.0,
        account_id: e.owner.account_id.0,
        grant_id: e.owner.grant_id.map(|g| g.0),
        second_factor: e.owner.second_factor,
        url: e.url.clone(),
        description: e.description.clone(),
        events: json!(e.events),
        disabled_at: e.disabled.map(|d| d.0),
        disabled_reason: e.disabled.map(|d| d.1.code().to_owned()),
        failures: e.failures,
        failing_since: e.failing_since,
        paused_until: e.paused_until,
        slow: e.slow,
        created_at: e.created_at,
        version: e.version,
    }
}

pub(super) fn read(row: KnownRow, secrets: Vec<SigningSecret>) -> Result<Known> {
    let events =
        serde_json::from_value(row.events).map_err(|_| StoreError::Unreadable("WebhookEventType"))?;
    let reason = word_opt(row.disabled_reason.as_deref())?;
    let endpoint = Endpoint {
        id: WebhookEndpointId(row.id),
        unit_id: OrgUnitId(row.unit_id),
        owner: Owner {
            account_id: AccountId(row.account_id),
            grant_id: row.grant_id.map(TokenGrantId),
            second_factor: row.second_factor,
        },
        url: row.url,
        description: row.description,
        events,
        disabled: row.disabled_at.zip(reason),
        failures: row.failures,
        failing_since: row.failing_since,
        paused_until: row.paused_until,
        slow: row.slow,
        created_at: row.created_at,
        version: row.version,
    };
    let path = OrgUnitPath::from_stored(row.path);
    Ok(Known { district_id: DistrictId(row.district_id), endpoint, secrets, path })
}

pub(super) fn stored_secret(district: DistrictId, of: WebhookEndpointId, s: &SigningSecret) -> secret::Model {
    secret::Model {
        district_id: district.0,
        endpoint_id: of.0,
        tail: s.tail.clone(),
        created_at: s.created_at,
        sealed: s.sealed.clone(),
        expires_at: s.expires_at,
    }
}

pub(super) fn read_secret(row: secret::Model) -> SigningSecret {
    SigningSecret {
        sealed: row.sealed,
        tail: row.tail,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}

pub(super) fn stored_delivery(district: DistrictId, d: &Delivery, position: i64) -> delivery::Model {
    let answer = d.answer.as_ref();
    delivery::Model {
        district_id: district.0,
        id: d.id.0,
        endpoint_id: d.endpoint_id.0,
        position,
        event: d.event.code().to_owned(),
        subject_id: d.subject_id,
        unit_id: d.unit_id.0,
        occurred_at: d.occurred_at,
        state: d.state.code().to_owned(),
        attempts: d.attempts,
        due_at: d.due_at,
        expires_at: d.expires_at,
        leased_until: None,
        tried_at: d.tried_at,
        failure: answer.and_then(|a| a.failure).map(|f| f.code().to_owned()),
        status: answer.and_then(|a| a.status),
        latency_ms: answer.map(|a| a.latency_ms),
        body: answer.and_then(|a| a.body.clone()),
    }
}

pub(super) fn read_delivery(row: delivery::Model) -> Result<Delivery> {
    let failure = word_opt(row.failure.as_deref())?;
    let answered = row.status.is_some() || failure.is_some();
    let answer = answered.then(|| Answer {
        failure,
        status: row.status,
        latency_ms: row.latency_ms.unwrap_or_default(),
        body: row.body,
        retry_after: None,
    });
    Ok(Delivery {
        id: WebhookDeliveryId(row.id),
        endpoint_id: WebhookEndpointId(row.endpoint_id),
        event: word(&row.event)?,
        subject_id: row.subject_id,
        unit_id: OrgUnitId(row.unit_id),
        occurred_at: row.occurred_at,
        state: word(&row.state)?,
        attempts: row.attempts,
        due_at: row.due_at,
        expires_at: row.expires_at,
        tried_at: row.tried_at,
        answer,
    })
}

pub(super) fn taken(row: delivery::Model, lent: bool) -> Result<Taken> {
    Ok(Taken { district_id: DistrictId(row.district_id), delivery: read_delivery(row)?, lent })
}
