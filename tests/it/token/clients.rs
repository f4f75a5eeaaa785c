use chrono::Duration;
use serde_json::json;

use super::{Granted, access, asked, client, token};
use crate::{
    both,
    harness::{Unit, Who, World, document::*},
};

both! {
    async fn nobody_gives_a_client_more_than_they_may_do_themselves(world: &World) {
        let create = async |who: Who, scopes: &[&str], unit: Unit| {
            world.as_(who).run(CREATE_CLIENT, asked(world, scopes, unit)).await
        };
        create(Who::Administrator, &["UNITS_READ"], Unit::A).await.done();
        // The administrator sees no personal data, and gives none away.
        for scope in ["MEMBERS_READ", "CONTACTS_READ", "ATTENDANCE_READ", "HOURS_EXPORT"] {
            assert_eq!(create(Who::Administrator, &[scope], Unit::A).await.refused(), "BEYOND_YOURS", "{scope}");
        }
        create(Who::Office, &["MEMBERS_READ", "HOURS_EXPORT"], Unit::B1).await.done();
        assert_eq!(create(Who::Office, &["UNITS_READ"], Unit::B3).await.error_code(), "FORBIDDEN");
        assert_eq!(create(Who::Secretary, &["UNITS_READ"], Unit::B1).await.error_code(), "FORBIDDEN");
        assert_eq!(create(Who::Office, &["UNITS_READ"], Unit::D).await.error_code(), "NOT_FOUND");
        // Nor does the administrator get at it by another secret.
        let strong = client(world, &["MEMBERS_READ"], Unit::B1).await;
        let stolen = world.administrator().run(ROTATE_GRANT, json!({ "id": strong.id })).await;
        assert_eq!(stolen.refused(), "BEYOND_YOURS");
        let wider = json!({ "id": strong.id, "version": 1, "unitId": world.unit(Unit::B3) });
        assert_eq!(world.office().run(CHANGE_CLIENT, wider).await.error_code(), "FORBIDDEN");
        world.administrator().run(REVOKE_GRANT, json!({ "id": strong.id })).await.done();
    }
}

both! {
    async fn a_client_is_changed_listed_and_rotated(world: &World) {
        let made = client(world, &["UNITS_READ", "ACTIVITIES_READ"], Unit::B1).await;
        let bearer = access(world, &made).await;
        world.bearer(&bearer).gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await.data("/activities");
        let narrower = json!({ "id": made.id, "version": 1, "scopes": ["UNITS_READ"], "name": "官网" });
        assert_eq!(world.office().run(CHANGE_CLIENT, narrower.clone()).await.done()["grant"]["version"], 2);
        assert_eq!(world.office().run(CHANGE_CLIENT, narrower).await.refused(), "STALE");
        // It holds for tokens that were issued before, too.
        let after = world.bearer(&bearer).gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(after.error_code(), "INSUFFICIENT_SCOPE");
        let rotated = world.office().run(ROTATE_GRANT, json!({ "id": made.id, "overlapHours": 1 })).await;
        let new = Granted { secret: rotated.done()["secret"].as_str().unwrap().to_owned(), id: made.id.clone(), client_id: made.client_id.clone() };
        assert_eq!(rotated.done()["grant"]["secrets"].as_array().unwrap().len(), 2);
        access(world, &made).await;
        access(world, &new).await;
        world.pass(Duration::hours(1));
        assert_eq!(token(world, &made, "").await.body["error"], "invalid_client");
        access(world, &new).await;
        let listed = world.office().gql(CLIENTS, json!({ "unitId": world.unit(Unit::S1) })).await;
        assert_eq!(listed.list("/oauthClients/edges").len(), 1);
        assert_eq!(listed.str("/oauthClients/edges/0/node/clientId"), made.client_id);
        let elsewhere = world.as_(Who::OfficeOfS2).gql(CLIENTS, json!({ "unitId": world.unit(Unit::S2) })).await;
        assert_eq!(elsewhere.list("/oauthClients/edges").len(), 0);
        assert_eq!(world.secretary().gql(CLIENTS, json!({ "unitId": world.unit(Unit::B1) })).await.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn what_a_client_does_stands_in_the_audit_under_its_name(world: &World) {
        let scopes = ["ACTIVITIES_READ", "ACTIVITIES_WRITE"];
        let bearer = access(world, &client(world, &scopes, Unit::B1).await).await;
        let plan = crate::harness::meeting::plan(world, Unit::B1);
        let mut sent = plan.clone();
        sent["clientMutationId"] = json!("k1");
        let made = world.bearer(&bearer).run(CREATE_ACTIVITY, sent.clone()).await;
        let id = made.done()["activity"]["id"].as_str().unwrap().to_owned();
        let again = world.bearer(&bearer).run(CREATE_ACTIVITY, sent).await;
        assert_eq!(again.done()["activity"]["id"], json!(id), "a client's key counts, too");
        let found = world.auditor().gql(AUDIT, json!({ "subjectId": id, "first": 5 })).await;
        assert_eq!(found.str("/audit/edges/0/node/actor/name"), "名册同步");
        assert_eq!(found.str("/audit/edges/0/node/action"), "ORGANIZE");
        // What is for people alone stays so.
        let own = world.bearer(&bearer).run(CHECK_OUT, json!({ "activityId": id })).await;
        assert_eq!(own.error_code(), "INSUFFICIENT_SCOPE");
        let elsewhere = crate::harness::meeting::plan(world, Unit::B2);
        assert_eq!(world.bearer(&bearer).run(CREATE_ACTIVITY, elsewhere).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn a_client_sees_no_unit_beyond_its_subtree(world: &World) {
        let bearer = access(world, &client(world, &["UNITS_READ"], Unit::General).await).await;
        let units = world.bearer(&bearer).gql(UNITS, json!({ "first": 50 })).await;
        let names: Vec<_> = units.list("/orgUnits/edges").iter().map(|e| e["node"]["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.contains(&Unit::General.spec().name) && !names.contains(&Unit::S1.spec().name));
        let above = world.bearer(&bearer).gql(UNIT, json!({ "id": world.unit(Unit::General) })).await;
        assert_eq!(above.data("/node/parentUnit"), &serde_json::Value::Null);
        assert_eq!(above.list("/node/superiors").len(), 0);
        let street = world.bearer(&bearer).gql(UNIT, json!({ "id": world.unit(Unit::S1) })).await;
        assert_eq!(street.data("/node"), &serde_json::Value::Null);
    }
}
