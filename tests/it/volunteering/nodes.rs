//! Hours, teams, projects and shifts by their ids.

use super::{
    shifts::{join, sign_up_id},
    *,
};
use crate::both;

async fn sees(world: &World, who: Who, id: &Value) -> bool {
    let found = world.as_(who).gql(NODE, json!({ "id": id })).await;
    let node = found.data("/node");
    assert!(node.is_null() || node["id"] == *id, "{node}");
    !node.is_null()
}

both! {
    async fn an_entry_is_for_the_member_and_the_overseers(world: &World) {
        let entry = json!(reported(world, Who::Member, Unit::B3, 0, 60).await);
        for who in [Who::Member, Who::SecretaryOfB3, Who::Secretary, Who::Office, Who::Instructor] {
            assert!(sees(world, who, &entry).await, "{who:?}");
        }
        for who in [Who::Second, Who::SecretaryOfB2, Who::MemberOfB3, Who::Stranger, Who::ForeignSecretary, Who::ForeignMember] {
            assert!(!sees(world, who, &entry).await, "{who:?}");
        }
        assert_eq!(world.anonymous().gql(NODE, json!({ "id": entry })).await.error_code(), "UNAUTHENTICATED");
    }
}

both! {
    async fn teams_projects_and_shifts_are_for_the_tenant(world: &World) {
        let unit = world.unit(Unit::B1);
        let team = world.secretary().run(CREATE_TEAM, json!({ "unitId": unit, "name": "先锋队" })).await.done()["team"]["id"].clone();
        let project = json!({ "unitId": unit, "name": "清洁家园", "teamId": team });
        let project = world.secretary().run(CREATE_PROJECT, project).await.done()["project"]["id"].clone();
        let plan = json!({
            "projectId": project, "place": "曲水亭街", "capacity": 1,
            "startsAt": rfc3339(world.now() + Duration::hours(30)), "endsAt": rfc3339(world.now() + Duration::hours(32)),
        });
        let shift = world.secretary().run(CREATE_SHIFT, plan).await.done()["shift"]["id"].clone();
        for who in [Who::Stranger, Who::MemberOfB3] {
            assert!(sees(world, who, &team).await && sees(world, who, &project).await, "{who:?}");
            assert!(!sees(world, who, &shift).await, "a draft");
        }
        assert!(sees(world, Who::Deputy, &shift).await);
        world.secretary().run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
        assert!(sees(world, Who::Stranger, &shift).await);
        for id in [&team, &project, &shift] {
            assert!(!sees(world, Who::ForeignOffice, id).await);
        }
        let ids: Vec<_> = (0..25).flat_map(|_| [&team, &project, &shift]).collect();
        let all = world.member_of_b1().gql(NODES, json!({ "ids": ids })).await;
        assert!(all.list("/nodes").iter().all(|node| !node.is_null()));
        assert!(all.statements() <= 8, "{} statements", all.statements());
    }
}

both! {
    async fn a_sign_up_is_for_the_member_and_who_runs_the_shift(world: &World) {
        let founded = json!({ "unitId": world.unit(Unit::B1), "name": "先锋队", "captainId": world.member(Who::Probationary) });
        let team = world.secretary().run(CREATE_TEAM, founded).await.done()["team"]["id"].clone();
        let project = json!({ "unitId": world.unit(Unit::B1), "name": "清洁家园", "teamId": team });
        let project = world.secretary().run(CREATE_PROJECT, project).await.done()["project"]["id"].clone();
        let plan = json!({
            "projectId": project, "place": "曲水亭街", "capacity": 1,
            "startsAt": rfc3339(world.now() + Duration::hours(30)), "endsAt": rfc3339(world.now() + Duration::hours(32)),
        });
        let shift = world.secretary().run(CREATE_SHIFT, plan).await.done()["shift"]["id"].as_str().unwrap().to_owned();
        world.secretary().run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
        let first = sign_up_id(&join(world, Who::Second, &shift).await);
        let place = json!(sign_up_id(&join(world, Who::Member, &shift).await));
        world.as_(Who::Second).run(WITHDRAW_SIGN_UP, json!({ "id": first })).await.done();
        for who in [Who::Member, Who::Secretary, Who::Leader, Who::Office, Who::Probationary] {
            assert_eq!(sees(world, who, &place).await, who != Who::Leader, "{who:?}");
        }
        for who in [Who::Second, Who::Instructor, Who::SecretaryOfB2, Who::Stranger, Who::ForeignSecretary, Who::ForeignMember] {
            assert!(!sees(world, who, &place).await, "{who:?}");
        }
        world.settle().await;
        let told = crate::live::inbox::inbox(&world.member_of_b1()).await;
        assert_eq!((&told[0]["kind"], &told[0]["subject"]), (&json!("SHIFT_PROMOTED"), &json!({ "__typename": "SignUp", "id": place })));
        let ids = vec![place; 50];
        let all = world.secretary().gql(NODES, json!({ "ids": ids })).await;
        assert!(all.list("/nodes").iter().all(|node| !node.is_null()) && all.statements() <= 8, "{}", all.statements());
    }
}
