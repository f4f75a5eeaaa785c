//! Corrections: with a reason, by somebody else, never a deletion.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Who, World,
        document::*,
        meeting::{end, start},
    },
};

async fn correct(world: &World, by: Who, id: &str, of: Who, state: &str, reason: &str) -> Reply {
    let input = json!({ "activityId": id, "memberId": world.member(of), "state": state, "reason": reason });
    world.as_(by).run(CORRECT, input).await
}

both! {
    async fn the_earlier_state_stays_in_the_audit(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        world.set_clock(start() + Duration::minutes(30));
        let reply = correct(world, Who::Secretary, &id, Who::Member, "ABSENT", "实际未到场").await;
        assert_eq!(reply.done()["attendance"]["state"], "ABSENT");
        assert_eq!(reply.done()["attendance"]["recordedBy"]["name"], "王书记");
        assert_eq!(reply.done()["attendance"]["version"], 2);
        let mine = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 20 })).await;
        let entries = mine.list("/myAudit/edges");
        let entry = &entries.iter().find(|e| e["node"]["operation"] == "correctAttendance").expect("an entry")["node"];
        assert_eq!(entry["before"]["state"], "PRESENT");
        assert_eq!(entry["after"]["state"], "ABSENT");
        assert_eq!(entry["actor"]["name"], "王书记");
    }
}

both! {
    async fn what_cannot_be_corrected(world: &World) {
        let id = world.party_day().await;
        assert_eq!(correct(world, Who::Secretary, &id, Who::Member, "ABSENT", "缺席").await.refused(), "NO_RECORD");
        world.scan(world.member_of_b1(), &id).await.done();
        world.scan(world.secretary(), &id).await.done();
        world.set_clock(start() + Duration::minutes(1));
        for (by, of, state, reason, why) in [
            (Who::Secretary, Who::Secretary, "LATE", "试", "OWN_RECORD"),
            (Who::Secretary, Who::Member, "PRESENT", "试", "SAME_STATE"),
            (Who::Secretary, Who::Member, "LATE", "", "BAD_REASON"),
            (Who::Secretary, Who::Member, "LATE", "\u{202E}试", "BAD_REASON"),
            (Who::Secretary, Who::MemberOfB3, "LATE", "试", "NOT_EXPECTED"),
        ] {
            assert_eq!(correct(world, by, &id, of, state, reason).await.refused(), why);
        }
        correct(world, Who::Deputy, &id, Who::Secretary, "LATE", "迟到").await.done();
        assert_eq!(correct(world, Who::Member, &id, Who::Second, "LATE", "试").await.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn corrections_end(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        world.set_clock(end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        world.set_clock(end() + Duration::days(29));
        correct(world, Who::Secretary, &id, Who::Member, "LATE", "核对").await.done();
        world.set_clock(end() + Duration::days(31));
        let over = correct(world, Who::Secretary, &id, Who::Member, "PRESENT", "核对").await;
        assert!(["CORRECTION_OVER", "ARCHIVED"].contains(&over.refused()));
        world.settle().await;
        let archived = correct(world, Who::Secretary, &id, Who::Member, "PRESENT", "核对").await;
        assert_eq!(archived.refused(), "ARCHIVED", "it has become final by itself");
    }
}

both! {
    async fn a_closed_meetings_counts_follow(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        world.set_clock(end());
        let tally = |reply: &Reply| -> Value { reply.done()["activity"]["tally"].clone() };
        let closed = tally(&world.secretary().run(CLOSE, json!({ "id": id })).await);
        assert_eq!(closed["present"], 1);
        correct(world, Who::Secretary, &id, Who::Second, "PRESENT", "漏签").await.done();
        let unit = world.unit(crate::harness::Unit::B1);
        let after = world.secretary().gql(ACTIVITIES, json!({ "unitId": unit })).await;
        assert_eq!(after.int("/activities/edges/0/node/tally/present"), 2);
        assert_eq!(after.int("/activities/edges/0/node/tally/absent"), closed["absent"].as_i64().unwrap() - 1);
        let figures = world.secretary().gql(UNIT_FIGURES, json!({ "id": unit, "year": 2026, "month": 3 })).await;
        assert_eq!(figures.int("/unitFigures/present"), 2);
    }
}
