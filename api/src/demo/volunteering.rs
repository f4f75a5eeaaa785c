//! The hours that members have served: most were verified and count by now.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use zhibu_domain::{
    activity::TimeWindow,
    id::{AccountId, OrgUnitId, PartyMemberId},
    member::{Account, PartyMember},
    rule::Rules,
    volunteering::{HourLedgerLine, HourReport, Posting, Service, ServiceHourEntry, Verdict},
};

use super::{
    DemoError,
    draw::Draw,
    history::{local, month_ago},
    made,
    people::Roster,
};

/// What is done, where and for whom.
const SERVICES: [(&str, &str, &str); 8] = [
    ("清扫楼道和公共区域", "社区各楼院", "社区居民"),
    ("陪伴独居老人，代购生活用品", "老人家中", "独居老人"),
    ("路口文明劝导", "十字路口", "过往行人"),
    ("反诈宣传", "社区广场", "社区居民"),
    ("义诊服务秩序维护", "党群服务中心", "就诊居民"),
    ("河道巡查和垃圾清理", "沿河步道", "沿线居民"),
    ("儿童课后托管", "社区活动室", "社区儿童"),
    ("旧衣旧书回收整理", "爱心驿站", "困难家庭"),
];

/// Of a hundred members so many report hours in a month.
const VOLUNTEERS: usize = 25;

/// The entries of a branch and what the ledger says of them.
#[derive(Default)]
pub struct Books {
    /// Entries.
    pub entries: Vec<ServiceHourEntry>,
    /// Lines, in order.
    pub lines: Vec<HourLedgerLine>,
    balances: HashMap<(PartyMemberId, i32), i64>,
}

/// Who looks at a branch's hours: its secretary, and of the secretary's own the office.
#[derive(Clone, Copy)]
pub struct Reviewers {
    /// The secretary.
    pub secretary: AccountId,
    /// The office.
    pub office: AccountId,
}

impl Books {
    /// What a branch's members have done in the `months` before `today`'s.
    pub fn of(
        draw: &mut Draw,
        roster: &Roster,
        reviewers: Reviewers,
        months: u32,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Self, DemoError> {
        let mut books = Self::default();
        for ago in (1..=months).rev() {
            for person in &roster.people {
                if draw.percent(VOLUNTEERS) {
                    let service = service(draw, month_ago(today, ago));
                    books.served(draw, (roster.unit.id, person), service, reviewers, now)?;
                }
            }
        }
        Ok(books)
    }

    /// Reported two days later, verified on the third; the notice runs as the rules say.
    fn served(
        &mut self,
        draw: &mut Draw,
        (branch, (account, member)): (OrgUnitId, &(Account, PartyMember)),
        service: Service,
        reviewers: Reviewers,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let rules = Rules::defaults();
        let reported_at = (service.window.ends_at + Duration::days(2)).min(now);
        let report = HourReport { member_id: member.id, account_id: account.id, unit_id: branch, service };
        let mut entry = made(report.enter(draw.id(), &[], chrono_tz::Asia::Shanghai, &rules, reported_at))?;
        let verified_at = reported_at + Duration::days(1);
        let waits = verified_at > now || now - reported_at < Duration::days(20) && draw.percent(40);
        if !waits {
            let by = if account.id == reviewers.secretary { reviewers.office } else { reviewers.secretary };
            entry = made(entry.review(Verdict::Approve, by, &rules, verified_at))?;
            if let Some(at) = entry.due_at(false).filter(|at| *at <= now) {
                let (granted, posting) = made(entry.grant(false, at))?;
                entry = granted;
                self.post(draw, posting);
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    fn post(&mut self, draw: &mut Draw, posting: Posting) {
        let balance = self.balances.entry((posting.member_id, posting.year)).or_default();
        *balance += posting.delta();
        self.lines.push(HourLedgerLine { id: draw.id(), balance: *balance, posting });
    }
}

/// One to four hours on a day of the month.
fn service(draw: &mut Draw, first: NaiveDate) -> Service {
    let (content, place, beneficiary) = SERVICES.get(draw.below(SERVICES.len())).copied().unwrap_or_default();
    let days = u64::try_from(draw.below(28)).unwrap_or(0);
    let day = first.checked_add_days(Days::new(days)).unwrap_or(first);
    let hour = if day.weekday().number_from_monday() > 5 { 8 } else { 18 };
    let starts_at = local(day, hour, 30);
    let ends_at = starts_at + Duration::minutes(i64::from(draw.between(2, 8)) * 30);
    Service {
        window: TimeWindow { starts_at, ends_at },
        travel_minutes: 0,
        place: place.to_owned(),
        content: content.to_owned(),
        beneficiary: beneficiary.to_owned(),
        beneficiary_count: draw.percent(60).then(|| draw.between(1, 40)),
        pictures: Vec::new(),
    }
}
