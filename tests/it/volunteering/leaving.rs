//! Who leaves the roster keeps no place.

use super::{
    shifts::{join, published, seen},
    *,
};
use crate::both;

both! {
    async fn who_leaves_gives_the_place_back(world: &World) {
        let id = published(world, json!({})).await;
        join(world, Who::Member, &id).await.done();
        join(world, Who::Second, &id).await.done();
        join(world, Who::Probationary, &id).await.done();
        let change = |who| json!({ "id": world.member(who), "leftOn": "2026-03-01" });
        world.secretary().run(UPDATE_MEMBER, change(Who::Probationary)).await.done();
        assert_eq!(seen(world, Who::Second).await["mySignUp"]["state"], "WAITING");
        world.secretary().run(UPDATE_MEMBER, change(Who::Member)).await.done();
        assert_eq!(seen(world, Who::Second).await["mySignUp"]["state"], "OFFERED", "who waits moves up at once");
        let row = world.secretary().gql(SHIFT_ROW, json!({ "unitId": world.unit(Unit::B1) })).await;
        let states: Vec<_> = row.list("/volunteerShifts/edges/0/node/signUps").iter()
            .map(|s| s["state"].as_str().unwrap().to_owned()).collect();
        assert_eq!(states, ["WITHDRAWN", "OFFERED", "WITHDRAWN"]);
        world.settle().await;
        let told = crate::live::inbox::inbox(&world.as_(Who::Second)).await;
        assert_eq!(told[0]["kind"], "SHIFT_PROMOTED");
    }
}

both! {
    async fn what_has_begun_stays_as_it_is(world: &World) {
        let id = published(world, json!({})).await;
        join(world, Who::Member, &id).await.done();
        world.pass(Duration::hours(31));
        let left = json!({ "id": world.member(Who::Member), "leftOn": "2026-03-03" });
        world.secretary().run(UPDATE_MEMBER, left).await.done();
        let row = world.secretary().gql(SHIFT_ROW, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(row.str("/volunteerShifts/edges/0/node/signUps/0/state"), "SIGNED_UP");
    }
}
