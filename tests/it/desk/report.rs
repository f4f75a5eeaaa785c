//! The month report: each figure has its records, as many as it says.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{Value, json};

use super::{fewest, nodes};
use crate::{
    both,
    harness::{
        Unit, Who, World,
        clock::{beijing_time, rfc3339},
        document::*,
        meeting::{end, plan, start, with},
    },
};

async fn served(world: &World, who: Who, unit: Unit, day: u32, reviewer: Who) -> Value {
    let at = |hour| rfc3339(beijing_time(2026, 3, day, hour, 0));
    let input = json!({ "unitId": world.unit(unit), "service": { "startsAt": at(6), "endsAt": at(8),
        "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民" } });
    let id = world.as_(who).run(REPORT_HOURS, input).await.done()["entry"]["id"].clone();
    let review = json!({ "reviews": [{ "id": id }] });
    world.as_(reviewer).run(REVIEW_HOURS, review).await.done();
    id
}

/// A Party day with everybody's fate, services, and assignments in every state.
pub(crate) async fn fill(world: &World) {
    let due = |day| json!({ "dueAt": rfc3339(beijing_time(2026, 3, day, 18, 0)) });
    let step = async |document: &str, id: &str, more: Value| {
        let who = if document == VERIFY_ASSIGNMENT { world.office() } else { world.secretary() };
        who.run(document, with(json!({ "id": id }), more)).await.done();
    };
    let (in_time, late) = (world.taken_on(due(20)).await, world.taken_on(due(8)).await);
    step(SUBMIT_ASSIGNMENT, &in_time, json!({})).await;
    step(VERIFY_ASSIGNMENT, &in_time, json!({})).await;
    world.given(due(31)).await;
    world.given(due(9)).await;
    world.handed_in().await;
    world.offered(3).await;
    world.given(json!({ "dueAt": rfc3339(beijing_time(2026, 4, 1, 0, 0)) })).await;
    let declined = world.given(due(25)).await;
    step(DECLINE_ASSIGNMENT, &declined, json!({ "reason": "职责不符" })).await;
    served(world, Who::Member, Unit::B1, 1, Who::Secretary).await;
    served(world, Who::MemberOfB2, Unit::B2, 1, Who::SecretaryOfB2).await;
    let guest = json!({ "guestIds": [world.member(Who::MemberOfB2)] });
    let planned = world.office().run(CREATE_ACTIVITY, with(plan(world, Unit::B1), guest)).await;
    let id = planned.done()["activity"]["id"].as_str().unwrap().to_owned();
    world.office().run(PUBLISH, json!({ "id": id })).await.done();
    let asked = world.leader().run(REQUEST_LEAVE, json!({ "activityId": id, "reason": "出差" })).await;
    let leave = asked.done()["leaveRequest"]["id"].clone();
    world.secretary().run(DECIDE_LEAVE, json!({ "id": leave, "granted": true })).await.done();
    world.set_clock(start());
    world.settle().await;
    let came = json!({ "activityId": id, "memberIds": [world.member(Who::Member), world.member(Who::MemberOfB2), world.member(Who::Exempt)] });
    world.secretary().run(CHECK_IN_MEMBERS, came).await.done();
    world.pass(Duration::minutes(30));
    let came_late = json!({ "activityId": id, "memberIds": [world.member(Who::Second)] });
    world.secretary().run(CHECK_IN_MEMBERS, came_late).await.done();
    world.set_clock(end());
    world.secretary().run(CLOSE, json!({ "id": id })).await.done();
    world.set_clock(beijing_time(2026, 3, 10, 9, 0));
    world.settle().await;
    let reversed = served(world, Who::Second, Unit::B1, 2, Who::Secretary).await;
    step(SUBMIT_ASSIGNMENT, &late, json!({})).await;
    step(VERIFY_ASSIGNMENT, &late, json!({})).await;
    world.pass(Duration::days(8));
    world.settle().await;
    world.office().run(REVERSE_HOURS, json!({ "id": reversed, "reason": "误报" })).await.done();
}

fn values(figures: &Value) -> BTreeMap<String, i64> {
    let pair = |f: &Value| (f["figure"].as_str().unwrap().to_owned(), f["value"].as_i64().unwrap());
    figures.as_array().unwrap().iter().map(pair).collect()
}

both! {
    async fn each_figure_is_as_long_as_its_records(world: &World) {
        fill(world).await;
        let report = world.office().gql(MONTH_REPORT, json!({ "id": world.unit(Unit::S1) })).await;
        let street = values(report.data("/monthReport/figures"));
        let expected = [
            ("ACTIVITIES_HELD", 1), ("ATTENDANCE_EXPECTED", 8), ("ATTENDANCE_PRESENT", 1), ("ATTENDANCE_LATE", 1), ("ATTENDANCE_ON_LEAVE", 1),
            ("ATTENDANCE_ABSENT", 5), ("SERVICES_COUNTED", 2), ("SERVICE_MINUTES", 240), ("ASSIGNMENTS_DUE", 6), ("ASSIGNMENTS_DELIVERED", 2),
            ("ASSIGNMENTS_DELIVERED_LATE", 1), ("ASSIGNMENTS_SUBMITTED", 1), ("ASSIGNMENTS_OPEN", 2), ("ASSIGNMENTS_OVERDUE", 1), ("ASSIGNMENTS_DECLINED", 1),
        ];
        assert_eq!(street, expected.iter().map(|(f, n)| ((*f).to_owned(), *n)).collect());
        assert_eq!(report.int("/monthReport/ratePermille"), 250);
        for unit in [Unit::S1, Unit::General, Unit::B1, Unit::B2] {
            let id = world.unit(unit);
            let report = world.office().gql(MONTH_REPORT, json!({ "id": id })).await;
            for figure in report.list("/monthReport/figures") {
                let name = &figure["figure"];
                let page = world.office().gql(REPORT_RECORDS, json!({ "id": id, "figure": name, "first": 100 })).await;
                let records = nodes(&page, "/monthReport/records");
                let sum: i64 = match figure["measure"].as_str() {
                    Some("MINUTES") => records.iter().map(|r| r["minutes"].as_i64().unwrap()).sum(),
                    _ => records.len().try_into().unwrap(),
                };
                assert_eq!(figure["value"], sum, "{unit:?}, {name}");
            }
        }
        let page = world.office().gql(REPORT_RECORDS, json!({ "id": world.unit(Unit::S1), "figure": "ATTENDANCE_LATE" })).await;
        assert_eq!(nodes(&page, "/monthReport/records")[0]["member"]["name"], "林党员");
    }
}

both! {
    async fn a_figure_is_the_same_everywhere(world: &World) {
        fill(world).await;
        let id = world.unit(Unit::S1);
        let report = world.office().gql(MONTH_REPORT, json!({ "id": id })).await;
        let street = values(report.data("/monthReport/figures"));
        let march = json!({ "id": id, "year": 2026, "month": 3 });
        let attendance = world.office().gql(UNIT_FIGURES, march.clone()).await;
        assert_eq!((attendance.int("/unitFigures/expected"), attendance.int("/unitFigures/absent")), (street["ATTENDANCE_EXPECTED"], street["ATTENDANCE_ABSENT"]));
        assert_eq!(attendance.data("/unitFigures/ratePermille"), report.data("/monthReport/ratePermille"));
        let assignments = world.office().gql(ASSIGNMENT_FIGURES, march).await;
        assert_eq!((assignments.int("/assignmentFigures/due"), assignments.int("/assignmentFigures/overdue")), (street["ASSIGNMENTS_DUE"], street["ASSIGNMENTS_OVERDUE"]));
        let hours = world.office().gql(UNIT_HOURS, json!({ "id": id, "year": 2026 })).await;
        assert_eq!(hours.int("/unitHours/minutes"), street["SERVICE_MINUTES"]);
        // What the units below have adds up to the whole.
        let below = world.office().gql(MONTH_REPORT, json!({ "id": world.unit(Unit::General), "first": 10 })).await;
        let mut sum: BTreeMap<String, i64> = BTreeMap::new();
        for line in nodes(&below, "/monthReport/units") {
            for (figure, value) in values(&line["figures"]) {
                *sum.entry(figure).or_default() += value;
            }
        }
        assert_eq!(sum, street);
        let english = world.office().speaking("en").gql(MONTH_REPORT, json!({ "id": id })).await;
        assert_eq!(english.str("/monthReport/figures/0/label"), "Activities held");
        assert!(report.str("/monthReport/figures/0/definition").ends_with('。'));
        let april = world.office().gql(MONTH_REPORT, json!({ "id": id, "month": 4 })).await;
        assert_eq!(values(april.data("/monthReport/figures"))["ASSIGNMENTS_DUE"], 1);
    }
}

both! {
    async fn fifty_units_cost_as_many_statements_as_five(world: &World) {
        world.pin();
        for n in 0..50 {
            let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": format!("支部{n}") });
            world.office().run(CREATE_UNIT, unit).await.done();
        }
        let ask = async |first: i32| world.office().gql(MONTH_REPORT, json!({ "id": world.unit(Unit::General), "first": first })).await;
        assert_eq!(nodes(&ask(50).await, "/monthReport/units").len(), 50);
        let cost = fewest(async || ask(5).await).await;
        assert_eq!(fewest(async || ask(50).await).await, cost);
        assert!(cost <= 12, "{cost} statements");
    }
}

both! {
    async fn names_are_for_the_overseers(world: &World) {
        let ask = json!({ "id": world.unit(Unit::B1) });
        world.member_of_b1().gql(MONTH_REPORT, ask.clone()).await.data("/monthReport/figures");
        for figure in ["ATTENDANCE_ABSENT", "SERVICE_MINUTES", "ASSIGNMENTS_OVERDUE"] {
            let records = json!({ "id": world.unit(Unit::B1), "figure": figure });
            let denied = world.member_of_b1().gql(REPORT_RECORDS, records.clone()).await;
            assert!(matches!(denied.error(), Some("FORBIDDEN" | "NOT_FOUND")), "{figure}: {}", denied.text);
            world.instructor().gql(REPORT_RECORDS, records).await.data("/monthReport/records");
        }
        assert_eq!(world.as_(Who::MemberOfB2).gql(MONTH_REPORT, ask.clone()).await.error_code(), "FORBIDDEN");
        assert_eq!(world.as_(Who::ForeignSecretary).gql(MONTH_REPORT, ask).await.error_code(), "NOT_FOUND");
        let never = json!({ "id": world.unit(Unit::B1), "month": 0 });
        assert_eq!(world.member_of_b1().gql(MONTH_REPORT, never).await.error_code(), "BAD_USER_INPUT");
    }
}
