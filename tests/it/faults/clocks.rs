//! Clocks that jump: nothing is told twice, and nothing is lost.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{Told, template},
        document::*,
        fault::Fault,
        meeting::with,
    },
};

both! {
    async fn each_step_is_taken_once_whichever_way_the_clock_goes(world: &World) {
        let told = Told::keep(world).await;
        world.published(json!({})).await;
        world.taken_on(json!({})).await;
        let served = json!({ "service": {
            "startsAt": "2026-03-01T09:00:00+08:00", "endsAt": "2026-03-01T11:00:00+08:00",
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        } });
        let entry = world.member_of_b1().run(REPORT_HOURS, served).await;
        let review = json!({ "reviews": [{ "id": entry.done()["entry"]["id"] }] });
        world.secretary().run(REVIEW_HOURS, review).await.done();
        let monthly = json!({ "standing": {
            "to": { "unitId": world.unit(Unit::B2) }, "rule": "FREQ=MONTHLY;BYMONTHDAY=5", "startsOn": "2026-03-02",
            "time": "09:00", "duration": 30 * 24 * 60,
        } });
        world.office().run(CREATE_ASSIGNMENT_TEMPLATE, with(template(world, Unit::S1), monthly)).await.done();
        let began = world.now();
        for hours in [0, 9 * 24 + 1, 0, 9 * 24 + 1, 10 * 24 + 1, 4 * 24, 10 * 24 + 1, 14 * 24, -24, 14 * 24] {
            world.set_clock(began + Duration::hours(hours));
            world.settle().await;
        }
        for (kind, count) in [
            ("activity.opened", 1), ("activity.closed", 1), ("service_hours.granted", 1), ("assignment.due_soon", 1),
            ("assignment.overdue", 1), ("assignment.escalated", 1), ("assignment.dispatched", 2),
        ] {
            assert_eq!(told.of(kind).await.len(), count, "{kind}");
        }
        world.forget_tokens();
        let record = world.member_of_b1().gql(VOLUNTEER_RECORD, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(record.int("/volunteerRecord/totalMinutes"), 120);
        told.end().await;
    }
}

both! {
    async fn what_was_begun_while_the_clock_ran_ahead_is_handed_on(world: &World) {
        let fault = Fault::of(world).await;
        world.settle().await;
        let began = world.now();
        fault.begin("INSERT notification").await;
        world.secretary().access().await;
        let id = world.draft(json!({})).await;
        // A day ahead, the event is taken, and can't be handed on.
        world.pass(Duration::days(1));
        world.secretary().run(PUBLISH, json!({ "id": id })).await.done();
        let _failed = zhibu::worker::relay_once(&world.app).await;
        fault.end("INSERT notification").await;
        world.set_clock(began);
        world.settle().await;
        world.forget_tokens();
        assert_eq!(crate::live::inbox::inbox(&world.member_of_b1()).await.len(), 1);
        fault.close().await;
    }
}
