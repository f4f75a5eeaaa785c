//! Coming to a shift and leaving it, and the hours that it comes to.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::check_in::{How, OfflineScan, QrPayload, ShownCode, show},
    id::{DistrictId, PartyMemberId, VolunteerShiftId},
    member::PartyMember,
    organization::{OrgUnit, civil_day},
    policy::{Action, Denied, Permit, Subject},
    rule::{RuleKey, Rules},
    volunteering::{
        Arrival, AtShift, Proof, ServiceHourEntry, ShiftCheckInRefusal as Refusal, SignUp, SignUpState,
        Volunteer, VolunteerShift,
    },
};
use zhibu_persistence::{Tx, member, volunteering};

use super::{Row, hours::Left, lock_row, permit_on, tell, unit};
use crate::{
    app::App,
    call::Call,
    check_in::key,
    error::{OpError, Stop},
};

/// Coming or leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Coming.
    In,
    /// Leaving.
    Out,
}

/// What a phone sends. Neither a code nor digits is a tap.
#[derive(Clone, Debug)]
pub struct ShiftScan {
    /// The text of the QR code, or …
    pub qr: Option<String>,
    /// … the typed digits, of …
    pub digits: Option<String>,
    /// … this shift.
    pub shift_id: Option<VolunteerShiftId>,
    /// Set when the scan was made without signal.
    pub offline: Option<OfflineScan>,
    /// That the volunteer has the skills, where they haven't signed up.
    pub has_skills: bool,
}

impl ShiftScan {
    fn shift(&self) -> Result<VolunteerShiftId, Refusal> {
        match (&self.qr, self.shift_id) {
            (_, Some(id)) => Ok(id),
            (Some(qr), None) => QrPayload::parse(qr).map(|p| p.subject).ok_or(Refusal::CodeWrong),
            (None, None) => Err(Refusal::CodeWrong),
        }
    }

    fn proof(&self, wrong_codes: i64) -> Result<Proof<'_>, Refusal> {
        let how = match (&self.qr, &self.digits) {
            (Some(qr), None) => How::Scan(qr),
            (None, Some(digits)) => How::Digits(digits),
            (None, None) => return Ok(Proof::Tap),
            (Some(_), Some(_)) => return Err(Refusal::CodeWrong),
        };
        Ok(Proof::Code { how, offline: self.offline, wrong_codes })
    }
}

/// What became of it: the sign-up, and whether it is as it was.
pub type Passed = (SignUp, bool);

/// Somebody at the door of a shift; the member and the shift are locked.
struct Door {
    tx: Tx,
    permit: Permit,
    row: Row,
    member: PartyMember,
    rules: Rules,
}

/// The rules of a shift's day.
pub(super) async fn rules_of(
    app: &App,
    district: DistrictId,
    shift: &VolunteerShift,
    unit: &OrgUnit,
) -> Result<Rules, OpError> {
    app.rules_on(district, civil_day(shift.window.starts_at, &unit.time_zone)).await
}

/// The caller comes. A repeat answers the first check-in.
pub async fn check_in(app: &App, call: &Call, scan: &ShiftScan) -> Result<Passed, Stop<Refusal>> {
    by_oneself(app, call, scan, Direction::In).await
}

/// The caller leaves. A repeat answers the first check-out.
pub async fn check_out(app: &App, call: &Call, scan: &ShiftScan) -> Result<Passed, Stop<Refusal>> {
    by_oneself(app, call, scan, Direction::Out).await
}

async fn by_oneself(
    app: &App,
    call: &Call,
    scan: &ShiftScan,
    direction: Direction,
) -> Result<Passed, Stop<Refusal>> {
    let limiter_key = (call.district()?, call.account()?);
    let (district, account) = limiter_key;
    let id = scan.shift()?;
    let tx = app.begin(call, direction.operation()).await?;
    let member = match call.person()?.membership.as_ref() {
        Some(own) => member::lock_member(&tx, district, own.member_id).await?,
        None => None,
    };
    let row = match lock_row(&tx, district, id).await {
        // Holding up a code, one isn't told which shifts there are.
        Err(OpError::Denied(Denied::Hidden)) if scan.qr.is_some() => return Err(Refusal::CodeWrong.into()),
        row => row?,
    };
    let permit = call.permit(Action::SignUp, Subject::of(&row.unit.path, account))?;
    let member = member.ok_or(Refusal::NotAMember)?;
    let rules = rules_of(app, district, &row.shift, &row.unit).await?;
    let attempts = rules.get(RuleKey::CodeAttempts);
    let limit = u32::try_from(attempts).unwrap_or(u32::MAX);
    let blocked = app.auth.wrong_codes.check(limiter_key, limit, app.now()).is_err();
    let proof = scan.proof(if blocked { attempts } else { 0 })?;
    let door = Door { tx, permit, row, member, rules };
    let passed = door.pass(app, direction, proof, scan.has_skills).await;
    if matches!(passed, Err(Stop::Refused(Refusal::CodeWrong | Refusal::CodeExpired, _)))
        && scan.digits.is_some()
    {
        app.auth.wrong_codes.record(limiter_key, app.now());
    }
    passed
}

/// Volunteers whom somebody responsible checks in or out.
#[derive(Clone, Debug)]
pub struct RosterEntry {
    /// At which shift.
    pub shift_id: VolunteerShiftId,
    /// Who.
    pub members: Vec<PartyMemberId>,
    /// When it was.
    pub at: Option<DateTime<Utc>>,
    /// Why they don't do it themselves.
    pub reason: String,
}

/// What became of one of them.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub member_id: PartyMemberId,
    /// The sign-up, or why not.
    pub result: Result<SignUp, Refusal>,
}

/// Checks volunteers in or out by the roster, one after the other: one refusal never holds up the
/// others, and what was done already stays as it is.
pub async fn enter_by_roster(
    app: &App,
    call: &Call,
    entry: RosterEntry,
    direction: Direction,
) -> Result<Vec<Entered>, Stop<Refusal>> {
    let mut entered = Vec::with_capacity(entry.members.len());
    for member_id in &entry.members {
        let result = match enter(app, call, &entry, *member_id, direction).await {
            Ok((sign_up, _)) => Ok(sign_up),
            Err(Stop::Refused(refusal, _)) => Err(refusal),
            Err(error) => return Err(error),
        };
        entered.push(Entered { member_id: *member_id, result });
    }
    Ok(entered)
}

async fn enter(
    app: &App,
    call: &Call,
    entry: &RosterEntry,
    member_id: PartyMemberId,
    direction: Direction,
) -> Result<Passed, Stop<Refusal>> {
    let tx = app.begin(call, direction.roster_operation()).await?;
    let district = call.district()?;
    let member = member::lock_member(&tx, district, member_id).await?.filter(|m| m.left_on.is_none());
    let row = lock_row(&tx, district, entry.shift_id).await?;
    let permit = permit_on(&tx, call, Action::RunShift, &row.shift, &row.unit).await?;
    let member = member.ok_or(Refusal::NotAMember)?;
    let rules = rules_of(app, district, &row.shift, &row.unit).await?;
    let proof = Proof::Roster { by: call.account()?, at: entry.at, reason: &entry.reason };
    let door = Door { tx, permit, row, member, rules };
    // Whoever lets somebody in vouches for the skills.
    door.pass(app, direction, proof, true).await
}

impl Direction {
    fn operation(self) -> &'static str {
        match self {
            Self::In => "checkInAtShift",
            Self::Out => "checkOutOfShift",
        }
    }

    fn roster_operation(self) -> &'static str {
        match self {
            Self::In => "checkInVolunteers",
            Self::Out => "checkOutVolunteers",
        }
    }
}

impl Door {
    async fn pass(
        self,
        app: &App,
        direction: Direction,
        proof: Proof<'_>,
        has_skills: bool,
    ) -> Result<Passed, Stop<Refusal>> {
        match direction {
            Direction::In => self.come(app, proof, has_skills).await,
            Direction::Out => self.leave(app, proof).await,
        }
    }

    async fn come(self, app: &App, proof: Proof<'_>, has_skills: bool) -> Result<Passed, Stop<Refusal>> {
        let Self { tx, permit, row: Row { shift, unit, sign_ups }, member, rules } = self;
        let district = permit.district_id();
        let own = sign_ups.iter().find(|s| s.member_id == member.id && s.is_live());
        let earlier = hours_of(&tx, district, own).await?;
        let elsewhere =
            volunteering::elsewhere(&tx, district, &[member.id], &shift, SignUpState::PLACES).await?;
        let arrival = Arrival {
            id: app.id(),
            volunteer: Volunteer {
                member_id: member.id,
                account_id: member.account_id,
                birth: member.birth,
                has_skills,
                is_elsewhere: elsewhere.contains(&member.id),
            },
            sign_ups: &sign_ups,
            hours: earlier.as_ref().map(ServiceHourEntry::state),
            booked: &volunteering::booked(&tx, district, member.id, shift.window).await?,
            day: civil_day(shift.window.starts_at, &unit.time_zone),
        };
        let at = AtShift { shift: &shift, key: &key(app, shift.id), rules: &rules, now: tx.now() };
        let after = at.check_in(arrival, proof)?;
        let after = match sign_ups.iter().find(|s| s.id == after.id) {
            Some(before) if *before == after => return Ok((after, true)),
            Some(before) if after.presence.until().is_some() => {
                let left = Left { shift: &shift, unit: &unit, rules: &rules, before, earlier };
                left.enter(app, &tx, &permit, after).await?
            }
            Some(before) => {
                volunteering::update_sign_up(&tx, &permit, before, &after).await?;
                after
            }
            None => {
                volunteering::insert_sign_up(&tx, &permit, &after).await?;
                after
            }
        };
        tell(&tx, &permit, "sign_up.checked_in", &shift, &after).await?;
        tx.commit().await?;
        app.hub.wake();
        Ok((after, false))
    }

    async fn leave(self, app: &App, proof: Proof<'_>) -> Result<Passed, Stop<Refusal>> {
        let own = self.row.sign_ups.iter().find(|s| s.member_id == self.member.id && s.is_live()).cloned();
        let own = own.ok_or(Refusal::NotCheckedIn)?;
        let Self { tx, permit, row: Row { shift, unit, .. }, rules, .. } = self;
        let earlier = hours_of(&tx, permit.district_id(), Some(&own)).await?;
        let hours = earlier.as_ref().map(ServiceHourEntry::state);
        let at = AtShift { shift: &shift, key: &key(app, shift.id), rules: &rules, now: tx.now() };
        let after = at.check_out(&own, hours, proof)?;
        if after == own {
            return Ok((after, true));
        }
        let left = Left { shift: &shift, unit: &unit, rules: &rules, before: &own, earlier };
        let after = left.enter(app, &tx, &permit, after).await?;
        tell(&tx, &permit, "sign_up.checked_out", &shift, &after).await?;
        tx.commit().await?;
        app.hub.wake();
        Ok((after, false))
    }
}

/// The hours that somebody's presence has come to, locked.
async fn hours_of(
    tx: &Tx,
    district: DistrictId,
    sign_up: Option<&SignUp>,
) -> Result<Option<ServiceHourEntry>, OpError> {
    let ids: Vec<_> = sign_up.and_then(|s| s.presence.entry_id()).into_iter().collect();
    Ok(volunteering::lock_entries(tx, district, &ids).await?.pop())
}

/// The code to show at a shift now. For who runs it.
pub async fn shown_code(app: &App, call: &Call, id: VolunteerShiftId) -> Result<ShownCode, OpError> {
    let district = call.district()?;
    let shift = volunteering::shifts(&app.store, district, &[id]).await?.remove(&id).ok_or(Denied::Hidden)?;
    let unit = unit(&app.store, district, shift.unit_id).await?;
    permit_on(&app.store, call, Action::RunShift, &shift, &unit).await?;
    let rules = rules_of(app, district, &shift, &unit).await?;
    Ok(show(&key(app, id), id, app.now(), &rules))
}
