//! A Party day from draft to archive.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        clock::rfc3339,
        document::*,
        meeting::{end, plan, start, with},
    },
};

async fn seen_by(world: &World, who: Who) -> Vec<Value> {
    let reply = world.as_(who).gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
    reply.list("/activities/edges").iter().map(|e| e["node"].clone()).collect()
}

both! {
    async fn from_draft_to_archive(world: &World) {
        let id = world.draft(json!({})).await;
        assert_eq!(seen_by(world, Who::Member).await.len(), 0, "a draft is its organizers' own");
        assert_eq!(seen_by(world, Who::Deputy).await[0]["state"], "DRAFT");
        let step = json!({ "id": id });
        assert_eq!(world.secretary().run(CLOSE, step.clone()).await.refused(), "NOT_PUBLISHED");
        world.secretary().run(PUBLISH, step.clone()).await.done();
        assert_eq!(world.secretary().run(PUBLISH, step.clone()).await.refused(), "ALREADY_PUBLISHED");
        assert_eq!(seen_by(world, Who::Member).await[0]["state"], "PUBLISHED");
        assert_eq!(world.secretary().run(OPEN, step.clone()).await.refused(), "TOO_EARLY");
        world.set_clock(start() - Duration::hours(4));
        world.secretary().run(OPEN, step.clone()).await.done();
        assert_eq!(world.secretary().run(OPEN, step.clone()).await.refused(), "ALREADY_OPEN");
        assert_eq!(world.secretary().run(CLOSE, step.clone()).await.refused(), "NOT_STARTED");
        assert_eq!(world.secretary().run(ARCHIVE, step.clone()).await.refused(), "NOT_CLOSED");
        world.set_clock(end());
        world.secretary().run(CLOSE, step.clone()).await.done();
        world.secretary().run(ARCHIVE, step.clone()).await.done();
        assert_eq!(world.secretary().run(ARCHIVE, step).await.refused(), "ARCHIVED");
        assert_eq!(seen_by(world, Who::Member).await[0]["state"], "ARCHIVED");
    }
}

both! {
    async fn it_opens_by_itself(world: &World) {
        world.published(json!({})).await;
        world.set_clock(start() - Duration::minutes(31));
        assert_eq!(seen_by(world, Who::Member).await[0]["state"], "PUBLISHED");
        world.set_clock(start() - Duration::minutes(30));
        assert_eq!(seen_by(world, Who::Member).await[0]["state"], "OPEN", "even before the job has run");
        world.settle().await;
        assert_eq!(seen_by(world, Who::Member).await[0]["state"], "OPEN");
    }
}

both! {
    async fn it_is_cancelled_with_a_reason(world: &World) {
        let id = world.published(json!({})).await;
        for reason in ["", "  ", "\u{FFFD}", &"长".repeat(201)] {
            assert_eq!(world.secretary().run(CANCEL, json!({ "id": id, "reason": reason })).await.refused(), "BAD_REASON");
        }
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "暴雨" })).await.done();
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/cancelReason"), "暴雨");
        assert_eq!(world.secretary().run(PUBLISH, json!({ "id": id })).await.refused(), "CANCELLED");
    }
}

both! {
    async fn what_may_change_depends_on_the_state(world: &World) {
        let id = world.published(json!({})).await;
        let update = async |change: Value| world.secretary().run(UPDATE_ACTIVITY, with(json!({ "id": id }), change)).await;
        update(json!({ "title": "三月主题党日（改）", "venue": { "name": "二楼会议室" } })).await.done();
        assert_eq!(update(json!({ "kind": "FORUM" })).await.refused(), "FIXED_NOW");
        let past = json!({ "startsAt": rfc3339(world.now() - Duration::hours(1)), "endsAt": rfc3339(world.now() + Duration::hours(1)) });
        assert_eq!(update(past).await.refused(), "IN_PAST");
        assert_eq!(update(json!({ "version": 1, "title": "旧" })).await.refused(), "STALE");
        world.set_clock(start());
        update(json!({ "description": "请带学习笔记" })).await.done();
        assert_eq!(update(json!({ "lateAfter": 20 })).await.refused(), "FIXED_NOW");
        let longer = json!({ "startsAt": rfc3339(start()), "endsAt": rfc3339(end() + Duration::hours(1)) });
        update(longer).await.done();
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        assert_eq!(update(json!({ "title": "再改" })).await.refused(), "FIXED_NOW");
        update(json!({ "description": "会议纪要见附件" })).await.done();
    }
}

both! {
    async fn what_cannot_be_planned(world: &World) {
        let at = |from: Duration, length: Duration| {
            let starts = world.now() + from;
            json!({ "startsAt": rfc3339(starts), "endsAt": rfc3339(starts + length) })
        };
        let hour = Duration::hours(1);
        for (change, why) in [
            (json!({ "title": "" }), "BAD_TITLE"),
            (json!({ "title": "党\u{200B}日" }), "BAD_TITLE"),
            (json!({ "title": "长".repeat(101) }), "BAD_TITLE"),
            (json!({ "description": "长".repeat(5_001) }), "BAD_DESCRIPTION"),
            (at(hour, -hour), "ENDS_BEFORE_START"),
            (at(hour, Duration::zero()), "ENDS_BEFORE_START"),
            (at(hour, Duration::hours(25)), "TOO_LONG"),
            (at(Duration::days(401), hour), "TOO_FAR_AHEAD"),
            (at(Duration::days(300_000), hour), "TOO_FAR_AHEAD"),
            (at(-Duration::days(32), hour), "TOO_LONG_AGO"),
            (at(-Duration::days(300_000), hour), "TOO_LONG_AGO"),
            (json!({ "venue": { "name": "" } }), "BAD_VENUE"),
            (json!({ "venue": { "name": "室", "fence": { "latitude": 91.0, "longitude": 0.0 } } }), "BAD_FENCE"),
            (json!({ "venue": { "name": "室", "fence": { "latitude": 36.0, "longitude": 117.0, "radiusMetres": -5 } } }), "BAD_FENCE"),
            (json!({ "lateAfter": -1 }), "BAD_MINUTES"),
            (json!({ "checkInOpens": 2_000_000_000 }), "BAD_MINUTES"),
            (json!({ "items": vec!["项"; 28] }), "TOO_MANY_ITEMS"),
            (json!({ "items": [""] }), "BAD_ITEM"),
        ] {
            let reply = world.secretary().run(CREATE_ACTIVITY, with(plan(world, Unit::B1), change.clone())).await;
            assert_eq!(reply.refused(), why, "{change}");
        }
        let group = with(plan(world, Unit::Group), json!({ "kind": "GENERAL_MEETING" }));
        assert_eq!(world.leader().run(CREATE_ACTIVITY, group).await.refused(), "WRONG_HOST");
    }
}

both! {
    async fn sent_twice_it_is_planned_once(world: &World) {
        let input = with(plan(world, Unit::B1), json!({ "clientMutationId": "k-1" }));
        let id = |r: &Reply| r.done()["activity"]["id"].clone();
        let first = id(&world.secretary().run(CREATE_ACTIVITY, input.clone()).await);
        assert_eq!(id(&world.secretary().run(CREATE_ACTIVITY, input.clone()).await), first);
        let other = with(input.clone(), json!({ "title": "另一个" }));
        assert_eq!(world.secretary().run(CREATE_ACTIVITY, other).await.error_code(), "IDEMPOTENCY_KEY_REUSED");
        assert_ne!(id(&world.deputy().run(CREATE_ACTIVITY, input.clone()).await), first, "a key is one person's own");
        for key in ["", &"k".repeat(65)] {
            let bad = with(input.clone(), json!({ "clientMutationId": key }));
            assert_eq!(world.secretary().run(CREATE_ACTIVITY, bad).await.error_code(), "BAD_USER_INPUT");
        }
        world.pass(Duration::hours(25));
        world.settle().await;
        assert_eq!(seen_by(world, Who::Secretary).await.len(), 2);
    }
}

both! {
    async fn sent_twice_at_the_same_time_it_is_planned_once(world: &World) {
        let input = with(plan(world, Unit::B1), json!({ "clientMutationId": "k-2" }));
        world.secretary().access().await;
        let secretary = world.secretary();
        let replies = futures_util::future::join_all((0..6).map(|_| secretary.run(CREATE_ACTIVITY, input.clone()))).await;
        for reply in &replies {
            assert!(matches!(reply.error(), None | Some("OVERLOADED")), "{}", reply.text);
        }
        assert_eq!(seen_by(world, Who::Secretary).await.len(), 1);
    }
}

both! {
    async fn a_joint_activity_belongs_to_both(world: &World) {
        let joint = with(plan(world, Unit::B1), json!({ "jointHostIds": [world.unit(Unit::B2)] }));
        let refused = world.secretary().run(CREATE_ACTIVITY, joint.clone()).await;
        assert!(refused.error().is_some(), "who joins another branch must organize there: {}", refused.text);
        let planned = world.office().run(CREATE_ACTIVITY, joint).await;
        let id = planned.done()["activity"]["id"].clone();
        assert_eq!(planned.done()["activity"]["tally"]["expected"], 10);
        world.office().run(PUBLISH, json!({ "id": id })).await.done();
        let other = world.as_(Who::MemberOfB2).gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(other.data("/myActivities/edges/0/node/id"), &id);
        assert_eq!(other.str("/myActivities/edges/0/node/jointHosts/0/name"), "芙蓉社区第二党支部");
    }
}

both! {
    async fn what_was_never_published_stays_unknown(world: &World) {
        let id = world.draft(json!({})).await;
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "并入下月" })).await.done();
        assert_eq!(seen_by(world, Who::Member).await.len(), 0);
        assert_eq!(seen_by(world, Who::Deputy).await[0]["state"], "CANCELLED");
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.list("/myActivities/edges").len(), 0);
        for (who, sees) in [(Who::Member, false), (Who::Instructor, false), (Who::Secretary, true)] {
            let node = world.as_(who).gql(NODE, json!({ "id": id })).await;
            assert_eq!(node.data("/node").is_object(), sees, "{who:?}");
        }
    }
}
