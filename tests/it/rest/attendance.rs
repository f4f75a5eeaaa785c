//! Check-in in batches, and the roster of a meeting.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Who, World, document::*},
};

fn outcome(item: &Value) -> &str {
    item["attendance"]["state"].as_str().or(item["refused"]["code"].as_str()).unwrap()
}

both! {
    async fn each_of_a_batch_is_answered_for_itself(world: &World) {
        let activity = world.party_day().await;
        let path = format!("/activities/{activity}/check-ins");
        let batch = json!({ "memberIds": [
            world.member(Who::Member), world.member(Who::MemberOfB3), world.member(Who::Second), "bm9uc2Vuc2U",
        ] });
        let done = world.secretary().post_under(&path, Some(batch.clone()), "door-1").await;
        let outcomes: Vec<_> = done.items().iter().map(outcome).collect();
        assert_eq!(outcomes, ["PRESENT", "NOT_EXPECTED", "PRESENT", "NOT_EXPECTED"]);
        assert_eq!(done.items()[3]["memberId"], "bm9uc2Vuc2U", "as it was sent");
        assert!(done.items()[1]["refused"]["message"].as_str().is_some_and(|m| !m.is_empty()));
        let again = world.secretary().post_under(&path, Some(batch), "door-1").await;
        assert_eq!(again.items()[0]["attendance"], done.items()[0]["attendance"], "the first record stands");
        let other = json!({ "memberIds": [world.member(Who::Elder)] });
        let reused = world.secretary().post_under(&path, Some(other.clone()), "door-1").await;
        assert_eq!(reused.problem(), (422, "IDEMPOTENCY_KEY_REUSED"));
        assert_eq!(world.member_of_b1().post(&path, Some(other.clone())).await.problem(), (403, "FORBIDDEN"));
        assert_eq!(world.as_(Who::SecretaryOfB2).post(&path, Some(other)).await.problem(), (404, "NOT_FOUND"));
        let audit = world.auditor().gql(AUDIT, json!({ "first": 50 })).await;
        assert_eq!(audit.text.matches("checkInMembers").count(), 2, "{}", audit.text);
    }
}

both! {
    async fn the_roster_says_who_is_missing(world: &World) {
        let activity = world.party_day().await;
        world.scan(world.member_of_b1(), &activity).await.done();
        let path = format!("/activities/{activity}/attendees");
        let all = world.secretary().get(&path).await;
        let missing = world.secretary().get(&format!("{path}?missingOnly=true")).await;
        let of = |items: &[Value]| items.iter().any(|item| item["memberId"] == world.member(Who::Member));
        assert!(of(all.items()) && !of(missing.items()));
        let member = all.items().iter().find(|item| item["memberId"] == world.member(Who::Member)).unwrap();
        assert_eq!((&member["name"], &member["attendance"]["state"]), (&json!("陈党员"), &json!("PRESENT")));
        assert_eq!(world.member_of_b1().get(&path).await.problem(), (403, "FORBIDDEN"));
        assert_eq!(world.stranger().get(&path).await.problem(), (404, "NOT_FOUND"));
    }
}
