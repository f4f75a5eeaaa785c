//! A member checks in.

use serde_json::json;

use crate::{
    both,
    harness::{World, document::*},
};

both! {
    async fn a_member_scans_the_screen(world: &World) {
        let id = world.party_day().await;
        let reply = world.scan(world.member_of_b1(), &id).await;
        let done = reply.done();
        assert_eq!(done["attendance"]["state"], "PRESENT");
        assert_eq!(done["attendance"]["method"], "QR");
        assert_eq!(done["repeated"], false);
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/myAttendance/state"), "PRESENT");
    }
}
