//! Checking out, where it is wanted.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{Who, World, document::*, meeting::end},
};

both! {
    async fn who_is_there_checks_out_once(world: &World) {
        let id = world.party_day_with(json!({ "wantsCheckOut": true })).await;
        let input = json!({ "activityId": id });
        assert_eq!(world.member_of_b1().run(CHECK_OUT, input.clone()).await.refused(), "NOT_CHECKED_IN");
        world.scan(world.member_of_b1(), &id).await.done();
        world.set_clock(end());
        let first = world.member_of_b1().run(CHECK_OUT, input.clone()).await.done()["attendance"].clone();
        assert!(first["checkedOutAt"].is_string());
        world.pass(Duration::minutes(5));
        assert_eq!(world.member_of_b1().run(CHECK_OUT, input).await.done()["attendance"], first);
    }
}

both! {
    async fn there_is_a_time_for_it(world: &World) {
        let id = world.party_day_with(json!({ "wantsCheckOut": true })).await;
        for who in [Who::Member, Who::Second] {
            world.scan(world.as_(who), &id).await.done();
        }
        world.set_clock(end() + Duration::minutes(60));
        world.member_of_b1().run(CHECK_OUT, json!({ "activityId": id })).await.done();
        world.pass(Duration::minutes(1));
        assert_eq!(world.as_(Who::Second).run(CHECK_OUT, json!({ "activityId": id })).await.refused(), "CHECK_OUT_CLOSED");
    }
}

both! {
    async fn it_is_not_wanted_everywhere(world: &World) {
        let id = world.party_day().await;
        world.scan(world.member_of_b1(), &id).await.done();
        assert_eq!(world.member_of_b1().run(CHECK_OUT, json!({ "activityId": id })).await.refused(), "CHECK_OUT_NOT_WANTED");
    }
}
