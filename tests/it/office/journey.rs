//! An office worker's morning: a new branch, its people, its secretary, its first Party day.

use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, World,
        actor::{Tokens, sign_in},
        document::*,
    },
};

both! {
    async fn from_a_new_branch_to_its_first_check_in(world: &World) {
        let office = world.office();
        let branch = json!({ "parentId": world.unit(Unit::General), "kind": "JOINT_BRANCH", "name": "商户联合党支部", "domain": "ENTERPRISE" });
        let branch = office.run(CREATE_UNIT, branch).await.done()["orgUnit"]["id"].clone();
        let mut members = Vec::new();
        for (name, phone) in [("甲书记", "13922220001"), ("乙党员", "13922220002"), ("丙党员", "13922220003")] {
            let input = json!({ "name": name, "phone": phone, "status": "FULL", "homeUnitId": branch });
            members.push(office.run(ADD_MEMBER, input).await.done()["partyMember"]["id"].clone());
        }
        let post = json!({ "phone": "13922220001", "name": "甲书记", "unitId": branch, "kind": "SECRETARY" });
        office.run(APPOINT, post).await.done();
        let mut people = Vec::new();
        for (member, phone) in members.iter().zip(["13922220001", "13922220002"]) {
            let issued = office.run(ISSUE_PASSWORD, json!({ "memberId": member })).await;
            let initial = issued.done()["password"].as_str().unwrap().to_owned();
            let entered = Tokens::of(&sign_in(world, phone, "370100", &initial).await.done()["tokens"]);
            let change = json!({ "currentPassword": initial, "newPassword": "Brücke-7-Segel" });
            let changed = world.bearer(&entered.access).run(CHANGE_PASSWORD, change).await;
            people.push(Tokens::of(&changed.done()["tokens"]).access);
        }
        let (secretary, member) = (world.bearer(&people[0]), world.bearer(&people[1]));
        let soon = json!({
            "hostUnitId": branch, "kind": "THEME_PARTY_DAY", "title": "第一次党日",
            "startsAt": crate::harness::clock::rfc3339(world.now() + chrono::Duration::minutes(5)),
            "endsAt": crate::harness::clock::rfc3339(world.now() + chrono::Duration::minutes(65)),
        });
        let planned = secretary.run(CREATE_ACTIVITY, soon).await;
        assert_eq!(planned.done()["activity"]["tally"]["expected"], 3);
        let id = planned.done()["activity"]["id"].clone();
        secretary.run(PUBLISH, json!({ "id": id })).await.done();
        let code = secretary.gql(CODE, json!({ "id": id })).await.data("/checkInCode/qr").clone();
        member.run(CHECK_IN, json!({ "qr": code })).await.done();
        secretary.run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": [members[2]] })).await.done();
        let seen = office.gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::S1), "deep": true })).await;
        assert_eq!(seen.int("/activities/edges/0/node/tally/present"), 2);
        assert_eq!(seen.data("/activities/edges/0/node/tally/quorumMet"), &json!(true));
    }
}
