//! Activities that several units hold together.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        meeting::{end, plan, start, with},
    },
};

/// B1's Party day together with B2, made known by the office above both.
async fn held(world: &World) -> Value {
    let joint = with(plan(world, Unit::B1), json!({ "jointHostIds": [world.unit(Unit::B2)] }));
    let id = world.office().run(CREATE_ACTIVITY, joint).await.done()["activity"]["id"].clone();
    world.office().run(PUBLISH, json!({ "id": id })).await.done();
    id
}

both! {
    async fn a_host_that_is_not_there_is_not_found(world: &World) {
        let nobody = world.unit(Unit::D);
        let joint = with(plan(world, Unit::B1), json!({ "jointHostIds": [nobody] }));
        assert_eq!(world.office().run(CREATE_ACTIVITY, joint).await.error_code(), "NOT_FOUND");
        let id = world.draft(json!({})).await;
        let change = json!({ "id": id, "jointHostIds": [nobody] });
        assert_eq!(world.office().run(UPDATE_ACTIVITY, change).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn a_host_that_is_dissolved_holds_nothing_up(world: &World) {
        let new = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "临时支部" });
        let third = world.office().run(CREATE_UNIT, new).await.done()["orgUnit"]["id"].clone();
        let joint = with(plan(world, Unit::B1), json!({ "jointHostIds": [third] }));
        let id = world.office().run(CREATE_ACTIVITY, joint.clone()).await.done()["activity"]["id"].clone();
        world.office().run(PUBLISH, json!({ "id": id })).await.done();
        world.office().run(DISSOLVE_UNIT, json!({ "id": third })).await.done();
        assert_eq!(world.office().run(CREATE_ACTIVITY, joint).await.refused(), "HOST_DISSOLVED");
        world.set_clock(start());
        world.settle().await;
        assert_eq!(world.secretary().run(OPEN, json!({ "id": id })).await.refused(), "ALREADY_OPEN");
        world.set_clock(end());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
    }
}

both! {
    async fn joint_hosts_see_it_and_the_host_runs_it(world: &World) {
        let id = held(world).await;
        let look = "query($id: ID!) { node(id: $id) { ... on Activity { id tally { expected } attendees(first: 50) { edges { node { member { name } } } } } } }";
        let seen = world.as_(Who::SecretaryOfB2).gql(look, json!({ "id": id })).await;
        assert_eq!(seen.int("/node/tally/expected"), 10);
        assert_eq!(seen.list("/node/attendees/edges").len(), 11);
        let member = world.as_(Who::MemberOfB2).gql(look, json!({ "id": id })).await;
        assert_eq!(member.error_code(), "FORBIDDEN", "a member sees the activity, not the roster: {}", member.text);
        let step = json!({ "id": id });
        assert_eq!(world.as_(Who::SecretaryOfB2).run(CLOSE, step).await.error_code(), "FORBIDDEN");
        world.set_clock(start());
        let tick = json!({ "activityId": id, "memberIds": [world.member(Who::MemberOfB2)] });
        assert_eq!(world.as_(Who::SecretaryOfB2).run(CHECK_IN_MEMBERS, tick).await.error_code(), "FORBIDDEN");
        let stranger = world.as_(Who::SecretaryOfB3).gql(look, json!({ "id": id })).await;
        assert!(stranger.data("/node").is_null());
    }
}
