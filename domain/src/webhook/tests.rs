use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};

use super::*;
use crate::{
    id::{AccountId, OrgUnitId, TypedId, WebhookDeliveryId, WebhookEndpointId},
    vocabulary::Vocabulary,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_413_200, 0).unwrap()
}

fn endpoint() -> Endpoint {
    let owner =
        Owner { account_id: AccountId::from_uuid(7.into_uuid()), grant_id: None, second_factor: true };
    let new = NewEndpoint {
        unit_id: OrgUnitId::from_uuid(3.into_uuid()),
        url: "https://a.example/hook".to_owned(),
        description: "区门户".to_owned(),
        events: vec![WebhookEventType::UnitChanged, WebhookEventType::Ping, WebhookEventType::UnitChanged],
    };
    Endpoint::register(WebhookEndpointId::from_uuid(1.into_uuid()), new, owner, now()).unwrap()
}

trait IntoUuid {
    fn into_uuid(self) -> uuid::Uuid;
}

impl IntoUuid for u128 {
    fn into_uuid(self) -> uuid::Uuid {
        uuid::Uuid::from_u128(self)
    }
}

fn answer(status: i32) -> Answer {
    let failure = (!(200..300).contains(&status)).then_some(DeliveryFailure::Status);
    Answer { failure, status: Some(status), latency_ms: 1, body: None, retry_after: None }
}

fn delivery() -> Delivery {
    let what = (WebhookEventType::UnitChanged, 9.into_uuid(), OrgUnitId::from_uuid(3.into_uuid()));
    let (id, to) = (WebhookDeliveryId::from_uuid(5.into_uuid()), endpoint().id);
    Delivery::new(id, to, what, now(), now())
}

#[test]
fn only_public_addresses_are_reached() {
    let closed = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 \
        127.255.0.1 168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 \
        192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 \
        :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:2::1 \
        2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1";
    for text in closed.split_whitespace() {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
    let open = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 \
        168.63.129.17 169.253.1.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.1.1 198.17.1.1 198.20.0.1 \
        203.0.114.1 223.255.255.255 ::ffff:8.8.8.8 2400:3200::1 2606:4700::1111 2001:200::1 3ffe::1";
    for text in open.split_whitespace() {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn an_operator_may_allow_a_network() {
    let allowed = ["10.1.0.0/16".parse().unwrap(), "::1/128".parse().unwrap()];
    for (text, admitted) in [
        ("10.1.2.3", true),
        ("::ffff:10.1.2.3", true),
        ("::1", true),
        ("10.2.0.1", false),
        ("127.0.0.1", false),
        ("1.1.1.1", true),
    ] {
        assert_eq!(is_admitted(text.parse().unwrap(), &allowed), admitted, "{text}");
    }
}

#[test]
fn the_signature_is_standard_webhooks_own() {
    let key = STANDARD.decode("C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    assert_eq!(
        sign(&key, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body).unwrap(),
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
    );
}

#[test]
fn each_type_is_told_by_its_events_and_has_one_name() {
    let mut names: Vec<_> = WebhookEventType::words().iter().map(|word| word.value.name()).collect();
    assert!(names.iter().all(|name| name.split_once('.').is_some()), "{names:?}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), WebhookEventType::words().len());
    assert_eq!(event_type("service_hours.corrected"), Some(WebhookEventType::HoursChanged));
    assert_eq!(event_type("one_time_code.send"), None);
}

#[test]
fn a_message_is_tried_for_three_days_and_then_given_up() {
    let mut message = Delivery { attempts: 1, ..delivery() };
    let mut at = now();
    while message.state == DeliveryState::Pending {
        message = message.tried(answer(500), 0, at);
        at = message.due_at.max(at);
        message.attempts += 1;
    }
    assert_eq!((message.state, message.attempts), (DeliveryState::Dead, 11));
    assert_eq!((at - now()).num_hours(), 75);
    let spread = Delivery { attempts: 2, ..delivery() }.tried(answer(500), 1_000, now());
    assert_eq!(spread.due_at - now(), Duration::seconds(330));
}

#[test]
fn the_receivers_wait_is_honoured_within_reason() {
    let asking = |seconds| Answer { retry_after: Some(Duration::seconds(seconds)), ..answer(429) };
    let first = Delivery { attempts: 1, ..delivery() };
    for (asked, waits) in [(120, 120), (1, 5), (-9, 5), (9_999_999, 86_400)] {
        assert_eq!((first.clone().tried(asking(asked), 0, now()).due_at - now()).num_seconds(), waits);
    }
    let paused = endpoint().answered(&asking(120), now());
    assert_eq!(paused.at_once(now() + Duration::seconds(119)), 0);
    assert_eq!(paused.at_once(now() + Duration::seconds(120)), 1);
    let test = Delivery { event: WebhookEventType::Ping, ..first.clone() };
    assert_eq!(test.tried(answer(500), 0, now()).state, DeliveryState::Dead);
    assert_eq!(first.tried(answer(410), 0, now()).state, DeliveryState::Dead);
}

#[test]
fn a_failing_endpoint_is_paused_tried_and_at_last_disabled() {
    let mut failing = endpoint();
    for _ in 0..4 {
        failing = failing.answered(&answer(500), now());
        assert_eq!(failing.at_once(now()), 1);
    }
    failing = failing.answered(&answer(500), now());
    assert_eq!(failing.at_once(now()), 0);
    let trial = now() + Duration::seconds(30);
    assert_eq!(failing.at_once(trial), 1, "a single trial");
    assert_eq!(failing.clone().answered(&answer(204), trial).at_once(trial), MOST_AT_ONCE);
    for _ in 0..40 {
        failing = failing.answered(&answer(500), trial);
    }
    assert_eq!(failing.paused_until, Some(trial + Duration::hours(1)));
    let late = failing.answered(&answer(500), now() + Duration::days(3));
    assert_eq!(late.disabled.map(|d| d.1), Some(DisabledReason::Failing));
    assert_eq!(late.at_once(now() + Duration::days(30)), 0);
    let on = EndpointChange { enabled: Some(true), ..EndpointChange::default() };
    assert_eq!(late.change(on, Some(1), now()).unwrap().at_once(now()), MOST_AT_ONCE);
    let gone = endpoint().answered(&answer(410), now());
    assert_eq!(gone.disabled.map(|d| d.1), Some(DisabledReason::Gone));
}

#[test]
fn who_answers_late_gets_one_message_at_a_time_until_it_is_quick_again() {
    let after = |latency_ms| Answer { latency_ms, ..answer(204) };
    let slow = endpoint().answered(&after(2_001), now());
    assert_eq!((slow.is_quick(), slow.at_once(now()), slow.failures), (false, 1, 0));
    let quick = slow.clone().answered(&after(2_000), now());
    assert_eq!((quick.is_quick(), quick.at_once(now())), (true, MOST_AT_ONCE));
    let moved = EndpointChange { url: Some("https://b.example/".to_owned()), ..EndpointChange::default() };
    assert!(slow.change(moved, None, now()).unwrap().is_quick());
}

#[test]
fn slow_endpoints_never_take_more_than_half_of_the_places() {
    let (quick, failing) = (endpoint(), endpoint().answered(&answer(500), now()));
    let all = Slots::beside(0, 0);
    assert_eq!(all.share(&quick, 0, now()), Share { own: 1, lent: 7 });
    assert_eq!(all.share(&quick, 3, now()), Share { own: 0, lent: 5 });
    assert_eq!(all.share(&quick, 8, now()).size(), 0);
    assert_eq!(all.share(&failing, 0, now()), Share { own: 0, lent: 1 });
    assert_eq!(all.share(&failing, 1, now()).size(), 0);
    let mut left = all;
    for _ in 0..100 {
        left = left.without(left.share(&failing, 0, now()));
    }
    assert_eq!(left, Slots::beside(0, 32));
    assert_eq!(left.share(&failing, 0, now()).size(), 0, "no more than half");
    for _ in 0..32 {
        assert_eq!(left.share(&quick, 0, now()), Share { own: 1, lent: 0 }, "there is room");
        left = left.without(left.share(&quick, 0, now()));
    }
    assert!(left.are_taken() && left.share(&quick, 0, now()).size() == 0);
}

#[test]
fn an_endpoint_says_what_it_is_for() {
    assert_eq!(endpoint().events, [WebhookEventType::UnitChanged]);
    let change = |events: Vec<_>, description: &str| {
        let change = EndpointChange {
            events: Some(events),
            description: Some(description.to_owned()),
            ..EndpointChange::default()
        };
        endpoint().change(change, Some(1), now()).map(|e| e.version)
    };
    assert_eq!(change(vec![WebhookEventType::Ping], "a"), Err(WebhookRefusal::NoEvents));
    assert_eq!(change(vec![WebhookEventType::UnitChanged], " "), Err(WebhookRefusal::BadDescription));
    assert_eq!(change(vec![WebhookEventType::UnitChanged], "a"), Ok(2));
    let stale = endpoint().change(EndpointChange::default(), Some(2), now());
    assert_eq!(stale, Err(WebhookRefusal::Stale));
}

#[test]
fn two_secrets_at_most_are_valid() {
    let secret = |tail: &str, at| SigningSecret {
        sealed: vec![1],
        tail: tail.to_owned(),
        created_at: at,
        expires_at: None,
    };
    let first = vec![secret("a", now())];
    let later = now() + Duration::hours(1);
    let two = rotate(&first, secret("b", later), Duration::hours(24), later).unwrap();
    let last = later + Duration::minutes(1);
    let three = rotate(&two, secret("c", last), Duration::hours(24), last).unwrap();
    let tails: Vec<_> = three.iter().map(|s| s.tail.as_str()).collect();
    assert_eq!(tails, ["b", "c"]);
    assert!(three[0].is_live(last + Duration::hours(23)) && !three[0].is_live(last + Duration::hours(24)));
    let alone = rotate(&first, secret("b", later), Duration::zero(), later).unwrap();
    assert_eq!(alone.len(), 1);
    let long = rotate(&first, secret("b", later), Duration::hours(169), later);
    assert_eq!(long, Err(WebhookRefusal::BadOverlap));
}
