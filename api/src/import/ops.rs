use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::OrgUnitId,
    member::{
        Account, ContactLanguage, NewMember, PartyMember,
        roster::{PlannedChange, RosterFileRefusal as Refusal, RosterPlan, Sheet},
    },
};
use zhibu_persistence::{StoreError, Tx, epoch, member, organization, outbox};

use super::prepare::{Prepared, prepare};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    member::{authority, workbook},
};

/// Rows written between two reports of progress.
const STEP: usize = 500;

/// How often an import is planned anew when others change the same roster meanwhile.
const TRIES: usize = 5;

/// An import.
pub struct Importing {
    /// The subtree into which members may be imported.
    pub unit: OrgUnitId,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// What came of it.
pub struct Imported {
    /// The sheet as read.
    pub sheet: Arc<Sheet>,
    /// What was, or would be, done.
    pub plan: RosterPlan,
    /// Whether it was written: only where no row is bad and it wasn't a dry run.
    pub written: bool,
}

/// Reads a workbook off the async workers.
pub async fn read(bytes: Vec<u8>) -> Result<Sheet, Stop<Refusal>> {
    let reading = tokio::task::spawn_blocking(move || workbook::read(&bytes, workbook::Limits::default()));
    Ok(reading.await.map_err(|_| OpError::internal("reading a workbook panicked"))??)
}

/// Imports a roster. Bad rows stop the whole import; it can be sent again as often as one likes.
/// Planning takes its time outside of the transaction; what has changed by then is planned anew.
pub async fn import(
    app: &App,
    call: &Call,
    importing: Importing,
    sheet: Sheet,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Imported, Stop<Refusal>> {
    let sheet = Arc::new(sheet);
    for _ in 0..TRIES {
        let prepared = prepare(app, call, importing.unit, &sheet).await?;
        let due = prepared.plan.is_due() && !importing.dry_run;
        if !due || write(app, call, &prepared, progress).await? {
            return Ok(Imported { sheet, plan: prepared.plan, written: due });
        }
    }
    Err(Refusal::ChangedMeanwhile.into())
}

/// Writes what was planned, if it still rests on what is there.
async fn write(
    app: &App,
    call: &Call,
    prepared: &Prepared,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<bool, OpError> {
    let tx = app.begin(call, "importMembers").await?;
    if !still_holds(call, &tx, prepared).await? {
        return Ok(false);
    }
    match write_all(app, &tx, prepared, progress).await {
        Ok(()) => {}
        // Somebody else has just taken a number or changed a record.
        Err(OpError::Store(StoreError::Taken(_) | StoreError::Stale)) => return Ok(false),
        Err(error) => return Err(error),
    }
    let district = prepared.permit.district_id();
    outbox::publish(&tx, district, "roster.imported", prepared.top.0, serde_json::Value::Null).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    app.memo.clear();
    app.hub.wake();
    Ok(true)
}

/// Whether the units are as they were, and whose number is changed has been given no post. That
/// records and numbers are as they were shows when they are written.
async fn still_holds(call: &Call, tx: &Tx, prepared: &Prepared) -> Result<bool, OpError> {
    let district = prepared.permit.district_id();
    let plan = &prepared.plan;
    organization::lock_district(tx, district).await?;
    let changed = plan.changed.iter().filter_map(|change| change.change.unit_id);
    let returning = plan.returning.iter().map(|back| back.after.unit_id);
    let mut homes: Vec<_> =
        plan.new.iter().map(|(_, new)| new.unit_id).chain(changed).chain(returning).collect();
    homes.sort_unstable();
    homes.dedup();
    let held = organization::hold_units(tx, district, &homes).await?;
    if homes.iter().any(|id| held.get(id) != prepared.units.get(id)) {
        return Ok(false);
    }
    let guarded = authority::out_of_reach(call, tx, &plan.given_phones(), prepared.today).await?;
    Ok(guarded.is_empty())
}

async fn write_all(
    app: &App,
    tx: &Tx,
    prepared: &Prepared,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), OpError> {
    let (plan, permit) = (&prepared.plan, &prepared.permit);
    tx.expect_many().await?;
    let total = plan.written();
    let mut done = 0;
    for rows in plan.new.chunks(STEP) {
        let people: Vec<_> =
            rows.iter().map(|(_, new)| person(app, prepared, new, tx.now())).collect::<Result<_, _>>()?;
        member::insert_members(tx, permit, &people, true).await?;
        done += rows.len();
        progress(done, total);
    }
    for changes in changes(prepared)?.chunks(STEP) {
        member::update_members(tx, permit, changes).await?;
        done += changes.len();
        progress(done, total);
    }
    Ok(())
}

fn person(
    app: &App,
    prepared: &Prepared,
    new: &NewMember,
    now: DateTime<Utc>,
) -> Result<(Option<Account>, PartyMember), OpError> {
    let unit = prepared.units.get(&new.unit_id).ok_or(OpError::internal("an unknown unit was planned"))?;
    let known = new.phone.as_ref().and_then(|phone| prepared.known.get(phone));
    let account_id = known.map_or_else(|| app.id(), |person| person.account_id);
    let member = PartyMember::enter(app.id(), account_id, new.clone(), unit.kind, prepared.today)
        .map_err(|_| OpError::internal("a planned member was refused"))?;
    let account = known.is_none().then(|| Account {
        id: account_id,
        name: member.name.clone(),
        phone: member.phone.clone(),
        language: ContactLanguage::Zh,
        created_at: now,
    });
    Ok((account, member))
}

/// The records before and after: of who comes back, and of who changes.
fn changes(prepared: &Prepared) -> Result<Vec<(PartyMember, PartyMember)>, OpError> {
    let existing: HashMap<_, _> = prepared.existing.iter().map(|m| (m.id, m)).collect();
    let changed = |planned: &PlannedChange| {
        let before = existing.get(&planned.member_id);
        let before = *before.ok_or(OpError::internal("an unknown member was planned"))?;
        let home = planned.change.unit_id.unwrap_or(before.unit_id);
        let unit = prepared.units.get(&home).ok_or(OpError::internal("an unknown unit was planned"))?;
        let after = before.clone().change(planned.change.clone(), unit.kind, prepared.today);
        Ok((before.clone(), after.map_err(|_| OpError::internal("a planned change was refused"))?))
    };
    let back = prepared.plan.returning.iter().map(|back| Ok((back.before.clone(), back.after.clone())));
    back.chain(prepared.plan.changed.iter().map(changed)).collect()
}
