use proptest::prelude::*;

use super::*;

#[test]
fn a_title_a_length_and_a_distance_have_limits() {
    let now = at(-600);
    let refused = |change: &dyn Fn(&mut NewActivity)| {
        let mut new = new_activity();
        change(&mut new);
        plan(new, now).unwrap_err()
    };
    let window = |start, end| TimeWindow { starts_at: at(start), ends_at: at(end) };
    let day = 24 * 60;
    assert_eq!(refused(&|new| new.title = " ".into()), ActivityRefusal::BadTitle);
    assert_eq!(refused(&|new| new.title = "长".repeat(101)), ActivityRefusal::BadTitle);
    assert_eq!(refused(&|new| new.description = Some("长".repeat(5001))), ActivityRefusal::BadDescription);
    assert_eq!(refused(&|new| new.window = window(0, 0)), ActivityRefusal::EndsBeforeStart);
    assert_eq!(refused(&|new| new.window = window(0, day + 1)), ActivityRefusal::TooLong);
    assert_eq!(refused(&|new| new.window = window(401 * day, 401 * day + 60)), ActivityRefusal::TooFarAhead);
    assert_eq!(refused(&|new| new.window = window(-32 * day, -32 * day + 60)), ActivityRefusal::TooLongAgo);
    assert_eq!(refused(&|new| new.late_after_minutes = Some(121)), ActivityRefusal::BadMinutes);
    assert_eq!(refused(&|new| new.check_in_opens_minutes = Some(-1)), ActivityRefusal::BadMinutes);
}

#[test]
fn an_activity_on_paper_may_be_entered_within_a_month() {
    let late = plan(new_activity(), at(30 * 24 * 60)).unwrap().publish(at(30 * 24 * 60)).unwrap();
    assert!(late.check_in_window().contains(at(0)) && !late.accepts_check_in(at(30 * 24 * 60)));
}

#[test]
fn a_published_activity_opens_closes_and_becomes_final_by_itself() {
    let day = 24 * 60;
    let step = |activity: Activity, minutes| {
        let due = activity.due_transition(at(minutes), &rules()).unwrap();
        (activity.advance(due).unwrap(), due)
    };
    assert_eq!(published().due_transition(at(-31), &rules()), None);
    assert!(!published().accepts_check_in(at(-31)) && published().accepts_check_in(at(-30)));
    let (open, due) = step(published(), 500);
    assert_eq!(due, DueTransition::Open(at(-30)));
    assert_eq!(open.due_transition(at(120 + day) - Duration::seconds(1), &rules()), None);
    let (closed, due) = step(open, 200 * day);
    assert_eq!(due, DueTransition::Close(at(120 + day)));
    let (archived, due) = step(closed, 200 * day);
    assert_eq!(due, DueTransition::Archive(at(120 + 30 * day)));
    assert_eq!(archived.due_transition(at(900 * day), &rules()), None);
    assert_eq!(archived.version, 5);
}

#[test]
fn opening_early_lengthens_the_window_and_closing_early_shortens_it() {
    assert_eq!(published().open(at(-241)).unwrap_err(), ActivityRefusal::TooEarly);
    let open = published().open(at(-90)).unwrap();
    assert!(open.accepts_check_in(at(-60)));
    assert_eq!(open.clone().close(at(-1)).unwrap_err(), ActivityRefusal::NotStarted);
    let closed = open.close(at(60)).unwrap();
    assert_eq!(closed.check_in_window(), TimeWindow { starts_at: at(-90), ends_at: at(60) });
    assert!(!closed.accepts_check_in(at(30)));
}

#[test]
fn what_may_change_depends_on_the_state() {
    let change = |activity: Activity, change: ActivityChange, minutes| {
        activity.change(change, OrgUnitKind::PartyBranch, &rules(), at(minutes))
    };
    let moved = |start, end| ActivityChange {
        starts_at: Some(at(start)),
        ends_at: Some(at(end)),
        ..ActivityChange::default()
    };
    let told =
        || ActivityChange { description: Some(Some("到会31人".into())), ..ActivityChange::default() };
    let kind = || ActivityChange { kind: Some(ActivityKind::Forum), ..ActivityChange::default() };

    assert_eq!(change(draft(), kind(), -900).unwrap().kind, ActivityKind::Forum);
    assert_eq!(change(published(), kind(), -900).unwrap_err(), ActivityRefusal::FixedNow);
    let later = change(published(), moved(60, 120), -900).unwrap();
    assert_eq!((later.version, later.window.starts_at), (3, at(60)));
    assert_eq!(change(published(), moved(-999, 0), -900).unwrap_err(), ActivityRefusal::InPast);
    // Check-in has begun, whether or not the stored state says so.
    assert_eq!(change(published(), moved(60, 120), -5).unwrap_err(), ActivityRefusal::FixedNow);
    assert!(change(published(), moved(0, 150), 100).is_ok());
    assert_eq!(change(closed(), moved(0, 150), 130).unwrap_err(), ActivityRefusal::FixedNow);
    assert!(change(closed(), told(), 130).is_ok());
    let invited = || ActivityChange { invites: true, ..ActivityChange::default() };
    assert!(change(published(), invited(), 100).is_ok());
    assert_eq!(change(closed(), invited(), 130).unwrap_err(), ActivityRefusal::FixedNow);
    let longer = ActivityChange { ends_at: Some(at(150)), ..ActivityChange::default() };
    assert_eq!(
        change(published(), longer, 100).unwrap().window,
        TimeWindow { starts_at: at(0), ends_at: at(150) }
    );
    let too_late = ActivityChange { starts_at: Some(at(120)), ..ActivityChange::default() };
    assert_eq!(change(published(), too_late, -900).unwrap_err(), ActivityRefusal::EndsBeforeStart);
    let archived = closed().archive(at(130)).unwrap();
    assert_eq!(change(archived, told(), 131).unwrap_err(), ActivityRefusal::Archived);
    let cancelled = published().cancel("台风", at(-5)).unwrap();
    assert_eq!(change(cancelled, told(), 0).unwrap_err(), ActivityRefusal::Cancelled);
}

#[derive(Clone, Copy, Debug)]
enum Command {
    Publish,
    Open,
    Close,
    Archive,
    Cancel,
    Change,
    Settle,
}

fn run(activity: Activity, command: Command, now: DateTime<Utc>) -> Option<Activity> {
    match command {
        Command::Publish => activity.publish(now).ok(),
        Command::Open => activity.open(now).ok(),
        Command::Close => activity.close(now).ok(),
        Command::Archive => activity.archive(now).ok(),
        Command::Cancel => activity.cancel("改期", now).ok(),
        Command::Change => {
            let change = ActivityChange { title: Some("新标题".into()), ..ActivityChange::default() };
            activity.change(change, OrgUnitKind::PartyBranch, &rules(), now).ok()
        }
        Command::Settle => activity.due_transition(now, &rules()).and_then(|due| activity.advance(due).ok()),
    }
}

proptest! {
    #[test]
    fn commands_in_any_order_lead_only_forward(
        commands in prop::collection::vec(
            (
                prop::sample::select(vec![
                    Command::Publish, Command::Open, Command::Close, Command::Archive,
                    Command::Cancel, Command::Change, Command::Settle,
                ]),
                0_i64..20_000,
            ),
            0..40,
        )
    ) {
        use ActivityState::*;
        let mut activity = plan(new_activity(), at(-600)).unwrap();
        let mut now = at(-600);
        for (command, minutes) in commands {
            now += Duration::minutes(minutes / 10);
            let before = activity.clone();
            let Some(after) = run(activity.clone(), command, now) else { continue };
            prop_assert_eq!(after.version, before.version + 1);
            let legal = match before.state() {
                Draft => matches!(after.state(), Draft | Published | Cancelled),
                Published => matches!(after.state(), Published | Open | Closed | Cancelled),
                Open => matches!(after.state(), Open | Closed | Cancelled),
                Closed => matches!(after.state(), Closed | Archived),
                Archived | Cancelled => false,
            };
            prop_assert!(legal, "{:?} -> {:?}", before.state(), after.state());
            let facts = [
                after.lifecycle.published_at(), after.lifecycle.opened_at(), after.lifecycle.closed_at(),
            ];
            prop_assert!(facts.iter().flatten().is_sorted());
            let window = after.check_in_window();
            prop_assert!(window.starts_at <= window.ends_at);
            activity = after;
        }
    }
}
