//! A fixed Party day makes drafts for the months ahead.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, World, document::*, meeting::with},
};

async fn set_up(world: &World, more: Value) -> Reply {
    let first_friday = json!({
        "hostUnitId": world.unit(Unit::B1), "title": "固定党日", "rule": "FREQ=MONTHLY;BYDAY=1FR",
        "startsOn": "2026-03-02", "time": "19:30", "duration": 90,
    });
    world.secretary().run(CREATE_RECURRENCE, with(first_friday, more)).await
}

async fn days(world: &World) -> Vec<String> {
    let drafts =
        world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1), "first": 100 })).await;
    drafts
        .list("/activities/edges")
        .iter()
        .map(|e| e["node"]["startsAt"].as_str().unwrap()[..16].to_owned())
        .collect()
}

both! {
    async fn drafts_are_made_two_months_ahead_and_once(world: &World) {
        set_up(world, json!({})).await.done();
        assert_eq!(days(world).await, ["2026-03-06T11:30", "2026-04-03T11:30", "2026-05-01T11:30"]);
        world.settle().await;
        assert_eq!(days(world).await.len(), 3);
        world.pass(Duration::days(35));
        world.settle().await;
        assert_eq!(days(world).await[3..], ["2026-06-05T11:30"]);
    }
}

both! {
    async fn a_cancelled_draft_is_not_made_again(world: &World) {
        set_up(world, json!({})).await.done();
        let before = days(world).await.len();
        let drafts = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        let id = drafts.data("/activities/edges/0/node/id").clone();
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "并入下月" })).await.done();
        world.pass(Duration::hours(20));
        world.settle().await;
        assert_eq!(days(world).await.len(), before);
    }
}

both! {
    async fn once_stopped_it_makes_no_more(world: &World) {
        let id = set_up(world, json!({})).await.done()["recurrence"]["id"].clone();
        let before = days(world).await.len();
        world.secretary().run(STOP_RECURRENCE, json!({ "id": id })).await.done();
        assert_eq!(world.secretary().run(STOP_RECURRENCE, json!({ "id": id })).await.refused(), "ALREADY_STOPPED");
        world.pass(Duration::days(80));
        world.settle().await;
        assert_eq!(days(world).await.len(), before);
        let listed = world.secretary().gql(RECURRENCES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert!(listed.data("/recurrences/0/stoppedAt").is_string());
    }
}

both! {
    async fn rules_that_are_none_are_refused(world: &World) {
        for (more, why) in [
            (json!({ "rule": "" }), "BAD_RULE"),
            (json!({ "rule": "FREQ=SECONDLY" }), "BAD_RULE"),
            (json!({ "rule": "FREQ=MONTHLY;BYHOUR=3" }), "BAD_RULE"),
            (json!({ "rule": "FREQ=MONTHLY\nEXDATE:20260101" }), "BAD_RULE"),
            (json!({ "rule": "🎉" }), "BAD_RULE"),
            (json!({ "rule": format!("FREQ=MONTHLY;BYMONTHDAY={}", "1,".repeat(20_000)) }), "BAD_RULE"),
            (json!({ "rule": "FREQ=WEEKLY" }), "TOO_OFTEN"),
            (json!({ "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }), "NEVER"),
            (json!({ "startsOn": "2030-01-01" }), "BAD_START"),
            (json!({ "time": "25:00" }), "BAD_START"),
            (json!({ "duration": 0 }), "BAD_DURATION"),
            (json!({ "duration": -90 }), "BAD_DURATION"),
            (json!({ "duration": 2_000_000_000 }), "BAD_DURATION"),
            (json!({ "title": "" }), "BAD_TITLE"),
        ] {
            assert_eq!(set_up(world, more.clone()).await.refused(), why, "{}", more.to_string().get(..80).unwrap_or_default());
        }
        assert_eq!(days(world).await.len(), 0);
    }
}

both! {
    async fn a_rule_that_never_ends_to_look_for_is_stopped(world: &World) {
        let started = std::time::Instant::now();
        let sparse = json!({ "rule": "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6,9,11;INTERVAL=999" });
        let reply = set_up(world, sparse).await;
        assert!(["NEVER", "BAD_RULE"].contains(&reply.refused()));
        assert!(started.elapsed().as_secs() < 5, "it isn't followed for ever");
    }
}

async fn drafts(world: &World) -> Vec<Value> {
    let all =
        world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1), "first": 100 })).await;
    all.list("/activities/edges").iter().map(|e| e["node"].clone()).collect()
}

both! {
    async fn a_draft_may_be_moved_onto_anothers_time(world: &World) {
        set_up(world, json!({})).await.done();
        let (first, last) = (drafts(world).await[0].clone(), drafts(world).await[2].clone());
        let onto = json!({ "id": first["id"], "startsAt": last["startsAt"], "endsAt": last["endsAt"] });
        world.secretary().run(UPDATE_ACTIVITY, onto).await.done();
        // Onto the time of one that isn't drafted yet: that one is drafted all the same.
        let ahead = json!({ "id": last["id"], "startsAt": "2026-06-05T11:30:00Z", "endsAt": "2026-06-05T13:00:00Z" });
        world.secretary().run(UPDATE_ACTIVITY, ahead).await.done();
        world.pass(Duration::days(35));
        world.settle().await;
        let times = days(world).await;
        assert_eq!(times, ["2026-04-03T11:30", "2026-05-01T11:30", "2026-06-05T11:30", "2026-06-05T11:30"]);
    }
}

both! {
    async fn of_many_activities_it_is_read_at_once(world: &World) {
        world.pin();
        for n in 0..5 {
            set_up(world, json!({ "title": format!("固定党日{n}") })).await.done();
        }
        let page = "query($unit: ID!, $first: Int) { activities(unitId: $unit, first: $first) { edges { node { id recurrence { id title } } } } }";
        let ask = async |first: i32| {
            let page = world.secretary().gql(page, json!({ "unit": world.unit(Unit::B1), "first": first })).await;
            assert_eq!(page.list("/activities/edges").len(), usize::try_from(first).unwrap());
            page.statements()
        };
        ask(1).await;
        assert_eq!(ask(1).await, ask(15).await);
    }
}
