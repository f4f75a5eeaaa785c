//! Leave: asked, decided, taken back.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Reply, Who, World,
        document::*,
        meeting::{end, start},
    },
};

async fn ask(world: &World, who: Who, id: &str, reason: &str) -> Reply {
    world.as_(who).run(REQUEST_LEAVE, json!({ "activityId": id, "reason": reason })).await
}

fn id_of(reply: &Reply) -> String {
    reply.done()["leaveRequest"]["id"].as_str().unwrap().to_owned()
}

both! {
    async fn granted_leave_is_no_absence(world: &World) {
        let id = world.published(json!({})).await;
        let asked = ask(world, Who::Member, &id, "出差").await;
        let listed = world.secretary().gql(LEAVES, json!({ "id": id })).await;
        assert_eq!(listed.str("/leaveRequests/edges/0/node/member/name"), "陈党员");
        let input = json!({ "id": id_of(&asked), "granted": true, "note": "路上平安" });
        assert_eq!(world.secretary().run(DECIDE_LEAVE, input).await.done()["leaveRequest"]["state"], "GRANTED");
        world.set_clock(end());
        let closed = world.secretary().run(CLOSE, json!({ "id": id })).await;
        assert_eq!(closed.done()["activity"]["tally"]["onLeave"], 1);
        assert_eq!(closed.done()["activity"]["tally"]["absent"], 7);
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/myAttendance/state"), "ON_LEAVE");
    }
}

both! {
    async fn leave_granted_afterwards_excuses(world: &World) {
        let id = world.party_day().await;
        let asked = id_of(&ask(world, Who::Member, &id, "突发疾病").await);
        world.set_clock(end());
        let closed = world.secretary().run(CLOSE, json!({ "id": id })).await;
        assert_eq!(closed.done()["activity"]["tally"]["absent"], 8);
        world.secretary().run(DECIDE_LEAVE, json!({ "id": asked, "granted": true })).await.done();
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/myAttendance/state"), "ON_LEAVE");
    }
}

both! {
    async fn who_comes_after_all_is_present(world: &World) {
        let id = world.party_day().await;
        let asked = id_of(&ask(world, Who::Member, &id, "出差").await);
        world.secretary().run(DECIDE_LEAVE, json!({ "id": asked, "granted": true })).await.done();
        assert_eq!(world.scan(world.member_of_b1(), &id).await.done()["attendance"]["state"], "PRESENT");
        world.set_clock(end());
        let closed = world.secretary().run(CLOSE, json!({ "id": id })).await;
        assert_eq!(closed.done()["activity"]["tally"]["present"], 1);
        assert_eq!(closed.done()["activity"]["tally"]["onLeave"], 0);
    }
}

both! {
    async fn a_request_is_taken_back_before_the_start(world: &World) {
        let id = world.published(json!({})).await;
        let first = id_of(&ask(world, Who::Member, &id, "出差").await);
        assert_eq!(ask(world, Who::Member, &id, "出差").await.refused(), "ALREADY_ASKED");
        world.member_of_b1().run(WITHDRAW_LEAVE, json!({ "id": first })).await.done();
        let second = id_of(&ask(world, Who::Member, &id, "还是要出差").await);
        world.set_clock(start());
        assert_eq!(world.member_of_b1().run(WITHDRAW_LEAVE, json!({ "id": second })).await.refused(), "STARTED");
        assert_eq!(world.secretary().run(WITHDRAW_LEAVE, json!({ "id": second })).await.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn nobody_decides_on_their_own(world: &World) {
        let id = world.published(json!({})).await;
        let asked = id_of(&ask(world, Who::Secretary, &id, "开会").await);
        let input = json!({ "id": asked, "granted": true });
        assert_eq!(world.secretary().run(DECIDE_LEAVE, input.clone()).await.refused(), "OWN_REQUEST");
        world.deputy().run(DECIDE_LEAVE, input.clone()).await.done();
        assert_eq!(world.deputy().run(DECIDE_LEAVE, input).await.refused(), "ALREADY_DECIDED");
    }
}

both! {
    async fn who_needs_none_is_told_so(world: &World) {
        let draft = world.draft(json!({})).await;
        assert_eq!(ask(world, Who::Secretary, &draft, "试").await.refused(), "NOT_PUBLISHED");
        world.secretary().run(CANCEL, json!({ "id": draft, "reason": "改期" })).await.done();
        let id = world.published(json!({})).await;
        assert_eq!(ask(world, Who::Exempt, &id, "住院").await.refused(), "NOT_EXPECTED");
        for reason in ["", "   ", "\u{FFFD}", "\u{200B}", &"长".repeat(201)] {
            assert_eq!(ask(world, Who::Member, &id, reason).await.refused(), "BAD_REASON", "{reason}");
        }
        world.set_clock(start() - Duration::minutes(5));
        world.scan(world.member_of_b1(), &id).await.done();
        assert_eq!(ask(world, Who::Member, &id, "早退").await.refused(), "CHECKED_IN");
        world.set_clock(end());
        assert_eq!(ask(world, Who::Second, &id, "忘了").await.refused(), "OVER");
    }
}

both! {
    async fn sent_twice_it_is_asked_once(world: &World) {
        let id = world.published(json!({})).await;
        let input = json!({ "activityId": id, "reason": "出差", "clientMutationId": "leave-1" });
        let first = id_of(&world.member_of_b1().run(REQUEST_LEAVE, input.clone()).await);
        assert_eq!(id_of(&world.member_of_b1().run(REQUEST_LEAVE, input).await), first);
    }
}
