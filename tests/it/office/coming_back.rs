//! Who has left a roster comes back to one (R22).

use serde_json::json;

use super::import::{counts, upload};
use crate::{
    both,
    harness::{Reply, Unit, Who, World, document::*},
};

async fn leave(world: &World, by: Who, who: Who) {
    let change = json!({ "id": world.member(who), "leftOn": "2026-03-01", "reason": "转出" });
    world.as_(by).run(UPDATE_MEMBER, change).await.done();
}

async fn import(world: &World, rows: &str) -> Reply {
    let text = format!("姓名,手机,党支部,党员类别\n{rows}");
    upload(world, Who::Office, "名册.csv", text.into_bytes(), false).await
}

both! {
    async fn one_by_one(world: &World) {
        leave(world, Who::Office, Who::Second).await;
        let add = json!({ "name": "林党员", "phone": "13800000022", "status": "FULL", "homeUnitId": world.unit(Unit::B2) });
        let back = world.office().run(ADD_MEMBER, add.clone()).await;
        let member = &back.done()["partyMember"];
        assert_eq!(member["id"], json!(world.member(Who::Second)), "the same record");
        assert_eq!((&member["homeUnit"]["id"], &member["version"]), (&json!(world.unit(Unit::B2)), &json!(3)));
        let seen = world.office().gql(MEMBER, json!({ "id": world.member(Who::Second) })).await;
        assert!(seen.data("/node/leftOn").is_null());
        assert_eq!(world.office().run(ADD_MEMBER, add).await.refused(), "ALREADY_MEMBER");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": world.member(Who::Second), "first": 1 })).await;
        let entry = audit.data("/audit/edges/0/node");
        assert_eq!(entry["operation"], "addMember");
        assert_eq!(entry["before"]["left_on"], "2026-03-01");
        assert!(entry["after"]["left_on"].is_null(), "{}", audit.text);
        let change = json!({ "id": world.member(Who::Second), "education": "MASTER" });
        world.office().run(UPDATE_MEMBER, change).await.done();
    }
}

both! {
    async fn by_a_roster(world: &World) {
        leave(world, Who::Office, Who::Second).await;
        leave(world, Who::OfficeOfS2, Who::MemberOfB3).await;
        let rows = "林党员,13800000022,B1,正式党员\n许党员,13800000042,B2,正式党员\n新党员,13933330001,B2,正式党员\n";
        let first = import(world, rows).await;
        assert_eq!(counts(&first), (1, 0, 0, 0), "{}", first.text);
        assert_eq!((&first.done()["returningCount"], &first.done()["written"]), (&json!(2), &json!(true)));
        let again = import(world, rows).await;
        assert_eq!((counts(&again), &again.done()["returningCount"]), ((0, 0, 3, 0), &json!(0)));
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": world.member(Who::MemberOfB3), "first": 1 })).await;
        let entry = audit.data("/audit/edges/0/node");
        assert_eq!((&entry["operation"], &entry["before"]["left_on"]), (&json!("importMembers"), &json!("2026-03-01")));
        let roster = world.office().gql(ROSTER, json!({ "unitId": world.unit(Unit::B2), "first": 50 })).await;
        assert!(roster.text.contains(&world.member(Who::MemberOfB3)), "into a branch of another street");
    }
}

both! {
    async fn a_number_stays_with_its_owner(world: &World) {
        leave(world, Who::Office, Who::Second).await;
        for row in ["陈党员,13800000051,B1,正式党员\n", "陈党员,13800000022,B1,正式党员\n", "新党员,13800000022,B1,正式党员\n"] {
            let reply = import(world, row).await;
            assert_eq!(reply.done()["issues"][0]["code"], "PHONE_OF_ANOTHER", "{row}: {}", reply.text);
        }
        let add = json!({ "name": "别人", "phone": "13800000022", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        assert_eq!(world.secretary().run(ADD_MEMBER, add).await.refused(), "PHONE_TAKEN");
    }
}

both! {
    async fn imports_at_once_enter_everybody_once(world: &World) {
        world.office().access().await;
        leave(world, Who::Office, Who::Second).await;
        let mut rows = "林党员,13800000022,B1,正式党员\n陈党员,13955559999,B1,正式党员\n".to_owned();
        for n in 0..300 {
            rows.push_str(&format!("人{},1395555{n:04},B2,正式党员\n", char::from_u32(0x4E00 + n).unwrap()));
        }
        let one_more = json!({ "name": "人一", "phone": "13955550000", "status": "FULL", "homeUnitId": world.unit(Unit::B2) });
        let adding = world.office();
        let (replies, added) = futures_util::future::join(
            futures_util::future::join_all((0..4).map(|_| import(world, &rows))),
            adding.run(ADD_MEMBER, one_more),
        ).await;
        assert!(added.error().is_none(), "{}", added.text);
        for reply in &replies {
            assert!(reply.error().is_none(), "{}", reply.text);
        }
        let new: i64 = replies.iter().filter_map(|r| r.body.pointer("/data/importMembers/newCount")?.as_i64()).sum();
        let written = replies.iter().filter(|r| r.body.pointer("/data/importMembers/written") == Some(&json!(true))).count();
        assert!((299..=300).contains(&new) && written == 1, "{new} {written}");
    }
}
