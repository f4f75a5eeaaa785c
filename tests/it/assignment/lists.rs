//! The lists: one's own, a unit's, what is late.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
        meeting::with,
    },
};

async fn titles(world: &World, who: Who, ask: Value) -> Vec<String> {
    let page = world.as_(who).gql(ASSIGNMENTS, ask).await;
    page.list("/assignments/edges").iter().map(|e| e["node"]["title"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn a_units_list_goes_by_due_time_kind_and_state(world: &World) {
        let due = |days| rfc3339(world.now() + Duration::days(days));
        world.given(json!({ "title": "后", "dueAt": due(9) })).await;
        let first = world.given(json!({ "title": "先", "dueAt": due(3) })).await;
        world.given(json!({ "title": "问题", "kind": "ISSUE", "dueAt": due(6) })).await;
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": first })).await.done();
        let b1 = world.unit(Unit::B1);
        assert_eq!(titles(world, Who::Secretary, json!({ "unitId": b1 })).await, ["先", "问题", "后"]);
        assert_eq!(titles(world, Who::Secretary, json!({ "unitId": b1, "kind": "ISSUE" })).await, ["问题"]);
        assert_eq!(titles(world, Who::Secretary, json!({ "unitId": b1, "states": ["ACCEPTED"] })).await, ["先"]);
        assert_eq!(titles(world, Who::Secretary, json!({ "unitId": b1, "until": due(4) })).await, ["先"]);
        let s1 = world.unit(Unit::S1);
        assert_eq!(titles(world, Who::Office, json!({ "unitId": s1 })).await.len(), 0);
        assert_eq!(titles(world, Who::Office, json!({ "unitId": s1, "deep": true })).await.len(), 3);
        let page = world.office().gql(ASSIGNMENTS, json!({ "unitId": s1, "deep": true, "first": 2 })).await;
        let after = page.str("/assignments/pageInfo/endCursor");
        assert_eq!(titles(world, Who::Office, json!({ "unitId": s1, "deep": true, "first": 2, "after": after })).await, ["后"]);
        world.pass(Duration::days(4));
        assert_eq!(titles(world, Who::Secretary, json!({ "unitId": b1, "overdue": true })).await, ["先"]);
        assert_eq!(world.member_of_b1().gql(ASSIGNMENTS, json!({ "unitId": b1 })).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn drafts_are_shown_to_their_issuers(world: &World) {
        let to = json!({ "unitId": world.unit(Unit::B1) });
        let id = id_of(&world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, to)).await);
        let b1 = json!({ "unitId": world.unit(Unit::B1) });
        assert_eq!(titles(world, Who::Secretary, b1.clone()).await.len(), 0);
        assert_eq!(titles(world, Who::Office, json!({ "unitId": world.unit(Unit::S1), "deep": true })).await.len(), 1);
        assert_eq!(world.secretary().gql(MY_ASSIGNMENTS, json!({})).await.list("/myAssignments/edges").len(), 0);
        world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        assert_eq!(titles(world, Who::Secretary, b1).await.len(), 1);
        assert_eq!(world.secretary().gql(MY_ASSIGNMENTS, json!({})).await.list("/myAssignments/edges").len(), 1);
    }
}

both! {
    async fn ones_own_list_goes_by_state(world: &World) {
        let id = world.given(json!({})).await;
        world.given(with(json!({}), json!({ "title": "第二件" }))).await;
        world.secretary().run(DECLINE_ASSIGNMENT, json!({ "id": id, "reason": "人手不足" })).await.done();
        let mine = async |states: Value| {
            let page = world.secretary().gql(MY_ASSIGNMENTS, json!({ "states": states })).await;
            page.list("/myAssignments/edges").len()
        };
        assert_eq!((mine(json!([])).await, mine(json!(["DISPATCHED"])).await, mine(json!(["VERIFIED"])).await), (2, 1, 0));
    }
}
