//! What is kept of a phone: a mark within the activity, and not for ever.

use serde_json::json;

use crate::{
    both,
    harness::{World, document::*},
};

both! {
    async fn the_audit_keeps_no_mark_of_a_phone(world: &World) {
        let id = world.party_day().await;
        let scan = json!({ "qr": world.qr(&id).await, "deviceId": "phone-1" });
        world.member_of_b1().run(CHECK_IN, scan).await.done();
        let audit = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 50 })).await;
        let entry = audit.list("/myAudit/edges").iter().find(|e| e["node"]["operation"] == "checkIn");
        let after = &entry.expect("the check-in is audited")["node"]["after"];
        assert_eq!(after["state"], "PRESENT");
        assert!(after.get("device").is_none(), "{after}");
    }
}
