//! Whatever is done in whatever order, the balances are the sums of the entries.

use std::collections::HashMap;

use chrono::Datelike;
use proptest::prelude::*;

use super::*;

/// Something that somebody tries.
#[derive(Clone, Copy, Debug)]
enum Step {
    Report { day: i64, hour: i64, minutes: i64, unit: u128 },
    Approve(usize),
    Correct(usize, i64),
    Return(usize),
    Revise(usize, i64),
    Withdraw(usize),
    Object(usize, AccountId),
    Decide(usize, bool),
    Grant(usize),
    Reverse(usize),
    Recalculate(usize, i64),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0_usize..8;
    prop_oneof![
        4 => (0_i64..400, 0_i64..24, 1_i64..200, 1_u128..3)
            .prop_map(|(day, hour, minutes, unit)| Step::Report { day, hour, minutes, unit }),
        3 => n.clone().prop_map(Step::Approve),
        1 => (n.clone(), 0_i64..250).prop_map(|(n, m)| Step::Correct(n, m)),
        1 => n.clone().prop_map(Step::Return),
        1 => (n.clone(), 1_i64..200).prop_map(|(n, m)| Step::Revise(n, m)),
        1 => n.clone().prop_map(Step::Withdraw),
        1 => (n.clone(), prop_oneof![Just(OFFICE), Just(VOLUNTEER)]).prop_map(|(n, by)| Step::Object(n, by)),
        1 => (n.clone(), any::<bool>()).prop_map(|(n, upheld)| Step::Decide(n, upheld)),
        4 => n.clone().prop_map(Step::Grant),
        1 => n.clone().prop_map(Step::Reverse),
        2 => (n, 0_i64..250).prop_map(|(n, m)| Step::Recalculate(n, m)),
        2 => (0_i64..9).prop_map(Step::Wait),
    ]
}

/// What is remembered.
#[derive(Default)]
struct Book {
    entries: Vec<ServiceHourEntry>,
    objections: Vec<(usize, Objection)>,
    lines: Vec<HourLedgerLine>,
    balances: HashMap<(OrgUnitId, i32), i64>,
    passed: i64,
}

impl Book {
    fn now(&self) -> DateTime<Utc> {
        at(0) + Duration::days(500 + self.passed)
    }

    fn disputed(&self, n: usize) -> bool {
        self.objections.iter().any(|(of, o)| *of == n && o.state() == ObjectionState::Open)
    }

    fn post(&mut self, n: usize, entry: ServiceHourEntry, posting: Posting) {
        let balance = self.balances.entry((posting.unit_id, posting.year)).or_default();
        *balance += posting.delta();
        let id = HourLedgerLineId(Uuid::from_u128(self.lines.len() as u128));
        self.lines.push(HourLedgerLine { id, posting, balance: *balance });
        self.entries[n] = entry;
    }

    fn report(&mut self, unit: u128, service: Service) {
        let live = self.entries.iter().filter(|e| e.state().is_live());
        let booked: Vec<_> = live.map(booked).collect();
        let id = ServiceHourEntryId(Uuid::from_u128(self.entries.len() as u128));
        let now = service.window.ends_at + Duration::hours(1);
        self.entries.extend(report(unit, service).enter(id, &booked, Shanghai, &rules(), now).ok());
    }

    fn change(&mut self, n: usize, change: impl FnOnce(ServiceHourEntry) -> Option<ServiceHourEntry>) {
        if let Some(after) = self.entries.get(n).cloned().and_then(change) {
            self.entries[n] = after;
        }
    }

    fn posting(
        &mut self,
        n: usize,
        change: impl FnOnce(ServiceHourEntry) -> Result<(ServiceHourEntry, Posting), HourReviewRefusal>,
    ) {
        if let Some(Ok((after, posting))) = self.entries.get(n).cloned().map(change) {
            self.post(n, after, posting);
        }
    }

    fn take(&mut self, step: Step) {
        let now = self.now();
        let review = |verdict| move |e: ServiceHourEntry| e.review(verdict, SECRETARY, &rules(), now).ok();
        match step {
            Step::Report { day, hour, minutes, unit } => {
                let from = (day * 24 + hour) * 60;
                self.report(unit, service(from, from + minutes));
            }
            Step::Approve(n) => self.change(n, review(Verdict::Approve)),
            Step::Correct(n, minutes) => {
                self.change(n, review(Verdict::Correct { minutes, reason: "更正".into() }));
            }
            Step::Return(n) => self.change(n, review(Verdict::Return { reason: "退回".into() })),
            Step::Revise(n, minutes) => self.change(n, |e| {
                let from = e.service.window.starts_at;
                let mut service = e.service.clone();
                service.window.ends_at = from + Duration::minutes(minutes);
                e.revise(service, &[], Shanghai, &rules(), now).ok()
            }),
            Step::Withdraw(n) => self.change(n, |e| e.withdraw(now).ok()),
            Step::Object(n, by) => {
                let objector = Objector { id: ObjectionId(Uuid::nil()), account_id: by };
                let earlier = self.objections.iter().filter(|(of, _)| *of == n).map(|(_, o)| o.clone());
                let earlier: Vec<_> = earlier.collect();
                let raised = self.entries.get(n).and_then(|e| e.object(objector, &earlier, "不实", now).ok());
                self.objections.extend(raised.map(|o| (n, o)));
            }
            Step::Decide(n, upheld) => {
                let Some((of, objection)) = self.objections.get(n).cloned() else { return };
                let by = AccountId(Uuid::from_u128(0xdec));
                let entry = self.entries[of].clone();
                if let Ok(decided) = objection.decide(&entry, upheld, "已核", by, now) {
                    self.entries[of] = entry.disputed(&decided);
                    self.objections[n].1 = decided;
                }
            }
            Step::Grant(n) => {
                let disputed = self.disputed(n);
                self.posting(n, |e| e.grant(disputed, now));
            }
            Step::Reverse(n) => self.posting(n, |e| e.reverse(OFFICE, "冲销", now)),
            Step::Recalculate(n, minutes) => {
                self.posting(n, |e| e.recalculate(OFFICE, minutes, "重算", now));
            }
            Step::Wait(days) => self.passed += days,
        }
    }

    fn check(&self) {
        let mut sums: HashMap<(OrgUnitId, i32), i64> = HashMap::new();
        for entry in &self.entries {
            *sums.entry((entry.unit_id, entry.served_on.year())).or_default() += entry.counted_minutes();
        }
        for (key, balance) in &self.balances {
            assert_eq!(sums.get(key), Some(balance), "a balance is the sum of its entries");
            assert!(*balance >= 0);
        }
        let counted: i64 = sums.values().sum();
        assert_eq!(counted, self.lines.iter().map(|l| l.posting.delta()).sum::<i64>());
        for entry in &self.entries {
            let mut counts = 0;
            for line in self.lines.iter().filter(|l| l.posting.entry_id == entry.id) {
                assert_eq!(line.posting.before, counts, "each line begins where the last one ended");
                counts = line.posting.after;
            }
            assert_eq!(counts, entry.counted_minutes());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn balances_are_the_sums_of_the_entries_after_any_sequence(
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let mut book = Book::default();
        for step in steps {
            book.take(step);
            book.check();
        }
    }
}
