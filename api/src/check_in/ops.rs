//! A member checks in by the code on the screen, now or from a scan made without signal.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::{
        Attendance, CheckInClaim,
        check_in::{
            CheckIn, CheckInContext, CheckInRefusal as Refusal, Decision, How, OfflineScan, Position,
            QrPayload, ShownCode, decide, show,
        },
    },
    id::{ActivityId, PartyMemberId},
    policy::{Action, Denied, Permit},
    rule::RuleKey,
};
use zhibu_persistence::{
    Connect, activity,
    attendance::{self, CheckInRow},
    outbox,
};

use super::{Room, Verdict};
use crate::{
    app::App,
    attendance::ops::{News, record, retally},
    call::Call,
    error::{OpError, Stop},
};

/// What a phone sends.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The text of the QR code, or …
    pub qr: Option<String>,
    /// … the typed digits, of …
    pub digits: Option<String>,
    /// … this activity.
    pub activity_id: Option<ActivityId>,
    /// What the app calls its installation.
    pub device: Option<String>,
    /// Set when the scan was made without signal.
    pub offline: Option<OfflineScan>,
    /// The position that the member chose to send.
    pub position: Option<Position>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum CheckedIn {
    /// The member's record, and whether it is an earlier one.
    Attendance(Attendance, bool),
    /// The organizer decides.
    Claim(CheckInClaim),
}

impl Scan {
    fn activity(&self) -> Result<ActivityId, Refusal> {
        match (&self.qr, self.activity_id) {
            (_, Some(id)) => Ok(id),
            (Some(qr), None) => QrPayload::parse(qr).map(|p| p.subject).ok_or(Refusal::CodeWrong),
            (None, None) => Err(Refusal::CodeWrong),
        }
    }

    fn check_in(&self) -> Result<CheckIn<'_>, Refusal> {
        let how = match (&self.qr, &self.digits) {
            (Some(qr), None) => How::Scan(qr),
            (None, Some(digits)) => How::Digits(digits),
            _ => return Err(Refusal::CodeWrong),
        };
        Ok(CheckIn { how, device: self.device.as_deref(), offline: self.offline, position: self.position })
    }
}

struct Who {
    member: PartyMemberId,
    permit: Permit,
}

/// Who checks in. Holding up a room's code, one may know of the room: who isn't on the list is
/// told so, instead of that there is no such activity.
fn who(call: &Call, room: &Room, scan: &Scan) -> Result<Who, Stop<Refusal>> {
    let member = call.person()?.membership.as_ref().map(|m| m.member_id);
    let permit = call.permit(Action::Attend, room.subject(member));
    match (permit, member) {
        (Ok(permit), Some(member)) => Ok(Who { member, permit }),
        (Err(Denied::Forbidden), _) | (Ok(_), None) => Err(Refusal::NotExpected.into()),
        (Err(Denied::Hidden), _) if scan.qr.is_some() => Err(Refusal::NotExpected.into()),
        (Err(denied), _) => Err(denied.into()),
    }
}

/// Checks the caller in. A repeat answers the first record.
pub async fn check_in(app: &App, call: &Call, scan: &Scan) -> Result<CheckedIn, Stop<Refusal>> {
    let district = call.district()?;
    let id = scan.activity()?;
    let room = Room::kept(app, district, id).await?;
    let Some(room) = room.as_ref() else {
        return if scan.qr.is_some() { Err(Refusal::CodeWrong.into()) } else { Err(Denied::Hidden.into()) };
    };
    let who = who(call, room, scan)?;
    let attempts = room.rules.get(RuleKey::CodeAttempts);
    let limiter_key = (district, who.permit.account_id().ok_or(Denied::Unauthenticated)?);
    let limit = u32::try_from(attempts).unwrap_or(u32::MAX);
    let blocked = app.auth.wrong_codes.check(limiter_key, limit, app.now()).is_err();
    let context = CheckInContext {
        activity: &room.activity,
        attendee: room.attendees.get(&who.member),
        key: &room.key,
        rules: &room.rules,
        now: app.now(),
        existing: None,
        claim: None,
        wrong_codes: if blocked { attempts } else { 0 },
    };
    let decided = decide(scan.check_in()?, &context);
    if let Ok(Decision::Recorded { new, .. }) = decided {
        let attendance = new.enter(app.id());
        let row = CheckInRow {
            attendance: attendance.clone(),
            activity_version: room.activity.version,
            person: limiter_key.1,
            permit: who.permit.clone(),
            request_id: call.request_id,
        };
        if app.recorder.record(row).await? == Verdict::Recorded {
            return Ok(CheckedIn::Attendance(attendance, false));
        }
    } else if matches!(decided, Err(Refusal::CodeWrong | Refusal::CodeExpired)) && scan.digits.is_some() {
        app.auth.wrong_codes.record(limiter_key, app.now());
    }
    settle(app, call, scan, &who, context.wrong_codes, room).await
}

/// What is stored of a check-in now.
struct Stored {
    room: Room,
    existing: Option<Attendance>,
    claim: Option<CheckInClaim>,
}

impl Stored {
    async fn load(app: &App, db: &impl Connect, id: ActivityId, who: &Who) -> Result<Self, OpError> {
        let district = who.permit.district_id();
        Ok(Self {
            room: Room::load(app, db, district, id).await?.ok_or(Denied::Hidden)?,
            existing: attendance::attendance(db, district, id, who.member).await?,
            claim: attendance::claim_of(db, district, id, who.member).await?,
        })
    }

    fn decide(
        &self,
        scan: &Scan,
        who: &Who,
        wrong_codes: i64,
        now: DateTime<Utc>,
    ) -> Result<Decision, Stop<Refusal>> {
        let context = CheckInContext {
            activity: &self.room.activity,
            attendee: self.room.attendees.get(&who.member),
            key: &self.room.key,
            rules: &self.room.rules,
            now,
            existing: self.existing.as_ref(),
            claim: self.claim.as_ref().map(|c| c.id),
            wrong_codes,
        };
        Ok(decide(scan.check_in()?, &context)?)
    }

    /// What was done before, where nothing is left to do.
    fn first(&self, decision: &Decision) -> Option<CheckedIn> {
        match decision {
            Decision::Already(_) => self.existing.clone().map(|a| CheckedIn::Attendance(a, true)),
            Decision::AlreadyClaimed(_) => self.claim.clone().map(CheckedIn::Claim),
            Decision::Recorded { .. } | Decision::Claim(_) => None,
        }
    }
}

/// The slower way, for whoever has a record or a claim already, or is refused at first sight:
/// decides once more on what is stored; and where something is to be written, once more with the
/// activity locked, so that of two at once the second finds what the first has done.
async fn settle(
    app: &App,
    call: &Call,
    scan: &Scan,
    who: &Who,
    wrong_codes: i64,
    room: &Room,
) -> Result<CheckedIn, Stop<Refusal>> {
    let id = room.activity.id;
    let seen = Stored::load(app, &app.store, id, who).await?;
    if seen.room.activity.version != room.activity.version {
        // Another server has changed it; whoever comes next needn't find that out, too.
        app.memo.rooms.forget(&(who.permit.district_id(), id)).await;
    }
    if let Some(first) = seen.first(&seen.decide(scan, who, wrong_codes, app.now())?) {
        return Ok(first);
    }
    let tx = app.begin(call, "checkIn").await?;
    let district = who.permit.district_id();
    activity::lock_activity(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let stored = Stored::load(app, &tx, id, who).await?;
    let decision = stored.decide(scan, who, wrong_codes, tx.now())?;
    if let Some(first) = stored.first(&decision) {
        return Ok(first);
    }
    let attendee = stored.room.attendees.get(&who.member).ok_or(Refusal::NotExpected)?;
    let person = attendee.account_id;
    let done = match decision {
        Decision::Recorded { new, .. } => {
            let recorded = record(app, &tx, &who.permit, person, stored.existing.as_ref(), new).await?;
            retally(&tx, &who.permit, &stored.room.activity).await?;
            CheckedIn::Attendance(recorded, false)
        }
        Decision::Claim(new) => {
            let claim = new.enter(app.id());
            attendance::insert_claim(&tx, &who.permit, &claim, person).await?;
            let news = News::work("check_in_claim.raised");
            news.publish(&tx, district, &stored.room.activity).await?;
            CheckedIn::Claim(claim)
        }
        Decision::Already(_) | Decision::AlreadyClaimed(_) => {
            return Err(OpError::internal("a repeat without a first").into());
        }
    };
    outbox::publish(&tx, district, "attendance.changed", id.0, serde_json::Value::Null).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(done)
}

/// The code to show in the room now. For who keeps attendance there.
pub async fn shown_code(app: &App, call: &Call, id: ActivityId) -> Result<ShownCode, OpError> {
    let district = call.district()?;
    let room = Room::kept(app, district, id).await?;
    let room = room.as_ref().as_ref().ok_or(Denied::Hidden)?;
    call.permit(Action::KeepAttendance, room.subject(None))?;
    Ok(show(&room.key, id, app.now(), &room.rules))
}
