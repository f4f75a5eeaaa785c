//! Endpoints of other systems, and what is sent to them.

mod delivery;
mod queue;
mod row;

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Value, sea_query::LockType};
use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId, WebhookEndpointId},
    organization::OrgUnitPath,
    policy::Permit,
    webhook::{Endpoint, SigningSecret},
};

pub use self::delivery::{
    Replayed, deliveries, expire, forget, insert_deliveries, insert_ping, is_waiting, page, record, replay,
};
pub use self::queue::{LEASE, Taken, take};
use self::row::{KnownRow, endpoint, secret};
use crate::{
    Connect, Page, PageRequest, Result, Tx,
    audit::{self, Entry},
    row::{insert, insert_all, update},
    sql,
};

/// An endpoint with what it takes to send to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The tenant.
    pub district_id: DistrictId,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What messages are signed with.
    pub secrets: Vec<SigningSecret>,
    /// The place of its unit.
    pub path: OrgUnitPath,
}

const KNOWN: &str = "SELECT e.*, u.path FROM webhook_endpoint e
    JOIN org_unit u ON u.district_id = e.district_id AND u.id = e.unit_id";

/// Gives endpoints their secrets.
async fn with_secrets(db: &impl Connect, rows: Vec<KnownRow>) -> Result<Vec<Known>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let query = secret::Entity::find()
        .filter(secret::Column::DistrictId.is_in(rows.iter().map(|row| row.district_id)))
        .filter(secret::Column::EndpointId.is_in(rows.iter().map(|row| row.id)));
    let mut secrets: HashMap<Uuid, Vec<SigningSecret>> = HashMap::new();
    for found in query.all(db.conn()).await? {
        secrets.entry(found.endpoint_id).or_default().push(row::read_secret(found));
    }
    rows.into_iter()
        .map(|known| {
            let mut own = secrets.remove(&known.id).unwrap_or_default();
            own.sort_by_key(|secret| secret.created_at);
            row::read(known, own)
        })
        .collect()
}

/// Endpoints by their ids.
pub async fn endpoints(
    db: &impl Connect,
    district: DistrictId,
    ids: &[WebhookEndpointId],
) -> Result<HashMap<WebhookEndpointId, Known>> {
    let text = format!("{KNOWN} WHERE e.district_id = $1 AND {}", sql::in_list("e.id", 2, ids.len()));
    let values = std::iter::once(district.0.into()).chain(ids.iter().map(|id| id.0.into())).collect();
    let found = with_secrets(db, sql::all(db, &text, values).await?).await?;
    Ok(found.into_iter().map(|known| (known.endpoint.id, known)).collect())
}

/// An endpoint that is about to be changed. Messages to it may be written meanwhile: nobody waits for that.
pub async fn lock(tx: &Tx, district: DistrictId, id: WebhookEndpointId) -> Result<Option<Known>> {
    let query = endpoint::Entity::find_by_id((district.0, id.0)).lock(LockType::NoKeyUpdate);
    match query.one(tx.conn()).await? {
        Some(_) => Ok(endpoints(tx, district, &[id]).await?.remove(&id)),
        None => Ok(None),
    }
}

/// The endpoints of a district to which something may be sent.
pub async fn enabled(db: &impl Connect, district: DistrictId) -> Result<Vec<Known>> {
    let text = format!("{KNOWN} WHERE e.district_id = $1 AND e.disabled_at IS NULL ORDER BY e.id");
    let rows = sql::all::<KnownRow>(db, &text, vec![district.0.into()]).await?;
    rows.into_iter().map(|known| row::read(known, Vec::new())).collect()
}

/// The endpoints in a subtree, latest first; of a grant those that were registered by it alone.
pub async fn endpoint_page(
    db: &impl Connect,
    district: DistrictId,
    subtree: &OrgUnitPath,
    grant: Option<Uuid>,
    page: PageRequest,
) -> Result<Page<Known>> {
    let mut text = format!("{KNOWN} WHERE e.district_id = $1 AND u.path >= $2 AND u.path < $3");
    let mut values: Vec<Value> = vec![district.0.into(), subtree.as_str().into(), subtree.range_end().into()];
    if let Some(grant) = grant {
        text.push_str(" AND e.grant_id = $4");
        values.push(grant.into());
    }
    page.append(&mut text, &mut values, "e.id", true);
    let Page { rows, has_more } = page.page(sql::all::<KnownRow>(db, &text, values).await?);
    Ok(Page { rows: with_secrets(db, rows).await?, has_more })
}

/// How many endpoints a unit has; nobody else counts them until the end of the transaction, who would find room for
/// the same.
pub async fn count_of(tx: &Tx, district: DistrictId, unit: OrgUnitId) -> Result<u64> {
    if tx.is_postgres() {
        let text = "SELECT 1 FROM org_unit WHERE district_id = $1 AND id = $2 FOR NO KEY UPDATE";
        sql::execute(tx, text, vec![district.0.into(), unit.0.into()]).await?;
    }
    let text = "SELECT count(*) FROM webhook_endpoint WHERE district_id = $1 AND unit_id = $2";
    sql::count(tx, text, vec![district.0.into(), unit.0.into()]).await
}

/// Remembers a new endpoint with its first secret.
pub async fn insert_endpoint(tx: &Tx, permit: &Permit, new: &Endpoint, first: &SigningSecret) -> Result<()> {
    let district = permit.district_id();
    insert(tx, row::stored_endpoint(district, new)).await?;
    insert(tx, row::stored_secret(district, new.id, first)).await?;
    audit::append(tx, permit, Entry::about(new.id).change(None, Some(new))).await
}

/// Remembers that an endpoint was changed. What came of sending to it is no business of the audit, as long as it
/// isn't disabled by that.
pub async fn update_endpoint(tx: &Tx, permit: &Permit, before: &Endpoint, after: &Endpoint) -> Result<()> {
    update(tx, row::stored_endpoint(permit.district_id(), after)).await?;
    if before.version == after.version && before.disabled == after.disabled {
        return Ok(());
    }
    audit::append(tx, permit, Entry::about(after.id).change(Some(before), Some(after))).await
}

/// Remembers an endpoint's new secrets in place of those that it had; the audit knows them by their last letters.
pub async fn replace_secrets(
    tx: &Tx,
    permit: &Permit,
    known: &Known,
    secrets: &[SigningSecret],
) -> Result<()> {
    let (district, id) = (permit.district_id(), known.endpoint.id);
    let text = "DELETE FROM webhook_secret WHERE district_id = $1 AND endpoint_id = $2";
    sql::execute(tx, text, vec![district.0.into(), id.0.into()]).await?;
    insert_all(tx, secrets.iter().map(|new| row::stored_secret(district, id, new)).collect()).await?;
    let tails =
        |of: &[SigningSecret]| json!({ "secrets": of.iter().map(|s| s.tail.as_str()).collect::<Vec<_>>() });
    let entry = Entry::about(id).change(Some(&tails(&known.secrets)), Some(&tails(secrets)));
    audit::append(tx, permit, entry).await
}

/// Forgets an endpoint with its secrets and all that was sent to it.
pub async fn delete_endpoint(tx: &Tx, permit: &Permit, before: &Endpoint) -> Result<()> {
    let district = permit.district_id();
    if tx.is_postgres() {
        // Who is writing messages to it is waited for, and whoever comes now finds it gone.
        let text = "SELECT 1 FROM webhook_endpoint WHERE district_id = $1 AND id = $2 FOR UPDATE";
        sql::execute(tx, text, vec![district.0.into(), before.id.0.into()]).await?;
    }
    for (table, column) in
        [("webhook_delivery", "endpoint_id"), ("webhook_secret", "endpoint_id"), ("webhook_endpoint", "id")]
    {
        let text = format!("DELETE FROM {table} WHERE district_id = $1 AND {column} = $2");
        sql::execute(tx, &text, vec![district.0.into(), before.id.0.into()]).await?;
    }
    audit::append(tx, permit, Entry::about(before.id).change(Some(before), None)).await
}
