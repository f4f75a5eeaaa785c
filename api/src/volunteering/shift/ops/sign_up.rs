use zhibu_domain::{
    id::{SignUpId, VolunteerShiftId},
    organization::civil_day,
    policy::{Action, Denied, Permit, Subject},
    volunteering::{SignUp, SignUpRefusal, Volunteer, VolunteerShift},
};
use zhibu_persistence::{Tx, member, notification, volunteering};

use super::{Row, lock_row, tell};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Writes what has moved in a shift's row of sign-ups and tells those who are offered a place.
pub(super) async fn move_up(
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
