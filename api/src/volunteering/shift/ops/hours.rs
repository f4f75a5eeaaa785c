//! The hours that somebody's presence at a shift comes to.

use zhibu_domain::{
    id::SignUpId,
    organization::OrgUnit,
    policy::{Action, Denied, Permit, Subject},
    rule::Rules,
    volunteering::{Reckoning, ServiceHourEntry, SignUp, VolunteerShift},
};
use zhibu_persistence::{Tx, member, volunteering};

use super::{Row, lock_row, presence::rules_of, tell};
use crate::{
    app::App,
    call::Call,
    error::OpError,
    volunteering::ops::{branch_of, tell as tell_of, tell_change, zone},
};

/// Somebody who was at a shift, and whose hours are to be entered.
pub(super) struct Left<'a> {
    pub shift: &'a VolunteerShift,
    pub unit: &'a OrgUnit,
    pub rules: &'a Rules,
    pub before: &'a SignUp,
    /// What an earlier check-out came to.
    pub earlier: Option<ServiceHourEntry>,
}

impl Left<'_> {
    /// Enters the hours, or reckons anew those that an earlier check-out came to; writes the sign-up.
    pub async fn enter(self, app: &App, tx: &Tx, permit: &Permit, after: SignUp) -> Result<SignUp, OpError> {
        let Self { shift, unit, rules, before, earlier } = self;
        let district = permit.district_id();
        let project = volunteering::projects(tx, district, &[shift.project_id]).await?;
        let project = project.get(&shift.project_id).ok_or(OpError::internal("a shift without a project"))?;
        let reckoning = Reckoning {
            id: app.id(),
            earlier: earlier.as_ref(),
            unit_id: branch_of(tx, district, unit.clone()).await?.id,
            project,
            booked: &volunteering::booked(tx, district, after.member_id, shift.window).await?,
            zone: zone(unit),
            rules,
            now: tx.now(),
        };
        let counted = shift.served(&after, reckoning);
        // What comes to nothing is taken back; a later correction begins anew.
        let after = after.with_hours(counted.as_ref().map(|entry| entry.id));
        match (counted, earlier) {
            (Some(new), None) => {
                volunteering::insert_entry(tx, permit, &new).await?;
                tell_of(tx, permit, &new, "service_hours.reported").await?;
            }
            (counted, Some(old)) => {
                let taken_back = || old.clone().withdraw(tx.now()).ok();
                let new = counted.or_else(taken_back).ok_or(OpError::internal("hours were decided"))?;
                volunteering::update_entry(tx, permit, &old, &new, false).await?;
                tell_corrected(tx, permit, (before, &after), (&old, &new)).await?;
            }
            (None, None) => {}
        }
        volunteering::update_sign_up(tx, permit, before, &after).await?;
        Ok(after)
    }
}

/// Tells of hours that were reckoned anew: the member, too, where somebody else has corrected when they
/// came or left.
async fn tell_corrected(
    tx: &Tx,
    permit: &Permit,
    (before, after): (&SignUp, &SignUp),
    hours: (&ServiceHourEntry, &ServiceHourEntry),
) -> Result<(), OpError> {
    let corrected = match after.presence.since().filter(|since| Some(*since) != before.presence.since()) {
        Some(since) => Some(since),
        None => after.presence.until(),
    };
    let event = match corrected.and_then(|mark| mark.by) {
        Some(_) => "service_hours.corrected",
        None => "service_hours.reported",
    };
    tell_change(tx, permit, hours, event, corrected.and_then(|mark| mark.reason.as_deref())).await
}

/// Closes a forgotten check-out whose time is over; answers whether it was open.
pub async fn close(app: &App, call: &Call, id: SignUpId) -> Result<bool, OpError> {
    let tx = app.begin(call, "closeCheckIn").await?;
    let district = call.district()?;
    let found = volunteering::sign_up(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    member::lock_member(&tx, district, found.member_id).await?;
    let Row { shift, unit, sign_ups } = lock_row(&tx, district, found.shift_id).await?;
    let permit = call.permit(Action::RunShift, Subject::unit(&unit.path))?;
    let own = sign_ups.iter().find(|s| s.id == id).ok_or(Denied::Hidden)?;
    // Another server was faster, or the volunteer.
    let Some(after) = own.close(&shift, tx.now()) else { return Ok(false) };
    let rules = rules_of(app, district, &shift, &unit).await?;
    let left = Left { shift: &shift, unit: &unit, rules: &rules, before: own, earlier: None };
    let after = left.enter(app, &tx, &permit, after).await?;
    tell(&tx, &permit, "sign_up.closed", &shift, &after).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(true)
}
