use zhibu_domain::{
    id::{ObjectionId, ServiceHourEntryId, TypedId},
    policy::{Action, Denied, Permit},
    vocabulary::Vocabulary,
    volunteering::{
        HourProgress, HourState, Objection, ObjectionRefusal, ObjectionState, Objector, ServiceHourEntry,
    },
};
use zhibu_persistence::{Tx, outbox, volunteering};

use super::{finish, hold, tell_change};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    once::Once,
};

/// Tells the member, and those responsible, how an objection stands; never who objects. What the member
/// has raised comes as the answer to it.
async fn tell_member(
    tx: &Tx,
    permit: &Permit,
    entry: &ServiceHourEntry,
    objection: &Objection,
    event: &'static str,
) -> Result<(), OpError> {
    let own = objection.is_of_member(entry);
    let accounts: &[_] = if own { &[] } else { &[entry.account_id] };
    let payload = serde_json::json!({
        "accounts": accounts, "units": [entry.unit_id], "subjectKind": ServiceHourEntryId::KIND,
        "title": entry.service.content, "outcome": objection.state().code(),
        "reason": objection.answer().unwrap_or(&objection.reason),
    });
    Ok(outbox::publish(tx, permit.district_id(), event, entry.id.0, payload).await?)
}

/// Remembers what became of an objection, and tells who raised it, unless they have done it themselves.
async fn settle(
    tx: &Tx,
    permit: &Permit,
    entry: &ServiceHourEntry,
    before: &Objection,
    after: &Objection,
) -> Result<(), OpError> {
    volunteering::update_objection(tx, permit, before, after).await?;
    let own = permit.account_id() == Some(after.account_id);
    let accounts: &[_] = if own { &[] } else { &[after.account_id] };
    let payload = serde_json::json!({
        "accounts": accounts, "subjectKind": ObjectionId::KIND, "title": entry.service.content,
        "outcome": after.state().code(), "reason": after.answer(),
    });
    Ok(outbox::publish(tx, permit.district_id(), "objection.decided", after.id.0, payload).await?)
}

/// Settles the objections to entries that have left the notice while they were open. The caller has locked
/// the entries.
pub(super) async fn lapse(tx: &Tx, permit: &Permit, entries: &[&ServiceHourEntry]) -> Result<(), OpError> {
    if entries.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let objections = volunteering::objections(tx, permit.district_id(), &ids).await?;
    for entry in entries {
        let why = match &entry.progress {
            HourProgress::Returned { reason, .. } | HourProgress::Reversed { reason, .. } => {
                Some(reason.as_str())
            }
            _ => None,
        };
        let all = objections.get(&entry.id).into_iter().flatten();
        for open in all.filter(|o| o.state() == ObjectionState::Open) {
            settle(tx, permit, entry, open, &open.clone().lapse(why, tx.now())).await?;
        }
    }
    Ok(())
}

/// Somebody objects to an entry in public notice, or to their own that was counted anew.
pub async fn object(
    app: &App,
    call: &Call,
    id: ServiceHourEntryId,
    reason: &str,
    once: Once,
) -> Result<Objection, Stop<ObjectionRefusal>> {
    let tx = app.begin(call, "objectToServiceHours").await?;
    let district = call.district()?;
    let held = hold(&tx, district, id).await?;
    let permit = held.permit(call, Action::ObjectToHours)?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(volunteering::objection(&tx, district, ObjectionId(made)).await?.ok_or(Denied::Hidden)?);
    }
    let objector = Objector { id: app.id(), account_id: call.account()? };
    let earlier = volunteering::objections(&tx, district, &[id]).await?.remove(&id).unwrap_or_default();
    let objection = held.entry.object(objector, &earlier, reason, tx.now())?;
    volunteering::insert_objection(&tx, &permit, &objection).await?;
    volunteering::set_disputed(&tx, &permit, &held.entry, true).await?;
    once.keep(&tx, call, objection.id.0).await?;
    tell_member(&tx, &permit, &held.entry, &objection, "service_hours.disputed").await?;
    finish(app, tx).await?;
    Ok(objection)
}

/// Decides an objection. One that is right settles all that are open: the entry leaves the notice, or counts as
/// before it was counted anew.
pub async fn decide_objection(
    app: &App,
    call: &Call,
    id: ObjectionId,
    upheld: bool,
    answer: &str,
) -> Result<Objection, Stop<ObjectionRefusal>> {
    let tx = app.begin(call, "decideObjection").await?;
    let (district, by) = (call.district()?, call.account()?);
    let found = volunteering::objection(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let held = hold(&tx, district, found.entry_id).await?;
    let permit = held.permit(call, Action::VerifyHours)?;
    // Read again, now that the entry is locked.
    let before = volunteering::objection(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let open = volunteering::open_objections(&tx, district, held.entry.id).await?;
    let decided = before.clone().decide(&held.entry, upheld, answer, by, tx.now())?;
    settle(&tx, &permit, &held.entry, &before, &decided).await?;
    let others: Vec<_> = open.into_iter().filter(|o| o.id != id).collect();
    let after = held.entry.clone().disputed(&decided);
    let before = volunteering::counted_before(&tx, district, &held.entry).await?;
    if let Some((after, posting)) = held.entry.restored(&decided, before) {
        volunteering::update_entry(&tx, &permit, &held.entry, &after, false).await?;
        volunteering::post(&tx, &permit, posting).await?;
        tell_change(&tx, &permit, (&held.entry, &after), "service_hours.adjusted", None).await?;
        app.memo.recognizable.clear();
    } else if after == held.entry {
        volunteering::set_disputed(&tx, &permit, &held.entry, !others.is_empty()).await?;
        tell_member(&tx, &permit, &held.entry, &decided, "service_hours.undisputed").await?;
    } else {
        for other in others {
            let settled = other.clone().settled_with(&decided, &held.entry, tx.now());
            settle(&tx, &permit, &held.entry, &other, &settled).await?;
        }
        volunteering::update_entry(&tx, &permit, &held.entry, &after, false).await?;
        let event = match after.state() {
            HourState::Returned => "service_hours.returned",
            _ => "service_hours.reported",
        };
        tell_change(&tx, &permit, (&held.entry, &after), event, None).await?;
    }
    finish(app, tx).await?;
    Ok(decided)
}
