use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{grant::Holder, *};
use crate::{
    id::{AccountId, OrgUnitId, TokenGrantId},
    identity::SecretHash,
    vocabulary::Vocabulary,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn asked() -> NewGrant {
    NewGrant {
        name: "门户网站".to_owned(),
        purpose: None,
        scopes: vec![TokenScope::ActivitiesRead, TokenScope::UnitsRead, TokenScope::UnitsRead],
        unit_id: OrgUnitId(Uuid::from_u128(1)),
        addresses: Vec::new(),
        per_minute: None,
        expires_at: now() + Duration::days(90),
    }
}

fn issue(new: NewGrant) -> Result<Grant, TokenRefusal> {
    let account_id = AccountId(Uuid::from_u128(2));
    let holder =
        Holder { kind: GrantKind::Client, account_id, created_by: Some(account_id), second_factor: false };
    Grant::issue(TokenGrantId(Uuid::from_u128(3)), new, holder, now())
}

#[test]
fn a_grant_holds_what_was_asked_for_or_is_refused() {
    let grant = issue(asked()).unwrap();
    assert_eq!(grant.scopes, [TokenScope::UnitsRead, TokenScope::ActivitiesRead]);
    assert_eq!((grant.per_minute, grant.version), (RATE, 1));
    let with = |change: fn(&mut NewGrant)| {
        let mut new = asked();
        change(&mut new);
        issue(new).map(drop)
    };
    assert_eq!(with(|n| n.name = " ".to_owned()), Err(TokenRefusal::BadName));
    assert_eq!(with(|n| n.scopes.clear()), Err(TokenRefusal::NoScope));
    assert_eq!(with(|n| n.per_minute = Some(0)), Err(TokenRefusal::BadRate));
    assert_eq!(with(|n| n.per_minute = Some(6_001)), Err(TokenRefusal::BadRate));
    assert_eq!(with(|n| n.expires_at = now()), Err(TokenRefusal::BadExpiry));
    assert_eq!(with(|n| n.expires_at = now() + LONGEST), Ok(()));
    assert_eq!(with(|n| n.expires_at = now() + LONGEST + Duration::seconds(1)), Err(TokenRefusal::BadExpiry));
    assert_eq!(with(|n| n.addresses = vec!["300.1.1.1".to_owned()]), Err(TokenRefusal::BadAddress));
    assert_eq!(with(|n| n.addresses = vec!["10.0.0.1".to_owned(); 51]), Err(TokenRefusal::BadAddress));
    assert_eq!(with(|n| n.purpose = Some("\u{202E}".to_owned())), Err(TokenRefusal::BadPurpose));
}

#[test]
fn whoever_reads_names_says_what_for() {
    for scope in TokenScope::words().iter().map(|word| word.value) {
        let new = NewGrant { scopes: vec![scope], ..asked() };
        let expected = if scope.is_personal() { Err(TokenRefusal::PurposeRequired) } else { Ok(()) };
        assert_eq!(issue(new.clone()).map(drop), expected, "{scope}");
        assert!(issue(NewGrant { purpose: Some("名册同步".to_owned()), ..new }).is_ok());
        assert_eq!(TokenScope::heard(&scope.spoken()), Some(scope));
    }
    assert_eq!(TokenScope::heard("UNITS_READ"), None);
}

#[test]
fn addresses_are_single_ones_or_networks() {
    let listed = ["192.0.2.7", " 10.1.2.3/8 ", "2001:db8::/32"].map(str::to_owned).to_vec();
    let grant = issue(NewGrant { addresses: listed, ..asked() }).unwrap();
    for (address, admitted) in [
        ("192.0.2.7", true),
        ("192.0.2.8", false),
        ("10.255.0.1", true),
        ("11.0.0.1", false),
        ("::ffff:10.0.0.1", true),
        ("2001:db8::1", true),
        ("2001:db9::1", false),
    ] {
        assert_eq!(grant.admits(address.parse().ok()), admitted, "{address}");
    }
    assert!(!grant.admits(None));
    assert!(issue(asked()).unwrap().admits(None));
}

#[test]
fn a_grant_ends_and_changes_no_more() {
    let grant = issue(asked()).unwrap();
    assert!(grant.is_live(grant.expires_at - Duration::seconds(1)) && !grant.is_live(grant.expires_at));
    let renamed = GrantChange { name: Some("官网".to_owned()), ..GrantChange::default() };
    assert_eq!(grant.clone().change(renamed.clone(), 2, now()).map(drop), Err(TokenRefusal::Stale));
    let changed = grant.clone().change(renamed.clone(), 1, now()).unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("官网", 2));
    let wider = GrantChange { scopes: Some(vec![TokenScope::MembersRead]), ..GrantChange::default() };
    assert_eq!(grant.clone().change(wider, 1, now()).map(drop), Err(TokenRefusal::PurposeRequired));
    let revoked = grant.revoke(now());
    assert!(!revoked.is_live(now()));
    assert_eq!(revoked.clone().revoke(now() + Duration::days(1)), revoked);
    assert_eq!(revoked.change(renamed, 2, now()).map(drop), Err(TokenRefusal::Ended));
}

fn secret(n: u8, at: DateTime<Utc>) -> Secret {
    Secret { hash: SecretHash([n; 32]), tail: format!("{n:04}"), created_at: at, expires_at: None }
}

#[test]
fn the_old_secret_goes_on_for_a_while_and_two_are_the_most() {
    let grant = issue(asked()).unwrap();
    let first = secret(1, now());
    let (hour, day) = (Duration::hours(1), Duration::hours(24));
    let two = rotate(&grant, &[first], secret(2, now() + hour), day, now() + hour).unwrap();
    let ends: Vec<_> = two.iter().map(|s| (s.hash.0[0], s.expires_at)).collect();
    assert_eq!(ends, [(1, Some(now() + hour + day)), (2, None)]);
    let at = now() + hour * 2;
    let again = rotate(&grant, &two, secret(3, at), day, at).unwrap();
    assert_eq!(again.iter().map(|s| s.hash.0[0]).collect::<Vec<_>>(), [2, 3]);
    let at_once = rotate(&grant, &two, secret(3, at), Duration::zero(), at).unwrap();
    assert_eq!(at_once.iter().map(|s| s.hash.0[0]).collect::<Vec<_>>(), [3]);
    for bad in [Duration::seconds(-1), LONGEST_OVERLAP + Duration::seconds(1)] {
        assert_eq!(rotate(&grant, &two, secret(3, at), bad, at), Err(TokenRefusal::BadOverlap));
    }
    let ended = grant.revoke(at);
    assert_eq!(rotate(&ended, &two, secret(3, at), day, at), Err(TokenRefusal::Ended));
}
