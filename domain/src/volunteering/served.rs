use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::{
    Booked, Booking, HourFlag, HourOrigin, HourProgress, Presence, Service, ServiceHourEntry,
    ShiftMarkMethod, ShiftState, SignUp, VolunteerProject, VolunteerShift, flag::flags, report::whole_minute,
};
use crate::{
    activity::TimeWindow,
    id::{OrgUnitId, ServiceHourEntryId},
    rule::{RuleKey, Rules},
};

/// What the hours of a shift are reckoned with.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning<'a> {
    /// The entry's identity, where it is new.
    pub id: ServiceHourEntryId,
    /// The entry that an earlier check-out came to.
    pub earlier: Option<&'a ServiceHourEntry>,
    /// To which unit the hours are reported.
    pub unit_id: OrgUnitId,
    /// The shift's project.
    pub project: &'a VolunteerProject,
    /// What takes up the person's time around it, in all units.
    pub booked: &'a [Booked],
    /// The unit's time zone.
    pub zone: Tz,
    /// The rules in force.
    pub rules: &'a Rules,
    /// Now.
    pub now: DateTime<Utc>,
}

impl VolunteerShift {
    /// The hours that somebody's presence comes to: the whole minutes that lie within the shift's own
    /// times. A forgotten check-out counts for no more than the rules say, and is told of; reviewers may
    /// correct it up to the whole. None where it comes to less than a minute.
    pub fn served(&self, sign_up: &SignUp, reckoning: Reckoning<'_>) -> Option<ServiceHourEntry> {
        let Presence::Left { since, until, .. } = &sign_up.presence else { return None };
        if self.state() != ShiftState::Published {
            return None;
        }
        let from = since.at.max(self.window.starts_at);
        let minutes = until.at.min(self.window.ends_at).signed_duration_since(from).num_minutes();
        if minutes < 1 {
            return None;
        }
        let starts_at = whole_minute(from);
        let Reckoning { id, earlier, unit_id, project, booked, zone, rules, now } = reckoning;
        let service = Service {
            window: TimeWindow { starts_at, ends_at: starts_at + Duration::minutes(minutes) },
            travel_minutes: 0,
            place: self.place.clone(),
            content: project.name.clone(),
            beneficiary: project.beneficiary.clone().unwrap_or_default(),
            beneficiary_count: Some(self.head_count.beneficiaries).filter(|n| *n > 0),
            pictures: Vec::new(),
        };
        let served_on = service.window.day(zone);
        let own =
            |by| by == Booking::Visit(sign_up.id) || earlier.is_some_and(|e| by == Booking::Entry(e.id));
        let others: Vec<_> = booked.iter().filter(|b| !own(b.by)).copied().collect();
        let forgotten = until.method == ShiftMarkMethod::Forgotten;
        let most = rules.get(RuleKey::ForgottenCheckOutMinutes);
        let reported_at = earlier.map_or(now, |e| e.reported_at);
        let flags = flags(&service, served_on, &others, zone, rules, reported_at)
            .with_if(HourFlag::ForgottenCheckOut, forgotten)
            .with_if(HourFlag::DoubtfulTimes, since.doubtful || until.doubtful)
            .with_if(HourFlag::OnBehalf, since.by.is_some() || until.by.is_some())
            .with_if(HourFlag::Clash, service.check_beside(zone, &others, rules).is_err());
        Some(ServiceHourEntry {
            id: earlier.map_or(id, |e| e.id),
            member_id: sign_up.member_id,
            account_id: sign_up.account_id,
            unit_id,
            origin: HourOrigin::Shift,
            shift_id: Some(self.id),
            served_on,
            minutes: if forgotten { minutes.min(most) } else { minutes },
            flags,
            service,
            reported_at,
            progress: HourProgress::Reported,
            version: earlier.map_or(1, |e| e.version + 1),
        })
    }
}
