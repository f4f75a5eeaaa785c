//! Messages that wait are taken by one server at a time.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{FromQueryResult, Value};
use zhibu_domain::{
    id::{DistrictId, WebhookEndpointId},
    webhook::{Delivery, Endpoint, Share, Slots},
};

use super::row::{self, KnownRow, delivery};
use crate::{Connect, Origin, Result, Store, Tx, sql};

/// How long a message is left to who has taken it: much longer than a receiver may take.
pub const LEASE: Duration = Duration::seconds(60);

/// The lock under which PostgreSQL's servers take messages.
const CLAIM: i64 = 0x7765_6268_6f6f_6b73;

/// A message that somebody is sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The tenant.
    pub district_id: DistrictId,
    /// The message.
    pub delivery: Delivery,
    /// Whether its place is lent.
    pub lent: bool,
}

/// Now, and until when a lease may last: one that would last for twice as long is of a clock that ran ahead, and
/// doesn't count.
fn leases(now: DateTime<Utc>) -> Vec<Value> {
    vec![now.into(), (now + LEASE * 2).into()]
}

/// The condition that a message `d` of an endpoint may go: its time has come, nobody has it, and nothing waits that
/// has happened earlier to the same thing.
fn may_go(district: &str, endpoint: &str) -> String {
    format!(
        "d.district_id = {district} AND d.endpoint_id = {endpoint} AND d.state = 'PENDING' AND d.due_at <= $1
            AND (d.leased_until IS NULL OR d.leased_until < $1 OR d.leased_until > $2)
            AND NOT EXISTS (SELECT 1 FROM webhook_delivery o WHERE o.district_id = d.district_id
                AND o.endpoint_id = d.endpoint_id AND o.subject_id = d.subject_id AND o.state = 'PENDING'
                AND (o.position, o.id) < (d.position, d.id))"
    )
}

/// An endpoint of which a message may go.
struct Waiting {
    district_id: DistrictId,
    endpoint: Endpoint,
    /// How many of its messages are on their way.
    busy: usize,
}

/// Endpoints of which messages may go, those first that wait longest. It goes from endpoint to endpoint, so that
/// nobody looks at what waits for one that is switched off.
async fn waiting(db: &impl Connect, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
    let text = format!(
        "SELECT w.*, (SELECT count(*) FROM webhook_delivery d WHERE d.district_id = w.district_id
                AND d.endpoint_id = w.id AND d.leased_until >= $1 AND d.leased_until <= $2) AS busy
         FROM (SELECT e.*, u.path, (SELECT d.due_at FROM webhook_delivery d WHERE {} ORDER BY d.due_at LIMIT 1) AS due_at
            FROM webhook_endpoint e JOIN org_unit u ON u.district_id = e.district_id AND u.id = e.unit_id
            WHERE e.disabled_at IS NULL AND (e.paused_until IS NULL OR e.paused_until <= $1)) w
         WHERE w.due_at IS NOT NULL ORDER BY w.due_at, w.id",
        may_go("e.district_id", "e.id")
    );
    let rows = sql::rows(db, &text, leases(now)).await?;
    rows.iter()
        .map(|found| {
            let busy: i64 = found.try_get("", "busy")?;
            let known = row::read(KnownRow::from_query_result(found, "")?, Vec::new())?;
            let busy = usize::try_from(busy).unwrap_or_default();
            Ok(Waiting { district_id: known.district_id, endpoint: known.endpoint, busy })
        })
        .collect()
}

/// Takes of one endpoint at most its share: of each thing the earliest that waits, so that they come in order.
async fn take_of(tx: &Tx, of: (DistrictId, WebhookEndpointId), share: Share) -> Result<Vec<Taken>> {
    let now = tx.now();
    let text = format!(
        "UPDATE webhook_delivery SET leased_until = $5, attempts = attempts + 1
         WHERE (district_id, id) IN (SELECT d.district_id, d.id FROM webhook_delivery d
            WHERE {} ORDER BY d.due_at, d.position LIMIT {})
         RETURNING *",
        may_go("$3", "$4"),
        share.size()
    );
    let more: [Value; 3] = [of.0.0.into(), of.1.0.into(), (now + LEASE).into()];
    let rows = sql::all::<delivery::Model>(tx, &text, leases(now).into_iter().chain(more).collect()).await?;
    rows.into_iter().enumerate().map(|(n, row)| row::taken(row, n >= share.own)).collect()
}

/// Takes messages for the length of a lease, of each endpoint no more than its share of a server's places, so that
/// none holds up the others. Where there is nothing to take, nothing is locked.
pub async fn take(store: &Store, now: DateTime<Utc>, mut left: Slots) -> Result<Vec<Taken>> {
    let may_take = |left: Slots, w: &Waiting| left.share(&w.endpoint, w.busy, now).size() > 0;
    if left.are_taken() || !waiting(store, now).await?.iter().any(|w| may_take(left, w)) {
        return Ok(Vec::new());
    }
    let tx = store.begin(Origin { operation: "claim", request_id: None, now }).await?;
    if tx.is_postgres() {
        // One server after the other, as on SQLite: each sees what the others have taken.
        sql::execute(&tx, "SELECT pg_advisory_xact_lock($1)", vec![CLAIM.into()]).await?;
    }
    let mut all = Vec::new();
    for Waiting { district_id, endpoint, busy } in waiting(&tx, now).await? {
        let share = left.share(&endpoint, busy, now);
        if share.size() > 0 {
            let taken = take_of(&tx, (district_id, endpoint.id), share).await?;
            let lent = taken.iter().filter(|taken| taken.lent).count();
            left = left.without(Share { own: taken.len() - lent, lent });
            all.extend(taken);
        }
    }
    tx.commit().await?;
    Ok(all)
}
