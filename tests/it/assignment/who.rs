//! Who sees it, and who may do what with it.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        document::*,
    },
};

async fn sees(world: &World, who: Who, id: &str) -> bool {
    world.as_(who).gql(NODE, json!({ "id": id })).await.data("/node") != &Value::Null
}

both! {
    async fn it_is_for_its_owner_and_the_overseers(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        assert!(!sees(world, Who::Member, &id).await, "a draft is for its issuers alone");
        assert_eq!(world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.error_code(), "NOT_FOUND");
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        for (who, may) in [
            (Who::Member, true), (Who::Secretary, true), (Who::Deputy, true), (Who::Commissioner, true), (Who::Instructor, true), (Who::Office, true),
            (Who::Second, false), (Who::Leader, false), (Who::SecretaryOfB2, false), (Who::OfficeOfS2, false), (Who::Administrator, false),
            (Who::Auditor, false), (Who::Stranger, false), (Who::ForeignSecretary, false), (Who::ForeignMember, false),
        ] {
            assert_eq!(sees(world, who, &id).await, may, "{who:?}");
        }
    }
}

both! {
    async fn the_owners_steps_are_the_owners(world: &World) {
        let id = world.given(json!({})).await;
        for who in [Who::Deputy, Who::Office, Who::Instructor] {
            assert_eq!(world.as_(who).run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        for who in [Who::Member, Who::SecretaryOfB2, Who::ForeignSecretary, Who::Stranger] {
            assert_eq!(world.as_(who).run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.error_code(), "NOT_FOUND", "{who:?}");
        }
    }
}

both! {
    async fn the_issuer_verifies_and_never_the_owner(world: &World) {
        let id = world.handed_in().await;
        // B1's people see what the street has given to B1, but don't verify it.
        for who in [Who::Secretary, Who::Deputy, Who::Commissioner] {
            assert_eq!(world.as_(who).run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        let to = json!({ "unitId": world.unit(Unit::B1) });
        let own = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": own })).await.done();
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": own })).await.done();
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": own })).await.done();
        assert_eq!(world.secretary().run(VERIFY_ASSIGNMENT, json!({ "id": own })).await.refused(), "OWN_WORK");
        world.deputy().run(VERIFY_ASSIGNMENT, json!({ "id": own })).await.done();
    }
}

both! {
    async fn another_districts_ids_do_not_exist(world: &World) {
        let id = world.given(json!({})).await;
        let foreign = world.as_(Who::ForeignOffice);
        assert_eq!(foreign.run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "撤" })).await.error_code(), "NOT_FOUND");
        assert_eq!(foreign.gql(HANDED_DOWN, json!({ "id": id })).await.error_code(), "NOT_FOUND");
        let theirs = work(world, Unit::T, json!({ "unitId": world.unit(Unit::B1) }));
        assert_eq!(foreign.run(CREATE_ASSIGNMENT, theirs).await.error_code(), "NOT_FOUND");
    }
}
