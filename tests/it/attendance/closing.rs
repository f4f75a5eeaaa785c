//! Closing turns the missing into absent.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        meeting::{end, start},
    },
};

both! {
    async fn the_missing_are_absent(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        world.scan(world.as_(Who::Exempt), &id).await.done();
        world.set_clock(start() + Duration::minutes(30));
        world.scan(world.as_(Who::Second), &id).await.done();
        let closed = world.secretary().run(CLOSE, json!({ "id": id })).await;
        let tally = &closed.done()["activity"]["tally"];
        assert_eq!(tally["expected"], 8);
        assert_eq!(tally["present"], 1);
        assert_eq!(tally["late"], 1);
        assert_eq!(tally["absent"], 6);
        assert_eq!(tally["pending"], 0);
        assert_eq!(tally["guests"], 1, "who is exempt and came");
        let records = world.as_(Who::Exempt).gql(ATTENDANCES, json!({ "memberId": world.member(Who::Exempt) })).await;
        assert_eq!(records.str("/attendances/edges/0/node/state"), "PRESENT");
    }
}

both! {
    async fn it_closes_and_becomes_final_by_itself(world: &World) {
        let id = world.party_day().await;
        let state = async || {
            let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
            shown.str("/activities/edges/0/node/state")
        };
        assert_eq!(state().await, "OPEN");
        world.set_clock(end() + Duration::hours(23));
        world.settle().await;
        assert_eq!(state().await, "OPEN", "scans made without signal may still arrive");
        world.set_clock(end() + Duration::hours(25));
        world.settle().await;
        assert_eq!(state().await, "CLOSED");
        world.set_clock(end() + Duration::days(31));
        world.settle().await;
        assert_eq!(state().await, "ARCHIVED");
        assert_eq!(world.secretary().run(CLOSE, json!({ "id": id })).await.refused(), "ARCHIVED");
    }
}

both! {
    async fn exempt_members_are_not_made_absent(world: &World) {
        let id = world.party_day().await;
        world.set_clock(end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        let records = world.as_(Who::Exempt).gql(ATTENDANCES, json!({ "memberId": world.member(Who::Exempt) })).await;
        assert_eq!(records.list("/attendances/edges").len(), 0);
        let elder = world.secretary().gql(ATTENDANCES, json!({ "memberId": world.member(Who::Elder) })).await;
        assert_eq!(elder.str("/attendances/edges/0/node/state"), "ABSENT");
    }
}

both! {
    async fn closing_twice_at_once_closes_once(world: &World) {
        let id = world.party_day().await;
        world.set_clock(end());
        world.secretary().access().await;
        let secretary = world.secretary();
        let input = json!({ "id": id });
        let (a, b) = futures_util::future::join(secretary.run(CLOSE, input.clone()), secretary.run(CLOSE, input)).await;
        let refused = [&a, &b].iter().filter(|r| r.text.contains("ALREADY_CLOSED")).count();
        assert_eq!(refused, 1, "{} {}", a.text, b.text);
    }
}
