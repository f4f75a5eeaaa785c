use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn hash(n: u8) -> SecretHash {
    SecretHash([n; 32])
}

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn session() -> Session {
    NewSession {
        id: SessionId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        device_label: None,
        by_password: true,
        mini_program: None,
        second_factor: false,
        refresh: hash(0),
    }
    .open(false, start(), &Rules::defaults())
}

fn rotate(session: Session, presented: u8, new: u8, now: DateTime<Utc>) -> Rotation {
    session.rotate(hash(presented), hash(new), false, now, &Rules::defaults())
}

fn continued(rotation: Rotation) -> (Session, bool) {
    match rotation {
        Rotation::Continued { session, retry } => (session, retry),
        Rotation::Refused { refusal, .. } => panic!("{refusal}"),
    }
}

fn refused(rotation: Rotation) -> (Session, SessionRefusal) {
    match rotation {
        Rotation::Continued { .. } => panic!("continued"),
        Rotation::Refused { session, refusal } => (session, refusal),
    }
}

fn seconds(n: i64) -> DateTime<Utc> {
    start() + Duration::seconds(n)
}

#[test]
fn a_lost_answer_may_be_asked_for_again_for_ten_seconds() {
    let (session, retry) = continued(rotate(session(), 0, 1, seconds(100)));
    assert!(!retry);
    let (session, retry) = continued(rotate(session, 0, 2, seconds(105)));
    assert!(retry);
    // The retry doesn't move the window.
    let (late, refusal) = refused(rotate(session.clone(), 0, 3, seconds(111)));
    assert_eq!(refusal, SessionRefusal::ReuseDetected);
    assert_eq!(late.revoked.unwrap().reason, RevocationReason::ReuseDetected);
    // The token of the lost answer is void; whoever comes with it is a second party.
    let (_, refusal) = refused(rotate(session.clone(), 1, 3, seconds(106)));
    assert_eq!(refusal, SessionRefusal::ReuseDetected);
    continued(rotate(session, 2, 3, seconds(1000)));
}

#[test]
fn a_stolen_token_ends_the_session_for_both_whoever_comes_first() {
    let (thief, _) = continued(rotate(session(), 0, 1, seconds(60)));
    let (thief, _) = continued(rotate(thief, 1, 2, seconds(1000)));
    let (thief, _) = continued(rotate(thief, 2, 3, seconds(2000)));
    let (ended, _) = refused(rotate(thief, 0, 9, seconds(2001)));
    assert_eq!(refused(rotate(ended, 3, 4, seconds(2002))).1, SessionRefusal::Ended);
}

#[test]
fn a_post_holders_session_idles_out_sooner_even_if_the_post_came_later() {
    let rules = Rules::defaults();
    let later = start() + Duration::minutes(30);
    let idle = session().rotate(hash(0), hash(1), true, later, &rules);
    let (ended, refusal) = refused(idle);
    assert_eq!(refusal, SessionRefusal::Expired);
    assert_eq!(ended.revoked.unwrap().reason, RevocationReason::Expired);
    let just = session().rotate(hash(0), hash(1), true, later - Duration::seconds(1), &rules);
    let (live, _) = continued(just);
    assert!(live.is_live(later));
    assert!(!live.is_live(later + Duration::minutes(30)));
    let member = rotate(session(), 0, 1, start() + Duration::days(30) - Duration::seconds(1));
    continued(member);
}

#[test]
fn a_renewed_session_goes_on_with_the_new_token() {
    let renewed = session().renew(hash(1), false, seconds(60), &Rules::defaults());
    assert_eq!(renewed.generation, 1);
    // The app may have lost the answer; the token before is taken once more.
    assert!(continued(rotate(renewed.clone(), 0, 2, seconds(65))).1);
    assert!(!continued(rotate(renewed.clone(), 1, 2, seconds(65))).1);
    assert_eq!(refused(rotate(renewed, 0, 2, seconds(99))).1, SessionRefusal::ReuseDetected);
}

#[test]
fn the_first_end_stands() {
    let ended = session().revoke(RevocationReason::SignedOut, start());
    let again = ended.clone().revoke(RevocationReason::PasswordChanged, seconds(5));
    assert_eq!(ended, again);
    assert!(!again.is_live(start()));
}

proptest! {
    /// However tokens of the chain are presented: the session goes on only for the present
    /// token, or the one before it within ten seconds of its exchange; anything else ends it,
    /// and an ended session never goes on.
    #[test]
    fn only_the_present_token_continues(
        steps in prop::collection::vec((0usize..4, 0i64..30), 1..40)
    ) {
        let mut session = session();
        let mut issued = vec![0u8];
        let mut now = start();
        let mut exchanged: Option<(u8, DateTime<Utc>)> = None;
        for (new, (back, wait)) in (1u8..).zip(steps) {
            now += Duration::seconds(wait);
            let presented = issued[issued.len().saturating_sub(1 + back)];
            let current = hash(presented) == session.refresh;
            let lost = exchanged.is_some_and(|(old, at)| old == presented && now - at <= RETRY_WITHIN);
            let dead = session.revoked.is_some();
            match rotate(session, presented, new, now) {
                Rotation::Continued { session: next, retry } => {
                    prop_assert!(!dead && (current || lost));
                    prop_assert_eq!(retry, !current);
                    if current { exchanged = Some((presented, now)); }
                    issued.push(new);
                    session = next;
                }
                Rotation::Refused { session: next, .. } => {
                    prop_assert!(dead || !(current || lost));
                    prop_assert!(next.revoked.is_some());
                    session = next;
                }
            }
        }
    }
}
