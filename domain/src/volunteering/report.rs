use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    HourOrigin, HourProgress, HourReportRefusal as Refusal, HourState, Service, ServiceHourEntry, flag::flags,
};
use crate::{
    activity::TimeWindow,
    id::{AccountId, OrgUnitId, PartyMemberId, ServiceHourEntryId, SignUpId},
    rule::{RuleKey, Rules},
    text,
};

/// The longest service: a day.
const LONGEST: Duration = Duration::hours(24);
/// Most pictures of one entry.
const PICTURES: usize = 9;

/// A member's report of what they did.
#[derive(Clone, Debug)]
pub struct HourReport {
    /// Who.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// To which unit; its leaders verify it.
    pub unit_id: OrgUnitId,
    /// What.
    pub service: Service,
}

/// What takes up a person's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booking {
    /// A live entry.
    Entry(ServiceHourEntryId),
    /// Being at a shift.
    Visit(SignUpId),
}

/// The time that another live entry of the same person takes up, in whichever unit, or a shift at which
/// the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// What takes it up.
    pub by: Booking,
    /// From when to when.
    pub window: TimeWindow,
    /// The day that it counts for.
    pub served_on: NaiveDate,
    /// The minutes that count, or would.
    pub minutes: i64,
}

/// The begun minute.
pub(super) fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = at.timestamp();
    DateTime::from_timestamp(seconds - seconds.rem_euclid(60), 0).unwrap_or(at)
}

fn picture(reference: &str) -> Option<String> {
    text::line(reference, 300).filter(|r| r.chars().all(|c| c.is_ascii_graphic()))
}

impl Service {
    /// Checks what it says, apart from its times.
    fn check_words(self) -> Result<Self, Refusal> {
        if self.pictures.len() > PICTURES {
            return Err(Refusal::BadPictures);
        }
        let pictures: Option<Vec<_>> = self.pictures.iter().map(|p| picture(p)).collect();
        Ok(Self {
            place: text::line(&self.place, 100).ok_or(Refusal::BadPlace)?,
            content: text::line(&self.content, 200).ok_or(Refusal::BadContent)?,
            beneficiary: text::line(&self.beneficiary, 100).ok_or(Refusal::BadBeneficiary)?,
            beneficiary_count: match self.beneficiary_count {
                Some(n) if !(1..=100_000).contains(&n) => return Err(Refusal::BadBeneficiary),
                n => n,
            },
            pictures: pictures.ok_or(Refusal::BadPictures)?,
            ..self
        })
    }

    /// Checks its times, by themselves; `told_at` is when it was told of.
    fn check_times(self, rules: &Rules, told_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.window.ends_at > now {
            return Err(Refusal::InFuture);
        }
        let window = TimeWindow {
            starts_at: whole_minute(self.window.starts_at),
            ends_at: whole_minute(self.window.ends_at),
        };
        let length = window.ends_at.signed_duration_since(window.starts_at);
        if length <= Duration::zero() {
            return Err(Refusal::EndsBeforeStart);
        }
        if length > LONGEST {
            return Err(Refusal::LongerThanADay);
        }
        let oldest = Duration::days(rules.get(RuleKey::ServiceReportDays));
        if told_at.signed_duration_since(window.ends_at) > oldest {
            return Err(Refusal::TooOld);
        }
        let service = Self { window, ..self };
        if service.travel_minutes < 0 || service.travel_minutes >= service.length() {
            return Err(Refusal::BadTravel);
        }
        Ok(service)
    }

    /// Checks it against the person's other entries. What goes on past midnight counts for both days, each
    /// entry for no more than its own minutes.
    pub(super) fn check_beside(&self, zone: Tz, others: &[Booked], rules: &Rules) -> Result<(), Refusal> {
        let TimeWindow { starts_at, ends_at } = self.window;
        if others.iter().any(|o| o.window == self.window) {
            return Err(Refusal::Duplicate);
        }
        if others.iter().any(|o| starts_at < o.window.ends_at && o.window.starts_at < ends_at) {
            return Err(Refusal::Overlap);
        }
        let most = rules.get(RuleKey::ServiceDayHours) * 60;
        let is_full = |day| {
            let on = |window: TimeWindow, minutes: i64| window.minutes_on(day, zone).min(minutes);
            let already: i64 = others.iter().map(|o| on(o.window, o.minutes)).sum();
            already + on(self.window, self.served_minutes()) > most
        };
        if self.window.days(zone).any(is_full) { Err(Refusal::DayFull) } else { Ok(()) }
    }
}

impl HourReport {
    /// Takes a report in, or refuses it at once. `booked` are the live entries of the person around
    /// it, in all units.
    pub fn enter(
        self,
        id: ServiceHourEntryId,
        booked: &[Booked],
        zone: Tz,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<ServiceHourEntry, Refusal> {
        let service = self.service.check_words()?.check_times(rules, now, now)?;
        let served_on = service.window.day(zone);
        service.check_beside(zone, booked, rules)?;
        Ok(ServiceHourEntry {
            id,
            member_id: self.member_id,
            account_id: self.account_id,
            unit_id: self.unit_id,
            origin: HourOrigin::SelfReported,
            shift_id: None,
            served_on,
            minutes: service.served_minutes(),
            flags: flags(&service, served_on, booked, zone, rules, now),
            service,
            reported_at: now,
            progress: HourProgress::Reported,
            version: 1,
        })
    }
}

impl ServiceHourEntry {
    /// The member corrects what waits or was returned, and sends it again.
    pub fn revise(
        self,
        service: Service,
        booked: &[Booked],
        zone: Tz,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if !matches!(self.state(), HourState::Reported | HourState::Returned) {
            return Err(Refusal::Settled);
        }
        if self.origin == HourOrigin::Shift {
            return Err(Refusal::FromShift);
        }
        let others: Vec<_> = booked.iter().filter(|b| b.by != Booking::Entry(self.id)).copied().collect();
        // What was done after the first report is told of only now: a returned entry keeps no day open.
        let told_at = if service.window.ends_at > self.reported_at { now } else { self.reported_at };
        let service = service.check_words()?.check_times(rules, told_at, now)?;
        let served_on = service.window.day(zone);
        service.check_beside(zone, &others, rules)?;
        let flags = flags(&service, served_on, &others, zone, rules, told_at);
        let minutes = service.served_minutes();
        Ok(Self { served_on, minutes, flags, service, ..self }.moved(HourProgress::Reported))
    }

    /// The member takes it back, before it counts.
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match self.state() {
            HourState::Reported | HourState::Returned | HourState::InPublicity => {
                Ok(self.moved(HourProgress::Withdrawn { at: now }))
            }
            HourState::Granted | HourState::Reversed | HourState::Withdrawn => Err(Refusal::Settled),
        }
    }
}
