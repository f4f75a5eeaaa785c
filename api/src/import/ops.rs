use std::collections::HashMap;

use chrono::{DateTime, Utc};

use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    member::{
        Account, ContactLanguage, NewMember, PartyMember,
        roster::{
            PlannedChange, RosterColumn, RosterFileRefusal as Refusal, RosterIssue, RosterPlan,
            RosterRowError, RosterUnit, Sheet, plan,
        },
    },
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::{StoreError, Tx, epoch, member, organization, outbox};

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    member::workbook,
};

/// Rows written between two reports of progress.
const STEP: usize = 500;

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
    pub sheet: Sheet,
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
pub async fn import(
    app: &App,
    call: &Call,
    importing: Importing,
    sheet: Sheet,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Imported, Stop<Refusal>> {
    let tx = app.begin(call, "importMembers").await?;
    let district = call.district()?;
    let top = organization::unit(&tx, district, importing.unit).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ImportMember, Subject::unit(&top.path))?;
    let units = organization::subtree(&tx, district, &top.path).await?;
    let root = organization::root(&tx, district).await?.ok_or(Denied::Hidden)?;
    let existing = member::roster(&tx, district, &root.path).await?;
    let today = app.today(&top.time_zone);
    let planning = tokio::task::spawn_blocking({
        let reach: Vec<_> = units.iter().map(reach).collect();
        move || {
            let planned = plan(&sheet, &reach, &existing, today);
            (sheet, existing, planned)
        }
    });
    let (sheet, existing, planned) =
        planning.await.map_err(|_| OpError::internal("planning an import panicked"))?;
    let mut planned = planned?;
    let known = known_people(&tx, district, &mut planned).await?;
    let written = planned.errors.is_empty()
        && !importing.dry_run
        && !(planned.new.is_empty() && planned.changed.is_empty());
    if written {
        tx.expect_many().await?;
        let total = planned.new.len() + planned.changed.len();
        let entering = Entering { app, units: &units, known: &known, today };
        let done = enter(&tx, &permit, &entering, &planned, &|n| progress(n, total)).await?;
        change(&tx, &permit, &planned.changed, existing, &units, today, &|n| progress(done + n, total))
            .await?;
        outbox::publish(&tx, district, "roster.imported", top.id.0, serde_json::Value::Null).await?;
        epoch::advance(&tx).await?;
        tx.commit().await?;
        app.memo.clear();
        app.hub.wake();
    }
    Ok(Imported { sheet, plan: planned, written })
}

fn reach(unit: &OrgUnit) -> RosterUnit {
    RosterUnit {
        id: unit.id,
        code: unit.code.clone(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        kind: unit.kind,
    }
}

/// Accounts that new members have already, by phone: somebody appointed to a post before the
/// roster came. A number that belongs to somebody of another name is a bad row.
async fn known_people(
    tx: &Tx,
    district: DistrictId,
    plan: &mut RosterPlan,
) -> Result<HashMap<String, Account>, StoreError> {
    let phones: Vec<_> = plan.new.iter().filter_map(|(_, new)| new.phone.as_ref()).collect();
    let known = member::accounts_by_phone(tx, district, &phones).await?;
    for (row, new) in &plan.new {
        let account = new.phone.as_ref().and_then(|p| known.get(p.as_e164()));
        if account.is_some_and(|a| a.name != new.name) {
            plan.errors.push(RosterIssue {
                row: *row,
                column: RosterColumn::Phone,
                header: RosterColumn::Phone.say(Language::Zh).to_owned(),
                error: RosterRowError::PhoneOfAnother,
                other_row: None,
            });
        }
    }
    Ok(known)
}

struct Entering<'a> {
    app: &'a App,
    units: &'a [OrgUnit],
    known: &'a HashMap<String, Account>,
    today: chrono::NaiveDate,
}

impl Entering<'_> {
    fn person(&self, new: &NewMember, now: DateTime<Utc>) -> Result<(Option<Account>, PartyMember), OpError> {
        let kind = self.units.iter().find(|u| u.id == new.unit_id).map(|u| u.kind);
        let kind = kind.ok_or(OpError::internal("an unknown unit was planned"))?;
        let known = new.phone.as_ref().and_then(|p| self.known.get(p.as_e164()));
        let account_id = known.map_or_else(|| self.app.id(), |a| a.id);
        let member = PartyMember::enter(self.app.id(), account_id, new.clone(), kind, self.today)
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
}

async fn enter(
    tx: &Tx,
    permit: &Permit,
    entering: &Entering<'_>,
    plan: &RosterPlan,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<usize, OpError> {
    let mut done = 0;
    for rows in plan.new.chunks(STEP) {
        let people: Vec<_> =
            rows.iter().map(|(_, new)| entering.person(new, tx.now())).collect::<Result<_, _>>()?;
        member::insert_members(tx, permit, &people, true).await?;
        done += rows.len();
        progress(done);
    }
    Ok(done)
}

async fn change(
    tx: &Tx,
    permit: &Permit,
    changes: &[PlannedChange],
    existing: Vec<PartyMember>,
    units: &[OrgUnit],
    today: chrono::NaiveDate,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(), Stop<Refusal>> {
    let kinds: HashMap<_, _> = units.iter().map(|u| (u.id, u.kind)).collect();
    let mut existing: HashMap<_, _> = existing.into_iter().map(|m| (m.id, m)).collect();
    for (n, planned) in changes.iter().enumerate() {
        let before =
            existing.remove(&planned.member_id).ok_or(OpError::internal("an unknown member was planned"))?;
        let home = planned.change.unit_id.unwrap_or(before.unit_id);
        let kind = kinds.get(&home).copied().ok_or(OpError::internal("an unknown unit was planned"))?;
        let after = before
            .clone()
            .change(planned.change.clone(), kind, today)
            .map_err(|_| OpError::internal("a planned change was refused"))?;
        member::update_member(tx, permit, &before, &after, None).await?;
        if (n + 1) % STEP == 0 {
            progress(n + 1);
        }
    }
    Ok(())
}
