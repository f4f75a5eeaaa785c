//! What an import would do: read and decided without a transaction, so that nobody waits for it.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use zhibu_domain::{
    id::{DistrictId, OrgUnitId},
    member::{
        Account, PartyMember, PhoneNumber,
        roster::{KnownPerson, RosterFileRefusal as Refusal, RosterPlan, RosterUnit, Sheet, plan},
    },
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{StoreError, member, organization};

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    member::authority,
};

/// A plan with what it rests on.
pub(super) struct Prepared {
    pub(super) plan: RosterPlan,
    pub(super) permit: Permit,
    pub(super) top: OrgUnitId,
    pub(super) units: HashMap<OrgUnitId, OrgUnit>,
    pub(super) existing: Vec<PartyMember>,
    pub(super) known: HashMap<PhoneNumber, KnownPerson>,
    pub(super) today: NaiveDate,
}

/// Plans the import of a sheet into a subtree.
pub(super) async fn prepare(
    app: &App,
    call: &Call,
    top: OrgUnitId,
    sheet: &Arc<Sheet>,
) -> Result<Prepared, Stop<Refusal>> {
    let (db, district) = (&app.store, call.district()?);
    let top = organization::unit(db, district, top).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ImportMember, Subject::unit(&top.path))?;
    let units = organization::subtree(db, district, &top.path).await?;
    let root = organization::root(db, district).await?.ok_or(Denied::Hidden)?;
    let existing = member::roster(db, district, &root.path).await?;
    let today = app.today(&top.time_zone);
    let planning = tokio::task::spawn_blocking({
        let (sheet, reach) = (Arc::clone(sheet), units.iter().map(reach).collect::<Vec<_>>());
        move || {
            let planned = plan(&sheet, &reach, &existing, today);
            (reach, existing, planned)
        }
    });
    let (reach, existing, planned) =
        planning.await.map_err(|_| OpError::internal("planning an import panicked"))?;
    let planned = planned?;
    let known = known_people(app, district, &planned).await?;
    let planned = planned.meet(&known, &reach, today);
    let guarded = authority::out_of_reach(call, db, &planned.given_phones(), today).await?;
    Ok(Prepared {
        plan: planned.guard(&guarded),
        permit,
        top: top.id,
        units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
        existing,
        known,
        today,
    })
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

/// Whose the plan's phone numbers are already: somebody's who was appointed to a post before the
/// roster came, or who has left it.
async fn known_people(
    app: &App,
    district: DistrictId,
    plan: &RosterPlan,
) -> Result<HashMap<PhoneNumber, KnownPerson>, StoreError> {
    let accounts = member::accounts_by_phone(&app.store, district, &plan.phones()).await?;
    let ids: Vec<_> = accounts.values().map(|account| account.id).collect();
    let mut members = member::members_of_accounts(&app.store, district, &ids).await?;
    let person = |account: Account| {
        let former = members.remove(&account.id).filter(|member| member.left_on.is_some());
        Some((account.phone?, KnownPerson { account_id: account.id, name: account.name, former }))
    };
    Ok(accounts.into_values().filter_map(person).collect())
}
