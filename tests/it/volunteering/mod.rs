//! Volunteer hours, from the report to the ledger.

mod at_once;
mod editing;
mod exports;
mod faults;
pub(crate) mod files;
mod leaving;
mod ledger;
mod nodes;
mod objections;
mod pages;
mod presence;
mod publicity;
mod recognition;
mod record_sheets;
mod reporting;
mod reviewing;
mod roster;
mod shifts;
mod teams;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Unit, Who, World,
    clock::{beijing_time, rfc3339},
    document::*,
    meeting::with,
};

/// Sunday morning, the day before the world begins.
fn morning() -> DateTime<Utc> {
    beijing_time(2026, 3, 1, 9, 0)
}

/// A service that begins some minutes after nine.
fn service(from: i64, minutes: i64) -> Value {
    json!({
        "startsAt": rfc3339(morning() + Duration::minutes(from)),
        "endsAt": rfc3339(morning() + Duration::minutes(from + minutes)),
        "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民", "beneficiaryCount": 30,
    })
}

/// Somebody reports a service, with more said about it.
async fn report_with(world: &World, who: Who, service: Value, more: Value) -> Reply {
    world.as_(who).run(REPORT_HOURS, json!({ "service": with(service, more) })).await
}

/// Somebody reports a service to a unit; answers its id.
async fn reported(world: &World, who: Who, unit: Unit, from: i64, minutes: i64) -> String {
    let input = json!({ "unitId": world.unit(unit), "service": service(from, minutes) });
    entry_id(&world.as_(who).run(REPORT_HOURS, input).await)
}

fn entry_id(reply: &Reply) -> String {
    reply.done()["entry"]["id"].as_str().unwrap().to_owned()
}

/// Somebody reviews one entry; answers its result.
async fn review(world: &World, who: Who, review: Value) -> Value {
    let reply = world.as_(who).run(REVIEW_HOURS, json!({ "reviews": [review] })).await;
    reply.done()["results"][0].clone()
}

/// Member's two hours for B1, verified by the secretary and in public notice.
async fn in_publicity(world: &World) -> String {
    let id = reported(world, Who::Member, Unit::B1, 0, 120).await;
    let result = review(world, Who::Secretary, json!({ "id": id })).await;
    assert_eq!(result["entry"]["state"], "IN_PUBLICITY", "{result}");
    id
}

/// The same, counted.
async fn granted(world: &World) -> String {
    let id = in_publicity(world).await;
    world.pass(Duration::days(7));
    world.settle().await;
    id
}

/// What somebody was told, newest first.
async fn messages(world: &World, who: Who) -> Vec<String> {
    world.settle().await;
    let inbox = world.as_(who).gql(INBOX, json!({ "first": 50 })).await;
    inbox.list("/inbox/edges").iter().map(|edge| edge["node"]["body"].as_str().unwrap().to_owned()).collect()
}

/// What somebody's hours come to, as they see it themselves.
async fn total(world: &World, who: Who) -> i64 {
    let record = world.as_(who).gql(VOLUNTEER_RECORD, json!({ "id": world.member(who) })).await;
    record.int("/volunteerRecord/totalMinutes")
}

/// Where an entry of Member's stands.
async fn state_of(world: &World, id: &str) -> Value {
    let mine = world.member_of_b1().gql(SERVICE_HOURS, json!({ "id": world.member(Who::Member) })).await;
    let found = mine.list("/serviceHours/edges").iter().find(|e| e["node"]["id"] == id);
    found.expect("the entry")["node"]["state"].clone()
}
