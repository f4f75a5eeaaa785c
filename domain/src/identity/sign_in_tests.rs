use chrono::Duration;
use uuid::Uuid;

use super::*;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn account() -> Candidate {
    Candidate { account_id: AccountId(Uuid::nil()), password_changed_at: Some(NOW), holds_post: false }
}

fn found() -> Findings {
    Findings {
        address_blocked: false,
        lockout: Lockout::default(),
        second_lockout: Lockout::default(),
        candidate: Some(account()),
        proof: Proof::Password(true),
        second_proof: SecondProof::NotOffered,
    }
}

fn run(found: Findings) -> SignIn {
    decide(found, NOW, &Rules::defaults())
}

#[test]
fn who_proves_it_is_signed_in_and_the_count_wiped() {
    let lockout = Lockout { failures: 4, locked_until: None };
    let done = run(Findings { lockout, ..found() });
    assert_eq!(done.lockout, Lockout::default());
    let signed_in = done.outcome.unwrap();
    assert!(!signed_in.second_factor && !signed_in.password_change_due);
    let initial = Candidate { password_changed_at: None, ..account() };
    let done = run(Findings { candidate: Some(initial), ..found() });
    assert!(done.outcome.unwrap().password_change_due);
    let by_code = Findings { candidate: Some(initial), proof: Proof::Code(Ok(())), ..found() };
    assert!(!run(by_code).outcome.unwrap().password_change_due);
}

#[test]
fn unknown_and_wrong_look_alike() {
    let wrong = run(Findings { proof: Proof::Password(false), ..found() });
    let unknown = run(Findings { candidate: None, proof: Proof::Password(false), ..found() });
    // Even if the stand-in hash were to accept it.
    let lucky = run(Findings { candidate: None, ..found() });
    assert_eq!(wrong.outcome, Err(SignInRefusal::BadCredentials));
    assert_eq!(wrong.lockout.failures, 1);
    assert!([unknown, lucky].iter().all(|other| *other == wrong));
}

#[test]
fn every_fault_of_a_code_reads_the_same() {
    use OneTimeCodeRefusal::*;
    for why in [Wrong, Expired, TooManyAttempts, AlreadyUsed] {
        let done = run(Findings { proof: Proof::Code(Err(why)), ..found() });
        assert_eq!(done.outcome, Err(SignInRefusal::CodeWrong));
        assert_eq!(done.lockout.failures, 1);
    }
}

#[test]
fn a_lock_holds_against_the_right_password_too() {
    let lockout = Lockout { failures: 5, locked_until: Some(NOW + Duration::minutes(1)) };
    let done = run(Findings { lockout, ..found() });
    assert_eq!((done.outcome, done.lockout), (Err(SignInRefusal::Locked), lockout));
    assert!(!done.counts_against_address());
    let done = run(Findings { address_blocked: true, lockout, ..found() });
    assert_eq!(done.outcome, Err(SignInRefusal::TooManyFromAddress));
}

#[test]
fn signing_in_without_the_second_factor_does_not_wipe_its_failures() {
    let wrong = SecondProof::Offered(Err(SecondFactorRefusal::WrongCode));
    let mut counts = (Lockout::default(), Lockout::default());
    for _ in 0..5 {
        for second_proof in [wrong, SecondProof::NotOffered] {
            let (lockout, second_lockout) = counts;
            let done = run(Findings { lockout, second_lockout, second_proof, ..found() });
            counts = (done.lockout, done.second_lockout);
        }
    }
    let right = SecondProof::Offered(Ok(()));
    let done = run(Findings { second_lockout: counts.1, second_proof: right, ..found() });
    assert_eq!(done.outcome, Err(SignInRefusal::Locked));
    let done = run(Findings { second_proof: right, ..found() });
    assert!(done.outcome.unwrap().second_factor);
}
