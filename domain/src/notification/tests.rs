use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, NotificationId},
    vocabulary::{Language, Vocabulary},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn notification(kind: NotificationKind, facts: Facts) -> Notification {
    let now = at("2026-03-02T01:00:00Z");
    Notification {
        id: NotificationId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        kind,
        subject_kind: "Activity".to_owned(),
        subject_id: Uuid::nil(),
        facts,
        created_at: now,
        alert_at: now,
        read_at: None,
    }
}

#[test]
fn a_message_is_said_in_both_languages_with_what_is_known() {
    let facts = Facts {
        title: Some("三月主题党日".to_owned()),
        at: Some(at("2026-03-06T11:00:00Z")),
        outcome: Some("GRANTED".to_owned()),
        ..Facts::default()
    };
    let say = |kind, language| notification(kind, facts.clone()).say(language, "Asia/Shanghai").body;
    assert_eq!(say(NotificationKind::ActivityPublished, Language::Zh), "“三月主题党日”，3月6日19:00开始。");
    assert_eq!(
        say(NotificationKind::ActivityPublished, Language::En),
        "“三月主题党日” begins on 6 March, 19:00."
    );
    assert_eq!(say(NotificationKind::LeaveDecided, Language::Zh), "“三月主题党日”请假：已准假。");
    let noted = Facts { reason: Some("路上平安".to_owned()), ..facts };
    let noted = notification(NotificationKind::LeaveDecided, noted);
    assert_eq!(noted.say(Language::Zh, "").body, "“三月主题党日”请假：已准假。说明：路上平安。");
}

#[test]
fn no_message_shows_a_gap() {
    let titled = Facts { title: Some("甲{乙}".to_owned()), ..Facts::default() };
    for word in NotificationKind::words() {
        for facts in [Facts::default(), titled.clone()] {
            for language in [Language::Zh, Language::En] {
                let body = notification(word.value, facts.clone()).say(language, "").body;
                assert!(!body.replace("甲{乙}", "").contains(['{', '}']), "{body}");
            }
        }
    }
}

#[test]
fn a_need_is_one_message_however_often_it_is_handed_on() {
    let (event, other, thing) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let published = telling("activity.published").unwrap();
    assert_eq!(published.need(event, thing, None), published.need(other, thing, None));
    let changed = telling("activity.changed").unwrap();
    assert_eq!(published.need(event, thing, None), changed.need(other, thing, None));
    let decided = telling("leave.decided").unwrap();
    assert_ne!(decided.need(event, thing, None), decided.need(other, thing, None));
    let due = telling("assignment.due_soon").unwrap();
    assert_eq!(due.need(event, thing, Some("2026-03-06")), due.need(other, thing, Some("2026-03-06")));
    assert!(telling("roster.imported").is_none());
}

#[test]
fn quiet_hours_end_in_the_morning() {
    let night = QuietHours::new(time(22, 0), time(7, 30)).unwrap();
    for (happens, heard) in [
        ("2026-03-02T13:59:00Z", "2026-03-02T13:59:00Z"), // 21:59
        ("2026-03-02T14:00:00Z", "2026-03-02T23:30:00Z"), // 22:00 → 7:30 of the next day
        ("2026-03-02T17:00:00Z", "2026-03-02T23:30:00Z"), // 1:00 → 7:30
        ("2026-03-02T23:30:00Z", "2026-03-02T23:30:00Z"),
    ] {
        assert_eq!(night.audible(at(happens), "Asia/Shanghai"), at(heard), "{happens}");
    }
    let noon = QuietHours::new(time(12, 0), time(14, 0)).unwrap();
    assert_eq!(noon.audible(at("2026-03-02T05:00:00Z"), "Asia/Shanghai"), at("2026-03-02T06:00:00Z"));
    assert_eq!(noon.audible(at("2026-03-02T06:00:00Z"), "Asia/Shanghai"), at("2026-03-02T06:00:00Z"));
    assert_eq!(QuietHours::new(time(8, 0), time(8, 0)), Err(NotificationRefusal::BadQuietHours));
}

#[test]
fn what_spares_a_way_in_vain_cannot_be_muted() {
    let muted = [NotificationKind::LeaveDecided];
    let preferences = Preferences::new(muted, None).unwrap();
    assert!(!preferences.wants(NotificationKind::LeaveDecided));
    assert!(preferences.wants(NotificationKind::ActivityPublished));
    let refused = Preferences::new([NotificationKind::ActivityCancelled], None);
    assert_eq!(refused, Err(NotificationRefusal::CannotBeMuted));
    let stored = Preferences::from_stored([NotificationKind::ActivityCancelled], None);
    assert!(stored.wants(NotificationKind::ActivityCancelled));
}
