use super::*;
use AssignmentRefusal as Refusal;

#[test]
fn it_needs_an_owner_a_measure_and_a_due_time() {
    let with = |change: &dyn Fn(&mut NewAssignment)| {
        let mut new = new();
        change(&mut new);
        Assignment::draft(new, at(0)).unwrap_err()
    };
    assert_eq!(with(&|new| new.terms.measure = None), Refusal::MeasureMissing);
    let target =
        |target| move |new: &mut NewAssignment| new.terms.measure = Some(Measure { target, ..visits() });
    assert_eq!(with(&target(0)), Refusal::BadMeasure);
    assert_eq!(with(&target(1_000_001)), Refusal::BadMeasure);
    assert_eq!(
        with(&|new| new.terms.measure = Some(Measure { unit: " ".into(), ..visits() })),
        Refusal::BadMeasure
    );
    assert_eq!(with(&|new| new.due_at = at(0)), Refusal::BadDue);
    assert_eq!(with(&|new| new.due_at = at(24 * 801)), Refusal::BadDue);
    assert_eq!(with(&|new| new.terms.title = "\u{202E}".into()), Refusal::BadTitle);
    let many = vec![ChecklistItem { title: "项".into(), done: false }; 31];
    assert_eq!(with(&|new| new.terms.checklist = many.clone()), Refusal::BadChecklist);
}

#[test]
fn it_goes_from_draft_to_verified() {
    assert_eq!(refused(&draft(), accept(), SECRETARY, 1), Refusal::IsDraft);
    assert_eq!(refused(&dispatched(), submit(), SECRETARY, 2), Refusal::NotAccepted);
    let report = Command::Report { note: Some("已走访8户".into()), amount: Some(8), done: None };
    let (going, step) = accepted().apply(report, SECRETARY, &rules(), at(3)).unwrap();
    assert_eq!(
        (going.state(), going.amount, step.note.as_deref()),
        (AssignmentState::InProgress, 8, Some("已走访8户"))
    );
    let done = apply(going, submit(), SECRETARY, 4);
    assert_eq!((done.state(), done.amount), (AssignmentState::Submitted, 20));
    let verified = apply(done, Command::Verify, OFFICE, 5);
    assert_eq!(verified.progress.by(), Some(OFFICE));
    assert_eq!(verified.version, 6);
}

#[test]
fn nobody_verifies_or_returns_their_own() {
    assert_eq!(refused(&submitted(), Command::Verify, SECRETARY, 4), Refusal::OwnWork);
    assert_eq!(
        refused(&submitted(), Command::Return { reason: why(), due_at: None }, SECRETARY, 4),
        Refusal::OwnWork
    );
    let returned = apply(submitted(), Command::Return { reason: why(), due_at: None }, OFFICE, 4);
    assert_eq!(returned.progress.reason(), Some("另有安排"));
    let again = apply(returned, submit(), SECRETARY, 5);
    assert_eq!(apply(again, Command::Verify, DEPUTY, 6).state(), AssignmentState::Verified);
}

#[test]
fn the_owner_declines_with_a_reason_and_another_takes_it() {
    assert_eq!(
        refused(&dispatched(), Command::Decline { reason: " ".into() }, SECRETARY, 2),
        Refusal::BadReason
    );
    let declined = apply(dispatched(), Command::Decline { reason: why() }, SECRETARY, 2);
    assert_eq!(refused(&declined, accept(), SECRETARY, 3), Refusal::WasDeclined);
    let to = Command::Reassign { to: to_branch(DEPUTY), reason: why(), due_at: None };
    let moved = apply(declined, to, OFFICE, 3);
    assert_eq!((moved.owner(), moved.state()), (Some(DEPUTY), AssignmentState::Dispatched));
}

#[test]
fn what_was_verified_opens_again_on_relapse_and_what_was_cancelled_does_not() {
    let reopen = |hour| Command::Reopen { reason: "问题反弹".into(), due_at: at(hour) };
    assert_eq!(refused(&submitted(), reopen(500), OFFICE, 4), Refusal::NotVerified);
    let verified = apply(submitted(), Command::Verify, OFFICE, 4);
    assert_eq!(refused(&verified, Command::Cancel { reason: why() }, OFFICE, 5), Refusal::AlreadyVerified);
    assert_eq!(refused(&verified, reopen(5), OFFICE, 5), Refusal::BadDue);
    let open = apply(verified, reopen(500), OFFICE, 5);
    assert_eq!((open.state(), open.due_at), (AssignmentState::InProgress, at(500)));
    let cancelled = apply(open, Command::Cancel { reason: why() }, OFFICE, 6);
    assert_eq!(refused(&cancelled, reopen(600), OFFICE, 7), Refusal::Cancelled);
    assert_eq!(refused(&cancelled, Command::Verify, OFFICE, 7), Refusal::Cancelled);
}

#[test]
fn an_issues_owner_proposes_the_measure() {
    let mut found = new();
    found.terms.kind = AssignmentKind::Issue;
    found.terms.measure = None;
    let issue = apply(Assignment::draft(found, at(0)).unwrap().0, Command::Dispatch, OFFICE, 1);
    assert_eq!(issue.list_stage(), Some(ListStage::Found));
    assert_eq!(refused(&issue, accept(), SECRETARY, 2), Refusal::MeasureMissing);
    let late = Command::Accept { measure: Some(visits()), due_at: Some(at(241)) };
    assert_eq!(refused(&issue, late, SECRETARY, 2), Refusal::BadDue);
    let accepted =
        apply(issue, Command::Accept { measure: Some(visits()), due_at: Some(at(100)) }, SECRETARY, 2);
    assert_eq!((accepted.terms.measure.clone(), accepted.due_at), (Some(visits()), at(100)));
    assert_eq!(accepted.list_stage(), Some(ListStage::MeasureProposed));
    // Of a task the measure is the issuer's.
    let task = apply(
        dispatched(),
        Command::Accept { measure: Some(Measure { target: 1, ..visits() }), due_at: None },
        SECRETARY,
        2,
    );
    assert_eq!(task.terms.measure, Some(visits()));
}

#[test]
fn evidence_and_checklist_are_handed_in_where_wanted() {
    let mut wanted = new();
    wanted.terms.evidence_wanted = Some("走访记录".into());
    wanted.terms.checklist =
        ["一", "二"].map(|title| ChecklistItem { title: title.into(), done: true }).to_vec();
    let made = apply(Assignment::draft(wanted, at(0)).unwrap().0, Command::Dispatch, OFFICE, 1);
    let accepted = apply(made, accept(), SECRETARY, 2);
    assert_eq!(refused(&accepted, submit(), SECRETARY, 3), Refusal::ChecklistOpen);
    let tick = |done| Command::Report { note: None, amount: None, done: Some(done) };
    assert_eq!(refused(&accepted, tick(vec![3]), SECRETARY, 3), Refusal::BadChecklist);
    let ticked = apply(accepted, tick(vec![1, 2]), SECRETARY, 3);
    assert_eq!(refused(&ticked, submit(), SECRETARY, 4), Refusal::EvidenceMissing);
    let evidence = Evidence { text: Some("见附件".into()), references: vec![] };
    apply(ticked, Command::Submit { evidence, amount: None }, SECRETARY, 4);
}

#[test]
fn the_same_sent_twice_is_known() {
    let evidence = Evidence { text: Some(" 见附件 ".into()), references: vec![] };
    let command = Command::Submit { evidence, amount: None };
    let done = apply(accepted(), command.clone(), SECRETARY, 3);
    assert!(done.has_done(&command, SECRETARY));
    assert!(!done.has_done(&submit(), SECRETARY));
    let verified = apply(done, Command::Verify, OFFICE, 4);
    assert!(verified.has_done(&Command::Verify, OFFICE) && !verified.has_done(&Command::Verify, DEPUTY));
    assert_eq!(refused(&verified, Command::Verify, DEPUTY, 5), Refusal::AlreadyVerified);
}

#[test]
fn only_a_draft_is_changed() {
    let change = || AssignmentChange { due_at: Some(at(300)), ..AssignmentChange::default() };
    let (changed, step) = draft().change(change(), OFFICE, at(1)).unwrap();
    assert_eq!((changed.due_at, changed.version, step.kind), (at(300), 2, AssignmentStepKind::Changed));
    assert_eq!(dispatched().change(change(), OFFICE, at(2)).unwrap_err(), Refusal::FixedNow);
}

#[test]
fn nobody_drops_or_puts_off_what_they_were_given() {
    let reassign = Command::Reassign { to: to_branch(DEPUTY), reason: why(), due_at: Some(at(900)) };
    for command in [Command::Cancel { reason: why() }, reassign] {
        assert_eq!(refused(&accepted(), command.clone(), SECRETARY, 3), Refusal::OwnWork);
        apply(accepted(), command, DEPUTY, 3);
    }
    let verified = apply(submitted(), Command::Verify, OFFICE, 4);
    let reopen = Command::Reopen { reason: why(), due_at: at(500) };
    assert_eq!(refused(&verified, reopen, SECRETARY, 5), Refusal::OwnWork);
    let with_whole = accepted().cancel_with_whole(why(), SECRETARY, &rules(), at(3)).unwrap().0;
    assert_eq!(with_whole.state(), AssignmentState::Cancelled);
    let own = Assignment { issued_by: SECRETARY, ..accepted() };
    assert_eq!(
        apply(own, Command::Cancel { reason: why() }, SECRETARY, 3).state(),
        AssignmentState::Cancelled
    );
}

#[test]
fn what_was_cancelled_as_a_draft_stays_unknown() {
    let cancel = Command::Cancel { reason: why() };
    assert!(!apply(draft(), cancel.clone(), OFFICE, 1).is_known());
    assert!(apply(dispatched(), cancel, OFFICE, 2).is_known());
}

#[test]
fn what_has_come_back_is_not_done_any_more() {
    let verified = apply(submitted(), Command::Verify, OFFICE, 4);
    let open = apply(verified, Command::Reopen { reason: why(), due_at: at(500) }, OFFICE, 5);
    assert_eq!(open.amount, 0);
    assert!(open.terms.checklist.iter().all(|item| !item.done));
}

#[test]
fn a_longer_time_for_the_same_owner_is_a_change() {
    let longer = |due_at| Command::Reassign { to: to_branch(SECRETARY), reason: why(), due_at };
    assert!(dispatched().has_done(&longer(None), OFFICE));
    assert!(dispatched().has_done(&longer(Some(at(240))), OFFICE));
    assert!(!dispatched().has_done(&longer(Some(at(300))), OFFICE));
}

#[test]
fn a_successor_goes_on_where_it_stands() {
    let (after, step) = submitted().succeeded(to_branch(DEPUTY), at(9)).unwrap();
    assert_eq!((after.state(), after.owner()), (AssignmentState::Submitted, Some(DEPUTY)));
    assert_eq!((step.kind, step.by), (AssignmentStepKind::Succeeded, None));
    let verified = apply(submitted(), Command::Verify, OFFICE, 4);
    assert_eq!(verified.succeeded(to_branch(DEPUTY), at(9)).unwrap_err(), Refusal::AlreadyVerified);
}
