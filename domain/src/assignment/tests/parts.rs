use super::*;
use AssignmentRefusal as Refusal;

fn part(n: u128, owner: AccountId) -> Part {
    Part { id: AssignmentId(Uuid::from_u128(n)), placement: to_branch(owner) }
}

#[test]
fn the_whole_is_handed_down_as_work_of_others() {
    let street = Placement { unit_id: STREET, addressee: Addressee::Unit { owner: OFFICE } };
    let whole = Assignment::draft(NewAssignment { placement: street, ..new() }, at(0)).unwrap().0;
    assert_eq!(whole.check_divisible(), Err(Refusal::IsDraft));
    let whole = apply(apply(whole, Command::Dispatch, DEPUTY, 1), accept(), OFFICE, 1);
    let (child, steps) = whole.hand_down(part(7, SECRETARY), None, None, OFFICE, &rules(), at(2)).unwrap();
    assert_eq!(
        (child.issuer_unit_id, child.parent_id, child.owner()),
        (STREET, Some(whole.id), Some(SECRETARY))
    );
    assert_eq!(
        steps.iter().map(|step| step.kind).collect::<Vec<_>>(),
        [AssignmentStepKind::Created, AssignmentStepKind::Dispatched]
    );
    let later = whole.hand_down(part(7, SECRETARY), None, Some(at(241)), OFFICE, &rules(), at(2));
    assert_eq!(later.unwrap_err(), Refusal::BadDue);
    let (whole, step) = whole.divided(OFFICE, at(2)).unwrap();
    assert_eq!((whole.state(), step.kind), (AssignmentState::InProgress, AssignmentStepKind::HandedDown));
}

fn offer(capacity: i32) -> Result<Assignment, Refusal> {
    let placement = Placement { unit_id: STREET, addressee: Addressee::Offer { capacity, claimed: 0 } };
    let made = Assignment::draft(NewAssignment { placement, ..new() }, at(0))?.0;
    Ok(apply(made, Command::Dispatch, OFFICE, 1))
}

#[test]
fn an_offer_is_claimed_up_to_its_capacity() {
    assert_eq!(offer(0).unwrap_err(), Refusal::BadCapacity);
    let id = AssignmentId(Uuid::from_u128(9));
    let claimant = Claimant { unit_id: BRANCH, for_unit: true, account_id: SECRETARY };
    let offered = offer(1).unwrap();
    assert_eq!(refused(&offered, accept(), SECRETARY, 2), Refusal::IsOffer);
    let twice = offered.clone().claim(id, claimant, true, &rules(), at(2));
    assert_eq!(twice.unwrap_err(), Refusal::AlreadyClaimed);
    let ((offered, _), (own, _)) = offered.claim(id, claimant, false, &rules(), at(2)).unwrap();
    assert_eq!(
        (own.state(), own.owner(), own.parent_id),
        (AssignmentState::Accepted, Some(SECRETARY), Some(offered.id))
    );
    assert_eq!(offered.clone().claim(id, claimant, false, &rules(), at(3)).unwrap_err(), Refusal::Full);
    assert_eq!(offered.next_alert(&rules()), None);
    assert_eq!(own.claim(id, claimant, false, &rules(), at(3)).unwrap_err(), Refusal::NotOffer);
    let late = offer(1).unwrap().claim(id, claimant, false, &rules(), at(240));
    assert_eq!(late.unwrap_err(), Refusal::ClaimOver);
}

#[test]
fn a_claim_that_ends_frees_its_place() {
    let claimant = |account_id| Claimant { unit_id: BRANCH, for_unit: false, account_id };
    let claim = |offer: Assignment, n, who| {
        offer.claim(AssignmentId(Uuid::from_u128(n)), claimant(who), false, &rules(), at(2)).unwrap()
    };
    let ((offered, _), (own, _)) = claim(offer(1).unwrap(), 9, SECRETARY);
    let going = apply(own.clone(), Command::Start, SECRETARY, 3);
    assert_eq!(offered.clone().recounted(&own, &going, SECRETARY, at(3)), Ok(None));
    let given = apply(own.clone(), reassign(DEPUTY), OFFICE, 3);
    let declined = apply(given.clone(), Command::Decline { reason: why() }, DEPUTY, 4);
    let (freed, step) = offered.recounted(&given, &declined, DEPUTY, at(4)).unwrap().unwrap();
    assert_eq!((step.kind, step.version), (AssignmentStepKind::Freed, freed.version));
    let cancelled = apply(declined.clone(), Command::Cancel { reason: why() }, OFFICE, 5);
    assert_eq!(freed.clone().recounted(&declined, &cancelled, OFFICE, at(5)), Ok(None), "it is freed once");
    let anew = apply(declined.clone(), reassign(SECRETARY), OFFICE, 5);
    let (taken, step) = freed.clone().recounted(&declined, &anew, OFFICE, at(5)).unwrap().unwrap();
    assert_eq!((step.kind, taken.placement), (AssignmentStepKind::Retaken, offered_in_full()));
    let ((full, _), _) = claim(freed, 10, DEPUTY);
    assert_eq!(full.recounted(&declined, &anew, OFFICE, at(5)), Err(Refusal::Full));
}

fn reassign(owner: AccountId) -> Command {
    Command::Reassign { to: to_branch(owner), reason: why(), due_at: None }
}

fn offered_in_full() -> Placement {
    Placement { unit_id: STREET, addressee: Addressee::Offer { capacity: 1, claimed: 1 } }
}

#[test]
fn what_nobody_does_is_not_counted_as_to_be_done() {
    let mut sum = RollUp::default();
    for (state, overdue) in [
        (AssignmentState::Verified, 0),
        (AssignmentState::InProgress, 1),
        (AssignmentState::Declined, 0),
        (AssignmentState::Cancelled, 0),
    ] {
        sum += RollUp::of(state, 1, overdue, 20, 10);
    }
    assert_eq!((sum.parts, sum.verified, sum.underway, sum.declined, sum.overdue), (2, 1, 1, 1, 1));
    assert_eq!((sum.target, sum.amount), (40, 20));
}
