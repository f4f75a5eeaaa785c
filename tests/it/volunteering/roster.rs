//! Whoever runs a shift enters those without a smart-phone; the team's captain is one of them.

use super::{
    presence::{at_the_door, at_the_door_with, begins, come, hours, leave, row},
    *,
};
use crate::both;

fn entered(reply: &Reply) -> Vec<Value> {
    reply.done()["results"].as_array().unwrap().clone()
}

async fn enter(world: &World, who: Who, document: &str, id: &str, member: Who, more: Value) -> Reply {
    let input = json!({ "shiftId": id, "memberIds": [world.member(member)], "reason": "没有智能手机" });
    world.as_(who).run(document, with(input, more)).await
}

both! {
    async fn those_without_a_phone_are_entered_by_name_and_with_a_reason(world: &World) {
        let id = at_the_door_with(world, json!({ "capacity": 3 })).await;
        world.set_clock(begins() + Duration::minutes(20));
        let both = json!({ "memberIds": [world.member(Who::Elder), world.member(Who::Secretary), world.member(Who::Member)],
            "at": rfc3339(begins() + Duration::minutes(5)) });
        let came = enter(world, Who::Secretary, CHECK_IN_VOLUNTEERS, &id, Who::Elder, both).await;
        let came = entered(&came);
        assert_eq!(came[0]["signUp"]["checkedInBy"]["name"], "王书记");
        assert_eq!((&came[0]["signUp"]["checkInMethod"], &came[0]["signUp"]["checkInReason"]), (&json!("ROSTER"), &json!("没有智能手机")));
        assert_eq!(came[1]["code"], "OWN_PRESENCE", "one refusal holds up no other");
        assert_eq!(came[2]["code"], Value::Null);
        let future = json!({ "at": rfc3339(world.now() + Duration::minutes(1)) });
        let cases = [
            (json!({ "reason": " " }), "BAD_REASON"),
            (future, "BAD_TIME"),
            (json!({ "at": rfc3339(begins() - Duration::minutes(31)) }), "BAD_TIME"),
        ];
        for (more, why) in cases {
            let reply = enter(world, Who::Secretary, CHECK_IN_VOLUNTEERS, &id, Who::Second, more.clone()).await;
            assert_eq!(entered(&reply)[0]["code"], why, "{more}");
        }
        for (who, why) in [(Who::Second, "FORBIDDEN"), (Who::Instructor, "FORBIDDEN"), (Who::SecretaryOfB3, "FORBIDDEN"), (Who::ForeignSecretary, "NOT_FOUND")] {
            let reply = enter(world, who, CHECK_IN_VOLUNTEERS, &id, Who::Second, json!({})).await;
            assert_eq!(reply.error_code(), why, "{who:?}");
        }
        world.set_clock(begins() + Duration::hours(2) + Duration::minutes(30));
        let left = enter(world, Who::Deputy, CHECK_OUT_VOLUNTEERS, &id, Who::Elder, json!({ "at": rfc3339(begins() + Duration::minutes(65)) })).await;
        let left = entered(&left).remove(0);
        assert_eq!(left["signUp"]["checkedOutBy"]["name"], "李副书记");
        assert_eq!((&left["signUp"]["serviceHours"]["minutes"], &left["signUp"]["serviceHours"]["flags"]), (&json!(60), &json!(["ON_BEHALF"])));
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": came[0]["signUp"]["id"], "first": 5 })).await;
        assert!(audit.text.contains("checkInVolunteers") && audit.text.contains("RUN_SHIFT"), "{}", audit.text);
    }
}

both! {
    async fn a_forgotten_check_out_is_set_right_until_it_is_reviewed(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::days(1));
        world.settle().await;
        let right = async |minutes: i64| left_at(world, &id, minutes).await;
        let entry = right(100).await["signUp"]["serviceHours"].clone();
        assert_eq!((&entry["minutes"], &entry["flags"]), (&json!(100), &json!(["ON_BEHALF"])));
        let corrected = right(110).await["signUp"]["serviceHours"].clone();
        assert_eq!((&corrected["minutes"], &corrected["id"]), (&json!(110), &entry["id"]), "a wrong time isn't for ever");
        review(world, Who::Secretary, json!({ "id": entry["id"] })).await;
        assert_eq!(right(120).await["code"], "HOURS_REVIEWED", "what isn't done is no success");
        let repeated = right(110).await;
        assert_eq!((&repeated["code"], &repeated["signUp"]["serviceHours"]["minutes"]), (&Value::Null, &json!(110)));
    }
}

/// The secretary says when Member left; what became of it.
async fn left_at(world: &World, id: &str, minutes: i64) -> Value {
    let at = json!({ "at": rfc3339(begins() + Duration::minutes(minutes)), "reason": "时间有误" });
    entered(&enter(world, Who::Secretary, CHECK_OUT_VOLUNTEERS, id, Who::Member, at).await).remove(0)
}

both! {
    async fn nobody_checks_out_before_the_start(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() - Duration::seconds(3));
        assert_eq!(leave(world, Who::Member, &id).await.refused(), "NOT_STARTED");
        assert_eq!(row(world, &id).await["present"], 1, "nothing is lost");
        world.set_clock(begins() + Duration::minutes(90));
        assert_eq!(hours(&leave(world, Who::Member, &id).await)["minutes"], 90);
    }
}

both! {
    async fn presence_is_corrected_with_the_hours_that_it_comes_to(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::minutes(30));
        let entry = hours(&leave(world, Who::Member, &id).await);
        world.set_clock(begins() + Duration::minutes(100));
        let no_time = enter(world, Who::Secretary, CHECK_OUT_VOLUNTEERS, &id, Who::Member, json!({})).await;
        assert_eq!(entered(&no_time)[0]["code"], "ALREADY_CHECKED_OUT");
        let seen = left_at(world, &id, 90).await["signUp"].clone();
        assert_eq!((&seen["serviceHours"]["id"], &seen["serviceHours"]["minutes"]), (&entry["id"], &json!(90)));
        assert_eq!((&seen["checkOutMethod"], &seen["checkedOutBy"]["name"]), (&json!("ROSTER"), &json!("王书记")));
        // When they came is corrected alike.
        let later = json!({ "at": rfc3339(begins() + Duration::minutes(20)), "reason": "实际到场时间" });
        let came = enter(world, Who::Secretary, CHECK_IN_VOLUNTEERS, &id, Who::Member, later).await;
        let seen = entered(&came).remove(0)["signUp"].clone();
        assert_eq!((&seen["serviceHours"]["id"], &seen["serviceHours"]["minutes"]), (&entry["id"], &json!(70)));
        // Nothing is left of it, and then it was right after all.
        assert_eq!(left_at(world, &id, 20).await["signUp"]["serviceHours"], Value::Null);
        assert_eq!(left_at(world, &id, 80).await["signUp"]["serviceHours"]["minutes"], 60);
        let said = messages(world, Who::Member).await;
        assert!(said.iter().any(|body| body.contains("30分钟改为90分钟") && body.contains("时间有误")), "{said:?}");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": seen["id"], "first": 5 })).await;
        assert!(audit.text.contains("checkOutVolunteers"), "{}", audit.text);
    }
}

both! {
    async fn returned_hours_of_a_shift_are_put_right_by_who_keeps_the_roster(world: &World) {
        let id = at_the_door(world).await;
        come(world, Who::Member, &id).await.done();
        world.set_clock(begins() + Duration::minutes(30));
        let entry = hours(&leave(world, Who::Member, &id).await);
        let back = json!({ "id": entry["id"], "returned": true, "reason": "离开时间不符" });
        assert_eq!(review(world, Who::Secretary, back).await["entry"]["state"], "RETURNED");
        let own = json!({ "id": entry["id"], "service": service(0, 60) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, own).await.refused(), "FROM_SHIFT");
        let right = left_at(world, &id, 25).await["signUp"]["serviceHours"].clone();
        assert_eq!((&right["id"], &right["state"]), (&entry["id"], &json!("REPORTED")));
        assert_eq!((&right["origin"], &right["minutes"]), (&json!("SHIFT"), &json!(25)));
        assert_eq!(review(world, Who::Secretary, json!({ "id": entry["id"] })).await["entry"]["state"], "IN_PUBLICITY");
    }
}

/// A shift of a team whose captain is the leader of B1's group, and no organizer of B1.
async fn of_a_team(world: &World) -> (String, Value) {
    let unit = world.unit(Unit::B1);
    let secretary = world.secretary();
    let founded = json!({ "unitId": unit, "name": "先锋队", "captainId": world.member(Who::Leader) });
    let team = secretary.run(CREATE_TEAM, founded).await.done()["team"]["id"].clone();
    let begun = json!({ "unitId": unit, "teamId": team, "name": "清洁家园", "beneficiary": "社区居民" });
    let project = secretary.run(CREATE_PROJECT, begun).await.done()["project"]["id"].clone();
    let planned = secretary
        .run(
            CREATE_SHIFT,
            json!({
                "projectId": project, "place": "曲水亭街", "capacity": 2,
                "startsAt": rfc3339(begins()), "endsAt": rfc3339(begins() + Duration::hours(2)),
            }),
        )
        .await;
    let id = planned.done()["shift"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        world.leader().gql(SHIFT_CODE, json!({ "id": id })).await.error(),
        None,
        "the captain sees the draft's code"
    );
    secretary.run(PUBLISH_SHIFT, json!({ "id": id })).await.done();
    (id, team)
}

both! {
    async fn a_captain_runs_the_teams_shifts_and_verifies_their_hours(world: &World) {
        let (id, team) = of_a_team(world).await;
        world.set_clock(begins());
        let leader = world.leader();
        let qr = leader.gql(SHIFT_CODE, json!({ "id": id })).await.str("/shiftCode/qr");
        world.member_of_b1().run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })).await.done();
        enter(world, Who::Leader, CHECK_IN_VOLUNTEERS, &id, Who::Elder, json!({})).await.done();
        leader.run(COUNT_HEADS, json!({ "shiftId": id, "beneficiaries": 12 })).await.done();
        assert_eq!(leader.run(CANCEL_SHIFT, json!({ "id": id, "reason": "暴雨" })).await.error_code(), "FORBIDDEN");
        world.set_clock(begins() + Duration::hours(1));
        let entry = hours(&leave(world, Who::Member, &id).await);
        assert_eq!(entry["beneficiary"], "社区居民");
        let seen = leader.gql(SHIFT_PRESENCE, json!({ "id": id })).await;
        assert_eq!(seen.str("/node/signUps/0/serviceHours/id"), entry["id"]);
        // Hours that don't come from the team's shifts aren't the captain's to verify.
        let own = reported(world, Who::Second, Unit::B1, 0, 60).await;
        let reviews = async |id: &Value| leader.run(REVIEW_HOURS, json!({ "reviews": [{ "id": id }] })).await;
        assert_eq!(reviews(&json!(own)).await.error_code(), "NOT_FOUND");
        assert_eq!(reviews(&entry["id"]).await.done()["results"][0]["entry"]["state"], "IN_PUBLICITY");
        world.secretary().run(END_TEAM, json!({ "id": team })).await.done();
        assert_eq!(leader.gql(SHIFT_CODE, json!({ "id": id })).await.error_code(), "FORBIDDEN", "of a team that is no more");
        assert_eq!(row(world, &id).await["present"], 1);
    }
}
