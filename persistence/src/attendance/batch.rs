//! Many check-ins at once: the rows, their audit entries and the events in one transaction, the
//! same statements however many there are. The rows travel as arrays to PostgreSQL and as JSON to
//! SQLite, which has no arrays.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult, Value, sea_query::ValueType};
use serde::Serialize;
use serde_json::json;
use uuid::{Uuid, fmt::Simple};
use zhibu_domain::{
    activity::Attendance,
    id::{AccountId, AttendanceId},
    policy::Permit,
    vocabulary::Vocabulary,
};

use crate::{Connect, Origin, Result, Store, StoreError, outbox::SUBJECTS, sql};

/// One check-in of a batch.
#[derive(Clone, Debug)]
pub struct CheckInRow {
    /// The record.
    pub attendance: Attendance,
    /// The version of the activity on which it was decided: of another nothing is recorded.
    pub activity_version: i32,
    /// Whose it is.
    pub person: AccountId,
    /// That the policy allows it.
    pub permit: Permit,
    /// The request that asks for it.
    pub request_id: Uuid,
}

#[derive(FromQueryResult)]
struct Recorded {
    id: Uuid,
}

/// A check-in with what its audit entry has beside, as SQLite reads it.
#[derive(Serialize)]
struct Given<'a> {
    district_id: Simple,
    activity_id: Simple,
    member_id: Simple,
    id: Simple,
    state: &'static str,
    method: Option<&'static str>,
    occurred_at: String,
    recorded_at: String,
    flags: i32,
    nearness: &'static str,
    device: Option<i64>,
    version: i32,
    activity_version: i32,
    entry_id: Simple,
    action: &'static str,
    account_id: Option<Simple>,
    session_id: Option<Simple>,
    request_id: Simple,
    person_id: Simple,
    after: &'a Attendance,
}

impl<'a> Given<'a> {
    fn of(row: &'a CheckInRow, entry_id: Uuid) -> Self {
        let a = &row.attendance;
        Self {
            district_id: row.permit.district_id().0.simple(),
            activity_id: a.activity_id.0.simple(),
            member_id: a.member_id.0.simple(),
            id: a.id.0.simple(),
            state: a.state.code(),
            method: a.method.map(Vocabulary::code),
            occurred_at: a.occurred_at.to_rfc3339(),
            recorded_at: a.recorded_at.to_rfc3339(),
            flags: a.flags.stored(),
            nearness: a.nearness.code(),
            device: a.device.map(|d| d.0),
            version: a.version,
            activity_version: row.activity_version,
            entry_id: entry_id.simple(),
            action: row.permit.action().code(),
            account_id: row.permit.account_id().map(|a| a.0.simple()),
            session_id: row.permit.session_id().map(|s| s.0.simple()),
            request_id: row.request_id.simple(),
            person_id: row.person.0.simple(),
            after: a,
        }
    }
}

/// One event for all activities of a district, however many: the outbox isn't to cost more than
/// the check-ins.
struct Told {
    district_id: Uuid,
    id: Uuid,
    subject_id: Uuid,
    payload: serde_json::Value,
}

/// The rows in one order of locking for all replicas, so that two batches can't wait for each
/// other, and of each member and activity the first.
fn ordered(rows: &[CheckInRow]) -> Vec<&CheckInRow> {
    let mut ordered = BTreeMap::new();
    for row in rows {
        let key = (row.permit.district_id().0, row.attendance.activity_id.0, row.attendance.member_id.0);
        ordered.entry(key).or_insert(row);
    }
    ordered.into_values().collect()
}

fn events(rows: &[&CheckInRow], new_id: impl Fn() -> Uuid) -> Vec<Told> {
    let mut activities: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for row in rows {
        activities.entry(row.permit.district_id().0).or_default().insert(row.attendance.activity_id.0);
    }
    let told = |(district_id, subjects): (Uuid, BTreeSet<Uuid>)| Told {
        district_id,
        id: new_id(),
        subject_id: subjects.first().copied().unwrap_or_default(),
        payload: json!({ SUBJECTS: subjects }),
    };
    activities.into_iter().map(told).collect()
}

/// Records check-ins and answers which were new. Of the others the member has a record already, or the
/// activity has changed meanwhile.
/// On an error nothing of the batch is recorded.
pub async fn record_batch(
    store: &Store,
    origin: Origin,
    rows: &[CheckInRow],
) -> Result<HashSet<AttendanceId>> {
    let now = origin.now;
    let new_id = || store.new_id(now);
    let rows = ordered(rows);
    let events = events(&rows, new_id);
    let recorded: Vec<Recorded> = if store.is_postgres() {
        // A single statement is a transaction: nothing goes to and fro for its begin and commit.
        sql::all(&store.writing(), POSTGRES, columns(&rows, &events, now, new_id)).await?
    } else {
        let given: Vec<_> = rows.iter().map(|row| Given::of(row, new_id())).collect();
        let told = |e: &Told| {
            json!({
                "district_id": e.district_id.simple(), "id": e.id.simple(), "subject_id": e.subject_id.simple(),
                "payload": e.payload, "occurred_at": now.to_rfc3339(),
            })
        };
        let events: Vec<_> = events.iter().map(told).collect();
        let values = vec![json_text(&given)?.into(), json_text(&events)?.into()];
        let tx = store.begin(origin).await?;
        let recorded = sql::all(&tx, SQLITE, values).await?;
        tx.commit().await?;
        recorded
    };
    Ok(recorded.into_iter().map(|r| AttendanceId(r.id)).collect())
}

fn json_text(rows: &impl Serialize) -> Result<String> {
    serde_json::to_string(rows).map_err(|error| StoreError::Fault(DbErr::Json(error.to_string())))
}

/// The parameters of [`POSTGRES`]. sea-query's arrays hold no nulls: empty texts stand for them.
fn columns(
    rows: &[&CheckInRow],
    events: &[Told],
    now: DateTime<Utc>,
    new_id: impl Fn() -> Uuid,
) -> Vec<Value> {
    fn array<T, V: Into<Value> + ValueType>(rows: &[T], of: impl Fn(&T) -> V) -> Value {
        Value::Array(V::array_type(), Some(Box::new(rows.iter().map(|row| of(row).into()).collect())))
    }
    vec![
        array(rows, |r| r.permit.district_id().0),
        array(rows, |r| r.attendance.activity_id.0),
        array(rows, |r| r.attendance.member_id.0),
        array(rows, |r| r.attendance.id.0),
        array(rows, |r| r.attendance.state.code().to_owned()),
        array(rows, |r| r.attendance.method.map_or("", Vocabulary::code).to_owned()),
        array(rows, |r| r.attendance.occurred_at),
        array(rows, |r| r.attendance.recorded_at),
        array(rows, |r| r.attendance.flags.stored()),
        array(rows, |r| r.attendance.nearness.code().to_owned()),
        array(rows, |r| r.attendance.device.map(|d| d.0.to_string()).unwrap_or_default()),
        array(rows, |r| r.attendance.version),
        array(rows, |_| new_id()),
        array(rows, |r| r.permit.action().code().to_owned()),
        array(rows, |r| r.permit.account_id().map(|a| a.0.to_string()).unwrap_or_default()),
        array(rows, |r| r.permit.session_id().map(|s| s.0.to_string()).unwrap_or_default()),
        array(rows, |r| r.request_id),
        array(rows, |r| r.person.0),
        array(rows, |r| json!(r.attendance)),
        array(rows, |r| r.activity_version),
        array(events, |e| e.district_id),
        array(events, |e| e.id),
        array(events, |e| e.subject_id),
        array(events, |e| e.payload.clone()),
        now.into(),
    ]
}

const POSTGRES: &str = "
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[],
        $8::timestamptz[], $9::integer[], $10::text[], $11::text[], $12::integer[], $13::uuid[], $14::text[],
        $15::text[], $16::text[], $17::uuid[], $18::uuid[], $19::jsonb[], $20::integer[])
    AS r(district_id, activity_id, member_id, id, state, method, occurred_at, recorded_at, flags, nearness, device,
        version, entry_id, action, account_id, session_id, request_id, person_id, after, activity_version)
), new AS (
    INSERT INTO attendance (district_id, activity_id, member_id, id, state, method, occurred_at, recorded_at, flags,
        nearness, device, version)
    SELECT r.district_id, r.activity_id, r.member_id, r.id, r.state, nullif(r.method, ''), r.occurred_at, r.recorded_at,
        r.flags, r.nearness, nullif(r.device, '')::bigint, r.version
    FROM given r
    JOIN activity a ON a.district_id = r.district_id AND a.id = r.activity_id AND a.version = r.activity_version
    ON CONFLICT (district_id, activity_id, member_id) DO NOTHING
    RETURNING id, district_id
), audited AS (
    INSERT INTO audit_entry (district_id, id, at, action, operation, account_id, session_id, request_id, subject_kind,
        subject_id, person_id, after)
    SELECT r.district_id, r.entry_id, r.recorded_at, r.action, 'checkIn', nullif(r.account_id, '')::uuid,
        nullif(r.session_id, '')::uuid, r.request_id, 'Attendance', r.id, r.person_id, r.after
    FROM given r JOIN new ON new.id = r.id
), told AS (
    INSERT INTO outbox_event (district_id, id, kind, subject_id, payload, occurred_at, attempts)
    SELECT r.district_id, r.id, 'attendance.changed', r.subject_id, r.payload, $25, 0
    FROM unnest($21::uuid[], $22::uuid[], $23::uuid[], $24::jsonb[]) AS r(district_id, id, subject_id, payload)
    WHERE EXISTS (SELECT 1 FROM new WHERE new.district_id = r.district_id)
)
SELECT id FROM new";

// One text, so that the rows go to the database's thread once.
const SQLITE: &str = "
INSERT INTO attendance (district_id, activity_id, member_id, id, state, method, occurred_at, recorded_at, flags,
    nearness, device, version)
SELECT unhex(value ->> 'district_id'), unhex(value ->> 'activity_id'), unhex(value ->> 'member_id'), unhex(value ->> 'id'),
    value ->> 'state', value ->> 'method', value ->> 'occurred_at', value ->> 'recorded_at', value ->> 'flags',
    value ->> 'nearness', value ->> 'device', value ->> 'version'
FROM jsonb_each($1) CROSS JOIN activity a
WHERE a.district_id = unhex(value ->> 'district_id') AND a.id = unhex(value ->> 'activity_id')
    AND a.version = value ->> 'activity_version'
ON CONFLICT (district_id, activity_id, member_id) DO NOTHING
RETURNING id;
INSERT INTO audit_entry (district_id, id, at, action, operation, account_id, session_id, request_id, subject_kind,
    subject_id, person_id, after)
SELECT a.district_id, unhex(value ->> 'entry_id'), a.recorded_at, value ->> 'action', 'checkIn',
    unhex(value ->> 'account_id'), unhex(value ->> 'session_id'), unhex(value ->> 'request_id'), 'Attendance',
    a.id, unhex(value ->> 'person_id'), value -> 'after'
FROM jsonb_each($1) CROSS JOIN attendance a
WHERE a.district_id = unhex(value ->> 'district_id') AND a.activity_id = unhex(value ->> 'activity_id')
    AND a.member_id = unhex(value ->> 'member_id') AND a.id = unhex(value ->> 'id');
INSERT INTO outbox_event (district_id, id, kind, subject_id, payload, occurred_at, attempts)
SELECT unhex(value ->> 'district_id'), unhex(value ->> 'id'), 'attendance.changed', unhex(value ->> 'subject_id'),
    value -> 'payload', value ->> 'occurred_at', 0
FROM jsonb_each($2) WHERE changes() > 0";
