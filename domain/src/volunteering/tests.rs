//! One volunteer, two units, and what may happen to their hours.

mod ledger;
mod records;
mod reporting;
mod reviewing;
mod shifts;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Asia::Shanghai;
use uuid::Uuid;

use super::*;
use crate::{
    activity::TimeWindow,
    id::{AccountId, HourLedgerLineId, ObjectionId, OrgUnitId, PartyMemberId, ServiceHourEntryId},
    rule::{RuleKey, RuleSetting, Rules},
};

const SECRETARY: AccountId = AccountId(Uuid::from_u128(0x5e));
const OFFICE: AccountId = AccountId(Uuid::from_u128(0x0f));
const VOLUNTEER: AccountId = AccountId(Uuid::from_u128(1));

/// Thursday 5 March 2026, 9:00 in Shanghai, and some minutes.
fn at(minutes: i64) -> DateTime<Utc> {
    "2026-03-05T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
}

fn rules() -> Rules {
    Rules::defaults()
}

fn rules_with(key: RuleKey, value: i64) -> Rules {
    let setting = RuleSetting { key, value, starts_on: "2026-01-01".parse().unwrap(), source: "试".into() };
    Rules::on("2026-03-05".parse().unwrap(), vec![setting])
}

/// A service from one minute to another.
fn service(from: i64, until: i64) -> Service {
    Service {
        window: TimeWindow { starts_at: at(from), ends_at: at(until) },
        travel_minutes: 0,
        place: "芙蓉社区".into(),
        content: "清洁家园".into(),
        beneficiary: "社区居民".into(),
        beneficiary_count: Some(30),
        pictures: vec![],
    }
}

fn report(unit: u128, service: Service) -> HourReport {
    HourReport {
        member_id: PartyMemberId(Uuid::from_u128(1)),
        account_id: VOLUNTEER,
        unit_id: OrgUnitId(Uuid::from_u128(unit)),
        service,
    }
}

fn booked(entry: &ServiceHourEntry) -> Booked {
    Booked { id: entry.id, window: entry.service.window, served_on: entry.served_on, minutes: entry.minutes }
}

fn enter(n: u128, service: Service, booked: &[Booked]) -> Result<ServiceHourEntry, HourReportRefusal> {
    let now = service.window.ends_at.max(at(0)) + Duration::hours(1);
    report(1, service).enter(ServiceHourEntryId(Uuid::from_u128(n)), booked, Shanghai, &rules(), now)
}

/// Two hours of one morning.
fn reported() -> ServiceHourEntry {
    enter(1, service(0, 120), &[]).unwrap()
}

fn in_publicity() -> ServiceHourEntry {
    reported().review(Verdict::Approve, SECRETARY, &rules(), at(600)).unwrap()
}

fn granted() -> ServiceHourEntry {
    in_publicity().grant(false, at(600) + Duration::days(7)).unwrap().0
}
