//! Reporting, reviewing, objecting, granting: everything that happens to volunteer hours.

mod objection;

pub use objection::{decide_objection, object};

use std::collections::HashMap;

use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, PartyMemberId, ServiceHourEntryId, TypedId},
    organization::{OrgUnit, OrgUnitPath},
    policy::{Action, Denied, Permit, Subject},
    vocabulary::Vocabulary,
    volunteering::{
        HourProgress, HourReport, HourReportRefusal as ReportRefusal, HourReviewRefusal as ReviewRefusal,
        HourState, Service, ServiceHourEntry, Verdict,
    },
};
use zhibu_persistence::{
    Tx, member, organization,
    outbox::{self, News},
    volunteering,
};

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    once::Once,
};

/// An entry that is about to be changed, with what the policy asks of it.
struct Held {
    entry: ServiceHourEntry,
    unit: OrgUnit,
    home: Vec<OrgUnitPath>,
    /// Of the team at whose shift it was served.
    captain: Option<PartyMemberId>,
}

impl Held {
    fn permit(&self, call: &Call, action: Action) -> Result<Permit, Denied> {
        call.permit(action, self.subject())
    }

    /// To verify what was served at a team's shift; whatever follows is for the organizers alone.
    fn permit_review(&self, call: &Call) -> Result<Permit, Denied> {
        call.permit(Action::VerifyHours, self.subject().captain(self.captain))
    }

    fn subject(&self) -> Subject<'_> {
        Subject::of(&self.unit.path, self.entry.account_id).joint(&self.home)
    }
}

/// The time zone of a unit's civil days.
pub(super) fn zone(unit: &OrgUnit) -> chrono_tz::Tz {
    unit.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai)
}

/// The unit that a unit's hours are reported to, and to whose members they are made known: of a group or a
/// hub the branch, or what stands there in its place; of any other the unit itself.
pub(super) async fn branch_of(tx: &Tx, district: DistrictId, unit: OrgUnit) -> Result<OrgUnit, OpError> {
    if !unit.kind.is_within_branch() {
        return Ok(unit);
    }
    let above = organization::units_at(tx, district, &unit.path.superiors()).await?;
    Ok(above.into_iter().rev().find(|u| !u.kind.is_within_branch()).unwrap_or(unit))
}

/// Locks entries; all must exist.
async fn hold_all(
    tx: &Tx,
    district: DistrictId,
    ids: &[ServiceHourEntryId],
) -> Result<HashMap<ServiceHourEntryId, Held>, OpError> {
    let entries = volunteering::lock_entries(tx, district, ids).await?;
    let members: Vec<_> = entries.iter().map(|e| e.member_id).collect();
    let members = member::members(tx, district, &members).await?;
    let units: Vec<_> =
        entries.iter().map(|e| e.unit_id).chain(members.values().map(|m| m.unit_id)).collect();
    let units = organization::units(tx, district, &units).await?;
    let shifts: Vec<_> = entries.iter().filter_map(|e| e.shift_id).collect();
    let captains = volunteering::captains(tx, district, &shifts).await?;
    let mut held = HashMap::new();
    for entry in entries {
        let unit = units.get(&entry.unit_id).cloned().ok_or(Denied::Hidden)?;
        let home = members.get(&entry.member_id).and_then(|m| units.get(&m.unit_id));
        let home = home.map(|u| u.path.clone()).into_iter().collect();
        let captain = entry.shift_id.and_then(|shift| captains.get(&shift).copied());
        held.insert(entry.id, Held { entry, unit, home, captain });
    }
    if ids.iter().any(|id| !held.contains_key(id)) {
        return Err(Denied::Hidden.into());
    }
    Ok(held)
}

async fn hold(tx: &Tx, district: DistrictId, id: ServiceHourEntryId) -> Result<Held, OpError> {
    Ok(hold_all(tx, district, &[id]).await?.remove(&id).ok_or(Denied::Hidden)?)
}

/// News of an entry: whose it is, to which unit it was reported, and the minutes if they have changed.
/// Until when the member may object to that is told with it.
fn news(before: Option<&ServiceHourEntry>, entry: &ServiceHourEntry, kind: &'static str) -> News {
    let correction = entry.verification().and_then(|v| v.correction.as_deref());
    let (reason, until) = match &entry.progress {
        HourProgress::Returned { reason, .. } | HourProgress::Reversed { reason, .. } => {
            (Some(reason.as_str()), None)
        }
        HourProgress::InPublicity { until, .. } => (correction, correction.map(|_| *until)),
        _ => (correction, None),
    };
    let changed = before.filter(|before| before.minutes != entry.minutes);
    let payload = serde_json::json!({
        "accounts": [entry.account_id], "units": [entry.unit_id], "subjectKind": ServiceHourEntryId::KIND,
        "title": entry.service.content, "outcome": entry.state().code(), "reason": reason,
        "before": changed.map(|before| before.minutes), "minutes": changed.map(|_| entry.minutes),
        "until": until,
    });
    News { kind, subject: entry.id.0, payload }
}

/// Tells of an entry.
pub(super) async fn tell(
    tx: &Tx,
    permit: &Permit,
    entry: &ServiceHourEntry,
    event: &'static str,
) -> Result<(), OpError> {
    Ok(outbox::publish_all(tx, permit.district_id(), vec![news(None, entry, event)]).await?)
}

/// Tells what has become of an entry, and with why it changed where the entry itself doesn't say it.
pub(super) async fn tell_change(
    tx: &Tx,
    permit: &Permit,
    (before, after): (&ServiceHourEntry, &ServiceHourEntry),
    event: &'static str,
    why: Option<&str>,
) -> Result<(), OpError> {
    let mut news = news(Some(before), after, event);
    if let (Some(why), Some(payload)) = (why, news.payload.as_object_mut()) {
        payload.insert("reason".to_owned(), why.into());
    }
    Ok(outbox::publish_all(tx, permit.district_id(), vec![news]).await?)
}

async fn finish(app: &App, tx: Tx) -> Result<(), OpError> {
    tx.commit().await?;
    app.hub.wake();
    Ok(())
}

/// The caller reports hours, to the branch of the home unit where no unit is named.
pub async fn report(
    app: &App,
    call: &Call,
    unit: Option<OrgUnitId>,
    service: Service,
    once: Once,
) -> Result<ServiceHourEntry, Stop<ReportRefusal>> {
    let tx = app.begin(call, "reportServiceHours").await?;
    let (district, account_id) = (call.district()?, call.account()?);
    let membership = call.person()?.membership.as_ref();
    let named = unit.or(membership.map(|m| m.unit_id)).ok_or(ReportRefusal::NotAMember)?;
    let named = organization::unit(&tx, district, named).await?.ok_or(Denied::Hidden)?;
    let is_dissolved = named.dissolved_at.is_some();
    let unit = branch_of(&tx, district, named).await?;
    let permit = call.permit(Action::ReportHours, Subject::of(&unit.path, account_id))?;
    let member_id = membership.map(|m| m.member_id).ok_or(ReportRefusal::NotAMember)?;
    // One report of a person after the other: each looks at the others' times, and finds what the same
    // request has made.
    member::lock_member(&tx, district, member_id).await?.ok_or(ReportRefusal::NotAMember)?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(hold(&tx, district, ServiceHourEntryId(made)).await?.entry);
    }
    if is_dissolved {
        return Err(ReportRefusal::UnitDissolved.into());
    }
    let booked = volunteering::booked(&tx, district, member_id, service.window).await?;
    let rules = app.rules(district).await?;
    let zone = zone(&unit);
    let report = HourReport { member_id, account_id, unit_id: unit.id, service };
    let entry = report.enter(app.id(), &booked, zone, &rules, tx.now())?;
    volunteering::insert_entry(&tx, &permit, &entry).await?;
    once.keep(&tx, call, entry.id.0).await?;
    tell(&tx, &permit, &entry, "service_hours.reported").await?;
    finish(app, tx).await?;
    Ok(entry)
}

/// The caller corrects an entry of theirs and sends it again.
pub async fn revise(
    app: &App,
    call: &Call,
    id: ServiceHourEntryId,
    version: Option<i32>,
    service: Service,
) -> Result<ServiceHourEntry, Stop<ReportRefusal>> {
    let tx = app.begin(call, "reviseServiceHours").await?;
    let district = call.district()?;
    let held = hold(&tx, district, id).await?;
    let permit = held.permit(call, Action::ReportHours)?;
    let before = &held.entry;
    if version.is_some_and(|v| v != before.version) {
        return Err(ReportRefusal::Stale.into());
    }
    member::lock_member(&tx, district, before.member_id).await?.ok_or(ReportRefusal::NotAMember)?;
    let booked = volunteering::booked(&tx, district, before.member_id, service.window).await?;
    let rules = app.rules(district).await?;
    let after = before.clone().revise(service, &booked, zone(&held.unit), &rules, tx.now())?;
    volunteering::update_entry(&tx, &permit, before, &after, false).await?;
    tell(&tx, &permit, &after, "service_hours.reported").await?;
    finish(app, tx).await?;
    Ok(after)
}

/// The caller takes an entry of theirs back.
pub async fn withdraw(
    app: &App,
    call: &Call,
    id: ServiceHourEntryId,
) -> Result<ServiceHourEntry, Stop<ReportRefusal>> {
    let tx = app.begin(call, "withdrawServiceHours").await?;
    let held = hold(&tx, call.district()?, id).await?;
    let permit = held.permit(call, Action::ReportHours)?;
    let after = held.entry.clone().withdraw(tx.now())?;
    volunteering::update_entry(&tx, &permit, &held.entry, &after, false).await?;
    objection::lapse(&tx, &permit, &[&after]).await?;
    tell(&tx, &permit, &after, "service_hours.withdrawn").await?;
    finish(app, tx).await?;
    Ok(after)
}

/// What a reviewer says of one entry.
#[derive(Clone, Debug)]
pub struct Review {
    /// Of which.
    pub id: ServiceHourEntryId,
    /// The version that the reviewer saw.
    pub version: Option<i32>,
    /// What.
    pub verdict: Verdict,
}

/// What became of one entry of a review.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// Which.
    pub id: ServiceHourEntryId,
    /// The entry, or why it stands as it did.
    pub result: Result<ServiceHourEntry, ReviewRefusal>,
}

/// Reviews entries; one refusal never holds up the others. Who may not review one of them reviews
/// none. As many statements for a hundred as for one.
pub async fn review(
    app: &App,
    call: &Call,
    reviews: Vec<Review>,
) -> Result<Vec<Reviewed>, Stop<ReviewRefusal>> {
    let tx = app.begin(call, "reviewServiceHours").await?;
    let district = call.district()?;
    let by = call.account()?;
    let ids: Vec<_> = reviews.iter().map(|r| r.id).collect();
    let mut held = hold_all(&tx, district, &ids).await?;
    let permits = held.values().map(|h| h.permit_review(call)).collect::<Result<Vec<_>, _>>()?;
    let Some(permit) = permits.first() else { return Ok(Vec::new()) };
    let rules = app.rules(district).await?;
    let mut results = Vec::with_capacity(reviews.len());
    let (mut changed, mut events) = (Vec::new(), Vec::new());
    for Review { id, version, verdict } in reviews {
        let Some(Held { entry: before, .. }) = held.remove(&id) else {
            results.push(Reviewed { id, result: Err(ReviewRefusal::Repeated) });
            continue;
        };
        let stale = version.is_some_and(|v| v != before.version);
        let result = match before.clone().review(verdict, by, &rules, tx.now()) {
            Ok(_) if stale => Err(ReviewRefusal::Stale),
            other => other,
        };
        if let Ok(after) = &result {
            let event = match after.state() {
                HourState::Returned => "service_hours.returned",
                _ => "service_hours.verified",
            };
            events.push(news(Some(&before), after, event));
            changed.push((before, after.clone()));
        }
        results.push(Reviewed { id, result });
    }
    volunteering::update_entries(&tx, permit, &changed).await?;
    let returned = results.iter().filter_map(|r| r.result.as_ref().ok());
    let returned: Vec<_> = returned.filter(|entry| entry.state() == HourState::Returned).collect();
    objection::lapse(&tx, permit, &returned).await?;
    outbox::publish_all(&tx, district, events).await?;
    finish(app, tx).await?;
    Ok(results)
}

/// What is done to an entry that counts.
#[derive(Clone, Copy, Debug)]
pub enum Adjustment {
    /// It is taken back.
    Reverse,
    /// It counts by so many minutes.
    Recalculate(i64),
}

/// Takes back what was granted, or counts it anew; entry, ledger and balance in one transaction.
pub async fn adjust(
    app: &App,
    call: &Call,
    id: ServiceHourEntryId,
    version: Option<i32>,
    adjustment: Adjustment,
    reason: &str,
) -> Result<ServiceHourEntry, Stop<ReviewRefusal>> {
    let operation = match adjustment {
        Adjustment::Reverse => "reverseServiceHours",
        Adjustment::Recalculate(_) => "recalculateServiceHours",
    };
    let tx = app.begin(call, operation).await?;
    let held = hold(&tx, call.district()?, id).await?;
    let permit = held.permit(call, Action::VerifyHours)?;
    if version.is_some_and(|v| v != held.entry.version) {
        return Err(ReviewRefusal::Stale.into());
    }
    let by: AccountId = call.account()?;
    let before = held.entry;
    let (after, posting) = match adjustment {
        Adjustment::Reverse => before.clone().reverse(by, reason, tx.now())?,
        Adjustment::Recalculate(minutes) => before.clone().recalculate(by, minutes, reason, tx.now())?,
    };
    volunteering::update_entry(&tx, &permit, &before, &after, false).await?;
    volunteering::post(&tx, &permit, posting).await?;
    objection::lapse(&tx, &permit, &[&after]).await?;
    tell_change(&tx, &permit, (&before, &after), "service_hours.adjusted", None).await?;
    finish(app, tx).await?;
    app.memo.recognizable.clear();
    Ok(after)
}

/// Grants an entry whose notice is over; answers whether it was.
pub async fn grant(app: &App, call: &Call, id: ServiceHourEntryId) -> Result<bool, Stop<ReviewRefusal>> {
    let tx = app.begin(call, "grantServiceHours").await?;
    let district = call.district()?;
    let held = hold(&tx, district, id).await?;
    let permit = held.permit(call, Action::VerifyHours)?;
    let disputed = !volunteering::open_objections(&tx, district, id).await?.is_empty();
    let before = held.entry;
    let granted = match before.clone().grant(disputed, tx.now()) {
        // Another server was faster, or it was put off.
        Err(ReviewRefusal::NotDue) => {
            volunteering::set_disputed(&tx, &permit, &before, disputed).await?;
            tx.commit().await?;
            return Ok(false);
        }
        other => other?,
    };
    let (after, posting) = granted;
    volunteering::update_entry(&tx, &permit, &before, &after, false).await?;
    volunteering::post(&tx, &permit, posting).await?;
    tell(&tx, &permit, &after, "service_hours.granted").await?;
    finish(app, tx).await?;
    app.memo.recognizable.clear();
    Ok(true)
}
