use zhibu_domain::{
    id::{TypedId, VolunteerProjectId, VolunteerShiftId},
    policy::{Action, Denied},
    volunteering::{HeadCount, NewShift, Presence, ShiftChange, ShiftRefusal, VolunteerShift},
};
use zhibu_persistence::{outbox, volunteering};

use super::{
    finish, organize, permit_on,
    sign_up::{look_again, move_up},
    title, unit,
};
use crate::{app::App, call::Call, error::Stop, once::Once};

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
    let (unit, permit) = organize(&tx, call, district, project.unit_id).await?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = volunteering::lock_shift(&tx, district, VolunteerShiftId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(ShiftRefusal::UnitDissolved.into());
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
    /// Changes it.
    Change(ShiftChange),
    /// Calls it off.
    Cancel(String),
    /// Says how many came unasked.
    Count(HeadCount),
}

impl ShiftStep {
    /// Whether it is of a shift to come; what was called off or has been may be said of a unit that is no more.
    fn prepares(&self) -> bool {
        matches!(self, Self::Publish | Self::Change(_))
    }

    /// Heads are counted by whoever runs the shift.
    fn action(&self) -> Action {
        match self {
            Self::Publish | Self::Change(_) | Self::Cancel(_) => Action::OrganizeService,
            Self::Count(_) => Action::RunShift,
        }
    }
}

/// Takes a shift a step further. Those signed up to one that is called off, or takes place at another time
/// or elsewhere, are named in the event, so that they can be told.
pub async fn step(
    app: &App,
    call: &Call,
    id: VolunteerShiftId,
    version: Option<i32>,
    step: ShiftStep,
) -> Result<VolunteerShift, Stop<ShiftRefusal>> {
    let (operation, event) = match step {
        ShiftStep::Publish => ("publishVolunteerShift", "volunteer_shift.published"),
        ShiftStep::Change(_) => ("updateVolunteerShift", "volunteer_shift.changed"),
        ShiftStep::Cancel(_) => ("cancelVolunteerShift", "volunteer_shift.cancelled"),
        ShiftStep::Count(_) => ("countHeads", "volunteer_shift.counted"),
    };
    let tx = app.begin(call, operation).await?;
    let district = call.district()?;
    let before = volunteering::lock_shift(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(&tx, district, before.unit_id).await?;
    let permit = permit_on(&tx, call, step.action(), &before, &unit).await?;
    if version.is_some_and(|v| v != before.version) {
        return Err(ShiftRefusal::Stale.into());
    }
    if unit.dissolved_at.is_some() && step.prepares() {
        return Err(ShiftRefusal::UnitDissolved.into());
    }
    let sign_ups = volunteering::sign_ups(&tx, district, &[id]).await?.remove(&id).unwrap_or_default();
    let after = match &step {
        ShiftStep::Publish => before.clone().publish(tx.now())?,
        ShiftStep::Change(change) => {
            let somebody_there = sign_ups.iter().any(|s| s.presence != Presence::Absent);
            before.clone().change(change.clone(), somebody_there, tx.now())?
        }
        ShiftStep::Cancel(reason) => before.clone().cancel(reason, tx.now())?,
        ShiftStep::Count(heads) => before.clone().count_heads(*heads, tx.now())?,
    };
    volunteering::update_shift(&tx, &permit, &before, &after).await?;
    let (tells, reason) = match &step {
        ShiftStep::Cancel(reason) => (true, Some(reason)),
        ShiftStep::Change(_) => {
            move_up(app, &tx, &permit, &after, &sign_ups).await?;
            (after.is_elsewhere_than(&before), Some(&after.place))
        }
        ShiftStep::Publish | ShiftStep::Count(_) => (false, None),
    };
    let told = sign_ups.iter().filter(|s| tells && s.is_live());
    let (accounts, members): (Vec<_>, Vec<_>) = told.map(|s| (s.account_id, s.member_id)).unzip();
    let payload = serde_json::json!({
        "accounts": accounts, "units": [after.unit_id], "subjectKind": VolunteerShiftId::KIND,
        "title": title(&tx, district, &after).await?, "at": after.window.starts_at, "reason": reason,
    });
    outbox::publish(&tx, district, event, id.0, payload).await?;
    let waited_for = volunteering::waited_for(&tx, district, &members, &before).await?;
    tx.commit().await?;
    app.hub.wake();
    look_again(app, district, waited_for).await;
    Ok(after)
}
