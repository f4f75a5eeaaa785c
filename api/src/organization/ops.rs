//! Founding, changing, moving and dissolving units; guidance lines; labels.

use zhibu_domain::{
    id::{DistrictId, OrgUnitId, TypedId},
    organization::{
        NewOrgUnit, OrgUnit, OrgUnitChange, OrgUnitKind, OrgUnitRefusal as Refusal, check_dissolve,
        check_guidance,
    },
    policy::{Action, Denied, Permit, Subject},
    text,
};
use zhibu_persistence::{StoreError, Tx, epoch, organization, outbox};

use crate::{app::App, call::Call, error::Stop, once::Once};

type Done<T> = Result<T, Stop<Refusal>>;

async fn load(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Done<OrgUnit> {
    Ok(organization::lock_unit(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

fn taken(error: StoreError) -> Stop<Refusal> {
    match error {
        StoreError::Taken("org_unit_code") => Refusal::CodeTaken.into(),
        other => other.into(),
    }
}

fn check_version(unit: &OrgUnit, version: Option<i32>) -> Result<(), Refusal> {
    if version.is_some_and(|v| v != unit.version) { Err(Refusal::Stale) } else { Ok(()) }
}

async fn finish(app: &App, tx: Tx, permit: &Permit, unit: OrgUnitId) -> Done<()> {
    outbox::publish(&tx, permit.district_id(), "unit.changed", unit.0, serde_json::Value::Null).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    app.memo.clear();
    app.hub.wake();
    Ok(())
}

/// What a client says of a new unit.
pub struct Founding {
    /// Its superior.
    pub parent: OrgUnitId,
    /// The rest.
    pub unit: NewOrgUnit,
}

/// Founds a unit.
pub async fn create(app: &App, call: &Call, founding: Founding, once: Once) -> Done<OrgUnit> {
    let tx = app.begin(call, "createOrgUnit").await?;
    let district = call.district()?;
    organization::lock_tree(&tx, district).await?;
    let parent = load(&tx, district, founding.parent).await?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&parent.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return load(&tx, district, OrgUnitId(made)).await;
    }
    let unit = OrgUnit::found(Some(&parent), founding.unit, tx.now())?;
    organization::insert_unit(&tx, &permit, &unit).await.map_err(taken)?;
    once.keep(&tx, call, unit.id.uuid()).await?;
    finish(app, tx, &permit, unit.id).await?;
    Ok(unit)
}

/// Renames a unit or changes its type and labels; its id and history stay.
pub async fn update(
    app: &App,
    call: &Call,
    id: OrgUnitId,
    version: Option<i32>,
    change: OrgUnitChange,
) -> Done<OrgUnit> {
    let tx = app.begin(call, "updateOrgUnit").await?;
    let district = call.district()?;
    let unit = load(&tx, district, id).await?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&unit.path))?;
    check_version(&unit, version)?;
    let parent = match unit.parent_id {
        Some(parent) => organization::unit(&tx, district, parent).await?,
        None => None,
    };
    let led = organization::lowest_led_level(&tx, district, id).await?;
    let dependents = organization::dependents(&tx, district, id, app.today(&unit.time_zone)).await?;
    let after = unit.clone().change(change, parent.as_ref(), led, dependents.members > 0)?;
    organization::update_unit(&tx, &permit, &unit, &after).await.map_err(taken)?;
    finish(app, tx, &permit, id).await?;
    Ok(after)
}

/// Moves a unit, with everything below it, under another superior.
pub async fn move_under(
    app: &App,
    call: &Call,
    id: OrgUnitId,
    version: Option<i32>,
    parent: OrgUnitId,
) -> Done<OrgUnit> {
    let tx = app.begin(call, "moveOrgUnit").await?;
    let district = call.district()?;
    organization::lock_tree(&tx, district).await?;
    let unit = load(&tx, district, id).await?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&unit.path))?;
    let parent = load(&tx, district, parent).await?;
    call.permit(Action::ManageUnit, Subject::unit(&parent.path))?;
    check_version(&unit, version)?;
    let after = unit.clone().move_under(&parent)?;
    organization::update_unit(&tx, &permit, &unit, &after).await?;
    finish(app, tx, &permit, id).await?;
    Ok(after)
}

/// Dissolves a unit on which nothing depends.
pub async fn dissolve(app: &App, call: &Call, id: OrgUnitId, version: Option<i32>) -> Done<OrgUnit> {
    let tx = app.begin(call, "dissolveOrgUnit").await?;
    let district = call.district()?;
    let unit = load(&tx, district, id).await?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&unit.path))?;
    check_version(&unit, version)?;
    let after = unit.clone().dissolve(tx.now())?;
    check_dissolve(organization::dependents(&tx, district, id, app.today(&unit.time_zone)).await?)?;
    organization::update_unit(&tx, &permit, &unit, &after).await?;
    finish(app, tx, &permit, id).await?;
    Ok(after)
}

/// Adds (`begins`) or ends a guidance line beside the primary superior.
pub async fn guide(app: &App, call: &Call, id: OrgUnitId, guide: OrgUnitId, begins: bool) -> Done<OrgUnit> {
    let tx = app.begin(call, if begins { "addGuidance" } else { "endGuidance" }).await?;
    let district = call.district()?;
    let unit = load(&tx, district, id).await?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&unit.path))?;
    let guide = load(&tx, district, guide).await?;
    if begins {
        let guides = organization::guides(&tx, district, &[id]).await?;
        let already = guides.get(&id).is_some_and(|g| g.contains(&guide.id));
        check_guidance(&unit, &guide, already)?;
        organization::insert_guidance(&tx, &permit, id, guide.id).await?;
    } else if !organization::delete_guidance(&tx, &permit, id, guide.id).await? {
        return Err(Refusal::NotGuided.into());
    }
    finish(app, tx, &permit, id).await?;
    Ok(unit)
}

/// Sets the district's own label of a type of unit, or goes back to the standard one.
pub async fn set_label(app: &App, call: &Call, kind: OrgUnitKind, label: Option<String>) -> Done<DistrictId> {
    let tx = app.begin(call, "setLevelLabel").await?;
    let district = call.district()?;
    let root = organization::root(&tx, district).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ManageUnit, Subject::unit(&root.path))?;
    let label = match label {
        Some(label) => Some(text::line(&label, 20).ok_or(Refusal::BadName)?),
        None => None,
    };
    organization::set_level_label(&tx, &permit, kind, label.as_deref()).await?;
    finish(app, tx, &permit, root.id).await?;
    Ok(district)
}
