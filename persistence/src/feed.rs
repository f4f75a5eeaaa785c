//! Feeds: what has changed for somebody, numbered without gaps in the order in which it was
//! committed. Whoever was away names the last number that they know and is told what came after.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;
use zhibu_domain::{id::DistrictId, notification::FeedKind, policy::Permit, vocabulary::Vocabulary};

use crate::{Connect, Result, Store, Tx, sql};

/// Rows in one statement.
const ROWS: usize = 200;

/// Something that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened, e.g. `activity.published`.
    pub event: String,
    /// The kind of thing to which it happened, as in its global id.
    pub subject_kind: String,
    /// Which.
    pub subject_id: Uuid,
}

/// A change as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Its number.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub change: Change,
}

/// What came after a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// The changes, oldest first, as many as were asked for.
    pub changes: Vec<Numbered>,
    /// The number of the latest change of the feed.
    pub latest: i64,
    /// Whether something between the number and these changes was forgotten meanwhile.
    pub gap: bool,
}

#[derive(FromQueryResult)]
struct PositionRow {
    owner_id: Uuid,
    position: i64,
}

#[derive(FromQueryResult)]
struct ChangeRow {
    latest: i64,
    position: Option<i64>,
    event: Option<String>,
    subject_kind: Option<String>,
    subject_id: Option<Uuid>,
    at: Option<DateTime<Utc>>,
}

/// Appends changes to the feeds of their owners, which stay locked until the transaction ends, so that
/// the order of the numbers is that of the commits. What has happened stands in the audit already; that it
/// is told of says nothing new.
pub async fn append(tx: &Tx, permit: &Permit, kind: FeedKind, changes: &[(Uuid, Change)]) -> Result<()> {
    // One order of locking, so that two transactions can't wait for each other.
    let mut rest: Vec<_> = changes.iter().collect();
    rest.sort_by_key(|(owner, _)| *owner);
    while !rest.is_empty() {
        // A statement advances each feed once: an owner's second change goes into the next.
        let mut owners = HashSet::new();
        let (first, more): (Vec<_>, _) = rest.into_iter().partition(|(owner, _)| owners.insert(*owner));
        for changes in first.chunks(ROWS) {
            let owners: Vec<_> = changes.iter().map(|(owner, _)| *owner).collect();
            let positions = advance(tx, permit.district_id(), kind, &owners, 1).await?;
            insert(tx, permit.district_id(), kind, changes, &positions).await?;
        }
        rest = more;
    }
    Ok(())
}

/// The number of the latest change of each owner's feed. The feeds stay locked until the transaction
/// ends: what it numbers by them is numbered in the order of the commits, too.
pub(crate) async fn hold(
    tx: &Tx,
    permit: &Permit,
    kind: FeedKind,
    owners: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, i64>> {
    let owners: Vec<_> = owners.iter().copied().collect();
    let mut latest = HashMap::new();
    for owners in owners.chunks(ROWS) {
        latest.extend(advance(tx, permit.district_id(), kind, owners, 0).await?);
    }
    Ok(latest)
}

async fn advance(
    tx: &Tx,
    district: DistrictId,
    kind: FeedKind,
    owners: &[Uuid],
    by: u8,
) -> Result<HashMap<Uuid, i64>> {
    let rows: Vec<_> = (0..owners.len()).map(|n| format!("($1, $2, ${}, {by})", n + 3)).collect();
    let text = format!(
        "INSERT INTO feed (district_id, kind, owner_id, position) VALUES {}
         ON CONFLICT (district_id, kind, owner_id) DO UPDATE SET position = feed.position + {by}
         RETURNING owner_id, position",
        rows.join(", ")
    );
    let mut values: Vec<Value> = vec![district.0.into(), kind.code().into()];
    values.extend(owners.iter().map(|owner| Value::from(*owner)));
    let rows = sql::all::<PositionRow>(tx, &text, values).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, row.position)).collect())
}

async fn insert(
    tx: &Tx,
    district: DistrictId,
    kind: FeedKind,
    changes: &[&(Uuid, Change)],
    positions: &HashMap<Uuid, i64>,
) -> Result<()> {
    let mut values: Vec<Value> = vec![district.0.into(), kind.code().into(), tx.now().into()];
    let mut rows = Vec::with_capacity(changes.len());
    for (owner, change) in changes {
        let n = values.len();
        rows.push(format!("($1, $2, ${}, ${}, ${}, ${}, ${}, $3)", n + 1, n + 2, n + 3, n + 4, n + 5));
        values.extend([
            Value::from(*owner),
            positions.get(owner).copied().into(),
            change.event.as_str().into(),
            change.subject_kind.as_str().into(),
            change.subject_id.into(),
        ]);
    }
    let text = format!(
        "INSERT INTO feed_change (district_id, feed_kind, owner_id, position, event, subject_kind, subject_id, at)
         VALUES {}",
        rows.join(", ")
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}

/// What came after the number `after` in somebody's feed, up to `limit` changes; in one statement,
/// so that the latest number belongs to the changes.
pub async fn since(
    db: &impl Connect,
    district: DistrictId,
    kind: FeedKind,
    owner: Uuid,
    after: i64,
    limit: u32,
) -> Result<Since> {
    let text = format!(
        "SELECT f.position AS latest, c.position, c.event, c.subject_kind, c.subject_id, c.at
         FROM feed f LEFT JOIN feed_change c ON c.district_id = f.district_id AND c.feed_kind = f.kind
            AND c.owner_id = f.owner_id AND c.position > $4
         WHERE f.district_id = $1 AND f.kind = $2 AND f.owner_id = $3 ORDER BY c.position LIMIT {limit}"
    );
    let values = vec![district.0.into(), kind.code().into(), owner.into(), after.into()];
    let rows = sql::all::<ChangeRow>(db, &text, values).await?;
    let latest = rows.first().map_or(0, |row| row.latest);
    let changes: Vec<_> = rows.into_iter().filter_map(numbered).collect();
    let next = changes.first().map_or(latest + 1, |first| first.position);
    Ok(Since { changes, latest, gap: next != after + 1 })
}

fn numbered(row: ChangeRow) -> Option<Numbered> {
    Some(Numbered {
        position: row.position?,
        at: row.at?,
        change: Change { event: row.event?, subject_kind: row.subject_kind?, subject_id: row.subject_id? },
    })
}

/// The number of the latest change of somebody's feed.
pub async fn latest(db: &impl Connect, district: DistrictId, kind: FeedKind, owner: Uuid) -> Result<i64> {
    Ok(since(db, district, kind, owner, i64::MAX - 1, 1).await?.latest)
}

/// Forgets changes of before `before`, at most `limit`: who was away for longer reads everything anew.
pub async fn forget(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let (old, values) = ("at < $1", vec![before.into()]);
    sql::delete_some(&store.writing(), "feed_change", old, values, "at", limit).await
}
