//! 应到: the roster of the day with its exclusions (R13).

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, Who, World, document::*, meeting},
};

both! {
    async fn the_roster_of_the_day(world: &World) {
        let planned = world.secretary().run(CREATE_ACTIVITY, meeting::plan(world, Unit::B1)).await;
        assert_eq!(planned.done()["activity"]["tally"], json!({ "expected": 8, "expectedVoters": 7, "guests": 0 }));
        let list = world.secretary().gql(ATTENDEES, json!({ "unitId": world.unit(Unit::B1), "first": 50 })).await;
        let lines = list.list("/activities/edges/0/node/attendees/edges");
        assert_eq!(lines.len(), 9);
        let of = |name: &str| &lines.iter().find(|l| l["node"]["member"]["name"] == name).unwrap()["node"];
        assert_eq!(of("郑长病")["exclusion"], "EXEMPT");
        assert_eq!((&of("吴预备")["counted"], &of("吴预备")["votes"]), (&json!(true), &json!(false)));
        assert_eq!(of("孙组长")["counted"], true, "members of the branch's groups are its members");
    }
}

both! {
    async fn chosen_members_and_guests(world: &World) {
        let chosen = json!({
            "audience": "CHOSEN", "memberIds": [world.member(Who::Member), world.member(Who::Second)],
        });
        let planned = world.secretary().run(CREATE_ACTIVITY, meeting::with(meeting::plan(world, Unit::B1), chosen)).await;
        assert_eq!(planned.done()["activity"]["tally"]["expected"], 2);
        let id = planned.done()["activity"]["id"].clone();
        world.secretary().run(PUBLISH, json!({ "id": id })).await.done();
        let first = |reply: &crate::harness::Reply| reply.list("/myActivities/edges").len();
        assert_eq!(first(&world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await), 1);
        assert_eq!(first(&world.as_(Who::Probationary).gql(MY_ACTIVITIES, json!({})).await), 0);
        let stranger: Value = json!({ "guestIds": [world.member(Who::MemberOfB3)] });
        let hidden = world.secretary().run(CREATE_ACTIVITY, meeting::with(meeting::plan(world, Unit::B1), stranger)).await;
        assert_eq!(hidden.error_code(), "NOT_FOUND", "nobody invites whom they can't see");
    }
}

both! {
    async fn who_moves_or_leaves_is_no_longer_expected(world: &World) {
        let id = world.published(json!({})).await;
        let moved = json!({ "id": world.member(Who::Second), "homeUnitId": world.unit(Unit::B2) });
        world.office().run(UPDATE_MEMBER, moved).await.done();
        let redrawn = world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "description": "新名单" })).await;
        assert_eq!(redrawn.done()["activity"]["tally"]["expected"], 7);
        let lists = world.as_(Who::Second).gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(lists.list("/myActivities/edges").len(), 0);
    }
}

both! {
    async fn a_vote_can_be_lost_and_the_duty_kept(world: &World) {
        let input = json!({
            "memberId": world.member(Who::Member), "kind": "NO_VOTE", "reason": "留党察看一年", "startsOn": "2026-01-01",
        });
        world.secretary().run(GRANT_EXEMPTION, input).await.done();
        let planned = world.secretary().run(CREATE_ACTIVITY, meeting::plan(world, Unit::B1)).await;
        assert_eq!(planned.done()["activity"]["tally"], json!({ "expected": 8, "expectedVoters": 6, "guests": 0 }));
    }
}
