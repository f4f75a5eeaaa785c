//! Messages to endpoints: they wait to be sent, and are kept for a while after.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, Value};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, WebhookDeliveryId, WebhookEndpointId},
    policy::Permit,
    vocabulary::Vocabulary,
    webhook::{Delivery, DeliveryFailure, DeliveryState, LONGEST, MOST_REPLAYED, WebhookEventType},
};

use super::row::{self, delivery};
use crate::{
    Connect, Page, PageRequest, Result, Store, Tx,
    audit::{self, Entry},
    row::insert_all,
    sql,
};

#[derive(FromQueryResult)]
struct Last {
    district_id: Uuid,
    id: Uuid,
    position: i64,
}

/// The last positions at those of some endpoints that are still there, and stay until the end of the transaction.
async fn last(tx: &Tx, of: &[(DistrictId, WebhookEndpointId)]) -> Result<Vec<Last>> {
    let mut found = Vec::new();
    let stay = if tx.is_postgres() { " FOR KEY SHARE OF e" } else { "" };
    for of in of.chunks(400) {
        let keys: Vec<_> = (1..=of.len()).map(|n| format!("(${}, ${})", 2 * n - 1, 2 * n)).collect();
        let text = format!(
            "SELECT e.district_id, e.id, COALESCE((SELECT max(d.position) FROM webhook_delivery d
                WHERE d.district_id = e.district_id AND d.endpoint_id = e.id), 0) AS position
             FROM webhook_endpoint e WHERE (e.district_id, e.id) IN (VALUES {}) ORDER BY e.id{stay}",
            keys.join(", ")
        );
        let values = of.iter().flat_map(|(district, id)| [district.0.into(), id.0.into()]).collect();
        found.extend(sql::all::<Last>(tx, &text, values).await?);
    }
    Ok(found)
}

/// Remembers messages that wait to be sent, in this order, behind those that are there; none to an endpoint that was
/// deleted meanwhile. The server's clock has no part in it: it may differ from another's. Nor is anything locked,
/// though two who do this at once may draw the same positions: only what happens to one thing has an order, and the
/// outbox hands that on one after the other.
pub async fn insert_deliveries(tx: &Tx, new: &[(DistrictId, Delivery)]) -> Result<()> {
    let mut to: Vec<_> = new.iter().map(|(district, d)| (*district, d.endpoint_id)).collect();
    to.sort_unstable();
    to.dedup();
    let mut last: HashMap<_, _> =
        last(tx, &to).await?.into_iter().map(|row| ((row.district_id, row.id), row.position)).collect();
    let mut rows = Vec::with_capacity(new.len());
    for (district, delivery) in new {
        if let Some(position) = last.get_mut(&(district.0, delivery.endpoint_id.0)) {
            *position += 1;
            rows.push(row::stored_delivery(*district, delivery, *position));
        }
    }
    insert_all(tx, rows).await
}

/// Remembers a test that somebody has asked for.
pub async fn insert_ping(tx: &Tx, permit: &Permit, new: &Delivery) -> Result<()> {
    insert_deliveries(tx, &[(permit.district_id(), new.clone())]).await?;
    audit::append(tx, permit, Entry::about(new.endpoint_id)).await
}

/// Whether a message of a type about a thing waits for an endpoint that nobody has begun to send.
pub async fn is_waiting(
    db: &impl Connect,
    district: DistrictId,
    to: WebhookEndpointId,
    event: WebhookEventType,
    subject: Uuid,
) -> Result<bool> {
    let text = "SELECT count(*) FROM webhook_delivery WHERE district_id = $1 AND endpoint_id = $2 AND subject_id = $3
        AND event = $4 AND state = 'PENDING' AND attempts = 0";
    let values = vec![district.0.into(), to.0.into(), subject.into(), event.code().into()];
    Ok(sql::count(db, text, values).await? > 0)
}

/// Remembers what came of an attempt, unless the message was taken from whoever made it.
pub async fn record(tx: &Tx, district: DistrictId, after: &Delivery) -> Result<bool> {
    let answer = after.answer.as_ref();
    let text = "UPDATE webhook_delivery SET state = $4, due_at = $5, leased_until = NULL, tried_at = $6, failure = $7,
            status = $8, latency_ms = $9, body = $10
        WHERE district_id = $1 AND id = $2 AND attempts = $3 AND state = 'PENDING'";
    let values = vec![
        district.0.into(),
        after.id.0.into(),
        after.attempts.into(),
        after.state.code().into(),
        after.due_at.into(),
        after.tried_at.into(),
        answer.and_then(|a| a.failure).map(|f| f.code().to_owned()).into(),
        answer.and_then(|a| a.status).into(),
        answer.map(|a| a.latency_ms).into(),
        answer.and_then(|a| a.body.clone()).into(),
    ];
    Ok(sql::execute(tx, text, values).await? == 1)
}

/// Messages by their ids.
pub async fn deliveries(
    db: &impl Connect,
    district: DistrictId,
    ids: &[WebhookDeliveryId],
) -> Result<Vec<Delivery>> {
    let query = delivery::Entity::find()
        .filter(delivery::Column::DistrictId.eq(district.0))
        .filter(delivery::Column::Id.is_in(ids.iter().map(|id| id.0)));
    query.all(db.conn()).await?.into_iter().map(row::read_delivery).collect()
}

/// What was sent, or waits to be, to an endpoint, latest first.
pub async fn page(
    db: &impl Connect,
    district: DistrictId,
    of: WebhookEndpointId,
    state: Option<DeliveryState>,
    page: PageRequest,
) -> Result<Page<Delivery>> {
    let mut text =
        "SELECT t.* FROM webhook_delivery t WHERE t.district_id = $1 AND t.endpoint_id = $2".to_owned();
    let mut values: Vec<Value> = vec![district.0.into(), of.0.into()];
    if let Some(state) = state {
        text.push_str(" AND t.state = $3");
        values.push(state.code().into());
    }
    page.append_by(&mut text, &mut values, "webhook_delivery", "position", true);
    let Page { rows, has_more } = page.page(sql::all::<delivery::Model>(db, &text, values).await?);
    Ok(Page { rows: rows.into_iter().map(row::read_delivery).collect::<Result<_>>()?, has_more })
}

/// Which messages are to be sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// One that doesn't wait.
    One(WebhookDeliveryId),
    /// Those of what happened from … until before …
    Range {
        /// From when on.
        from: DateTime<Utc>,
        /// Until before when.
        until: DateTime<Utc>,
        /// Those that the receiver has taken, too; else only what was given up.
        delivered: bool,
    },
}

/// Has messages sent once more, as if they were new: at most so many at once, the earliest. Answers how many.
pub async fn replay(tx: &Tx, permit: &Permit, of: WebhookEndpointId, which: Replayed) -> Result<u64> {
    let district = permit.district_id();
    let mut values: Vec<Value> =
        vec![district.0.into(), of.0.into(), tx.now().into(), (tx.now() + LONGEST).into()];
    let (condition, said) = match which {
        Replayed::One(id) => {
            values.push(id.0.into());
            ("id = $5", json!({ "delivery": id }))
        }
        Replayed::Range { from, until, delivered } => {
            values.extend([from.into(), until.into()]);
            let condition = match delivered {
                true => "occurred_at >= $5 AND occurred_at < $6",
                false => "state = 'DEAD' AND occurred_at >= $5 AND occurred_at < $6",
            };
            (condition, json!({ "from": from, "until": until, "delivered": delivered }))
        }
    };
    let text = format!(
        "UPDATE webhook_delivery SET state = 'PENDING', attempts = 0, due_at = $3, expires_at = $4, leased_until = NULL
         WHERE (district_id, id) IN (SELECT district_id, id FROM webhook_delivery
            WHERE district_id = $1 AND endpoint_id = $2 AND state <> 'PENDING' AND {condition}
            ORDER BY occurred_at, position LIMIT {MOST_REPLAYED})"
    );
    let count = sql::execute(tx, &text, values).await?;
    audit::append(
        tx,
        permit,
        Entry::about(of).change(None, Some(&json!({ "replayed": said, "count": count }))),
    )
    .await?;
    Ok(count)
}

/// Gives up what has waited for too long, at an endpoint that is switched off, say, or behind another message.
pub async fn expire(store: &Store, now: DateTime<Utc>) -> Result<u64> {
    let text = "UPDATE webhook_delivery SET state = 'DEAD', failure = $1, leased_until = NULL
        WHERE state = 'PENDING' AND expires_at <= $2 AND (leased_until IS NULL OR leased_until < $2)";
    let values = vec![DeliveryFailure::Expired.code().into(), now.into()];
    sql::execute(&store.writing(), text, values).await
}

/// Forgets messages that are done with and of before `before`, at most `limit`.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let (old, values) = ("state <> 'PENDING' AND occurred_at < $1", vec![before.into()]);
    sql::delete_some(&store.writing(), "webhook_delivery", old, values, "occurred_at", limit).await
}
