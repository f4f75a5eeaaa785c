//! A page of fifty costs no more round trips than a page of five: nothing is asked row by row.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Actor, Unit, Who, World, assigning,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

/// Everything that a screen could show of each row.
const PAGES: &[(&str, &str)] = &[
    ("orgUnits", "query($first: Int) { orgUnits(first: $first) { edges { node { id kindLabel parentUnit { id name } guides { id } guidedUnits { id }
        history { version parentUnit { id } } } } } }"),
    ("superiors", "query($first: Int) { orgUnits(first: $first) { edges { node { id superiors { id name } } } } }"),
    ("roster", "query($first: Int, $unit: ID!) { roster(unitId: $unit, first: $first) { edges { node { id maskedPhone phone sex exemptions { id }
        homeUnit { id parentUnit { id } } } } } }"),
    ("activities", "query($first: Int, $unit: ID!) { activities(unitId: $unit, first: $first) { edges { node { id host { id } jointHosts { id }
        agenda { title } tally { expected present } myAttendance { id } theme { id } recurrence { id } } } } }"),
    ("myActivities", "query($first: Int) { myActivities(first: $first) { edges { node { id host { id parentUnit { id } } jointHosts { id } agenda { title }
        tally { expected } myAttendance { id state recordedBy { name } } recurrence { id } } } } }"),
    ("attendances", "query($first: Int, $member: ID!) { attendances(memberId: $member, first: $first) { edges { node { id state recordedBy { name }
        activity { id host { id } agenda { title } tally { present } } } } } }"),
    ("leaveRequests", "query($first: Int, $activity: ID!) { leaveRequests(activityId: $activity, first: $first) { edges { node { id reason
        member { id name homeUnit { id } } } } } }"),
    ("attendees", "query($first: Int, $unit: ID!) { activities(unitId: $unit, first: 1) { edges { node { attendees(first: $first) { edges { node {
        flags leave member { id maskedPhone homeUnit { id } } attendance { id recordedBy { name } activity { id title } } } } } } } } }"),
    ("themes", "query($first: Int, $unit: ID!) { themes(unitId: $unit, first: $first) { edges { node { id issuer { id name } } } } }"),
    ("audit", "query($first: Int) { audit(first: $first) { edges { node { id operation actor { id name } before after } } } }"),
    ("myAudit", "query($first: Int) { myAudit(first: $first) { edges { node { id operation actor { id name } } } } }"),
    ("assignments", "query($first: Int, $unit: ID!) { assignments(unitId: $unit, first: $first) { edges { node { id issuer { id } unit { id name }
        owner { id name } rollUp { parts } history { kind by { name } } issuedBy { name } } } } }"),
    ("inbox", "query($first: Int) { unreadCount inbox(first: $first) { edges { node { id title body subject { id ... on Activity { host { id } } } } } } }"),
    ("posts", "query($unit: ID!) { posts(unitId: $unit) { id holder { id name partyMember { id } } unit { id name } inForce } }"),
];

/// Sixty of everything.
async fn fill(world: &World) -> Value {
    let crowd = world.crowd(Unit::B1, 60).await;
    let mut first = Value::Null;
    for n in 0..60 {
        world.pass(Duration::seconds(1));
        let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": format!("支部{n}") });
        world.office().run(CREATE_UNIT, unit).await.done();
        let theme = json!({ "issuerUnitId": world.unit(Unit::S1), "title": format!("主题{n}"), "startsOn": "2026-03-01", "endsOn": "2026-04-01" });
        world.office().run(ISSUE_THEME, theme).await.done();
        let work = assigning::work(world, Unit::B1, json!({ "memberId": world.member(Who::Member) }));
        world.secretary().run(CREATE_ASSIGNMENT, work).await.done();
        let day = Duration::hours(n * 3);
        let plan = json!({ "title": format!("活动{n}"), "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
        let id = world.published(plan).await;
        if n == 0 {
            first = json!(id);
        }
    }
    for (phone, _) in &crowd {
        let ask = json!({ "activityId": first, "reason": "出差" });
        world.by_phone(phone).run(REQUEST_LEAVE, ask).await.done();
    }
    first
}

/// Whom a page is for.
fn reader<'a>(world: &'a World, page: &str) -> Actor<'a> {
    match page {
        "audit" => world.auditor(),
        "orgUnits" | "superiors" => world.office(),
        "inbox" | "myActivities" | "myAudit" => world.member_of_b1(),
        _ => world.secretary(),
    }
}

fn rows(body: &Value) -> usize {
    match body {
        Value::Object(fields) => {
            fields.values().map(rows).sum::<usize>()
                + fields.get("edges").and_then(Value::as_array).map_or(0, Vec::len)
        }
        Value::Array(items) => items.iter().map(rows).sum(),
        _ => 0,
    }
}

both! {
    async fn for_every_page(world: &World) {
        let activity = fill(world).await;
        // The member's own pages need rows, too.
        world.set_clock(start());
        world.settle().await;
        let everybody = json!({ "activityId": activity, "memberIds": [world.member(Who::Member)] });
        world.secretary().run(CHECK_IN_MEMBERS, everybody).await.done();
        world.pin();
        let mut faults = Vec::new();
        for (page, document) in PAGES {
            let reader = reader(world, page);
            let ask = async |first: i32| {
                let all = json!({
                    "first": first, "unit": world.unit(Unit::B1), "member": world.member(Who::Member), "activity": activity,
                });
                reader.gql(document, all).await
            };
            // What is kept in memory is in memory, unless it grew old just then.
            let least = async |first: i32| {
                let (once, again) = (ask(first).await, ask(first).await);
                once.data("");
                (once.statements().min(again.statements()), rows(&again.body))
            };
            let ((few, _), (many, read)) = (least(5).await, least(50).await);
            if !["posts", "attendances", "myAudit"].contains(page) {
                assert!(read >= 50, "{page}: {read} rows");
            }
            if many != few || many > 16 {
                faults.push(format!("{page}: {few} statements for five, {many} for fifty"));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

both! {
    async fn a_check_in_costs_few(world: &World) {
        world.pin();
        let id = world.party_day().await;
        world.scan(world.as_(Who::Second), &id).await.done();
        let checked = world.scan(world.member_of_b1(), &id).await;
        checked.done();
        assert!(checked.statements() <= 3, "{} statements", checked.statements());
    }
}
