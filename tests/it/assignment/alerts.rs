//! What is told by itself, each once: a reminder, that it is overdue, and the superior.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Engine, Unit, Who, World,
        assigning::{Told, id_of, work},
        clock::rfc3339,
        document::*,
    },
};

const KINDS: [&str; 3] = ["assignment.due_soon", "assignment.overdue", "assignment.escalated"];

async fn counts(told: &Told) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, kind) in counts.iter_mut().zip(KINDS) {
        *count = told.of(kind).await.len();
    }
    counts
}

fn accounts(world: &World, payload: &Value) -> Vec<Who> {
    let all = [Who::Secretary, Who::Office, Who::Deputy, Who::Member];
    let listed = payload["accounts"].as_array().unwrap();
    all.into_iter().filter(|who| listed.contains(&json!(world.ids.accounts[who]))).collect()
}

both! {
    async fn each_is_told_once(world: &World) {
        let told = Told::keep(world).await;
        let id = world.taken_on(json!({})).await;
        assert_eq!(accounts(world, &told.of("assignment.dispatched").await[0]), [Who::Secretary]);
        assert_eq!(accounts(world, &told.of("assignment.changed").await[0]), [], "that it is going on is seen, not told");
        for (hours, expected) in [(9 * 24 - 1, [0; 3]), (2, [1, 0, 0]), (23, [1, 1, 0]), (71, [1, 1, 0]), (2, [1, 1, 1]), (1_000, [1, 1, 1])] {
            world.pass(Duration::hours(hours));
            world.settle().await;
            world.settle().await;
            assert_eq!(counts(&told).await, expected);
        }
        let of = async |kind: &str| told.of(kind).await.remove(0);
        assert_eq!(accounts(world, &of("assignment.due_soon").await), [Who::Secretary]);
        assert_eq!(accounts(world, &of("assignment.overdue").await), [Who::Secretary, Who::Office]);
        // Nobody answers for the general branch: it goes to the street above.
        let escalated = of("assignment.escalated").await;
        assert_eq!(accounts(world, &escalated), [Who::Office]);
        assert_eq!(escalated["units"][0], json!(world.ids.units[&Unit::S1].id));
        let seen = world.assignment(Who::Office, &id).await;
        assert_eq!((&seen["overdue"], seen["escalatedAt"].is_string()), (&json!(true), true));
        assert_eq!(seen["version"], 3, "what is told changes no version");
        told.end().await;
    }
}

both! {
    async fn several_servers_tell_it_once(world: &World) {
        let told = Told::keep(world).await;
        for _ in 0..20 {
            world.taken_on(json!({})).await;
        }
        world.pass(Duration::days(11));
        let run = zhibu::assignment::job::run;
        for one in futures_util::future::join_all(world.workers(4).map(run)).await {
            one.unwrap();
        }
        assert_eq!(counts(&told).await, [0, 20, 0], "a reminder that was missed is left out");
        told.end().await;
    }
}

both! {
    async fn who_has_handed_it_in_is_left_alone(world: &World) {
        let told = Told::keep(world).await;
        let id = world.handed_in().await;
        world.pass(Duration::days(30));
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 0, 0]);
        world.office().run(RETURN_ASSIGNMENT, json!({ "id": id, "reason": "缺两户" })).await.done();
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 1, 0], "what comes back is late by now, and its owner has just heard of it");
        for (hours, expected) in [(71, [0, 1, 0]), (2, [0, 1, 1]), (1_000, [0, 1, 1])] {
            world.pass(Duration::hours(hours));
            world.settle().await;
            assert_eq!(counts(&told).await, expected);
        }
        told.end().await;
    }
}

both! {
    async fn who_gets_it_back_may_be_given_longer(world: &World) {
        let told = Told::keep(world).await;
        let id = world.handed_in().await;
        world.pass(Duration::days(30));
        let back = |due: Duration| json!({ "id": id, "reason": "缺两户", "dueAt": rfc3339(world.now() + due) });
        assert_eq!(world.office().run(RETURN_ASSIGNMENT, back(-Duration::hours(1))).await.refused(), "BAD_DUE");
        for _ in 0..2 {
            world.office().run(RETURN_ASSIGNMENT, back(Duration::days(5))).await.done();
        }
        world.settle().await;
        assert_eq!(counts(&told).await, [0; 3]);
        let seen = world.assignment(Who::Secretary, &id).await;
        let history = seen["history"].as_array().unwrap();
        assert_eq!((history.len(), &seen["overdue"], &history[2]["dueAt"]), (5, &json!(false), &Value::Null));
        assert_eq!(history[4]["dueAt"], rfc3339(world.now() + Duration::days(5)).replace(".000Z", "+00:00"));
        world.pass(Duration::days(4));
        world.settle().await;
        assert_eq!(counts(&told).await, [1, 0, 0]);
        told.end().await;
    }
}

both! {
    async fn a_rule_that_changes_moves_them(world: &World) {
        let told = Told::keep(world).await;
        world.given(json!({})).await;
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 0, 0]);
        let sooner = json!({ "key": "ASSIGNMENT_REMINDER_HOURS", "value": 72, "source": "区委〔2026〕5号" });
        world.administrator().run(SET_RULE, sooner).await.done();
        world.settle().await;
        assert_eq!(counts(&told).await, [1, 0, 0]);
        told.end().await;
    }
}

both! {
    async fn an_offer_is_never_late(world: &World) {
        let told = Told::keep(world).await;
        let to = json!({ "offer": { "unitId": world.unit(Unit::B1), "capacity": 2 } });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        world.pass(Duration::days(30));
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 0, 0]);
        told.end().await;
    }
}

both! {
    async fn one_that_fails_holds_up_none_and_is_told_once(world: &World) {
        let told = Told::keep(world).await;
        world.given(json!({ "title": "坏" })).await;
        world.given(json!({ "title": "好" })).await;
        told.spoil("UPDATE assignment SET kind = 'SPOILT' WHERE title = '坏'").await;
        world.pass(Duration::days(11));
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 1, 0]);
        told.spoil("UPDATE assignment SET kind = 'TASK' WHERE title = '坏'").await;
        world.pass(Duration::minutes(10));
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 2, 0], "it is tried again");
        told.end().await;
    }
}

both! {
    async fn what_could_not_be_handed_on_is_not_marked_as_told(world: &World) {
        let told = Told::keep(world).await;
        world.given(json!({})).await;
        // The event can't be kept: the step ends in the middle, as if the server had been killed there.
        let (broken, mended) = match world.engine {
            Engine::Sqlite => ("CREATE TRIGGER broken BEFORE INSERT ON outbox_event BEGIN SELECT RAISE(ABORT, 'broken'); END", "DROP TRIGGER broken"),
            Engine::Postgres => ("ALTER TABLE told RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO told"),
        };
        told.spoil(broken).await;
        world.pass(Duration::days(11));
        world.settle().await;
        told.spoil(mended).await;
        assert_eq!(counts(&told).await, [0, 0, 0]);
        world.pass(Duration::minutes(10));
        world.settle().await;
        world.settle().await;
        assert_eq!(counts(&told).await, [0, 1, 0]);
        told.end().await;
    }
}
