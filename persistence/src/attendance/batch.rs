//! Many check-ins at once: the rows, their audit entries and the events in one transaction, the
//! same few statements however many there are. The rows travel as one JSON parameter.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};
use uuid::Uuid;
use zhibu_domain::{
    activity::Attendance,
    id::{AccountId, AttendanceId},
    policy::Permit,
    vocabulary::Vocabulary,
};

use crate::{Connect, Origin, Result, Store, outbox::SUBJECTS, sql};

/// One check-in of a batch.
#[derive(Clone, Debug)]
pub struct CheckInRow {
    /// The record.
    pub attendance: Attendance,
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

fn attendance_json(row: &CheckInRow) -> Json {
    let a = &row.attendance;
    json!({
        "district_id": row.permit.district_id().0.simple(),
        "activity_id": a.activity_id.0.simple(),
        "member_id": a.member_id.0.simple(),
        "id": a.id.0.simple(),
        "state": a.state.code(),
        "method": a.method.map(Vocabulary::code),
        "occurred_at": a.occurred_at.to_rfc3339(),
        "recorded_at": a.recorded_at.to_rfc3339(),
        "flags": a.flags.stored(),
        "nearness": a.nearness.code(),
        "device": a.device.map(|d| d.0),
        "version": a.version,
    })
}

fn audit_json(row: &CheckInRow, id: Uuid) -> Json {
    json!({
        "attendance_id": row.attendance.id.0.simple(),
        "district_id": row.permit.district_id().0.simple(),
        "id": id.simple(),
        "at": row.attendance.recorded_at.to_rfc3339(),
        "action": row.permit.action().code(),
        "account_id": row.permit.account_id().map(|a| a.0.simple()),
        "session_id": row.permit.session_id().map(|s| s.0.simple()),
        "request_id": row.request_id.simple(),
        "person_id": row.person.0.simple(),
        "after": json!(row.attendance),
    })
}

/// One event for all activities of a district, however many: the outbox isn't to cost more than
/// the check-ins.
fn event_json(district: Uuid, activities: &BTreeSet<Uuid>, id: Uuid, origin: &Origin) -> Json {
    json!({
        "district_id": district.simple(),
        "id": id.simple(),
        "subject_id": activities.first().map(|id| id.simple()),
        "payload": { SUBJECTS: activities },
        "occurred_at": origin.now.to_rfc3339(),
    })
}

/// Records check-ins and answers which were new. Of the others the member has a record already.
/// On an error nothing of the batch is recorded.
pub async fn record_batch(
    store: &Store,
    origin: Origin,
    rows: &[CheckInRow],
) -> Result<HashSet<AttendanceId>> {
    // One order of locking for all replicas, so that two batches can't wait for each other.
    let mut ordered: BTreeMap<(Uuid, Uuid, Uuid), &CheckInRow> = BTreeMap::new();
    for row in rows {
        let key = (row.permit.district_id().0, row.attendance.activity_id.0, row.attendance.member_id.0);
        ordered.entry(key).or_insert(row);
    }
    let new_id = || store.new_id(origin.now);
    let attendances: Vec<_> = ordered.values().map(|row| attendance_json(row)).collect();
    let audits: Vec<_> = ordered.values().map(|row| audit_json(row, new_id())).collect();
    let mut activities: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for (district, activity, _) in ordered.keys() {
        activities.entry(*district).or_default().insert(*activity);
    }
    let events: Vec<_> = activities.iter().map(|(d, a)| event_json(*d, a, new_id(), &origin)).collect();
    let recorded = if store.is_postgres() {
        // A single statement is a transaction: nothing goes to and fro for its begin and commit.
        let values = [attendances, audits, events].map(|rows| Json::from(rows).to_string().into());
        sql::all::<Recorded>(&store.writing(), POSTGRES, values.to_vec()).await?
    } else {
        record_in_sqlite(store, origin, attendances, audits, events).await?
    };
    Ok(recorded.into_iter().map(|r| AttendanceId(r.id)).collect())
}

async fn record_in_sqlite(
    store: &Store,
    origin: Origin,
    attendances: Vec<Json>,
    audits: Vec<Json>,
    events: Vec<Json>,
) -> Result<Vec<Recorded>> {
    let tx = store.begin(origin).await?;
    let attendances = vec![Json::from(attendances).to_string().into()];
    let recorded = sql::all::<Recorded>(&tx, SQLITE_ATTENDANCE, attendances).await?;
    let new: HashSet<Uuid> = recorded.iter().map(|r| r.id).collect();
    let is_new = |audit: &Json| {
        let id = audit.get("attendance_id").and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok());
        id.is_some_and(|id| new.contains(&id))
    };
    let audits: Vec<_> = audits.into_iter().filter(is_new).collect();
    if !audits.is_empty() {
        sql::execute(&tx, SQLITE_AUDIT, vec![Json::from(audits).to_string().into()]).await?;
        sql::execute(&tx, SQLITE_EVENT, vec![Json::from(events).to_string().into()]).await?;
    }
    tx.commit().await?;
    Ok(recorded)
}

const POSTGRES: &str = "
WITH new AS (
    INSERT INTO attendance (district_id, activity_id, member_id, id, state, method, occurred_at, recorded_at, flags,
        nearness, device, version)
    SELECT r.* FROM json_to_recordset($1::json) AS r(district_id uuid, activity_id uuid, member_id uuid, id uuid,
        state text, method text, occurred_at timestamptz, recorded_at timestamptz, flags integer, nearness text,
        device bigint, version integer)
    ON CONFLICT (district_id, activity_id, member_id) DO NOTHING
    RETURNING id, district_id, activity_id
), audited AS (
    INSERT INTO audit_entry (district_id, id, at, action, operation, account_id, session_id, request_id, subject_kind,
        subject_id, person_id, after)
    SELECT r.district_id, r.id, r.at, r.action, 'checkIn', r.account_id, r.session_id, r.request_id, 'Attendance',
        r.attendance_id, r.person_id, r.after
    FROM json_to_recordset($2::json) AS r(attendance_id uuid, district_id uuid, id uuid, at timestamptz, action text,
        account_id uuid, session_id uuid, request_id uuid, person_id uuid, after jsonb)
    JOIN new ON new.id = r.attendance_id
), told AS (
    INSERT INTO outbox_event (district_id, id, kind, subject_id, payload, occurred_at, attempts)
    SELECT r.district_id, r.id, 'attendance.changed', r.subject_id, r.payload, r.occurred_at, 0
    FROM json_to_recordset($3::json) AS r(district_id uuid, id uuid, subject_id uuid, payload jsonb,
        occurred_at timestamptz)
    WHERE EXISTS (SELECT 1 FROM new WHERE new.district_id = r.district_id)
)
SELECT id FROM new";

const SQLITE_ATTENDANCE: &str = "
INSERT INTO attendance (district_id, activity_id, member_id, id, state, method, occurred_at, recorded_at, flags,
    nearness, device, version)
SELECT unhex(value ->> 'district_id'), unhex(value ->> 'activity_id'), unhex(value ->> 'member_id'), unhex(value ->> 'id'),
    value ->> 'state', value ->> 'method', value ->> 'occurred_at', value ->> 'recorded_at', value ->> 'flags',
    value ->> 'nearness', value ->> 'device', value ->> 'version'
FROM json_each($1) WHERE 1
ON CONFLICT (district_id, activity_id, member_id) DO NOTHING
RETURNING id";

const SQLITE_AUDIT: &str = "
INSERT INTO audit_entry (district_id, id, at, action, operation, account_id, session_id, request_id, subject_kind,
    subject_id, person_id, after)
SELECT unhex(value ->> 'district_id'), unhex(value ->> 'id'), value ->> 'at', value ->> 'action', 'checkIn',
    unhex(value ->> 'account_id'), unhex(value ->> 'session_id'), unhex(value ->> 'request_id'), 'Attendance',
    unhex(value ->> 'attendance_id'), unhex(value ->> 'person_id'), value -> 'after'
FROM json_each($1)";

const SQLITE_EVENT: &str = "
INSERT INTO outbox_event (district_id, id, kind, subject_id, payload, occurred_at, attempts)
SELECT unhex(value ->> 'district_id'), unhex(value ->> 'id'), 'attendance.changed', unhex(value ->> 'subject_id'),
    value -> 'payload', value ->> 'occurred_at', 0
FROM json_each($1)";
