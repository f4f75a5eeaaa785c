use chrono::{NaiveDate, NaiveTime};

use super::*;
use crate::{activity::Schedule, id::AssignmentTemplateId};
use AssignmentRefusal as Refusal;

fn monthly(rule: &str, days: i64) -> Schedule {
    Schedule {
        rule: rule.into(),
        starts_on: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        time: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        minutes: days * 24 * 60,
        time_zone: "Asia/Shanghai".into(),
    }
}

fn write(standing: Option<Schedule>) -> Result<AssignmentTemplate, Refusal> {
    let new = NewTemplate {
        id: AssignmentTemplateId(Uuid::from_u128(0x7e)),
        unit_id: STREET,
        terms: new().terms,
        standing: standing.map(|schedule| (Recipient::Unit(BRANCH), schedule)),
        created_by: OFFICE,
    };
    AssignmentTemplate::write(new, NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), at(0))
}

#[test]
fn it_issues_each_month_once() {
    let template = write(Some(monthly("FREQ=MONTHLY;BYMONTHDAY=5", 10))).unwrap();
    assert_eq!(template.next_at(), Some(at(72)));
    assert!(template.clone().due(at(71)).unwrap().0.is_empty());
    let (due, template) = template.due(at(80)).unwrap();
    assert_eq!(
        due.iter().map(|window| (window.starts_at, window.ends_at)).collect::<Vec<_>>(),
        [(at(72), at(72 + 240))]
    );
    assert!(template.clone().due(at(90)).unwrap().0.is_empty(), "once");
    assert_eq!(template.next_at(), Some(at(72 + 31 * 24)));
    let stopped = template.stop(at(100)).unwrap();
    assert_eq!((stopped.next_at(), stopped.clone().due(at(9_000)).unwrap().0.len()), (None, 0));
    assert_eq!(stopped.stop(at(101)).unwrap_err(), Refusal::Stopped);
}

#[test]
fn a_rule_has_limits() {
    assert_eq!(write(Some(monthly("FREQ=DAILY", 1))).unwrap_err(), Refusal::BadRule);
    assert_eq!(write(Some(monthly("FREQ=WEEKLY;BYDAY=MO,TH", 1))).unwrap_err(), Refusal::TooOften);
    assert!(write(Some(monthly("FREQ=WEEKLY", 1))).is_ok());
    assert_eq!(write(Some(monthly("FREQ=MONTHLY", 0))).unwrap_err(), Refusal::BadDuration);
    assert_eq!(write(Some(monthly("FREQ=MONTHLY", 93))).unwrap_err(), Refusal::BadDuration);
    assert_eq!(write(None).unwrap().next_at(), None);
}
