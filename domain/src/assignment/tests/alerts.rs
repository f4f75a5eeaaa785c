use super::*;

#[test]
fn it_is_reminded_of_falls_overdue_and_goes_up_once() {
    let given = dispatched();
    assert_eq!(given.due_alert(&rules(), at(240 - 25)), None);
    let soon = given.due_alert(&rules(), at(240 - 24)).unwrap();
    assert_eq!(soon, Alert::DueSoon(at(216)));
    let reminded = given.alerted(soon, at(216));
    assert_eq!(reminded.due_alert(&rules(), at(239)), None);
    let late = reminded.due_alert(&rules(), at(240)).unwrap();
    assert_eq!(late, Alert::Overdue(at(240)));
    let overdue = reminded.alerted(late, at(240));
    assert_eq!(overdue.due_alert(&rules(), at(240 + 71)), None);
    let up = overdue.due_alert(&rules(), at(240 + 72)).unwrap();
    assert_eq!(up, Alert::Escalate(at(312)));
    let told = overdue.alerted(up, at(312));
    assert_eq!(told.next_alert(&rules()), None);
    assert_eq!(told.version, dispatched().version, "what is told changes nothing that a client has read");
}

#[test]
fn a_clock_that_jumps_leaves_the_reminder_out() {
    assert_eq!(dispatched().due_alert(&rules(), at(1_000)), Some(Alert::Overdue(at(240))));
}

#[test]
fn who_gets_it_late_is_not_reminded_at_once() {
    let late = apply(draft(), Command::Dispatch, OFFICE, 230);
    assert_eq!(late.next_alert(&rules()), Some(Alert::Overdue(at(240))));
}

#[test]
fn what_is_handed_in_is_not_late_and_what_is_returned_is() {
    assert_eq!(submitted().next_alert(&rules()), None);
    let give_back = |due_at| Command::Return { reason: why(), due_at };
    let returned = apply(submitted(), give_back(None), OFFICE, 250);
    let late = returned.due_alert(&rules(), at(250)).unwrap();
    assert_eq!(late, Alert::Overdue(at(240)));
    assert!(returned.is_overdue(at(250)) && !submitted().is_overdue(at(250)));
    let told = returned.alerted(late, at(250));
    assert_eq!(
        told.next_alert(&rules()),
        Some(Alert::Escalate(at(250 + 72))),
        "the owner has just heard of it"
    );
    // The same again, after the superior was told.
    let up = told.alerted(Alert::Escalate(at(322)), at(322));
    let again = Command::Submit { evidence: Evidence::default(), amount: Some(20) };
    let again = apply(apply(up, again, SECRETARY, 330), give_back(None), OFFICE, 340);
    assert_eq!(again.due_alert(&rules(), at(340)), Some(Alert::Overdue(at(240))));
    let longer = apply(submitted(), give_back(Some(at(400))), OFFICE, 250);
    assert_eq!((longer.due_at, longer.next_alert(&rules())), (at(400), Some(Alert::DueSoon(at(376)))));
    assert_eq!(refused(&submitted(), give_back(Some(at(250))), OFFICE, 250), AssignmentRefusal::BadDue);
}

#[test]
fn what_its_owner_cannot_do_any_more_lies_with_the_issuer() {
    for (given, from) in
        [(dispatched(), AssignmentState::Dispatched), (accepted(), AssignmentState::Accepted)]
    {
        let (back, step) = given.handed_back(OFFICE, at(5)).unwrap();
        assert_eq!((back.state(), step.from), (AssignmentState::Declined, Some(from)));
        assert!(back.progress.reason().is_some() && back.next_alert(&rules()).is_none());
        let to = Command::Reassign { to: to_branch(DEPUTY), reason: why(), due_at: None };
        assert_eq!(apply(back, to, OFFICE, 6).state(), AssignmentState::Dispatched);
    }
    assert!(submitted().handed_back(OFFICE, at(5)).is_err(), "it waits to be verified");
}

#[test]
fn a_new_due_time_begins_anew() {
    let overdue = dispatched().alerted(Alert::Overdue(at(240)), at(241));
    let to = Command::Reassign { to: to_branch(DEPUTY), reason: why(), due_at: Some(at(400)) };
    let moved = apply(overdue.clone(), to, OFFICE, 242);
    assert_eq!(moved.next_alert(&rules()), Some(Alert::DueSoon(at(376))));
    let kept = Command::Reassign { to: to_branch(DEPUTY), reason: why(), due_at: None };
    assert_eq!(
        refused(&overdue, kept, OFFICE, 242),
        AssignmentRefusal::BadDue,
        "nobody is given what is overdue"
    );
}
