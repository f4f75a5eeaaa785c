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

/// Who of B1 is on the list of its latest activity, with their places.
async fn places(world: &World) -> Vec<(String, String)> {
    let list = world.secretary().gql(ATTENDEES, json!({ "unitId": world.unit(Unit::B1), "first": 50 })).await;
    let lines = list.list("/activities/edges/0/node/attendees/edges");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut places: Vec<_> =
        lines.iter().map(|l| (text(&l["node"]["member"]["name"]), text(&l["node"]["source"]))).collect();
    places.sort();
    places
}

/// A Party day of two chosen members and a guest.
fn chosen(world: &World) -> Value {
    json!({
        "audience": "CHOSEN", "memberIds": [world.member(Who::Member), world.member(Who::Second)],
        "guestIds": [world.member(Who::Elder)],
    })
}

both! {
    async fn what_is_not_said_of_a_list_stays(world: &World) {
        let id = world.published(chosen(world)).await;
        let change = json!({ "id": id, "memberIds": [world.member(Who::Member)] });
        let changed = world.secretary().run(UPDATE_ACTIVITY, change).await;
        assert_eq!(changed.done()["activity"]["tally"], json!({ "expected": 1, "guests": 0 }));
        let named = |name: &str, place: &str| (name.to_owned(), place.to_owned());
        assert_eq!(places(world).await, [named("冯老", "GUEST"), named("陈党员", "CHOSEN")]);
        let nobody = json!({ "id": id, "guestIds": [] });
        world.secretary().run(UPDATE_ACTIVITY, nobody).await.done();
        assert_eq!(places(world).await, [named("陈党员", "CHOSEN")]);
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": id, "first": 1 })).await;
        let entry = audit.data("/audit/edges/0/node");
        assert_eq!(entry["before"]["attendees"].as_object().unwrap().len(), 1, "{entry}");
        assert_eq!(entry["after"]["attendees"], json!({}));
    }
}

both! {
    async fn who_has_a_record_is_not_struck_off(world: &World) {
        let id = world.party_day_with(chosen(world)).await;
        world.scan(world.member_of_b1(), &id).await.done();
        let without = json!({ "id": id, "memberIds": [world.member(Who::Second)] });
        assert_eq!(world.secretary().run(UPDATE_ACTIVITY, without).await.refused(), "HAS_RECORD");
        let with = json!({ "id": id, "memberIds": [world.member(Who::Member)] });
        world.secretary().run(UPDATE_ACTIVITY, with).await.done();
        world.set_clock(meeting::end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        let late = json!({ "id": id, "guestIds": [] });
        assert_eq!(world.secretary().run(UPDATE_ACTIVITY, late).await.refused(), "FIXED_NOW");
    }
}

both! {
    async fn who_came_and_then_moved_stays_on_the_list(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        let moved = json!({ "id": world.member(Who::Member), "homeUnitId": world.unit(Unit::B2) });
        world.office().run(UPDATE_MEMBER, moved).await.done();
        let redrawn = world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "description": "新名单" })).await;
        assert_eq!(redrawn.done()["activity"]["tally"]["expected"], 8);
    }
}

both! {
    async fn one_end_is_moved_and_the_other_stays(world: &World) {
        use crate::harness::clock::rfc3339;
        let id = world.published(json!({})).await;
        let earlier = rfc3339(meeting::start() - chrono::Duration::hours(1));
        let moved = world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "startsAt": earlier })).await;
        assert_eq!(moved.done()["activity"]["startsAt"].as_str().unwrap()[..19], earlier[..19]);
        let before = json!({ "id": id, "endsAt": rfc3339(meeting::start() - chrono::Duration::hours(2)) });
        assert_eq!(world.secretary().run(UPDATE_ACTIVITY, before).await.refused(), "ENDS_BEFORE_START");
    }
}

/// Members on the list of a Party day of the world's first week, entered by the office only now.
async fn entered_later(world: &World, host: Unit) -> Vec<String> {
    let planned = world.office().run(CREATE_ACTIVITY, meeting::plan(world, host)).await;
    let id = planned.done()["activity"]["id"].clone();
    let list = "query($id: ID!) { node(id: $id) { ... on Activity { attendees(first: 50) { edges { node { member { name } } } } } } }";
    let list = world.office().gql(list, json!({ "id": id })).await;
    let name = |line: &Value| line["node"]["member"]["name"].as_str().unwrap().to_owned();
    list.list("/node/attendees/edges").iter().map(name).collect()
}

both! {
    async fn a_list_entered_later_is_the_roster_of_its_day(world: &World) {
        world.set_clock(meeting::end() + chrono::Duration::days(5));
        let office = world.office();
        let moved = json!({ "id": world.member(Who::Second), "homeUnitId": world.unit(Unit::B2) });
        office.run(UPDATE_MEMBER, moved).await.done();
        let left = json!({ "id": world.member(Who::Elder), "leftOn": "2026-03-10", "reason": "转出" });
        office.run(UPDATE_MEMBER, left).await.done();
        let new = json!({ "name": "新党员", "phone": "13800000099", "homeUnitId": world.unit(Unit::B1), "status": "FULL" });
        office.run(ADD_MEMBER, new).await.done();
        let then = entered_later(world, Unit::B1).await;
        assert_eq!(then.len(), 9, "{then:?}");
        assert!(then.contains(&"林党员".to_owned()) && then.contains(&"冯老".to_owned()), "{then:?}");
        assert!(!entered_later(world, Unit::B2).await.contains(&"林党员".to_owned()));
        let now = json!({ "startsAt": crate::harness::clock::rfc3339(world.now()), "endsAt": crate::harness::clock::rfc3339(world.now() + chrono::Duration::hours(1)) });
        let today = meeting::with(meeting::plan(world, Unit::B1), now);
        let today = office.run(CREATE_ACTIVITY, today).await;
        assert_eq!(today.done()["activity"]["tally"]["expected"], 7, "two have gone, one has come");
    }
}
