//! Templates, used by hand and by themselves.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        assigning::{Told, id_of, template},
        clock::rfc3339,
        document::*,
        meeting::with,
    },
};

/// On the fifth of each month, for ten days.
pub(super) fn standing(world: &World, more: Value) -> Value {
    let monthly = json!({
        "to": { "unitId": world.unit(Unit::B1) }, "rule": "FREQ=MONTHLY;BYMONTHDAY=5", "startsOn": "2026-03-02", "time": "09:00",
        "duration": 10 * 24 * 60,
    });
    with(template(world, Unit::S1), json!({ "standing": with(monthly, more) }))
}

async fn write(world: &World, input: Value) -> Reply {
    world.office().run(CREATE_ASSIGNMENT_TEMPLATE, input).await
}

async fn mine(world: &World) -> usize {
    world.secretary().gql(MY_ASSIGNMENTS, json!({ "first": 100 })).await.list("/myAssignments/edges").len()
}

both! {
    async fn those_below_use_it(world: &World) {
        let written = write(world, with(template(world, Unit::S1), json!({ "clientMutationId": "t-1" }))).await;
        let id = written.done()["template"]["id"].clone();
        let again = write(world, with(template(world, Unit::S1), json!({ "clientMutationId": "t-1" }))).await;
        assert_eq!(again.done()["template"]["id"], id);
        let listed = world.secretary().gql(ASSIGNMENT_TEMPLATES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(listed.data("/assignmentTemplates/edges/0/node/id"), &id);
        let input = json!({
            "templateId": id, "issuerUnitId": world.unit(Unit::B1), "to": { "memberId": world.member(Who::Member) },
            "dueAt": rfc3339(world.now() + Duration::days(3)), "clientMutationId": "m-1",
        });
        let made = world.secretary().run(CREATE_FROM_TEMPLATE, input.clone()).await;
        assert_eq!(made.done()["assignment"]["title"], "每月走访");
        assert_eq!(made.done()["assignment"]["state"], "DRAFT");
        assert_eq!(id_of(&world.secretary().run(CREATE_FROM_TEMPLATE, input.clone()).await), id_of(&made));
        let others = with(input.clone(), json!({ "issuerUnitId": world.unit(Unit::B3), "to": { "unitId": world.unit(Unit::B3) } }));
        assert_eq!(world.as_(Who::SecretaryOfB3).run(CREATE_FROM_TEMPLATE, others).await.error_code(), "NOT_FOUND");
        assert!(world.secretary().run(STOP_ASSIGNMENT_TEMPLATE, json!({ "id": id })).await.error().is_some());
        world.office().run(STOP_ASSIGNMENT_TEMPLATE, json!({ "id": id })).await.done();
        let late = with(input, json!({ "clientMutationId": "m-2" }));
        assert_eq!(world.secretary().run(CREATE_FROM_TEMPLATE, late).await.refused(), "STOPPED");
    }
}

both! {
    async fn a_standing_one_issues_each_month_once(world: &World) {
        let told = Told::keep(world).await;
        let written = write(world, standing(world, json!({}))).await;
        assert_eq!(written.done()["template"]["nextAt"], "2026-03-05T01:00:00+00:00");
        world.settle().await;
        assert_eq!(mine(world).await, 0);
        for (days, issued) in [(4, 1), (1, 1), (30, 2), (40, 2)] {
            world.pass(Duration::days(days));
            let run = zhibu::assignment::job::run;
            for one in futures_util::future::join_all(world.workers(3).map(run)).await {
                one.unwrap();
            }
            world.settle().await;
            assert_eq!(mine(world).await, issued, "after {days} days more");
        }
        // What would have been over already was left out.
        assert_eq!(told.of("assignment.dispatched").await.len(), 2);
        world.office().run(STOP_ASSIGNMENT_TEMPLATE, json!({ "id": written.done()["template"]["id"] })).await.done();
        world.pass(Duration::days(25));
        world.settle().await;
        assert_eq!(told.of("assignment.dispatched").await.len(), 2);
        told.end().await;
    }
}

both! {
    async fn rules_that_are_none_are_refused(world: &World) {
        for (more, why) in [
            (json!({ "rule": "FREQ=SECONDLY" }), "BAD_RULE"),
            (json!({ "rule": "🎉" }), "BAD_RULE"),
            (json!({ "rule": "FREQ=WEEKLY;BYDAY=MO,TH" }), "TOO_OFTEN"),
            (json!({ "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }), "NEVER"),
            (json!({ "startsOn": "2030-01-01" }), "BAD_START"),
            (json!({ "time": "25:00" }), "BAD_START"),
            (json!({ "duration": 0 }), "BAD_DURATION"),
            (json!({ "duration": 93 * 24 * 60 }), "BAD_DURATION"),
            (json!({ "to": { "unitId": world.unit(Unit::General) } }), "NO_OWNER"),
            (json!({ "to": { "unitId": world.unit(Unit::B3) } }), "BEYOND_ISSUER"),
        ] {
            assert_eq!(write(world, standing(world, more.clone())).await.refused(), why, "{more}");
        }
        let bare = json!({ "unitId": world.unit(Unit::S1), "kind": "TASK", "title": "每月走访" });
        assert_eq!(write(world, bare).await.refused(), "MEASURE_MISSING");
    }
}
