//! The same wanted twice, or by two at the same moment.

use futures_util::future::{join, join_all};
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        document::*,
        meeting::with,
    },
};

both! {
    async fn of_two_verifiers_one_wins(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        world.member_of_b1().run(SUBMIT_ASSIGNMENT, json!({ "id": id })).await.done();
        let (secretary, deputy) = (world.secretary(), world.deputy());
        join(secretary.access(), deputy.access()).await;
        let verify = json!({ "id": id, "version": 4 });
        let (one, other) = join(secretary.run(VERIFY_ASSIGNMENT, verify.clone()), deputy.run(VERIFY_ASSIGNMENT, verify)).await;
        let words = [&one, &other].map(|reply| reply.body.pointer("/data/verifyAssignment/__typename").unwrap().clone());
        assert!(words.contains(&json!("VerifyAssignmentDone")), "{words:?}");
        let lost = if words[0] == "VerifyAssignmentDone" { other } else { one };
        assert!(["STALE", "ALREADY_VERIFIED"].contains(&lost.refused()));
        let history = world.assignment(Who::Member, &id).await["history"].clone();
        assert_eq!(history.as_array().unwrap().iter().filter(|line| line["kind"] == "VERIFIED").count(), 1);
    }
}

both! {
    async fn what_is_handed_in_twice_is_handed_in_once(world: &World) {
        let id = world.taken_on(json!({})).await;
        let secretary = world.secretary();
        let done = json!({ "id": id, "version": 3, "text": "完成", "amount": 20 });
        let replies = join_all((0..5).map(|_| secretary.run(SUBMIT_ASSIGNMENT, done.clone()))).await;
        for reply in &replies {
            assert_eq!(reply.done()["assignment"]["version"], 4);
        }
        let other = json!({ "id": id, "text": "另一份" });
        assert_eq!(world.secretary().run(SUBMIT_ASSIGNMENT, other).await.refused(), "ALREADY_SUBMITTED");
        world.office().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.done();
        assert_eq!(world.office().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.done()["assignment"]["version"], 5);
    }
}

both! {
    async fn what_is_created_twice_is_created_once(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let input = with(work(world, Unit::B1, to), json!({ "clientMutationId": "a-1" }));
        let first = id_of(&world.secretary().run(CREATE_ASSIGNMENT, input.clone()).await);
        assert_eq!(id_of(&world.secretary().run(CREATE_ASSIGNMENT, input.clone()).await), first);
        let other = with(input, json!({ "title": "另一件" }));
        assert_eq!(world.secretary().run(CREATE_ASSIGNMENT, other).await.error_code(), "IDEMPOTENCY_KEY_REUSED");
    }
}

both! {
    async fn what_somebody_else_has_changed_is_stale(world: &World) {
        let id = world.given(json!({})).await;
        assert_eq!(world.office().run(CANCEL_ASSIGNMENT, json!({ "id": id, "version": 1, "reason": "撤" })).await.refused(), "STALE");
        world.office().run(CANCEL_ASSIGNMENT, json!({ "id": id, "version": 2, "reason": "撤" })).await.done();
        assert_eq!(world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.refused(), "CANCELLED");
    }
}

both! {
    async fn an_offer_is_never_claimed_beyond_its_capacity(world: &World) {
        let id = world.offered(2).await;
        let claimants = [Who::Member, Who::Second, Who::Probationary, Who::MemberOfB2, Who::Leader];
        for who in claimants {
            world.as_(who).access().await;
        }
        let claim = json!({ "id": id });
        let actors: Vec<_> = claimants.iter().map(|who| world.as_(*who)).collect();
        let replies = join_all(actors.iter().map(|actor| actor.run(CLAIM_ASSIGNMENT, claim.clone()))).await;
        let won = |reply: &&crate::harness::Reply| reply.text.contains("ClaimAssignmentDone");
        assert_eq!(replies.iter().filter(won).count(), 2);
        for lost in replies.iter().filter(|reply| !won(reply)) {
            assert_eq!(lost.refused(), "FULL");
        }
    }
}

both! {
    async fn what_is_reported_twice_is_written_once(world: &World) {
        let id = world.taken_on(json!({})).await;
        let report = json!({ "id": id, "note": "已走访8户", "amount": 8, "clientMutationId": "r-1" });
        let secretary = world.secretary();
        for reported in join_all((0..3).map(|_| secretary.run(REPORT_PROGRESS, report.clone()))).await {
            assert_eq!(reported.done()["assignment"]["version"], 4);
        }
    }
}
