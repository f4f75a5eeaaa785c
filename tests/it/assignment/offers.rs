//! What is offered to a subtree is claimed by units and by people.

use serde_json::json;

use crate::{
    both,
    harness::{Unit, Who, World, assigning::id_of, document::*},
};

both! {
    async fn a_responsibility_is_claimed_and_fulfilled(world: &World) {
        let id = world.offered(5).await;
        let seen = world.secretary().gql(OFFERS, json!({})).await;
        assert_eq!(seen.str("/assignmentOffers/edges/0/node/id"), id);
        let for_branch = json!({ "id": id, "unitId": world.unit(Unit::B1), "clientMutationId": "c-1" });
        let claimed = world.secretary().run(CLAIM_ASSIGNMENT, for_branch.clone()).await;
        let own = id_of(&claimed);
        assert_eq!(claimed.done()["assignment"]["stage"], "CLAIMED");
        assert_eq!(claimed.done()["assignment"]["unit"]["id"], world.unit(Unit::B1));
        assert_eq!(id_of(&world.secretary().run(CLAIM_ASSIGNMENT, for_branch).await), own, "sent twice");
        let again = json!({ "id": id, "unitId": world.unit(Unit::B1) });
        assert_eq!(world.deputy().run(CLAIM_ASSIGNMENT, again).await.refused(), "ALREADY_CLAIMED");
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": own })).await.done();
        let done = world.office().run(VERIFY_ASSIGNMENT, json!({ "id": own })).await;
        assert_eq!(done.done()["assignment"]["stage"], "FULFILLED");
        let whole = world.office().gql(HANDED_DOWN, json!({ "id": id })).await;
        assert_eq!(whole.int("/handedDown/assignment/rollUp/verified"), 1);
    }
}

both! {
    async fn a_person_claims_for_themselves(world: &World) {
        let id = world.offered(5).await;
        let own = world.member_of_b1().run(CLAIM_ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(own.done()["assignment"]["owner"]["name"], "陈党员");
        assert_eq!(own.done()["assignment"]["addressee"], "MEMBER");
        let seen = world.member_of_b1().gql(OFFERS, json!({})).await;
        assert_eq!(seen.int("/assignmentOffers/edges/0/node/claimedCount"), 1);
        // By the post, who has no home there.
        let instructor = world.instructor().run(CLAIM_ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(instructor.done()["assignment"]["owner"]["name"], "周指导员");
    }
}

both! {
    async fn it_is_for_those_below_alone(world: &World) {
        let id = world.offered(5).await;
        for who in [Who::MemberOfB3, Who::SecretaryOfB3, Who::Stranger, Who::ForeignSecretary] {
            assert_eq!(world.as_(who).run(CLAIM_ASSIGNMENT, json!({ "id": id })).await.error_code(), "NOT_FOUND", "{who:?}");
        }
        let not_theirs = json!({ "id": id, "unitId": world.unit(Unit::B2) });
        assert!(world.secretary().run(CLAIM_ASSIGNMENT, not_theirs).await.error().is_some());
        let member_for_unit = json!({ "id": id, "unitId": world.unit(Unit::B1) });
        assert!(world.member_of_b1().run(CLAIM_ASSIGNMENT, member_for_unit).await.error().is_some());
        let unfinished = world.member_of_b1().gql(HANDED_DOWN, json!({ "id": id })).await;
        assert_eq!(unfinished.error_code(), "FORBIDDEN", "who else has claimed it is for the overseers");
        let history = world.member_of_b1().gql(ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(history.error_code(), "FORBIDDEN");
    }
}

both! {
    async fn a_claim_that_ends_frees_its_place(world: &World) {
        let id = world.offered(1).await;
        let count = async || {
            let seen = world.office().gql(OFFERS, json!({ "unitId": world.unit(Unit::S1) })).await;
            seen.list("/assignmentOffers/edges").first().map(|edge| edge["node"]["claimedCount"].clone())
        };
        let own = id_of(&world.member_of_b1().run(CLAIM_ASSIGNMENT, json!({ "id": id })).await);
        assert_eq!(world.as_(Who::Second).run(CLAIM_ASSIGNMENT, json!({ "id": id })).await.refused(), "FULL");
        assert_eq!(count().await, None, "what is full isn't shown");
        let cancel = json!({ "id": own, "reason": "另有安排" });
        for _ in 0..2 {
            world.office().run(CANCEL_ASSIGNMENT, cancel.clone()).await.done();
        }
        assert_eq!(count().await, Some(json!(0)), "freed once");
        let second = id_of(&world.as_(Who::Second).run(CLAIM_ASSIGNMENT, json!({ "id": id })).await);
        // Given to somebody else, who doesn't take it on.
        let to = json!({ "memberId": world.member(Who::Member) });
        let give = json!({ "id": second, "to": to, "reason": "换人" });
        world.office().run(REASSIGN_ASSIGNMENT, give.clone()).await.done();
        let decline = json!({ "id": second, "reason": "人手不足" });
        world.member_of_b1().run(DECLINE_ASSIGNMENT, decline.clone()).await.done();
        assert_eq!(count().await, Some(json!(0)));
        world.office().run(REASSIGN_ASSIGNMENT, give.clone()).await.done();
        assert_eq!(count().await, None, "given anew it takes its place again");
        world.member_of_b1().run(DECLINE_ASSIGNMENT, decline).await.done();
        world.member_of_b1().run(CLAIM_ASSIGNMENT, json!({ "id": id })).await.done();
        assert_eq!(world.office().run(REASSIGN_ASSIGNMENT, give).await.refused(), "FULL");
        let history = world.assignment(Who::Office, &id).await["history"].clone();
        let kinds: Vec<_> = history.as_array().unwrap().iter().skip(2).map(|line| line["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["CLAIMED", "FREED", "CLAIMED", "FREED", "RETAKEN", "FREED", "CLAIMED"]);
    }
}

both! {
    async fn what_can_not_be_claimed_any_more_is_not_shown(world: &World) {
        let full = world.offered(1).await;
        world.member_of_b1().run(CLAIM_ASSIGNMENT, json!({ "id": full })).await.done();
        let open = world.offered(1).await;
        let shown = async || {
            let page = world.secretary().gql(OFFERS, json!({})).await;
            page.list("/assignmentOffers/edges").iter().map(|e| e["node"]["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(shown().await, [json!(open)]);
        world.pass(chrono::Duration::days(10) + chrono::Duration::minutes(1));
        assert!(shown().await.is_empty());
        assert_eq!(world.secretary().run(CLAIM_ASSIGNMENT, json!({ "id": open })).await.refused(), "CLAIM_OVER");
    }
}
