//! Other systems: their tokens open REST as far as their scopes and their unit go.

use serde_json::json;

use crate::{
    both,
    harness::{Unit, World, document::*},
    token::{access, client},
};

both! {
    async fn a_client_reads_its_subtree_and_no_more(world: &World) {
        let units = access(world, &client(world, &["UNITS_READ", "ATTENDANCE_READ"], Unit::B1).await).await;
        let client = world.bearer(&units);
        let list = client.get("/units").await;
        assert!(list.items().iter().any(|unit| unit["id"] == world.unit(Unit::B1)));
        assert!(list.items().iter().all(|unit| unit["id"] != world.unit(Unit::S1)), "{}", list.text);
        assert_eq!(client.get(&format!("/units/{}", world.unit(Unit::S1))).await.problem(), (404, "NOT_FOUND"));
        let roster = format!("/members?unitId={}", world.unit(Unit::B1));
        let refused = client.get(&roster).await;
        assert_eq!(refused.problem(), (403, "INSUFFICIENT_SCOPE"));
        let challenge = "Bearer realm=\"zhibu\", error=\"insufficient_scope\", scope=\"members:read\"";
        assert_eq!((refused.header("www-authenticate"), &refused.body["detail"]), (challenge, &json!("members:read")));
        assert!(refused.header("ratelimit").contains("r="));
    }
}

both! {
    async fn names_are_let_out_to_a_client_by_its_scope_and_audited(world: &World) {
        let granted = client(world, &["MEMBERS_READ", "HOURS_READ"], Unit::B1).await;
        let client = access(world, &granted).await;
        let roster = world.bearer(&client).get(&format!("/members?unitId={}", world.unit(Unit::B1))).await;
        let count = roster.items().len();
        assert!(roster.items().iter().all(|item| item["member"]["name"].is_string()), "{}", roster.text);
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": granted.id, "first": 50 })).await;
        let read: Vec<_> =
            audit.list("/audit/edges").iter().filter(|edge| edge["node"]["operation"] == "readNames").collect();
        assert_eq!(read.len(), 1, "one entry for the page");
        assert_eq!(read[0]["node"]["after"]["names"], json!(count));
        let hours = world.bearer(&client).get(&format!("/hours?unitId={}", world.unit(Unit::B1))).await;
        assert_eq!(hours.status, 200, "{}", hours.text);
    }
}
