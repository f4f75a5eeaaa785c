//! Founding teams and projects, planning shifts, signing up and moving up, coming and leaving.

mod hours;
mod leaving;
mod plan;
mod presence;
mod project;
mod sign_up;
mod team;
mod team_member;

pub use hours::close;
pub use leaving::give_back;
pub use plan::{ShiftStep, plan_shift, step};
pub use presence::{
    Direction, Entered, Passed, RosterEntry, ShiftScan, check_in, check_out, enter_by_roster, shown_code,
};
pub use project::{NewProject, begin_project, change_project, end_project};
pub use sign_up::{advance, settle, sign_up};
pub use team::{change_team, end_team, found_team};
pub use team_member::{go, manage, see_team};

use zhibu_domain::{
    id::{DistrictId, OrgUnitId, SignUpId, TypedId, VolunteerShiftId},
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
    volunteering::{SignUp, VolunteerShift},
};
use zhibu_persistence::{Connect, Tx, organization, outbox, volunteering};

use crate::{app::App, call::Call, error::OpError};

async fn unit(db: &impl Connect, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(db, district, id).await?.ok_or(Denied::Hidden)?)
}

async fn organize(
    tx: &Tx,
    call: &Call,
    district: DistrictId,
    id: OrgUnitId,
) -> Result<(OrgUnit, Permit), OpError> {
    let unit = unit(tx, district, id).await?;
    let permit = call.permit(Action::OrganizeService, Subject::unit(&unit.path))?;
    Ok((unit, permit))
}

/// Asks the policy about a shift. Who may not plan it doesn't see at all what was never made known.
async fn permit_on(
    db: &impl Connect,
    call: &Call,
    action: Action,
    shift: &VolunteerShift,
    unit: &OrgUnit,
) -> Result<Permit, OpError> {
    let captain = volunteering::captains(db, call.district()?, &[shift.id]).await?.remove(&shift.id);
    match call.permit(action, Subject::unit(&unit.path).captain(captain)) {
        Err(Denied::Forbidden) if shift.published_at().is_none() => Err(Denied::Hidden.into()),
        other => Ok(other?),
    }
}

async fn finish(
    app: &App,
    tx: Tx,
    permit: &Permit,
    event: &'static str,
    subject: uuid::Uuid,
) -> Result<(), OpError> {
    outbox::publish(&tx, permit.district_id(), event, subject, serde_json::Value::Null).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(())
}

/// What a shift is called: its project's name.
async fn title(tx: &Tx, district: DistrictId, shift: &VolunteerShift) -> Result<Option<String>, OpError> {
    let project = volunteering::projects(tx, district, &[shift.project_id]).await?.remove(&shift.project_id);
    Ok(project.map(|project| project.name))
}

async fn tell(
    tx: &Tx,
    permit: &Permit,
    event: &'static str,
    shift: &VolunteerShift,
    sign_up: &SignUp,
) -> Result<(), OpError> {
    let district = permit.district_id();
    let payload = serde_json::json!({
        "accounts": [sign_up.account_id], "units": [shift.unit_id], "subjectKind": SignUpId::KIND,
        "title": title(tx, district, shift).await?, "at": sign_up.due_at(),
    });
    Ok(outbox::publish(tx, district, event, sign_up.id.0, payload).await?)
}

/// A shift with its sign-ups, locked.
struct Row {
    shift: VolunteerShift,
    unit: OrgUnit,
    sign_ups: Vec<SignUp>,
}

async fn lock_row(tx: &Tx, district: DistrictId, id: VolunteerShiftId) -> Result<Row, OpError> {
    let shift = volunteering::lock_shift(tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(tx, district, shift.unit_id).await?;
    let sign_ups = volunteering::sign_ups(tx, district, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Row { shift, unit, sign_ups })
}
