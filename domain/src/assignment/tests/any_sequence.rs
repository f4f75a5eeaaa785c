//! Whatever is wanted in whatever order, the same things stay true.

use proptest::prelude::*;

use super::*;

fn reason() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(why()), 1 => Just(String::new()), 1 => Just("长".repeat(501))]
}

fn command() -> impl Strategy<Value = Command> {
    let owner = prop_oneof![Just(SECRETARY), Just(DEPUTY)];
    let due = (0i64..900).prop_map(at);
    prop_oneof![
        3 => Just(Command::Dispatch),
        3 => Just(accept()),
        1 => reason().prop_map(|reason| Command::Decline { reason }),
        1 => Just(Command::Start),
        2 => (any::<Option<i16>>()).prop_map(|n| Command::Report { note: None, amount: n.map(i64::from), done: None }),
        3 => Just(submit()),
        2 => reason().prop_map(|reason| Command::Return { reason, due_at: None }),
        3 => Just(Command::Verify),
        2 => (reason(), due.clone()).prop_map(|(reason, due_at)| Command::Reopen { reason, due_at }),
        1 => reason().prop_map(|reason| Command::Cancel { reason }),
        2 => (owner, reason(), proptest::option::of(due)).prop_map(|(owner, reason, due_at)| Command::Reassign {
            to: to_branch(owner),
            reason,
            due_at,
        }),
    ]
}

/// What is wanted, by whom (where it isn't the owner's own), and after how many hours.
fn sequence() -> impl Strategy<Value = Vec<(Command, AccountId, i64)>> {
    let who = prop_oneof![Just(OFFICE), Just(SECRETARY), Just(DEPUTY)];
    proptest::collection::vec((command(), who, 0i64..40), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn history_and_state_agree_and_final_is_final(wanted in sequence()) {
        let (mut now, (mut assignment, first)) = (0, Assignment::draft(new(), at(0)).unwrap());
        let mut history = vec![first];
        for (command, who, hours) in wanted {
            now += hours;
            let by = if command.is_owners() { assignment.owner().unwrap() } else { who };
            let before = assignment.clone();
            let Ok((after, step)) = before.clone().apply(command.clone(), by, &rules(), at(now)) else {
                continue;
            };
            prop_assert_ne!(before.state(), AssignmentState::Cancelled, "nothing leaves what was cancelled");
            if before.state() == AssignmentState::Verified {
                prop_assert_eq!(step.kind, AssignmentStepKind::Reopened, "what was verified is only opened again");
            }
            if matches!(step.kind, AssignmentStepKind::Verified | AssignmentStepKind::Returned) {
                prop_assert_ne!(after.owner(), Some(by), "nobody verifies their own work");
            }
            if matches!(step.kind, AssignmentStepKind::Declined | AssignmentStepKind::Returned | AssignmentStepKind::Reopened | AssignmentStepKind::Cancelled | AssignmentStepKind::Reassigned) {
                prop_assert!(step.note.as_ref().is_some_and(|note| !note.trim().is_empty()), "a reason is given");
            }
            prop_assert!(after.owner().is_some() && after.terms.measure.is_some());
            prop_assert!((0..=1_000_000).contains(&after.amount));
            history.push(step);
            assignment = after;
            if let Some(alert) = assignment.due_alert(&rules(), at(now)) {
                let told = assignment.clone().alerted(alert, at(now));
                prop_assert_ne!(told.due_alert(&rules(), at(now)), Some(alert), "it is told once");
                assignment = told;
            }
            prop_assert!(assignment.state().waits_for_owner() || assignment.next_alert(&rules()).is_none());
        }
        prop_assert_eq!(usize::try_from(assignment.version).unwrap(), history.len());
        for (n, step) in history.iter().enumerate() {
            prop_assert_eq!(usize::try_from(step.version).unwrap(), n + 1);
            prop_assert_eq!(step.from, n.checked_sub(1).map(|earlier| history[earlier].to));
        }
        prop_assert_eq!(history.last().map(|step| (step.to, step.owner, step.amount)), Some((assignment.state(), assignment.owner(), assignment.amount)));
    }

    #[test]
    fn what_comes_twice_is_known_or_refused(wanted in sequence()) {
        let mut assignment = draft();
        let mut now = 0;
        for (command, who, hours) in wanted {
            now += hours;
            let by = if command.is_owners() { assignment.owner().unwrap() } else { who };
            if let Ok((after, _)) = assignment.clone().apply(command.clone(), by, &rules(), at(now)) {
                let again = after.clone().apply(command.clone(), by, &rules(), at(now)).is_err();
                let may_come_again = matches!(command, Command::Report { .. } | Command::Reassign { .. });
                prop_assert!(again || may_come_again || after.has_done(&command, by));
                assignment = after;
            }
        }
    }
}
