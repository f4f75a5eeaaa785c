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
    let returned = apply(submitted(), Command::Return { reason: why() }, OFFICE, 250);
    assert_eq!(returned.due_alert(&rules(), at(250)), Some(Alert::Overdue(at(240))));
    assert!(returned.is_overdue(at(250)) && !submitted().is_overdue(at(250)));
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
