//! Many decided at once, each answered for itself.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
    },
};

fn codes(reply: &Reply) -> Vec<Value> {
    reply.done()["results"].as_array().unwrap().iter().map(|r| r["code"].clone()).collect()
}

async fn leave(world: &World, activity: &str, who: Who) -> Value {
    let asked = world.as_(who).run(REQUEST_LEAVE, json!({ "activityId": activity, "reason": "出差" })).await;
    asked.done()["leaveRequest"]["id"].clone()
}

both! {
    async fn leave_is_decided_for_many(world: &World) {
        let activity = world.published(json!({})).await;
        let (own, one, two) = (leave(world, &activity, Who::Secretary).await, leave(world, &activity, Who::Member).await, leave(world, &activity, Who::Second).await);
        let decision = |id: &Value, granted: bool| json!({ "id": id, "granted": granted, "note": "已知悉" });
        let decisions = json!({ "decisions": [decision(&own, true), decision(&one, true), decision(&two, false), decision(&one, true)] });
        let answer = world.secretary().run(DECIDE_LEAVES, decisions.clone()).await;
        assert_eq!(codes(&answer), [json!("OWN_REQUEST"), Value::Null, Value::Null, Value::Null]);
        let states: Vec<_> = answer.done()["results"].as_array().unwrap().iter().map(|r| r["leaveRequest"]["state"].clone()).collect();
        assert_eq!(states, [Value::Null, json!("GRANTED"), json!("REFUSED"), json!("GRANTED")]);
        let again = world.deputy().run(DECIDE_LEAVES, decisions).await;
        assert_eq!(codes(&again), [Value::Null, json!("ALREADY_DECIDED"), json!("ALREADY_DECIDED"), json!("ALREADY_DECIDED")]);
        world.settle().await;
        let told = world.as_(Who::Second).gql(INBOX, json!({})).await;
        assert_eq!(told.str("/inbox/edges/0/node/kind"), "LEAVE_DECIDED");
        let agenda = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        agenda.data("/activities/edges/0/node/tally");
        let third = json!({ "decisions": [decision(&two, true)] });
        for (who, code) in [(Who::Member, "FORBIDDEN"), (Who::SecretaryOfB2, "NOT_FOUND"), (Who::ForeignSecretary, "NOT_FOUND")] {
            assert_eq!(world.as_(who).run(DECIDE_LEAVES, third.clone()).await.error_code(), code, "{who:?}");
        }
    }
}

both! {
    async fn leave_granted_after_the_closing_excuses(world: &World) {
        let activity = world.party_day().await;
        let id = leave(world, &activity, Who::Member).await;
        world.pass(Duration::hours(3));
        world.secretary().run(CLOSE, json!({ "id": activity })).await.done();
        let late = json!({ "decisions": [{ "id": id, "granted": true }] });
        assert_eq!(codes(&world.secretary().run(DECIDE_LEAVES, late).await), [Value::Null]);
        let figures = world.secretary().gql(UNIT_FIGURES, json!({ "id": world.unit(Unit::B1), "year": 2026, "month": 3 })).await;
        assert_eq!(figures.int("/unitFigures/onLeave"), 1);
    }
}

both! {
    async fn what_was_handed_in_is_verified_for_many(world: &World) {
        let (one, two) = (world.handed_in().await, world.handed_in().await);
        let open = world.taken_on(json!({})).await;
        let to_office = json!({ "unitId": world.unit(Unit::S1) });
        let own = id_of(&world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, to_office)).await);
        world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": own })).await.done();
        world.office().run(ACCEPT_ASSIGNMENT, json!({ "id": own })).await.done();
        world.office().run(SUBMIT_ASSIGNMENT, json!({ "id": own })).await.done();
        let all = json!({ "assignments": [{ "id": one }, { "id": open }, { "id": own }, { "id": two, "version": 1 }, { "id": one }] });
        assert_eq!(world.secretary().run(VERIFY_ASSIGNMENTS, all.clone()).await.error_code(), "FORBIDDEN", "the issuer alone verifies");
        let answer = world.office().run(VERIFY_ASSIGNMENTS, all).await;
        assert_eq!(codes(&answer), [Value::Null, json!("UNDERWAY"), json!("OWN_WORK"), json!("STALE"), Value::Null]);
        assert_eq!(answer.done()["results"][0]["assignment"]["state"], "VERIFIED");
        let again = json!({ "assignments": [{ "id": one }, { "id": two }] });
        assert_eq!(codes(&world.office().run(VERIFY_ASSIGNMENTS, again).await), [Value::Null, Value::Null], "sent twice");
        let history = world.assignment(Who::Office, &one).await;
        assert_eq!(history["history"].as_array().unwrap().last().unwrap()["kind"], "VERIFIED");
        world.settle().await;
        let told = world.secretary().gql(INBOX, json!({ "first": 1 })).await;
        assert_eq!(told.str("/inbox/edges/0/node/kind"), "ASSIGNMENT_CHANGED");
        let foreign = json!({ "assignments": [{ "id": one }] });
        assert_eq!(world.as_(Who::ForeignOffice).run(VERIFY_ASSIGNMENTS, foreign).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn twenty_cost_as_many_statements_as_two(world: &World) {
        world.pin();
        let crowd = world.crowd(Unit::B1, 22).await;
        let activity = world.published(json!({})).await;
        let (mut hours, mut leaves, mut work_done) = (Vec::new(), Vec::new(), Vec::new());
        for (phone, _) in &crowd {
            let who = world.by_phone(phone);
            let service = json!({
                "startsAt": rfc3339(world.now() - Duration::hours(3)), "endsAt": rfc3339(world.now() - Duration::hours(1)),
                "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
            });
            hours.push(json!({ "id": who.run(REPORT_HOURS, json!({ "service": service })).await.done()["entry"]["id"] }));
            let asked = who.run(REQUEST_LEAVE, json!({ "activityId": activity, "reason": "出差" })).await;
            leaves.push(json!({ "id": asked.done()["leaveRequest"]["id"], "granted": true }));
            work_done.push(json!({ "id": world.handed_in().await }));
        }
        let cases: [(&str, &str, Vec<Value>, Who); 3] = [
            (REVIEW_HOURS, "reviews", hours, Who::Secretary),
            (DECIDE_LEAVES, "decisions", leaves, Who::Secretary),
            (VERIFY_ASSIGNMENTS, "assignments", work_done, Who::Office),
        ];
        for (document, field, items, who) in cases {
            let (two, twenty) = items.split_at(2);
            world.as_(who).gql(ME, json!({})).await;
            let few = world.as_(who).run(document, json!({ (field): two })).await;
            let many = world.as_(who).run(document, json!({ (field): twenty })).await;
            assert_eq!(codes(&few), [Value::Null, Value::Null]);
            assert!(codes(&many).iter().all(Value::is_null), "{}", many.text);
            assert_eq!(many.statements(), few.statements(), "{field}");
        }
    }
}
