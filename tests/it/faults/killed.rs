//! A worker is killed at each step of each job, by several servers in turn: in the end each thing has
//! happened once.

use std::collections::BTreeMap;

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use zhibu::{activity, app::App, assignment, volunteering, worker};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{Told, template},
        clock::{beijing_time, rfc3339},
        document::*,
        fault::Fault,
        meeting::with,
    },
};

/// Every job, once; whoever is killed leaves the rest to the next.
async fn work(app: &App) {
    let _killed = activity::job::run(app).await;
    let _killed = volunteering::job::run(app).await;
    let _killed = assignment::job::run(app).await;
    let _killed = worker::relay_once(app).await;
}

/// Several workers, each of which is killed where it comes to one of these writes.
async fn killed_at(world: &World, fault: &Fault, writes: &str) {
    fault.begin(writes).await;
    join_all(world.workers(2).map(work)).await;
    fault.end(writes).await;
    // What failed is put off for ten minutes.
    world.pass(Duration::minutes(11));
}

/// How often each of these has happened.
async fn counts<'a>(told: &Told, kinds: &[&'a str]) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for kind in kinds {
        counts.insert(*kind, told.of(kind).await.len());
    }
    counts
}

/// B1's shift with one place, which was offered to Second; MemberOfB3 waits.
async fn waiting_list(world: &World) {
    let project = json!({ "unitId": world.unit(Unit::B1), "name": "清洁家园" });
    let begun = world.secretary().run(CREATE_PROJECT, project).await;
    let plan = json!({
        "projectId": begun.done()["project"]["id"], "place": "曲水亭街", "capacity": 1,
        "startsAt": rfc3339(world.now() + Duration::hours(30)), "endsAt": rfc3339(world.now() + Duration::hours(32)),
    });
    let shift = world.secretary().run(CREATE_SHIFT, plan).await.done()["shift"]["id"].clone();
    world.secretary().run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
    let mut first = Value::Null;
    for who in [Who::Member, Who::Second, Who::MemberOfB3] {
        let place = world.as_(who).run(SIGN_UP, json!({ "shiftId": shift })).await;
        if first.is_null() {
            first = place.done()["signUp"]["id"].clone();
        }
    }
    world.member_of_b1().run(WITHDRAW_SIGN_UP, json!({ "id": first })).await.done();
}

/// Two hours of Member's in public notice.
async fn hours(world: &World) {
    let served = json!({ "service": {
        "startsAt": "2026-03-01T09:00:00+08:00", "endsAt": "2026-03-01T11:00:00+08:00",
        "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
    } });
    let entry = world.member_of_b1().run(REPORT_HOURS, served).await;
    let review = json!({ "reviews": [{ "id": entry.done()["entry"]["id"] }] });
    world.secretary().run(REVIEW_HOURS, review).await.done();
}

/// A template that issues to B1 on the fifth.
async fn standing(world: &World) {
    let monthly = json!({ "standing": {
        "to": { "unitId": world.unit(Unit::B1) }, "rule": "FREQ=MONTHLY;BYMONTHDAY=5", "startsOn": "2026-03-02",
        "time": "09:00", "duration": 10 * 24 * 60,
    } });
    world.office().run(CREATE_ASSIGNMENT_TEMPLATE, with(template(world, Unit::S1), monthly)).await.done();
}

/// How many notifications of each kind somebody has.
async fn inbox(world: &World, who: Who) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for notification in crate::live::inbox::inbox(&world.as_(who)).await {
        *kinds.entry(notification["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    kinds
}

both! {
    async fn who_waits_moves_up_once(world: &World) {
        let (told, fault) = (Told::keep(world).await, Fault::of(world).await);
        waiting_list(world).await;
        world.settle().await;
        let offered = ["sign_up.offered"];
        assert_eq!(counts(&told, &offered).await["sign_up.offered"], 1);
        world.pass(Duration::hours(12));
        for writes in ["INSERT outbox_event", "INSERT audit_entry", "UPDATE sign_up"] {
            killed_at(world, &fault, writes).await;
            assert_eq!(counts(&told, &offered).await["sign_up.offered"], 1, "{writes}");
        }
        join_all(world.workers(3).map(work)).await;
        world.settle().await;
        assert_eq!(counts(&told, &offered).await["sign_up.offered"], 2);
        assert_eq!(inbox(world, Who::MemberOfB3).await.get("SHIFT_PROMOTED"), Some(&1));
        assert_eq!(inbox(world, Who::Second).await.get("SHIFT_PROMOTED"), Some(&1));
        told.end().await;
        fault.close().await;
    }
}

both! {
    async fn each_step_is_taken_once(world: &World) {
        const KINDS: [&str; 5] = [
            "activity.opened", "activity.closed", "service_hours.granted", "assignment.dispatched", "assignment.due_soon",
        ];
        let (told, fault) = (Told::keep(world).await, Fault::of(world).await);
        let party_day = world.published(json!({})).await;
        world.taken_on(json!({})).await;
        hours(world).await;
        standing(world).await;
        world.settle().await;
        let before = counts(&told, &KINDS).await;
        assert_eq!(before["assignment.dispatched"], 1);
        // A day before the assignment is due: all the rest is due since long.
        world.set_clock(beijing_time(2026, 3, 11, 10, 0));
        for writes in [
            "INSERT outbox_event",
            "INSERT audit_entry, UPDATE assignment",
            "UPDATE activity, INSERT hour_ledger, INSERT assignment_step, UPDATE assignment",
            "UPDATE activity, INSERT hour_balance, INSERT assignment, UPDATE assignment",
            "UPDATE activity, UPDATE service_hour_entry, UPDATE assignment_template, UPDATE assignment",
        ] {
            killed_at(world, &fault, writes).await;
            assert_eq!(counts(&told, &KINDS).await, before, "{writes}");
        }
        // It opens, and is killed where the missing are written down.
        killed_at(world, &fault, "INSERT attendance, INSERT notification").await;
        assert_eq!(counts(&told, &KINDS).await["activity.closed"], 0);
        // What has happened is handed on by halves, or handed on and not forgotten.
        for writes in ["INSERT notification", "INSERT feed_change", "UPDATE feed", "DELETE outbox_event"] {
            killed_at(world, &fault, writes).await;
        }
        world.settle().await;
        world.settle().await;
        let once = KINDS.into_iter().map(|kind| (kind, before[kind] + 1)).collect::<BTreeMap<_, _>>();
        assert_eq!(counts(&told, &KINDS).await, once);
        let ledger = world.member_of_b1().gql(HOUR_LEDGER, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(ledger.list("/hourLedger/edges").len(), 1);
        let record = world.member_of_b1().gql(VOLUNTEER_RECORD, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(record.int("/volunteerRecord/totalMinutes"), 120);
        let tally = "query($id: ID!) { node(id: $id) { ... on Activity { tally { expected absent } } } }";
        let tally = world.secretary().gql(tally, json!({ "id": party_day })).await;
        assert_eq!(tally.int("/node/tally/expected"), tally.int("/node/tally/absent"));
        let secretary = inbox(world, Who::Secretary).await;
        let told_of = |kind: &str| secretary.get(kind).copied();
        assert_eq!((told_of("ASSIGNMENT_DUE_SOON"), told_of("ASSIGNMENT_DISPATCHED")), (Some(1), Some(2)), "{secretary:?}");
        assert_eq!(told_of("ACTIVITY_PUBLISHED"), Some(1));
        told.end().await;
        fault.close().await;
    }
}
