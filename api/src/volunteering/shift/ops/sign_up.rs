use zhibu_domain::{
    id::{DistrictId, PartyMemberId, SignUpId, VolunteerShiftId},
    organization::civil_day,
    policy::{Action, Denied, Permit, Subject},
    volunteering::{SignUp, SignUpRefusal, SignUpState, Volunteer, VolunteerShift},
};
use zhibu_persistence::{Tx, member, notification, volunteering};

use super::{Row, lock_row, tell};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Writes what has moved in a shift's row of sign-ups and tells those who are offered a place. Answers
/// what has moved.
pub(super) async fn move_up(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    shift: &VolunteerShift,
    sign_ups: &[SignUp],
) -> Result<Vec<SignUp>, OpError> {
    let (district, now) = (permit.district_id(), tx.now());
    let elsewhere =
        volunteering::elsewhere(tx, district, &waiting(sign_ups), shift, SignUpState::PLACES).await?;
    let mut moved = shift.move_up(sign_ups, &elsewhere, &app.rules(district).await?, now);
    let accounts: Vec<_> = moved.iter().map(|after| after.account_id).collect();
    let preferences = notification::preferences(tx, district, &accounts).await?;
    let time_zone = app.district(district).await?.time_zone;
    for after in &mut moved {
        let Some(before) = sign_ups.iter().find(|s| s.id == after.id) else { continue };
        let audible = preferences.get(&after.account_id).map_or(now, |p| p.audible(now, &time_zone));
        *after = after.clone().told_after(audible - now, shift);
        volunteering::update_sign_up(tx, permit, before, after).await?;
        let event = if after.has_place() { "sign_up.offered" } else { "sign_up.lapsed" };
        tell(tx, permit, event, shift, after).await?;
    }
    Ok(moved)
}

fn waiting(sign_ups: &[SignUp]) -> Vec<PartyMemberId> {
    sign_ups.iter().filter(|s| s.state() == SignUpState::Waiting).map(|s| s.member_id).collect()
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
    let asked: Vec<_> = waiting(&sign_ups).into_iter().chain([member.id]).collect();
    let elsewhere = volunteering::elsewhere(&tx, district, &asked, &shift, SignUpState::PLACES).await?;
    let volunteer = Volunteer {
        member_id: member.id,
        account_id,
        birth: member.birth,
        has_skills,
        is_elsewhere: elsewhere.contains(&member.id),
    };
    let day = civil_day(shift.window.starts_at, &unit.time_zone);
    let id: SignUpId = app.id();
    let sign_up = shift.sign_up(id, volunteer, &sign_ups, &elsewhere, day, tx.now())?;
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
    // The member first: of two offers confirmed at once for the same time, the second sees the first.
    member::lock_member(&tx, district, found.member_id).await?;
    let Row { shift, unit, mut sign_ups } = lock_row(&tx, district, found.shift_id).await?;
    let permit = call.permit(Action::SignUp, Subject::of(&unit.path, found.account_id))?;
    let own = sign_ups.iter_mut().find(|s| s.id == id).ok_or(Denied::Hidden)?;
    let before = own.clone();
    let after = if confirms {
        // Only a place that was taken stands in the way: of several offers the member chooses.
        let taken = [SignUpState::SignedUp];
        let elsewhere = volunteering::elsewhere(&tx, district, &[before.member_id], &shift, &taken).await?;
        before.clone().confirm(&shift, !elsewhere.is_empty(), tx.now())?
    } else {
        before.clone().withdraw(&shift, tx.now())?
    };
    *own = after.clone();
    volunteering::update_sign_up(&tx, &permit, &before, &after).await?;
    move_up(app, &tx, &permit, &shift, &sign_ups).await?;
    let event = if confirms { "sign_up.confirmed" } else { "sign_up.withdrawn" };
    tell(&tx, &permit, event, &shift, &after).await?;
    let free: &[_] = if confirms { &[] } else { &[after.member_id] };
    let waited_for = volunteering::waited_for(&tx, district, free, &shift).await?;
    tx.commit().await?;
    app.hub.wake();
    look_again(app, district, waited_for).await;
    Ok(after)
}

/// Moves up those who were passed over while they were elsewhere and wait there still. What freed them is
/// done, whatever becomes of this: a row that isn't looked at now is when next something moves in it.
pub(super) async fn look_again(app: &App, district: DistrictId, shifts: Vec<VolunteerShiftId>) {
    for id in shifts {
        let call = Call::system(district, app.auth.random.id(app.now()));
        if let Err(error) = advance(app, &call, id).await {
            error.log();
        }
    }
}

/// Lets overdue offers of a shift lapse and moves up who waits, there and where those whose offers have
/// lapsed wait at the same time; answers whether something moved.
pub async fn advance(app: &App, call: &Call, id: VolunteerShiftId) -> Result<bool, OpError> {
    let (mut shifts, mut has_moved) = (vec![id], false);
    while let Some(id) = shifts.pop() {
        let tx = app.begin(call, "advanceSignUps").await?;
        let district = call.district()?;
        let Row { shift, unit, sign_ups } = lock_row(&tx, district, id).await?;
        let permit = call.permit(Action::OrganizeService, Subject::unit(&unit.path))?;
        let moved = move_up(app, &tx, &permit, &shift, &sign_ups).await?;
        let free: Vec<_> = moved.iter().filter(|s| !s.is_live()).map(|s| s.member_id).collect();
        shifts.extend(volunteering::waited_for(&tx, district, &free, &shift).await?);
        tx.commit().await?;
        app.hub.wake();
        has_moved |= !moved.is_empty();
    }
    Ok(has_moved)
}
