//! Following what changes: live, and on from where one was.

use std::time::Duration as Real;

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::notification::hand_on;
use zhibu_domain::{notification::FeedKind, policy};
use zhibu_persistence::{
    Origin,
    feed::{self, Change},
};

use super::{handing_on::event, inbox::inbox};
use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        ws::{Came, Socket},
    },
};

/// Follows something; answers the socket and what came first.
async fn follow(world: &World, who: Who, document: &str, variables: Value) -> (Socket, Value) {
    let token = world.as_(who).access().await;
    let mut socket = Socket::connect(world, token.as_deref()).await.expect("a socket");
    socket.subscribe("1", document, variables).await;
    let first = next(&mut socket).await;
    (socket, first)
}

/// What came next.
async fn next(socket: &mut Socket) -> Value {
    let result = socket.result().await;
    let root = result.pointer("/data").and_then(Value::as_object).and_then(|d| d.values().next());
    root.unwrap_or_else(|| panic!("nothing: {result}")).clone()
}

/// What came until `count` changes were told, and the last position.
async fn gather(socket: &mut Socket, count: usize) -> (Vec<Value>, Value) {
    let mut changes = Vec::new();
    let mut position = Value::Null;
    while changes.len() < count {
        let told = next(socket).await;
        assert_eq!(told["reread"], false, "{told}");
        changes.extend(told["changes"].as_array().unwrap().iter().cloned());
        position = told["position"].clone();
    }
    (changes, position)
}

both! {
    async fn whoever_was_away_misses_nothing(world: &World) {
        let (mut socket, first) = follow(world, Who::Member, FOLLOW_INBOX, json!({})).await;
        assert_eq!((&first["changes"], &first["reread"]), (&json!([]), &json!(false)));
        world.published(json!({ "title": "甲" })).await;
        world.settle().await;
        let (live, position) = gather(&mut socket, 1).await;
        assert_eq!(live[0]["event"], "notification.added");
        assert_eq!(live[0]["subject"]["kind"], "ACTIVITY_PUBLISHED");
        drop(socket);
        world.published(json!({ "title": "乙" })).await;
        world.settle().await;
        let newest = inbox(&world.member_of_b1()).await[0]["id"].clone();
        world.member_of_b1().run(MARK_READ, json!({ "id": newest })).await.done();
        let (mut socket, missed) = follow(world, Who::Member, FOLLOW_INBOX, json!({ "since": position })).await;
        let events: Vec<_> = missed["changes"].as_array().unwrap().iter().map(|c| c["event"].clone()).collect();
        assert_eq!(events, ["notification.added", "notification.read"]);
        assert_eq!(missed["changes"][1]["subjectId"], newest);
        assert_eq!(missed["unreadCount"], 1);
        world.member_of_b1().run(MARK_ALL_READ, json!({})).await.done();
        let (live, _) = gather(&mut socket, 1).await;
        assert_eq!(live[0]["event"], "inbox.read", "another device is told");
        assert_eq!(socket.next_within(Real::from_millis(300)).await, None);
    }
}

both! {
    async fn who_was_away_for_too_long_reads_anew(world: &World) {
        world.published(json!({})).await;
        world.settle().await;
        let (_, begun) = follow(world, Who::Member, FOLLOW_INBOX, json!({})).await;
        world.published(json!({ "title": "乙" })).await;
        world.settle().await;
        world.pass(Duration::days(8));
        zhibu::worker::forget(&world.app).await.unwrap();
        let since = begun["position"].clone();
        let (_, late) = follow(world, Who::Member, FOLLOW_INBOX, json!({ "since": since })).await;
        assert_eq!((&late["reread"], &late["changes"]), (&json!(true), &json!([])));
        let (_, now) = follow(world, Who::Member, FOLLOW_INBOX, json!({ "since": late["position"] })).await;
        assert_eq!(now["reread"], false);
        let token = world.member_of_b1().access().await;
        let mut socket = Socket::connect(world, token.as_deref()).await.unwrap();
        socket.subscribe("1", FOLLOW_INBOX, json!({ "since": "x" })).await;
        let Came::Message(refused) = socket.next().await else { panic!("closed") };
        assert!(refused.to_string().contains("BAD_USER_INPUT"), "{refused}");
    }
}

/// Puts changes into a member's feed of assignments.
pub async fn append(world: &World, count: u32) {
    let district = world.district(false);
    let system = policy::Actor::System(district);
    let permit = policy::permit(&system, policy::Action::UseInbox, policy::Subject::default()).unwrap();
    let origin = Origin { operation: "test", request_id: None, now: world.now() };
    let tx = world.app.store.begin(origin).await.unwrap();
    let owner = world.ids.accounts[&Who::Member].0;
    for n in 0..count {
        let subject_id = uuid::Uuid::from_u128(n.into());
        let change =
            Change { event: "assignment.changed".into(), subject_kind: "Assignment".into(), subject_id };
        feed::append(&tx, &permit, FeedKind::Assignments, &[(owner, change)]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

both! {
    async fn two_changes_at_once_are_two_in_the_feed(world: &World) {
        let district = world.district(false);
        let permit =
            policy::permit(&policy::Actor::System(district), policy::Action::UseInbox, policy::Subject::default());
        let origin = Origin { operation: "test", request_id: None, now: world.now() };
        let tx = world.app.store.begin(origin).await.unwrap();
        let change = |who: Who, n: u128| {
            let subject_id = uuid::Uuid::from_u128(n);
            let change = Change { event: "assignment.changed".into(), subject_kind: "Assignment".into(), subject_id };
            (world.ids.accounts[&who].0, change)
        };
        let changes = [change(Who::Member, 1), change(Who::Second, 2), change(Who::Member, 3)];
        feed::append(&tx, &permit.unwrap(), FeedKind::Assignments, &changes).await.unwrap();
        tx.commit().await.unwrap();
        let owner = world.ids.accounts[&Who::Member].0;
        let found = feed::since(&world.app.store, district, FeedKind::Assignments, owner, 0, 10).await.unwrap();
        let told: Vec<_> = found.changes.iter().map(|c| (c.position, c.change.subject_id.as_u128())).collect();
        assert_eq!((found.gap, told), (false, vec![(1, 1), (2, 3)]));
    }
}

both! {
    async fn who_falls_behind_is_told_in_pieces_or_reads_anew(world: &World) {
        let (_, begun) = follow(world, Who::Member, FOLLOW_ASSIGNMENTS, json!({})).await;
        append(world, 250).await;
        let since = json!({ "since": begun["position"] });
        let (mut socket, first) = follow(world, Who::Member, FOLLOW_ASSIGNMENTS, since.clone()).await;
        assert_eq!(first["changes"].as_array().unwrap().len(), 100);
        let (rest, _) = gather(&mut socket, 150).await;
        assert_eq!(rest.len(), 150, "none twice, none lost");
        append(world, 900).await;
        let (_, behind) = follow(world, Who::Member, FOLLOW_ASSIGNMENTS, since).await;
        assert_eq!((&behind["reread"], &behind["changes"]), (&json!(true), &json!([])));
    }
}

both! {
    async fn assignments_are_followed_by_those_whom_they_concern(world: &World) {
        let (mut mine, _) = follow(world, Who::Member, FOLLOW_ASSIGNMENTS, json!({})).await;
        let (mut other, _) = follow(world, Who::Second, FOLLOW_ASSIGNMENTS, json!({})).await;
        let dispatched = event(world, "assignment.dispatched", &[Who::Member], json!({ "title": "走访" }));
        for owner in hand_on(&world.app, &dispatched).await.unwrap() {
            world.apps().for_each(|app| app.hub.signal((dispatched.district_id, owner)));
        }
        let (told, _) = gather(&mut mine, 1).await;
        assert_eq!(told[0]["event"], "assignment.dispatched");
        assert_eq!(told[0]["subjectId"], zhibu::graphql::encode("Assignment", dispatched.subject_id));
        assert_eq!(other.next_within(Real::from_millis(300)).await, None);
    }
}

both! {
    async fn organizers_follow_their_units_work_and_that_below(world: &World) {
        let board = |unit| json!({ "id": world.unit(unit) });
        let (mut secretary, _) = follow(world, Who::Secretary, FOLLOW_BOARD, board(Unit::B1)).await;
        let (mut office, _) = follow(world, Who::Office, FOLLOW_BOARD, board(Unit::S1)).await;
        let (mut sister, _) = follow(world, Who::SecretaryOfB2, FOLLOW_BOARD, board(Unit::B2)).await;
        let id = world.published(json!({})).await;
        world.member_of_b1().run(REQUEST_LEAVE, json!({ "activityId": id, "reason": "出差" })).await.done();
        world.settle().await;
        for socket in [&mut secretary, &mut office] {
            let (told, _) = gather(socket, 3).await;
            let events: Vec<_> = told.iter().map(|c| c["event"].as_str().unwrap()).collect();
            assert_eq!(events, ["activity.planned", "activity.published", "leave.requested"]);
            assert!(told.iter().all(|c| c["subject"]["title"] == "三月主题党日"), "{told:?}");
        }
        assert_eq!(sister.next_within(Real::from_millis(300)).await, None);
        for (who, code) in [(Who::Member, "FORBIDDEN"), (Who::SecretaryOfB2, "NOT_FOUND"), (Who::ForeignSecretary, "NOT_FOUND")] {
            let token = world.as_(who).access().await;
            let mut socket = Socket::connect(world, token.as_deref()).await.unwrap();
            socket.subscribe("1", FOLLOW_BOARD, board(Unit::B1)).await;
            let Came::Message(refused) = socket.next().await else { panic!("closed") };
            assert!(refused.to_string().contains(code), "{who:?} {refused}");
        }
    }
}

both! {
    async fn rights_that_end_end_the_watching(world: &World) {
        let (mut socket, _) = follow(world, Who::Secretary, FOLLOW_BOARD, json!({ "id": world.unit(Unit::B1) })).await;
        world.deputy().run(CREATE_ACTIVITY, crate::harness::meeting::plan(world, Unit::B1)).await.done();
        world.settle().await;
        gather(&mut socket, 1).await;
        let yesterday = (world.now() - Duration::days(1)).format("%Y-%m-%d").to_string();
        world.office().run(END_POST, json!({ "id": world.post(Who::Secretary), "endsOn": yesterday })).await.done();
        world.deputy().run(CREATE_ACTIVITY, crate::harness::meeting::plan(world, Unit::B1)).await.done();
        world.settle().await;
        let Came::Message(last) = socket.next().await else { panic!("closed") };
        assert!(last.to_string().contains("FORBIDDEN") && !last.to_string().contains("党日"), "{last}");
        let Came::Message(end) = socket.next().await else { panic!("closed") };
        assert_eq!(end["type"], "complete");
    }
}

both! {
    async fn an_ended_session_hears_no_more(world: &World) {
        let (mut socket, _) = follow(world, Who::Member, FOLLOW_INBOX, json!({})).await;
        world.member_of_b1().gql(SIGN_OUT, json!({})).await.done();
        world.forget_tokens();
        world.published(json!({})).await;
        world.settle().await;
        let Came::Message(end) = socket.next().await else { panic!("closed") };
        assert!(!end.to_string().contains("党日"), "{end}");
        assert_eq!(end["type"], "complete");
    }
}

both! {
    async fn who_never_reads_slows_nobody(world: &World) {
        // Many subscriptions of one who doesn't read, each with much to say.
        let token = world.member_of_b1().access().await;
        let mut deaf = Socket::connect(world, token.as_deref()).await.unwrap();
        let (_, begun) = follow(world, Who::Member, FOLLOW_ASSIGNMENTS, json!({})).await;
        append(world, 900).await;
        for n in 0..10 {
            deaf.subscribe(&n.to_string(), FOLLOW_ASSIGNMENTS, json!({ "since": begun["position"] })).await;
        }
        let (mut other, _) = follow(world, Who::Second, FOLLOW_INBOX, json!({})).await;
        let asked = std::time::Instant::now();
        world.published(json!({})).await;
        world.settle().await;
        gather(&mut other, 1).await;
        assert!(asked.elapsed() < Real::from_secs(5), "{:?}", asked.elapsed());
    }
}
