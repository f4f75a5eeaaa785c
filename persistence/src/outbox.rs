//! The outbox: what has happened, written by the transaction in which it happened, handed on
//! at least once by a worker.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{id::DistrictId, webhook::Delivery};

use crate::{
    Connect, Origin, Result, Store, Tx,
    signal::{self, Signal},
    sql, webhook,
};

/// The field of a payload that lists the subjects of an event with several.
pub(crate) const SUBJECTS: &str = "subjects";

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Event {
    /// The tenant.
    pub district_id: Uuid,
    /// Identity; in order of time.
    pub id: Uuid,
    /// What happened, e.g. `attendance.recorded`.
    pub kind: String,
    /// To what; events of one subject are handed on in the order of their ids, which is that in which
    /// their transactions began.
    pub subject_id: Uuid,
    /// Details, by kind.
    pub payload: serde_json::Value,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How often handing it on was begun.
    pub attempts: i32,
}

impl Event {
    /// To what it happened: mostly one thing, or several at once.
    pub fn subjects(&self) -> Vec<Uuid> {
        let listed = self.payload.get(SUBJECTS).and_then(serde_json::Value::as_array);
        let read = |id: &serde_json::Value| id.as_str().and_then(|id| Uuid::try_parse(id).ok());
        listed.map_or_else(|| vec![self.subject_id], |ids| ids.iter().filter_map(read).collect())
    }
}

/// An event that is to be written.
#[derive(Clone, Debug)]
pub struct News {
    /// What happened.
    pub kind: &'static str,
    /// To what.
    pub subject: Uuid,
    /// Details, by kind.
    pub payload: serde_json::Value,
}

/// Writes an event.
pub async fn publish(
    tx: &Tx,
    district: DistrictId,
    kind: &'static str,
    subject: Uuid,
    payload: serde_json::Value,
) -> Result<()> {
    publish_all(tx, district, vec![News { kind, subject, payload }]).await
}

/// Writes events, some hundreds in one statement.
pub async fn publish_all(tx: &Tx, district: DistrictId, news: Vec<News>) -> Result<()> {
    publish_due(tx, district, news.into_iter().map(|news| (news, None)).collect()).await
}

/// Writes events that are handed on at their time, or at once.
pub async fn publish_due(
    tx: &Tx,
    district: DistrictId,
    news: Vec<(News, Option<DateTime<Utc>>)>,
) -> Result<()> {
    for news in news.chunks(400) {
        let mut values: Vec<Value> = vec![district.0.into(), tx.now().into()];
        let mut rows = Vec::with_capacity(news.len());
        for (News { kind, subject, payload }, due_at) in news {
            let n = values.len() + 1;
            rows.push(format!("($1, ${n}, ${}, ${}, ${}, $2, 0, ${})", n + 1, n + 2, n + 3, n + 4));
            let id = tx.new_id().into();
            values.extend([id, (*kind).into(), (*subject).into(), payload.clone().into(), (*due_at).into()]);
        }
        let text = format!(
            "INSERT INTO outbox_event (district_id, id, kind, subject_id, payload, occurred_at, attempts, due_at) VALUES {}",
            rows.join(", ")
        );
        sql::execute(tx, &text, values).await?;
    }
    Ok(())
}

/// How long an event is left to who has taken it.
pub const LEASE: Duration = Duration::seconds(60);

/// Which events a worker takes: what one kind waits for is to hold up none of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Those of one kind.
    Only(&'static str),
    /// All but those of some kinds.
    AllBut(&'static [&'static str]),
}

/// The lock under which PostgreSQL's servers take events.
const CLAIM: i64 = 0x007a_6869_6275;

/// Takes up to `limit` events, oldest first, for the length of a lease, but none of a subject of which
/// somebody is handing on another: so those of one subject are handed on in order. A lease that would last
/// for twice as long is of a clock that ran ahead, and doesn't count.
pub async fn claim(store: &Store, now: DateTime<Utc>, limit: u32, kinds: Kinds) -> Result<Vec<Event>> {
    if !store.is_postgres() {
        return take(&store.writing(), now, limit, kinds).await;
    }
    let tx = store.begin(Origin { operation: "claim", request_id: None, now }).await?;
    // One server after the other, as on SQLite: each sees what the others have taken.
    sql::execute(&tx, "SELECT pg_advisory_xact_lock($1)", vec![CLAIM.into()]).await?;
    let events = take(&tx, now, limit, kinds).await?;
    tx.commit().await?;
    Ok(events)
}

async fn take(db: &impl Connect, now: DateTime<Utc>, limit: u32, kinds: Kinds) -> Result<Vec<Event>> {
    let (is, kinds) = match kinds {
        Kinds::Only(kind) => ("", std::slice::from_ref(&kind).to_vec()),
        Kinds::AllBut(kinds) => ("NOT ", kinds.to_vec()),
    };
    let of_kind = sql::in_list("e.kind", 4, kinds.len());
    let text = format!(
        "UPDATE outbox_event SET leased_until = $2, attempts = attempts + 1
         WHERE (district_id, id) IN (
            SELECT e.district_id, e.id FROM outbox_event e
            WHERE {is}({of_kind}) AND (e.due_at IS NULL OR e.due_at <= $1)
                AND (e.leased_until IS NULL OR e.leased_until < $1 OR e.leased_until > $3)
                AND NOT EXISTS (SELECT 1 FROM outbox_event o
                    WHERE o.district_id = e.district_id AND o.subject_id = e.subject_id
                    AND o.leased_until >= $1 AND o.leased_until <= $3)
            ORDER BY e.id LIMIT {limit})
         RETURNING district_id, id, kind, subject_id, payload, occurred_at, attempts"
    );
    let mut values = vec![now.into(), (now + LEASE).into(), (now + LEASE * 2).into()];
    values.extend(kinds.into_iter().map(Value::from));
    let mut events: Vec<Event> = sql::all(db, &text, values).await?;
    events.sort_by_key(|e| e.id);
    Ok(events)
}

/// Gives back events that weren't begun to be handed on.
pub async fn give_back(store: &Store, events: &[Event]) -> Result<()> {
    let text = "UPDATE outbox_event SET leased_until = NULL, attempts = attempts - 1";
    each(&store.writing(), text, events).await
}

/// Leaves an event until a later time, as it was when it was taken: unless somebody else has taken it since.
pub async fn put_off(store: &Store, event: &Event, until: DateTime<Utc>) -> Result<()> {
    let text = format!("UPDATE outbox_event SET payload = $4, leased_until = NULL, due_at = $5 {OURS}");
    let mut values = ours(event);
    values.extend([event.payload.clone().into(), until.into()]);
    sql::execute(&store.writing(), &text, values).await?;
    Ok(())
}

/// Writes into an event what whoever takes it next must know; whether it is still ours.
pub async fn note(store: &Store, event: &Event, payload: serde_json::Value) -> Result<bool> {
    let text = format!("UPDATE outbox_event SET payload = $4 {OURS}");
    let mut values = ours(event);
    values.push(payload.into());
    Ok(sql::execute(&store.writing(), &text, values).await? > 0)
}

/// The condition that nobody has taken an event after us.
const OURS: &str = "WHERE district_id = $1 AND id = $2 AND attempts = $3";

fn ours(event: &Event) -> Vec<Value> {
    vec![event.district_id.into(), event.id.into(), event.attempts.into()]
}

/// Forgets an event in the transaction that writes what came of it; whether nobody else has.
pub async fn strike_off(tx: &Tx, event: &Event) -> Result<bool> {
    let (condition, values) = these(std::slice::from_ref(event));
    Ok(sql::execute(tx, &format!("DELETE FROM outbox_event {condition}"), values).await? > 0)
}

/// How many events wait to be handed on now, or are being.
pub async fn count(db: &impl Connect, now: DateTime<Utc>) -> Result<u64> {
    let text = "SELECT count(*) FROM outbox_event WHERE due_at IS NULL OR due_at <= $1";
    sql::count(db, text, vec![now.into()]).await
}

/// What has become of events that were handed on.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What the other servers have to look at.
    pub signals: BTreeSet<Signal>,
    /// What other systems are to be told, each by which event.
    pub deliveries: Vec<(Uuid, DistrictId, Delivery)>,
}

/// Forgets events that have been handed on, keeps what other systems are to be told of them, and tells the other
/// servers what has changed by them: all or nothing, so that no server stops in between.
pub async fn done(store: &Store, origin: Origin, events: &[Event], told: &Told) -> Result<()> {
    if told.deliveries.is_empty() && (!store.is_postgres() || told.signals.is_empty()) {
        return forget(&store.writing(), events).await;
    }
    let tx = store.begin(origin).await?;
    let mut forgotten = HashSet::new();
    for events in events.chunks(400) {
        let (condition, values) = these(events);
        let text = format!("DELETE FROM outbox_event {condition} RETURNING id");
        forgotten.extend(sql::all::<Forgotten>(&tx, &text, values).await?.into_iter().map(|row| row.id));
    }
    // Whoever had an event besides us, and was faster, has kept its messages.
    let ours = told.deliveries.iter().filter(|told| forgotten.contains(&told.0));
    let ours: Vec<_> = ours.map(|(_, district, delivery)| (*district, delivery.clone())).collect();
    webhook::insert_deliveries(&tx, &ours).await?;
    if tx.is_postgres() {
        signal::tell(&tx, &told.signals).await?;
    }
    tx.commit().await
}

#[derive(FromQueryResult)]
struct Forgotten {
    id: Uuid,
}

async fn forget(db: &impl Connect, events: &[Event]) -> Result<()> {
    each(db, "DELETE FROM outbox_event", events).await
}

/// The condition that it is one of these events.
fn these(events: &[Event]) -> (String, Vec<Value>) {
    let keys: Vec<String> = (1..=events.len()).map(|n| format!("(${}, ${})", 2 * n - 1, 2 * n)).collect();
    let values = events.iter().flat_map(|e| [e.district_id.into(), e.id.into()]).collect();
    (format!("WHERE (district_id, id) IN (VALUES {})", keys.join(", ")), values)
}

/// Does something to each of these events.
async fn each(db: &impl Connect, text: &str, events: &[Event]) -> Result<()> {
    for events in events.chunks(400) {
        let (condition, values) = these(events);
        sql::execute(db, &format!("{text} {condition}"), values).await?;
    }
    Ok(())
}
