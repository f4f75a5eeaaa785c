//! Shifts, teams and projects are changed, and those whom it concerns are told.

use super::{
    presence::{at_the_door, at_the_door_with, begins, come, row},
    shifts::{join, planned, project, published},
    *,
};
use crate::both;

/// The bodies of somebody's messages about shifts that have changed, latest first.
async fn told(world: &World, who: Who) -> Vec<String> {
    world.settle().await;
    let inbox = world.as_(who).gql(INBOX, json!({})).await;
    let edges = inbox.list("/inbox/edges").iter().filter(|e| e["node"]["kind"] == "SHIFT_CHANGED");
    edges.map(|e| e["node"]["body"].as_str().unwrap().to_owned()).collect()
}

async fn change(world: &World, id: &str, more: Value) -> Reply {
    world.secretary().run(UPDATE_SHIFT, with(json!({ "id": id }), more)).await
}

both! {
    async fn those_signed_up_are_told_of_another_time_or_place(world: &World) {
        let id = published(world, json!({ "capacity": 2 })).await;
        join(world, Who::Member, &id).await.done();
        let withdrawn = join(world, Who::Second, &id).await;
        let own = json!({ "id": withdrawn.done()["signUp"]["id"] });
        world.as_(Who::Second).run(WITHDRAW_SIGN_UP, own).await.done();
        let stale = change(world, &id, json!({ "version": 1, "place": "趵突泉" })).await;
        assert_eq!(stale.refused(), "STALE");
        change(world, &id, json!({ "version": 2, "capacity": 3 })).await.done();
        assert_eq!(told(world, Who::Member).await, Vec::<String>::new(), "more places are no news");
        change(world, &id, json!({ "place": "趵突泉" })).await.done();
        let later = json!({ "startsAt": rfc3339(begins() + Duration::hours(1)), "endsAt": rfc3339(begins() + Duration::hours(3)) });
        change(world, &id, later).await.done();
        assert_eq!(told(world, Who::Member).await, ["“清洁家园”改为3月3日16:00开始。地点：趵突泉。", "“清洁家园”改为3月3日15:00开始。地点：趵突泉。"]);
        assert_eq!(told(world, Who::Second).await, Vec::<String>::new());
        world.settle().await;
        assert_eq!(told(world, Who::Member).await.len(), 2, "told once of each");
        let mute = world.member_of_b1().run(SET_PREFERENCES, json!({ "mutedKinds": ["SHIFT_CHANGED"] })).await;
        mute.refused();
    }
}

both! {
    async fn more_places_move_up_who_waits_and_fewer_take_none_away(world: &World) {
        let id = published(world, json!({ "capacity": 2 })).await;
        for who in [Who::Member, Who::Second, Who::Probationary] {
            join(world, who, &id).await.done();
        }
        let fewer = change(world, &id, json!({ "capacity": 1 })).await;
        assert_eq!((&fewer.done()["shift"]["taken"], &fewer.done()["shift"]["waiting"]), (&json!(2), &json!(1)));
        let more = change(world, &id, json!({ "capacity": 3 })).await;
        assert_eq!((&more.done()["shift"]["taken"], &more.done()["shift"]["waiting"]), (&json!(3), &json!(0)));
        let seen = row(world, &id).await;
        assert_eq!(seen["signUps"][2]["state"], "OFFERED");
    }
}

both! {
    async fn what_a_shift_that_has_begun_still_lets_change(world: &World) {
        let id = at_the_door_with(world, json!({ "capacity": 1 })).await;
        come(world, Who::Member, &id).await.done();
        let later = json!({ "startsAt": rfc3339(begins() + Duration::hours(1)), "endsAt": rfc3339(begins() + Duration::hours(3)) });
        assert_eq!(change(world, &id, later.clone()).await.refused(), "SOMEBODY_THERE");
        world.set_clock(begins() + Duration::minutes(10));
        assert_eq!(change(world, &id, later).await.refused(), "STARTED");
        assert_eq!(change(world, &id, json!({ "minimumAge": 18 })).await.refused(), "STARTED");
        assert_eq!(come(world, Who::Second, &id).await.refused(), "NO_PLACE");
        change(world, &id, json!({ "capacity": 2 })).await.done();
        come(world, Who::Second, &id).await.done();
        world.set_clock(begins() + Duration::hours(2));
        assert_eq!(change(world, &id, json!({ "capacity": 3 })).await.refused(), "OVER");
    }
}

both! {
    async fn who_may_change_a_shift(world: &World) {
        let id = planned(world, json!({})).await;
        let input = json!({ "id": id, "place": "趵突泉", "minimumAge": 18, "skills": ["电工"] });
        assert_eq!(world.member_of_b1().run(UPDATE_SHIFT, input.clone()).await.error_code(), "NOT_FOUND");
        assert_eq!(world.as_(Who::ForeignSecretary).run(UPDATE_SHIFT, input.clone()).await.error_code(), "NOT_FOUND");
        let changed = world.deputy().run(UPDATE_SHIFT, input.clone()).await;
        assert_eq!(changed.done()["shift"]["minimumAge"], 18);
        let plain = change(world, &id, json!({ "removeMinimumAge": true, "skills": [] })).await;
        assert_eq!((&plain.done()["shift"]["minimumAge"], &plain.done()["shift"]["skills"]), (&Value::Null, &json!([])));
        world.secretary().run(PUBLISH_SHIFT, json!({ "id": id })).await.done();
        assert_eq!(world.member_of_b1().run(UPDATE_SHIFT, input).await.error_code(), "FORBIDDEN");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": id, "first": 10 })).await;
        assert!(audit.text.contains("updateVolunteerShift"), "{}", audit.text);
        for (more, why) in [(json!({ "capacity": 0 }), "BAD_CAPACITY"), (json!({ "place": " " }), "BAD_PLACE")] {
            assert_eq!(change(world, &id, more.clone()).await.refused(), why, "{more}");
        }
    }
}

both! {
    async fn a_project_is_changed(world: &World) {
        let id = project(world).await;
        let secretary = world.secretary();
        let team = secretary.run(CREATE_TEAM, json!({ "unitId": world.unit(Unit::B1), "name": "先锋队" })).await;
        let team = team.done()["team"]["id"].clone();
        let input = json!({ "id": id, "name": "清洁家园二期", "beneficiary": "社区居民", "teamId": team });
        assert_eq!(world.member_of_b1().run(UPDATE_PROJECT, input.clone()).await.error_code(), "FORBIDDEN");
        let changed = secretary.run(UPDATE_PROJECT, input).await.done()["project"].clone();
        assert_eq!((&changed["name"], &changed["beneficiary"], &changed["team"]["id"]), (&json!("清洁家园二期"), &json!("社区居民"), &team));
        assert_eq!(changed["description"], "每周一次", "what isn't named stays");
        let bare = json!({ "id": id, "description": "", "beneficiary": " ", "removeTeam": true });
        let bare = secretary.run(UPDATE_PROJECT, bare).await.done()["project"].clone();
        assert_eq!((&bare["description"], &bare["beneficiary"], &bare["team"]), (&Value::Null, &Value::Null, &Value::Null));
        secretary.run(END_TEAM, json!({ "id": team })).await.done();
        assert_eq!(secretary.run(UPDATE_PROJECT, json!({ "id": id, "teamId": team })).await.refused(), "ENDED");
        assert_eq!(secretary.run(UPDATE_PROJECT, json!({ "id": id, "name": " " })).await.refused(), "BAD_NAME");
        secretary.run(END_PROJECT, json!({ "id": id })).await.done();
        assert_eq!(secretary.run(UPDATE_PROJECT, json!({ "id": id, "name": "三期" })).await.refused(), "ENDED");
    }
}

both! {
    async fn a_change_and_a_check_in_at_once(world: &World) {
        let id = at_the_door(world).await;
        let qr = super::presence::qr(world, &id).await;
        world.member_of_b1().access().await;
        let later = json!({ "startsAt": rfc3339(begins() + Duration::hours(5)), "endsAt": rfc3339(begins() + Duration::hours(6)) });
        let member = world.member_of_b1();
        let (changed, came) = tokio::join!(change(world, &id, later), member.run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })));
        let seen = row(world, &id).await;
        if came.root_typename() == "CheckInAtShiftDone" {
            assert_eq!((changed.refused(), &seen["present"]), ("SOMEBODY_THERE", &json!(1)));
        } else {
            changed.done();
            assert_eq!((came.refused(), &seen["present"]), ("NOT_YET_OPEN", &json!(0)));
        }
    }
}
