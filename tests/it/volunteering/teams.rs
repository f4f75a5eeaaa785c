//! Who is in a team, and what its captain may do.

use super::{
    presence::{begins, hours, leave},
    *,
};
use crate::both;

/// B1's team, with the leader of B1's group as its captain.
async fn team(world: &World) -> String {
    let founded =
        json!({ "unitId": world.unit(Unit::B1), "name": "先锋队", "captainId": world.member(Who::Leader) });
    let team = world.secretary().run(CREATE_TEAM, founded).await;
    team.done()["team"]["id"].as_str().unwrap().to_owned()
}

async fn names(world: &World, who: Who, team: &str) -> Vec<String> {
    let page = world.as_(who).gql(TEAM_MEMBERS, json!({ "id": team })).await;
    let edges = page.list("/volunteerTeamMembers/edges").iter();
    edges.map(|e| e["node"]["account"]["name"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn members_join_and_leave_and_are_added_and_removed(world: &World) {
        let team = team(world).await;
        let step = json!({ "teamId": team });
        for _ in 0..2 {
            let joined = world.member_of_b1().run(JOIN_TEAM, step.clone()).await;
            assert_eq!((&joined.done()["team"]["memberCount"], &joined.done()["team"]["joined"]), (&json!(2), &json!(true)));
        }
        assert_eq!(world.as_(Who::Stranger).run(JOIN_TEAM, step.clone()).await.refused(), "NOT_A_MEMBER");
        assert_eq!(world.as_(Who::ForeignMember).run(JOIN_TEAM, step.clone()).await.error_code(), "NOT_FOUND");
        let add = json!({ "teamId": team, "memberIds": [world.member(Who::Elder), world.member(Who::MemberOfB3)] });
        assert_eq!(world.member_of_b1().run(ADD_TEAM_MEMBERS, add.clone()).await.error_code(), "FORBIDDEN");
        let added = world.leader().run(ADD_TEAM_MEMBERS, add).await;
        assert_eq!(added.done()["team"]["memberCount"], 4, "the captain takes members in");
        assert_eq!(names(world, Who::Member, &team).await, ["孙组长", "陈党员", "冯老", "许党员"]);
        let page = world.leader().gql(TEAM_MEMBERS, json!({ "id": team })).await;
        assert_eq!(page.str("/volunteerTeamMembers/edges/2/node/addedBy/name"), "孙组长");
        assert_eq!(world.as_(Who::Second).gql(TEAM_MEMBERS, json!({ "id": team })).await.error_code(), "FORBIDDEN");
        assert_eq!(world.as_(Who::ForeignSecretary).gql(TEAM_MEMBERS, json!({ "id": team })).await.error_code(), "NOT_FOUND");
        // Nobody is kept, whoever has added them.
        let left = world.as_(Who::MemberOfB3).run(LEAVE_TEAM, step.clone()).await;
        assert_eq!(left.done()["team"]["joined"], false);
        assert_eq!(world.as_(Who::MemberOfB3).run(LEAVE_TEAM, step.clone()).await.refused(), "NOT_IN_TEAM");
        let remove = json!({ "teamId": team, "memberId": world.member(Who::Elder) });
        world.secretary().run(REMOVE_TEAM_MEMBER, remove.clone()).await.done();
        assert_eq!(world.secretary().run(REMOVE_TEAM_MEMBER, remove).await.refused(), "NOT_IN_TEAM");
        assert_eq!(world.leader().run(LEAVE_TEAM, step.clone()).await.refused(), "IS_CAPTAIN");
        world.as_(Who::MemberOfB3).run(JOIN_TEAM, step.clone()).await.done();
        assert_eq!(names(world, Who::Instructor, &team).await, ["孙组长", "陈党员", "许党员"]);
        world.secretary().run(END_TEAM, json!({ "id": team })).await.done();
        assert_eq!(world.as_(Who::Second).run(JOIN_TEAM, step.clone()).await.refused(), "ENDED");
        world.leader().run(LEAVE_TEAM, step).await.done();
        let audit = world.auditor().gql(AUDIT, json!({ "first": 50 })).await;
        for operation in ["joinVolunteerTeam", "addVolunteerTeamMembers", "removeVolunteerTeamMember", "leaveVolunteerTeam"] {
            assert!(audit.text.contains(operation), "{operation}");
        }
    }
}

both! {
    async fn another_captain_is_named(world: &World) {
        let team = team(world).await;
        let named = json!({ "id": team, "name": "先锋一队", "captainId": world.member(Who::Member) });
        assert_eq!(world.leader().run(UPDATE_TEAM, named.clone()).await.error_code(), "FORBIDDEN");
        let changed = world.secretary().run(UPDATE_TEAM, named).await.done()["team"].clone();
        assert_eq!((&changed["name"], &changed["captainName"], &changed["memberCount"]), (&json!("先锋一队"), &json!("陈党员"), &json!(2)));
        world.leader().run(LEAVE_TEAM, json!({ "teamId": team })).await.done();
        let add = json!({ "teamId": team, "memberIds": [world.member(Who::Elder)] });
        assert_eq!(world.leader().run(ADD_TEAM_MEMBERS, add.clone()).await.error_code(), "FORBIDDEN", "no longer the captain");
        world.member_of_b1().run(ADD_TEAM_MEMBERS, add).await.done();
        let stranger = json!({ "id": team, "captainId": world.member(Who::MemberOfB3) });
        assert_eq!(world.secretary().run(UPDATE_TEAM, stranger).await.refused(), "NOT_A_MEMBER");
        let nobody = world.secretary().run(UPDATE_TEAM, json!({ "id": team, "removeCaptain": true })).await;
        assert_eq!(nobody.done()["team"]["captainName"], Value::Null);
        world.member_of_b1().run(LEAVE_TEAM, json!({ "teamId": team })).await.done();
        world.secretary().run(END_TEAM, json!({ "id": team })).await.done();
        assert_eq!(world.secretary().run(UPDATE_TEAM, json!({ "id": team, "name": "二队" })).await.refused(), "ENDED");
    }
}

both! {
    async fn of_two_who_join_at_once_each_is_in_it_once(world: &World) {
        let team = team(world).await;
        let member = world.member_of_b1();
        member.access().await;
        let step = json!({ "teamId": team });
        let (one, two) = tokio::join!(member.run(JOIN_TEAM, step.clone()), member.run(JOIN_TEAM, step.clone()));
        one.done();
        two.done();
        assert_eq!(names(world, Who::Secretary, &team).await, ["孙组长", "陈党员"]);
    }
}

both! {
    async fn a_captain_finds_the_hours_to_verify_in_one_list(world: &World) {
        let team = team(world).await;
        let secretary = world.secretary();
        let begun = json!({ "unitId": world.unit(Unit::B1), "teamId": team, "name": "清洁家园" });
        let project = secretary.run(CREATE_PROJECT, begun).await.done()["project"]["id"].clone();
        let planned = secretary.run(CREATE_SHIFT, json!({
            "projectId": project, "place": "曲水亭街", "capacity": 50,
            "startsAt": rfc3339(begins()), "endsAt": rfc3339(begins() + Duration::hours(2)),
        })).await;
        let id = planned.done()["shift"]["id"].as_str().unwrap().to_owned();
        secretary.run(PUBLISH_SHIFT, json!({ "id": id })).await.done();
        world.set_clock(begins());
        let crowd = world.crowd(Unit::B1, 30).await;
        let members: Vec<_> = crowd.iter().map(|(_, member)| member.clone()).collect();
        let leader = world.leader();
        let entered = json!({ "shiftId": id, "memberIds": members, "reason": "没有智能手机" });
        let came = leader.run(CHECK_IN_VOLUNTEERS, entered.clone()).await;
        assert_eq!(came.done()["results"].as_array().unwrap().iter().filter(|r| r["code"].is_null()).count(), 30);
        let qr = leader.gql(SHIFT_CODE, json!({ "id": id })).await.str("/shiftCode/qr");
        world.member_of_b1().run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })).await.done();
        world.set_clock(begins() + Duration::hours(1));
        let own = hours(&leave(world, Who::Member, &id).await)["id"].clone();
        leader.run(CHECK_OUT_VOLUNTEERS, entered).await.done();
        let page = async |first: i32| leader.gql(TEAM_HOURS, json!({ "id": team, "first": first })).await;
        let all = page(40).await;
        let edges = all.list("/volunteerTeamHours/edges");
        assert_eq!((edges.len(), &edges[30]["node"]["id"]), (31, &own), "those with hints come first");
        page(5).await;
        let (few, many) = (page(5).await.statements(), page(31).await.statements());
        assert!(few == many && many <= 12, "{few} for five, {many} for thirty");
        let row = async |id: &str| leader.gql(SHIFT_PRESENCE, json!({ "id": id })).await.statements();
        row(&id).await;
        assert!(row(&id).await <= 12, "{} for a row of thirty", row(&id).await);
        assert_eq!(world.member_of_b1().gql(TEAM_HOURS, json!({ "id": team })).await.error_code(), "FORBIDDEN");
        let reviewed = leader.run(REVIEW_HOURS, json!({ "reviews": [{ "id": own }] })).await;
        assert_eq!(reviewed.done()["results"][0]["entry"]["state"], "IN_PUBLICITY");
        assert_eq!(page(40).await.list("/volunteerTeamHours/edges").len(), 30);
    }
}

/// A published shift of a team's project, on Tuesday afternoon.
async fn shift_of(world: &World, team: &Value) -> (Value, Value) {
    let secretary = world.secretary();
    let begun = json!({ "unitId": world.unit(Unit::B1), "teamId": team, "name": "清洁家园" });
    let project = secretary.run(CREATE_PROJECT, begun).await.done()["project"]["id"].clone();
    let planned = json!({
        "projectId": project, "place": "曲水亭街", "capacity": 5,
        "startsAt": rfc3339(begins()), "endsAt": rfc3339(begins() + Duration::hours(2)),
    });
    let shift = secretary.run(CREATE_SHIFT, planned).await.done()["shift"]["id"].clone();
    secretary.run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
    (project, shift)
}

both! {
    async fn a_captain_runs_the_teams_shifts_and_no_more(world: &World) {
        // A member without any post.
        let captain = world.as_(Who::Probationary);
        let found = |name: &str, captain: Value| json!({ "unitId": world.unit(Unit::B1), "name": name, "captainId": captain });
        let own = found("先锋队", json!(world.member(Who::Probationary)));
        let team = world.secretary().run(CREATE_TEAM, own).await.done()["team"]["id"].clone();
        let (project, shift) = shift_of(world, &team).await;
        let other = world.secretary().run(CREATE_TEAM, found("二队", Value::Null)).await.done()["team"]["id"].clone();
        let (_, others) = shift_of(world, &other).await;
        // What is planned is the organizers' affair.
        let plan = json!({ "projectId": project, "place": "曲水亭街", "capacity": 5,
            "startsAt": rfc3339(begins()), "endsAt": rfc3339(begins() + Duration::hours(2)) });
        for (mutation, input) in [
            (CREATE_SHIFT, plan),
            (UPDATE_SHIFT, json!({ "id": shift, "capacity": 9 })),
            (CANCEL_SHIFT, json!({ "id": shift, "reason": "下雨" })),
            (CREATE_PROJECT, json!({ "unitId": world.unit(Unit::B1), "teamId": team, "name": "护学岗" })),
            (UPDATE_PROJECT, json!({ "id": project, "name": "护学岗" })),
            (END_PROJECT, json!({ "id": project })),
            (CREATE_TEAM, found("三队", Value::Null)),
            (UPDATE_TEAM, json!({ "id": team, "name": "一队" })),
            (END_TEAM, json!({ "id": team })),
            (ADD_TEAM_MEMBERS, json!({ "teamId": other, "memberIds": [world.member(Who::Elder)] })),
        ] {
            assert_eq!(captain.run(mutation, input.clone()).await.error_code(), "FORBIDDEN", "{mutation} {input}");
        }
        captain.run(ADD_TEAM_MEMBERS, json!({ "teamId": team, "memberIds": [world.member(Who::Elder), world.member(Who::Second)] })).await.done();
        captain.run(REMOVE_TEAM_MEMBER, json!({ "teamId": team, "memberId": world.member(Who::Second) })).await.done();
        world.set_clock(begins());
        let enter = |shift: &Value, who: &[Who]| {
            let members: Vec<_> = who.iter().map(|who| world.member(*who)).collect();
            json!({ "shiftId": shift, "memberIds": members, "reason": "没有智能手机" })
        };
        let count = |shift: &Value| json!({ "shiftId": shift, "beneficiaries": 12 });
        // Another team's shift isn't theirs.
        assert_eq!(captain.gql(SHIFT_CODE, json!({ "id": others })).await.error_code(), "FORBIDDEN");
        assert_eq!(captain.run(CHECK_IN_VOLUNTEERS, enter(&others, &[Who::Elder])).await.error_code(), "FORBIDDEN");
        assert_eq!(captain.run(COUNT_HEADS, count(&others)).await.error_code(), "FORBIDDEN");
        assert_eq!(captain.gql(TEAM_HOURS, json!({ "id": other })).await.error_code(), "FORBIDDEN");
        captain.run(COUNT_HEADS, count(&shift)).await.done();
        let qr = captain.gql(SHIFT_CODE, json!({ "id": shift })).await.str("/shiftCode/qr");
        captain.run(CHECK_IN_AT_SHIFT, json!({ "qr": qr })).await.done();
        let came = captain.run(CHECK_IN_VOLUNTEERS, enter(&shift, &[Who::Elder, Who::Probationary])).await;
        let codes: Vec<_> = came.done()["results"].as_array().unwrap().iter().map(|r| r["code"].clone()).collect();
        assert_eq!(codes, [Value::Null, json!("OWN_PRESENCE")], "nobody enters themselves");
        world.set_clock(begins() + Duration::hours(1));
        let own_hours = hours(&leave(world, Who::Probationary, shift.as_str().unwrap()).await)["id"].clone();
        let out = captain.run(CHECK_OUT_VOLUNTEERS, enter(&shift, &[Who::Elder])).await;
        let elders = out.done()["results"][0]["signUp"]["serviceHours"]["id"].clone();
        let reported = reported(world, Who::Second, Unit::B1, 0, 60).await;
        // The hours of the team's shifts, but not the captain's own, and nothing else of the unit's.
        let review = async |id: &Value| captain.run(REVIEW_HOURS, json!({ "reviews": [{ "id": id }] })).await;
        assert_eq!(review(&elders).await.done()["results"][0]["entry"]["state"], "IN_PUBLICITY");
        assert_eq!(review(&own_hours).await.done()["results"][0]["code"], "OWN_ENTRY");
        assert_eq!(review(&json!(reported)).await.error_code(), "NOT_FOUND");
        world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": own_hours }] })).await.done();
        world.pass(Duration::days(8));
        world.settle().await;
        let reverse = async |id: &Value| captain.run(REVERSE_HOURS, json!({ "id": id, "reason": "误报" })).await;
        assert_eq!(reverse(&own_hours).await.error_code(), "FORBIDDEN", "what counts is the organizers' affair");
        assert_eq!(reverse(&elders).await.error_code(), "NOT_FOUND");
        assert_eq!(captain.gql(ROSTER, json!({ "unitId": world.unit(Unit::B1) })).await.error_code(), "NOT_FOUND");
        // With the team ends the office.
        world.secretary().run(END_TEAM, json!({ "id": team })).await.done();
        assert_eq!(captain.gql(SHIFT_CODE, json!({ "id": shift })).await.error_code(), "FORBIDDEN");
        assert_eq!(captain.gql(TEAM_HOURS, json!({ "id": team })).await.error_code(), "FORBIDDEN");
    }
}
