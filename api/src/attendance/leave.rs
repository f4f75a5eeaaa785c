//! Deciding on leave, one request or many at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;
use zhibu_domain::{
    activity::{LeaveRefusal as Refusal, LeaveRequest, check_in::AttendanceState},
    id::{AccountId, ActivityId, DistrictId, LeaveRequestId},
    policy::{Action, Denied, Permit},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{
    Tx, attendance,
    outbox::{self, News as Event},
};

use super::ops::{News, lock_room, permit, retally};
use crate::{app::App, call::Call, check_in::Room, error::Stop};

type Done<T> = Result<T, Stop<Refusal>>;

/// What an organizer says to a request.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Which.
    pub id: LeaveRequestId,
    /// Granted or refused.
    pub granted: bool,
    /// A word to the member.
    pub note: Option<String>,
}

/// What became of one request.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Which.
    pub id: LeaveRequestId,
    /// The request, or why it stands as it did.
    pub result: Result<LeaveRequest, Refusal>,
}

/// Grants or refuses leave; granted after the closing it still excuses the absence.
pub async fn decide_one(app: &App, call: &Call, decision: Decision) -> Done<LeaveRequest> {
    let decided = decide(app, call, "decideLeave", vec![decision]).await?.pop().ok_or(Denied::Hidden)?;
    decided.result.map_err(Into::into)
}

/// Grants or refuses leave; one refusal never holds up the others. Who may not decide on one of the
/// requests decides on none.
pub async fn decide_all(app: &App, call: &Call, decisions: Vec<Decision>) -> Done<Vec<Decided>> {
    decide(app, call, "decideLeaves", decisions).await
}

/// The activities of some requests, locked in the order in which everybody locks them.
async fn rooms(
    app: &App,
    call: &Call,
    tx: &Tx,
    district: DistrictId,
    ids: &[LeaveRequestId],
) -> Done<(HashMap<ActivityId, Room>, Permit)> {
    let found = attendance::leaves(tx, district, ids).await?;
    if ids.iter().any(|id| !found.contains_key(id)) {
        return Err(Denied::Hidden.into());
    }
    let activities: BTreeSet<_> = found.values().map(|leave| leave.activity_id).collect();
    let mut rooms = HashMap::new();
    let mut permitted = None;
    for id in activities {
        let room = lock_room(app, tx, district, id).await?;
        permitted = Some(permit(call, &room, Action::KeepAttendance)?);
        rooms.insert(id, room);
    }
    Ok((rooms, permitted.ok_or(Denied::Hidden)?))
}

async fn decide(
    app: &App,
    call: &Call,
    operation: &'static str,
    decisions: Vec<Decision>,
) -> Done<Vec<Decided>> {
    let tx = app.begin(call, operation).await?;
    let (district, by) = (call.district()?, call.account()?);
    let ids: Vec<_> = decisions.iter().map(|decision| decision.id).collect();
    let (rooms, permit) = rooms(app, call, &tx, district, &ids).await?;
    let found = attendance::lock_leaves(&tx, district, &ids).await?;
    let mut absent = HashSet::new();
    for id in rooms.keys() {
        let records = attendance::attendances(&tx, district, *id).await?;
        let missing = records.into_iter().filter(|record| record.state == AttendanceState::Absent);
        absent.extend(missing.map(|record| (*id, record.member_id)));
    }
    let mut results: HashMap<LeaveRequestId, Result<LeaveRequest, Refusal>> = HashMap::new();
    let (mut changed, mut events) = (Vec::new(), Vec::new());
    for Decision { id, granted, note } in &decisions {
        let Some(before) = found.get(id).filter(|_| !results.contains_key(id)) else { continue };
        let room = rooms.get(&before.activity_id).ok_or(Denied::Hidden)?;
        let Some(attendee) = room.attendees.get(&before.member_id) else {
            results.insert(*id, Err(Refusal::NotExpected));
            continue;
        };
        let (own, activity) = (attendee.account_id, &room.activity);
        let result = before.clone().decide(*granted, note.as_deref(), activity, own, by, tx.now());
        if let Ok(after) = &result {
            if absent.contains(&(after.activity_id, after.member_id)) {
                excuse(&tx, &permit, room, after, own).await?;
            }
            let news = News {
                kind: "leave.decided",
                account: Some(own),
                outcome: Some(after.state().code()),
                reason: after.note(),
            };
            events.push(news.about(activity));
            changed.push((before.clone(), after.clone(), own));
        }
        results.insert(*id, result);
    }
    attendance::update_leaves(&tx, &permit, &changed).await?;
    let touched: BTreeSet<_> = changed.iter().map(|(_, after, _)| after.activity_id).collect();
    for room in touched.iter().filter_map(|id| rooms.get(id)) {
        retally(&tx, &permit, &room.activity).await?;
        let subject = room.activity.id.0;
        events.push(Event { kind: "attendance.changed", subject, payload: Value::Null });
    }
    outbox::publish_all(&tx, district, events).await?;
    tx.commit().await?;
    for id in touched {
        app.memo.rooms.forget(&(district, id)).await;
    }
    app.hub.wake();
    // What was named twice is answered twice.
    let answer = |id: &LeaveRequestId| Some(Decided { id: *id, result: results.get(id)?.clone() });
    Ok(ids.iter().filter_map(answer).collect())
}

/// Leave that is granted after the closing excuses the absence.
async fn excuse(tx: &Tx, permit: &Permit, room: &Room, leave: &LeaveRequest, person: AccountId) -> Done<()> {
    let (district, activity) = (permit.district_id(), &room.activity);
    if let Some(record) = attendance::lock_attendance(tx, district, activity.id, leave.member_id).await?
        && let Ok(excused) = record.clone().excuse(leave, activity, tx.now())
        && excused != record
    {
        attendance::update_attendance(tx, permit, &record, &excused, person).await?;
    }
    Ok(())
}
