//! Ids of other kinds, other people, other subtrees, other tenants, and none at all.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::{
    both,
    harness::{Unit, Who, World, document::*},
};

both! {
    async fn what_is_no_id(world: &World) {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        for id in [
            String::new(),
            "1".to_owned(),
            "-1".to_owned(),
            "💥".to_owned(),
            "' OR 1=1 --".to_owned(),
            encode("OrgUnit"),
            encode("OrgUnit:"),
            encode("OrgUnit:7"),
            encode("OrgUnit:not-a-uuid"),
            encode(&"OrgUnit:".repeat(1_000)),
            URL_SAFE_NO_PAD.encode([0xFF, 0xFE, 0x00]),
        ] {
            let node = world.member_of_b1().gql(NODE, json!({ "id": id })).await;
            assert_eq!(node.error_code(), "BAD_ID", "{id}");
            let roster = world.secretary().gql(ROSTER, json!({ "unitId": id })).await;
            assert_eq!(roster.error_code(), "BAD_ID", "{id}");
        }
        let unknown = zhibu::graphql::encode("OrgUnit", uuid::Uuid::nil());
        assert!(world.member_of_b1().gql(NODE, json!({ "id": unknown })).await.data("/node").is_null());
        let no_node = zhibu::graphql::encode("Session", uuid::Uuid::nil());
        assert!(world.member_of_b1().gql(NODE, json!({ "id": no_node })).await.data("/node").is_null());
    }
}

both! {
    async fn an_id_of_another_kind(world: &World) {
        let roster = world.secretary().gql(ROSTER, json!({ "unitId": world.member(Who::Member) })).await;
        assert_eq!(roster.error_code(), "BAD_ID", "{}", roster.text);
        let nested = json!({ "id": world.member(Who::Member), "homeUnitId": world.member(Who::Member) });
        assert_eq!(world.office().run(UPDATE_MEMBER, nested).await.error_code(), "BAD_ID", "in an input");
        let disguised = zhibu::graphql::encode("OrgUnit", world.ids.members[&Who::Member].0);
        assert_eq!(world.secretary().gql(ROSTER, json!({ "unitId": disguised })).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn another_tenants_ids_do_not_exist(world: &World) {
        let units = [Unit::B, Unit::T, Unit::D].map(|u| world.unit(u));
        let ids: Vec<_> = units.into_iter().chain([world.member(Who::ForeignMember)]).collect();
        for who in [Who::Administrator, Who::Auditor, Who::Office, Who::Secretary] {
            let nodes = world.as_(who).gql(NODES, json!({ "ids": ids })).await;
            assert!(nodes.list("/nodes").iter().all(serde_json::Value::is_null), "{}", nodes.text);
        }
        let add = json!({ "name": "偷渡", "status": "FULL", "homeUnitId": world.unit(Unit::D) });
        assert_eq!(world.office().run(ADD_MEMBER, add).await.error_code(), "NOT_FOUND");
        let moved = json!({ "id": world.member(Who::Member), "homeUnitId": world.unit(Unit::D) });
        assert_eq!(world.secretary().run(UPDATE_MEMBER, moved).await.error_code(), "NOT_FOUND");
        let guests = json!({ "guestIds": [world.member(Who::ForeignMember)] });
        let plan = crate::harness::meeting::with(crate::harness::meeting::plan(world, Unit::B1), guests);
        assert_eq!(world.secretary().run(CREATE_ACTIVITY, plan).await.error_code(), "NOT_FOUND");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": world.unit(Unit::D) })).await;
        assert_eq!(audit.list("/audit/edges").len(), 0);
    }
}

both! {
    async fn a_hundred_nodes_and_no_more(world: &World) {
        let hundred = vec![world.unit(Unit::B1); 100];
        assert_eq!(world.member_of_b1().gql(NODES, json!({ "ids": hundred })).await.list("/nodes").len(), 100);
        let more = vec![world.unit(Unit::B1); 101];
        assert_eq!(world.member_of_b1().gql(NODES, json!({ "ids": more })).await.error_code(), "BAD_USER_INPUT");
    }
}
