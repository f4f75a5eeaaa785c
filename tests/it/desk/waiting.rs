//! What is due, late and missing.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{Value, json};

use super::{fewest, nodes};
use crate::{
    both,
    harness::{
        Actor, Reply, Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
        meeting::{end, plan, start, with},
    },
};

fn hours(world: &World, from: i64) -> Value {
    let at = |minutes| rfc3339(world.now() - Duration::days(1) + Duration::minutes(minutes));
    json!({ "unitId": world.unit(Unit::B1), "service": {
        "startsAt": at(from), "endsAt": at(from + 60), "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民" } })
}

/// Everything that can lie on a desk, once, in B1; and B2, which has planned nothing.
async fn fill(world: &World) {
    let member = world.member_of_b1();
    let reported = member.run(REPORT_HOURS, hours(world, 0)).await.done()["entry"]["id"].clone();
    world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": reported }] })).await.done();
    let objection = json!({ "entryId": reported, "reason": "不在场" });
    world.as_(Who::Second).run(OBJECT_TO_HOURS, objection).await.done();
    member.run(REPORT_HOURS, hours(world, 120)).await.done();
    let due = |days| json!({ "dueAt": rfc3339(world.now() + Duration::days(days)) });
    world.given(due(30)).await;
    world.taken_on(due(3)).await;
    world.taken_on(due(8)).await;
    world.handed_in().await;
    let declined = world.given(due(20)).await;
    world.secretary().run(DECLINE_ASSIGNMENT, json!({ "id": declined, "reason": "职责不符" })).await.done();
    world.offered(5).await;
    let id = world.published(json!({})).await;
    let ask = json!({ "activityId": id, "reason": "出差" });
    world.as_(Who::Second).run(REQUEST_LEAVE, ask).await.done();
    world.set_clock(start() - Duration::minutes(5));
    world.settle().await;
    let qr = world.qr(&id).await;
    let offline =
        json!({ "scannedAt": rfc3339(world.now() + Duration::minutes(1)), "sentAt": rfc3339(world.now()) });
    world.as_(Who::Probationary).run(CHECK_IN, json!({ "qr": qr, "offline": offline })).await.done();
    world.set_clock(end() + Duration::minutes(1));
    world.settle().await;
}

fn counts(reply: &Reply, path: &str) -> BTreeMap<String, i64> {
    let pair = |c: &Value| (c["item"].as_str().unwrap().to_owned(), c["count"].as_i64().unwrap());
    reply.list(path).iter().map(pair).filter(|(_, n)| *n != 0).collect()
}

async fn records(who: &Actor<'_>, unit: &str, item: &str) -> Vec<Value> {
    let page = who.gql(DESK_RECORDS, json!({ "id": unit, "item": item, "first": 100 })).await;
    nodes(&page, "/desk/records")
}

fn expected(counts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    counts.iter().map(|(item, n)| ((*item).to_owned(), *n)).collect()
}

both! {
    async fn each_count_has_its_records(world: &World) {
        fill(world).await;
        let street = world.unit(Unit::S1);
        let desk = world.office().gql(DESK, json!({ "id": street })).await;
        let counted = counts(&desk, "/desk/waiting");
        assert_eq!(counted, expected(&[
            ("PARTY_DAY_MISSING", 1), ("ATTENDANCE_OPEN", 1), ("ASSIGNMENT_OVERDUE", 1), ("LEAVE_WAITING", 1),
            ("CHECK_IN_WAITING", 1), ("HOURS_WAITING", 1), ("OBJECTION_OPEN", 1), ("ASSIGNMENT_TO_VERIFY", 1),
            ("ASSIGNMENT_DECLINED", 1), ("ASSIGNMENT_NOT_ACCEPTED", 1), ("ASSIGNMENT_DUE_SOON", 1), ("OFFER_UNCLAIMED", 1),
        ]));
        for line in desk.list("/desk/waiting") {
            let item = line["item"].as_str().unwrap();
            let behind = records(&world.office(), &street, item).await;
            assert_eq!(behind.len(), usize::try_from(line["count"].as_i64().unwrap()).unwrap(), "{item}");
        }
        assert_eq!(desk.data("/desk/partyDays"), &json!({ "held": 1, "planned": 0, "drafted": 0, "missing": 1 }));
        assert_eq!(records(&world.office(), &street, "PARTY_DAY_MISSING").await[0]["id"], world.unit(Unit::B2));
        let leave = records(&world.secretary(), &world.unit(Unit::B1), "LEAVE_WAITING").await;
        assert_eq!((&leave[0]["member"]["name"], &leave[0]["activity"]["title"]), (&json!("林党员"), &json!("三月主题党日")));
        // The branch has nothing to verify; the street's offer is open to it.
        let own = world.secretary().gql(DESK, json!({ "id": world.unit(Unit::B1) })).await;
        let own = counts(&own, "/desk/waiting");
        assert_eq!((own.get("ASSIGNMENT_TO_VERIFY"), own.get("OFFER_UNCLAIMED"), own.get("HOURS_WAITING")), (None, Some(&1), Some(&1)));
        let offer = records(&world.secretary(), &world.unit(Unit::B1), "OFFER_UNCLAIMED").await[0]["id"].clone();
        world.secretary().run(CLAIM_ASSIGNMENT, json!({ "id": offer, "unitId": world.unit(Unit::B1) })).await.done();
        assert!(records(&world.secretary(), &world.unit(Unit::B1), "OFFER_UNCLAIMED").await.is_empty(), "it is claimed there");
        assert_eq!(records(&world.office(), &street, "OFFER_UNCLAIMED").await.len(), 1, "others may claim it still");
    }
}

both! {
    async fn branches_come_by_what_needs_attention(world: &World) {
        fill(world).await;
        world.as_(Who::SecretaryOfB2).run(CREATE_ACTIVITY, plan(world, Unit::B2)).await.done();
        let desk = world.office().gql(DESK, json!({ "id": world.unit(Unit::S1) })).await;
        let lines = nodes(&desk, "/desk/branches");
        let seen: Vec<_> = lines.iter().map(|l| (l["unit"]["id"].as_str().unwrap(), l["partyDay"].as_str().unwrap())).collect();
        let (b1, b2) = (world.unit(Unit::B1), world.unit(Unit::B2));
        assert_eq!(seen, [(b1.as_str(), "HELD"), (b2.as_str(), "DRAFTED")]);
        let missing = |line: &Value| line["waiting"].as_array().unwrap().iter().find(|c| c["item"] == "PARTY_DAY_MISSING").unwrap()["count"].clone();
        assert_eq!((missing(&lines[0]), missing(&lines[1])), (json!(0), json!(1)), "a draft is made known to nobody");
        let february = world.office().gql(DESK, json!({ "id": world.unit(Unit::S1), "year": 2026, "month": 2 })).await;
        assert_eq!(february.int("/desk/partyDays/held"), 0);
        let never = world.office().gql(DESK, json!({ "id": world.unit(Unit::S1), "year": 2026, "month": 13 })).await;
        assert_eq!(never.error_code(), "BAD_USER_INPUT");
    }
}

both! {
    async fn a_joint_party_day_is_that_of_each_host(world: &World) {
        let joint = json!({ "jointHostIds": [world.unit(Unit::B2)] });
        let id = world.office().run(CREATE_ACTIVITY, with(plan(world, Unit::B1), joint)).await.done()["activity"]["id"].clone();
        world.office().run(PUBLISH, json!({ "id": id })).await.done();
        let desk = world.office().gql(DESK, json!({ "id": world.unit(Unit::S1) })).await;
        assert_eq!(desk.data("/desk/partyDays"), &json!({ "held": 0, "planned": 2, "drafted": 0, "missing": 0 }));
        let twice = json!({ "key": "PARTY_DAYS_PER_MONTH", "value": 2, "source": "区委〔2026〕9号" });
        world.administrator().run(SET_RULE, twice).await.done();
        let desk = world.office().gql(DESK, json!({ "id": world.unit(Unit::S1) })).await;
        assert_eq!(desk.int("/desk/partyDays/missing"), 2);
        assert_eq!(counts(&desk, "/desk/waiting").get("PARTY_DAY_MISSING"), Some(&2));
    }
}

both! {
    async fn fifty_branches_cost_as_many_statements_as_five(world: &World) {
        world.pin();
        for n in 0..60 {
            let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": format!("支部{n}") });
            world.office().run(CREATE_UNIT, unit).await.done();
        }
        let late = id_of(&world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, json!({ "unitId": world.unit(Unit::B2) }))).await);
        world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": late })).await.done();
        world.pass(Duration::days(11));
        world.settle().await;
        let ask = async |first: i32, after: Value| {
            world.office().gql(DESK, json!({ "id": world.unit(Unit::S1), "first": first, "after": after })).await
        };
        let (few, many) = (ask(5, Value::Null).await, ask(50, Value::Null).await);
        assert_eq!(nodes(&many, "/desk/branches").len(), 50);
        let cost = fewest(async || ask(5, Value::Null).await).await;
        assert_eq!(fewest(async || ask(50, Value::Null).await).await, cost);
        assert!(cost <= 7, "{cost} statements");
        assert_eq!(nodes(&few, "/desk/branches")[0]["unit"]["id"], world.unit(Unit::B2), "who is late comes first");
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = ask(25, after).await;
            seen.extend(nodes(&page, "/desk/branches").iter().map(|l| l["unit"]["id"].as_str().unwrap().to_owned()));
            if !page.data("/desk/branches/pageInfo/hasNextPage").as_bool().unwrap() {
                break;
            }
            after = page.data("/desk/branches/pageInfo/endCursor").clone();
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (62, 62), "each once");
    }
}

both! {
    async fn it_is_for_those_responsible(world: &World) {
        fill(world).await;
        let id = world.unit(Unit::B1);
        for who in [Who::Member, Who::Stranger, Who::SecretaryOfB2, Who::OfficeOfS2, Who::Administrator, Who::Auditor] {
            assert_eq!(world.as_(who).gql(DESK, json!({ "id": id })).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        assert_eq!(world.as_(Who::ForeignSecretary).gql(DESK, json!({ "id": id })).await.error_code(), "NOT_FOUND");
        assert_eq!(world.anonymous().gql(DESK, json!({ "id": id })).await.error_code(), "UNAUTHENTICATED");
        let group = world.leader().gql(DESK, json!({ "id": world.unit(Unit::Group) })).await;
        assert!(nodes(&group, "/desk/branches").is_empty(), "there is no branch in a group");
        // An instructor sees how things stand, but not what is the organizers' to decide.
        let seen = world.instructor().gql(DESK, json!({ "id": id })).await;
        assert_eq!(counts(&seen, "/desk/waiting").get("LEAVE_WAITING"), Some(&1));
        for (item, answer) in [("LEAVE_WAITING", Some("FORBIDDEN")), ("HOURS_WAITING", Some("FORBIDDEN")), ("ASSIGNMENT_OVERDUE", None)] {
            let page = world.instructor().gql(DESK_RECORDS, json!({ "id": id, "item": item })).await;
            assert_eq!(page.error(), answer, "{item}");
        }
    }
}
