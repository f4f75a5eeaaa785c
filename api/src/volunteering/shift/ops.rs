//! Founding teams and projects, planning shifts, signing up and moving up.

use zhibu_domain::{
    id::{
        DistrictId, OrgUnitId, PartyMemberId, SignUpId, TypedId, VolunteerProjectId, VolunteerShiftId,
        VolunteerTeamId,
    },
    organization::{OrgUnit, civil_day},
    policy::{Action, Denied, Permit, Subject},
    volunteering::{
        HeadCount, NewShift, ShiftRefusal, SignUp, SignUpRefusal, Volunteer, VolunteerProject,
        VolunteerProjectRefusal as ProjectRefusal, VolunteerShift, VolunteerTeam,
    },
};
use zhibu_persistence::{Tx, member, notification, organization, outbox, volunteering};

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    once::Once,
};

async fn unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(tx, district, id).await?.ok_or(Denied::Hidden)?)
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

/// Founds a unit's team.
pub async fn found_team(
    app: &App,
    call: &Call,
    unit_id: OrgUnitId,
    name: String,
    captain_id: Option<PartyMemberId>,
    once: Once,
) -> Result<VolunteerTeam, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "createVolunteerTeam").await?;
    let district = call.district()?;
    let (unit, permit) = organize(&tx, call, district, unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_team(&tx, district, VolunteerTeamId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    if let Some(captain) = captain_id {
        let found = member::member(&tx, district, captain).await?.filter(|m| m.left_on.is_none());
        let home = found.map(|m| m.unit_id).ok_or(ProjectRefusal::NotAMember)?;
        let home = organization::unit(&tx, district, home).await?;
        if !home.is_some_and(|home| home.path.is_within(&unit.path)) {
            return Err(ProjectRefusal::NotAMember.into());
        }
    }
    let new = VolunteerTeam { id: app.id(), unit_id, name, captain_id, founded_at: tx.now(), ended_at: None };
    let team = new.found()?;
    volunteering::insert_team(&tx, &permit, &team).await?;
    once.keep(&tx, call, team.id.0).await?;
    finish(app, tx, &permit, "volunteerTeam.founded", team.id.0).await?;
    Ok(team)
}

/// Ends a team.
pub async fn end_team(
    app: &App,
    call: &Call,
    id: VolunteerTeamId,
) -> Result<VolunteerTeam, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "endVolunteerTeam").await?;
    let district = call.district()?;
    let before = volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (_, permit) = organize(&tx, call, district, before.unit_id).await?;
    let after = before.clone().end(tx.now())?;
    volunteering::update_team(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerTeam.ended", id.0).await?;
    Ok(after)
}

/// A project to begin.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// Whose.
    pub unit_id: OrgUnitId,
    /// Which team carries it.
    pub team_id: Option<VolunteerTeamId>,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
}

/// Begins a project.
pub async fn begin_project(
    app: &App,
    call: &Call,
    new: NewProject,
    once: Once,
) -> Result<VolunteerProject, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "createVolunteerProject").await?;
    let district = call.district()?;
    let (unit, permit) = organize(&tx, call, district, new.unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_project(&tx, district, VolunteerProjectId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(ProjectRefusal::UnitDissolved.into());
    }
    let team = match new.team_id {
        Some(id) => Some(volunteering::lock_team(&tx, district, id).await?.ok_or(Denied::Hidden)?),
        None => None,
    };
    let project = VolunteerProject {
        id: app.id(),
        unit_id: new.unit_id,
        team_id: new.team_id,
        name: new.name,
        description: new.description,
        created_by: call.account()?,
        created_at: tx.now(),
        ended_at: None,
    };
    let project = project.begin(team.as_ref())?;
    volunteering::insert_project(&tx, &permit, &project).await?;
    once.keep(&tx, call, project.id.0).await?;
    finish(app, tx, &permit, "volunteerProject.begun", project.id.0).await?;
    Ok(project)
}

/// Ends a project of which no shift is to come.
pub async fn end_project(
    app: &App,
    call: &Call,
    id: VolunteerProjectId,
) -> Result<VolunteerProject, Stop<ProjectRefusal>> {
    let tx = app.begin(call, "endVolunteerProject").await?;
    let district = call.district()?;
    let before = volunteering::lock_project(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let (_, permit) = organize(&tx, call, district, before.unit_id).await?;
    let to_come = volunteering::has_shifts_to_come(&tx, district, id).await?;
    let after = before.clone().end(to_come, tx.now())?;
    volunteering::update_project(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "volunteerProject.ended", id.0).await?;
    Ok(after)
}

/// Plans a shift of a project, as a draft.
pub async fn plan_shift(
    app: &App,
    call: &Call,
    project: VolunteerProjectId,
    new: NewShift,
    once: Once,
) -> Result<VolunteerShift, Stop<ShiftRefusal>> {
    let tx = app.begin(call, "createVolunteerShift").await?;
    let district = call.district()?;
    let project = volunteering::lock_project(&tx, district, project).await?.ok_or(Denied::Hidden)?;
    let (_, permit) = organize(&tx, call, district, project.unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_shift(&tx, district, VolunteerShiftId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    let shift = new.plan(&project, tx.now())?;
    volunteering::insert_shift(&tx, &permit, &shift).await?;
    once.keep(&tx, call, shift.id.0).await?;
    finish(app, tx, &permit, "volunteer_shift.planned", shift.id.0).await?;
    Ok(shift)
}

/// What an organizer does with a shift.
#[derive(Clone, Debug)]
pub enum ShiftStep {
    /// Makes it known.
    Publish,
    /// Calls it off.
    Cancel(String),
    /// Says how many came unasked.
    Count(HeadCount),
}

/// Takes a shift a step further. Those signed up to one that is called off are named in the event,
/// so that they can be told.
pub async fn step(
    app: &App,
    call: &Call,
    id: VolunteerShiftId,
    version: Option<i32>,
    step: ShiftStep,
) -> Result<VolunteerShift, Stop<ShiftRefusal>> {
    let (operation, event) = match step {
        ShiftStep::Publish => ("publishVolunteerShift", "volunteer_shift.published"),
        ShiftStep::Cancel(_) => ("cancelVolunteerShift", "volunteer_shift.cancelled"),
        ShiftStep::Count(_) => ("countHeads", "volunteer_shift.counted"),
    };
    let tx = app.begin(call, operation).await?;
    let district = call.district()?;
    let before = volunteering::lock_shift(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(&tx, district, before.unit_id).await?;
    let permit = match call.permit(Action::OrganizeService, Subject::unit(&unit.path)) {
        // Others don't see at all what was never made known.
        Err(Denied::Forbidden) if before.published_at().is_none() => return Err(Denied::Hidden.into()),
        other => other?,
    };
    if version.is_some_and(|v| v != before.version) {
        return Err(ShiftRefusal::Stale.into());
    }
    let after = match &step {
        ShiftStep::Publish => before.clone().publish(tx.now())?,
        ShiftStep::Cancel(reason) => before.clone().cancel(reason, tx.now())?,
        ShiftStep::Count(heads) => before.clone().count_heads(*heads, tx.now())?,
    };
    volunteering::update_shift(&tx, &permit, &before, &after).await?;
    let told = match &step {
        ShiftStep::Cancel(_) => volunteering::sign_ups(&tx, district, &[id]).await?.remove(&id),
        ShiftStep::Publish | ShiftStep::Count(_) => None,
    };
    let accounts: Vec<_> =
        told.unwrap_or_default().into_iter().filter(SignUp::is_live).map(|s| s.account_id).collect();
    let reason = if let ShiftStep::Cancel(reason) = &step { Some(reason) } else { None };
    let payload = serde_json::json!({
        "accounts": accounts, "units": [after.unit_id], "subjectKind": VolunteerShiftId::KIND,
        "title": title(&tx, district, &after).await?, "at": after.window.starts_at, "reason": reason,
    });
    outbox::publish(&tx, district, event, id.0, payload).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(after)
}

/// Writes what has moved in a shift's row of sign-ups and tells those who are offered a place.
async fn move_up(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    shift: &VolunteerShift,
    sign_ups: &[SignUp],
) -> Result<usize, OpError> {
    let (district, now) = (permit.district_id(), tx.now());
    let moved = shift.move_up(sign_ups, &app.rules(district).await?, now);
    let count = moved.len();
    let accounts: Vec<_> = moved.iter().map(|after| after.account_id).collect();
    let preferences = notification::preferences(tx, district, &accounts).await?;
    let time_zone = app.district(district).await?.time_zone;
    for after in moved {
        let Some(before) = sign_ups.iter().find(|s| s.id == after.id) else { continue };
        let audible = preferences.get(&after.account_id).map_or(now, |p| p.audible(now, &time_zone));
        let after = after.told_after(audible - now, shift);
        volunteering::update_sign_up(tx, permit, before, &after).await?;
        let event = if after.has_place() { "sign_up.offered" } else { "sign_up.lapsed" };
        tell(tx, permit, event, shift, &after).await?;
    }
    Ok(count)
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

/// The caller signs up for a shift.
pub async fn sign_up(
    app: &App,
    call: &Call,
    id: VolunteerShiftId,
    has_skills: bool,
) -> Result<SignUp, Stop<SignUpRefusal>> {
    let tx = app.begin(call, "signUp").await?;
    let (district, account_id) = (call.district()?, call.account()?);
    let member_id = call.person()?.membership.as_ref().map(|m| m.member_id);
    // The member first: of two sign-ups at once for two shifts, the second sees the first.
    let member = match member_id {
        Some(id) => member::lock_member(&tx, district, id).await?,
        None => None,
    };
    let Row { shift, unit, sign_ups } = lock_row(&tx, district, id).await?;
    let permit = call.permit(Action::SignUp, Subject::of(&unit.path, account_id))?;
    let member = member.ok_or(SignUpRefusal::NotAMember)?;
    let volunteer = Volunteer {
        member_id: member.id,
        account_id,
        birth: member.birth,
        has_skills,
        is_elsewhere: volunteering::is_elsewhere(&tx, district, member.id, shift.window).await?,
    };
    let day = civil_day(shift.window.starts_at, &unit.time_zone);
    let id: SignUpId = app.id();
    let sign_up = shift.sign_up(id, volunteer, &sign_ups, day, tx.now())?;
    if sign_up.id != id {
        return Ok(sign_up);
    }
    volunteering::insert_sign_up(&tx, &permit, &sign_up).await?;
    tell(&tx, &permit, "sign_up.made", &shift, &sign_up).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(sign_up)
}

/// The caller confirms an offered place, or takes a sign-up back; whoever waits moves up.
pub async fn settle(
    app: &App,
    call: &Call,
    id: SignUpId,
    confirms: bool,
) -> Result<SignUp, Stop<SignUpRefusal>> {
    let operation = if confirms { "confirmSignUp" } else { "withdrawSignUp" };
    let tx = app.begin(call, operation).await?;
    let district = call.district()?;
    let found = volunteering::sign_up(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let Row { shift, unit, mut sign_ups } = lock_row(&tx, district, found.shift_id).await?;
    let permit = call.permit(Action::SignUp, Subject::of(&unit.path, found.account_id))?;
    let own = sign_ups.iter_mut().find(|s| s.id == id).ok_or(Denied::Hidden)?;
    let before = own.clone();
    let after = if confirms {
        before.clone().confirm(&shift, tx.now())?
    } else {
        before.clone().withdraw(&shift, tx.now())?
    };
    *own = after.clone();
    volunteering::update_sign_up(&tx, &permit, &before, &after).await?;
    move_up(app, &tx, &permit, &shift, &sign_ups).await?;
    let event = if confirms { "sign_up.confirmed" } else { "sign_up.withdrawn" };
    tell(&tx, &permit, event, &shift, &after).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(after)
}

/// Lets overdue offers of a shift lapse and moves up who waits; answers whether something moved.
pub async fn advance(app: &App, call: &Call, id: VolunteerShiftId) -> Result<bool, OpError> {
    let tx = app.begin(call, "advanceSignUps").await?;
    let Row { shift, unit, sign_ups } = lock_row(&tx, call.district()?, id).await?;
    let permit = call.permit(Action::OrganizeService, Subject::unit(&unit.path))?;
    let moved = move_up(app, &tx, &permit, &shift, &sign_ups).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(moved > 0)
}
