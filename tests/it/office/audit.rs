//! The audit: who did what, with which token, in which request.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, Who, World, document::*},
};

both! {
    async fn every_write_stands_there(world: &World) {
        let change = json!({ "id": world.member(Who::Member), "education": "DOCTOR", "reason": "补录" });
        let changed = world.secretary().run(UPDATE_MEMBER, change).await;
        changed.done();
        let request = changed.headers["x-request-id"].to_str().unwrap().to_owned();
        let found = world.auditor().gql(AUDIT, json!({ "subjectId": world.member(Who::Member), "first": 5 })).await;
        let entry = found.data("/audit/edges/0/node").clone();
        assert_eq!(entry["operation"], "updateMember");
        assert_eq!(entry["action"], "MANAGE_MEMBER");
        assert_eq!(entry["actor"]["name"], "王书记");
        assert_eq!(entry["requestId"], json!(request));
        assert_eq!(entry["reason"], "补录");
        assert_eq!((&entry["before"]["education"], &entry["after"]["education"]), (&json!("BACHELOR"), &json!("DOCTOR")));
        assert_eq!(entry["after"]["phone"], "138****0021", "masked");
    }
}

both! {
    async fn it_is_read_by_page_newest_first(world: &World) {
        for n in 0..7 {
            world.pass(chrono::Duration::seconds(1));
            let change = json!({ "id": world.unit(Unit::B2), "name": format!("第{n}个名字") });
            world.office().run(UPDATE_UNIT, change).await.done();
        }
        let mut after = Value::Null;
        let mut names = Vec::new();
        loop {
            let ask = json!({ "first": 3, "after": after, "subjectId": world.unit(Unit::B2) });
            let page = world.auditor().gql(AUDIT, ask).await;
            let new = page.list("/audit/edges").iter().filter_map(|e| e["node"]["after"]["name"].as_str().map(str::to_owned));
            names.extend(new);
            if page.data("/audit/pageInfo/hasNextPage") == false {
                break;
            }
            after = page.data("/audit/pageInfo/endCursor").clone();
        }
        assert_eq!(names, (0..7).rev().map(|n| format!("第{n}个名字")).collect::<Vec<_>>());
        let by = json!({ "actorId": world.account(Who::Office), "first": 50 });
        let by = world.auditor().gql(AUDIT, by).await;
        assert!(by.list("/audit/edges").iter().all(|e| e["node"]["actor"]["name"] == "党建办甲"));
    }
}

both! {
    async fn what_a_refusal_leaves_behind_is_nothing(world: &World) {
        let before = world.auditor().gql(AUDIT, json!({ "first": 100 })).await.list("/audit/edges").len();
        let bad = json!({ "id": world.unit(Unit::B2), "name": "" });
        world.office().run(UPDATE_UNIT, bad).await.refused();
        world.member_of_b1().run(UPDATE_UNIT, json!({ "id": world.unit(Unit::B2), "name": "占" })).await.error_code();
        let after = world.auditor().gql(AUDIT, json!({ "first": 100 })).await;
        let writes = after.list("/audit/edges").iter().filter(|e| e["node"]["operation"] == "updateOrgUnit").count();
        assert_eq!(writes, 0, "{before}");
    }
}

both! {
    async fn what_was_replaced_stands_there(world: &World) {
        let administrator = world.administrator();
        for value in [20, 30] {
            world.pass(chrono::Duration::seconds(1));
            let rule = json!({ "key": "LATE_AFTER_MINUTES", "value": value, "source": "区委〔2026〕3号" });
            administrator.run(SET_RULE, rule).await.done();
            let label = json!({ "kind": "PARTY_GROUP", "label": format!("小组{value}") });
            administrator.run(SET_LABEL, label).await.done();
            let template = json!({ "unitId": world.unit(Unit::B1), "titles": [format!("内容{value}")] });
            world.secretary().run(SET_TEMPLATE, template).await.done();
        }
        let audit = world.auditor().gql(AUDIT, json!({ "first": 50 })).await;
        let of = |operation: &str| {
            let entries = audit.list("/audit/edges").iter().map(|e| &e["node"]);
            entries.filter(|e| e["operation"] == operation).map(|e| (e["before"].clone(), e["after"].clone())).collect::<Vec<_>>()
        };
        let rules = of("setRule");
        assert_eq!((&rules[0].0["value"], &rules[0].1["value"]), (&json!(20), &json!(30)), "{}", audit.text);
        assert!(rules[1].0.is_null());
        let labels = of("setLevelLabel");
        let label = |label: Value| json!({ "kind": "PARTY_GROUP", "label": label });
        assert_eq!(labels[0], (label(json!("小组20")), label(json!("小组30"))));
        assert_eq!(labels[1], (label(Value::Null), label(json!("小组20"))));
        assert_eq!(of("setAgendaTemplate"), [(json!(["内容20"]), json!(["内容30"])), (Value::Null, json!(["内容20"]))]);
    }
}
