//! Who objects hears what became of it; so does the member.

use super::*;
use crate::{both, live::inbox::inbox};

async fn object(world: &World, who: Who, entry: &str) -> String {
    let reply =
        world.as_(who).run(OBJECT_TO_HOURS, json!({ "entryId": entry, "reason": "当天不在场" })).await;
    reply.done()["objection"]["id"].as_str().unwrap().to_owned()
}

async fn decide(world: &World, who: Who, id: &str, upheld: bool) -> Reply {
    world
        .as_(who)
        .run(DECIDE_OBJECTION, json!({ "id": id, "upheld": upheld, "answer": "已向居委会核实" }))
        .await
}

/// What somebody has been told last.
async fn told(world: &World, who: Who) -> Value {
    world.settle().await;
    inbox(&world.as_(who)).await.first().cloned().unwrap_or_default()
}

fn said(notification: &Value) -> (&str, &str) {
    (notification["kind"].as_str().unwrap(), notification["body"].as_str().unwrap())
}

/// An objection as the one who raised it sees it.
async fn mine(world: &World, who: Who) -> Value {
    world.as_(who).gql(MY_OBJECTIONS, json!({})).await.data("/myObjections/edges/0/node").clone()
}

both! {
    async fn a_dismissal_is_told_to_both_and_so_is_the_grant(world: &World) {
        let entry = in_publicity(world).await;
        let id = object(world, Who::Second, &entry).await;
        let member = told(world, Who::Member).await;
        assert_eq!(said(&member), ("HOURS_DISPUTED", "对“清洁家园”的异议：待处理。说明：当天不在场。"));
        assert_eq!(member["subject"], json!({ "__typename": "ServiceHourEntry", "id": entry }));
        assert_eq!(mine(world, Who::Second).await["state"], "OPEN");
        decide(world, Who::Office, &id, false).await.done();
        let raiser = told(world, Who::Second).await;
        assert_eq!(said(&raiser), ("OBJECTION_DECIDED", "您对“清洁家园”的异议：不成立。说明：已向居委会核实。"));
        assert_eq!(raiser["subject"], json!({ "__typename": "Objection", "id": id }));
        let own = mine(world, Who::Second).await;
        assert_eq!((&own["state"], &own["answer"], &own["entryId"]), (&json!("DISMISSED"), &json!("已向居委会核实"), &json!(entry)));
        assert!(own["settledAt"].is_string());
        let member = told(world, Who::Member).await;
        assert_eq!(said(&member), ("HOURS_DISPUTED", "对“清洁家园”的异议：不成立。说明：已向居委会核实。"));
        assert!(!world.member_of_b1().gql(INBOX, json!({})).await.text.contains("林党员"), "nor here who objects");
        world.pass(Duration::days(7));
        let member = told(world, Who::Member).await;
        assert_eq!(said(&member), ("HOURS_REVIEWED", "“清洁家园”。已入账。"));
    }
}

both! {
    async fn all_that_are_settled_along_are_told(world: &World) {
        let entry = in_publicity(world).await;
        let id = object(world, Who::Second, &entry).await;
        object(world, Who::Probationary, &entry).await;
        decide(world, Who::Office, &id, true).await.done();
        for who in [Who::Second, Who::Probationary] {
            assert_eq!(told(world, who).await["kind"], "OBJECTION_DECIDED", "{who:?}");
            let own = mine(world, who).await;
            assert_eq!((&own["state"], &own["answer"]), (&json!("UPHELD"), &json!("已向居委会核实")), "{who:?}");
        }
        assert_eq!(told(world, Who::Member).await["kind"], "HOURS_REVIEWED");
    }
}

both! {
    async fn an_objection_is_for_who_raised_it_and_for_who_sees_the_entry(world: &World) {
        let entry = in_publicity(world).await;
        let id = json!(object(world, Who::Second, &entry).await);
        let node = "query($id: ID!) { node(id: $id) { id ... on Objection { reason raisedBy { name } } } }";
        let raised_by = async |who| {
            let found = world.as_(who).gql(node, json!({ "id": id })).await;
            found.data("/node").pointer("/raisedBy").cloned()
        };
        for who in [Who::Second, Who::Secretary, Who::Office] {
            assert_eq!(raised_by(who).await, Some(json!({ "name": "林党员" })), "{who:?}");
        }
        assert_eq!(raised_by(Who::Member).await, Some(Value::Null), "the member isn't told who");
        for who in [Who::Probationary, Who::SecretaryOfB3, Who::Stranger, Who::ForeignOffice] {
            assert_eq!(raised_by(who).await, None, "{who:?}");
        }
        let own = world.member_of_b1().gql(MY_OBJECTIONS, json!({})).await;
        assert!(own.list("/myObjections/edges").is_empty());
        assert_eq!(world.anonymous().gql(MY_OBJECTIONS, json!({})).await.error_code(), "UNAUTHENTICATED");
    }
}

both! {
    async fn what_was_verified_by_mistake_is_returned_and_the_objections_with_it(world: &World) {
        let entry = in_publicity(world).await;
        let id = object(world, Who::Second, &entry).await;
        let back = json!({ "id": entry, "returned": true, "reason": "误核，请核对时间" });
        let own = world.member_of_b1().run(REVIEW_HOURS, json!({ "reviews": [back] })).await;
        assert_eq!(own.error_code(), "FORBIDDEN");
        let result = review(world, Who::Secretary, back.clone()).await;
        assert_eq!((&result["entry"]["state"], &result["code"]), (&json!("RETURNED"), &Value::Null));
        let raiser = told(world, Who::Second).await;
        assert_eq!(said(&raiser), ("OBJECTION_DECIDED", "您对“清洁家园”的异议：记录已撤出公示。说明：误核，请核对时间。"));
        assert_eq!(mine(world, Who::Second).await["state"], "LAPSED");
        assert_eq!(decide(world, Who::Office, &id, true).await.refused(), "ALREADY_DECIDED");
        assert_eq!(said(&told(world, Who::Member).await), ("HOURS_REVIEWED", "“清洁家园”。已退回。说明：误核，请核对时间。"));
        assert_eq!(review(world, Who::Secretary, back).await["code"], "ALREADY_REVIEWED");
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 0);
    }
}

both! {
    async fn what_the_member_takes_back_leaves_no_objection_open(world: &World) {
        let entry = in_publicity(world).await;
        object(world, Who::Second, &entry).await;
        world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": entry })).await.done();
        let open = json!({ "unitId": world.unit(Unit::B1), "state": "OPEN" });
        let open = world.secretary().gql(OBJECTIONS, open).await;
        assert!(open.list("/objections/edges").is_empty());
        let raiser = told(world, Who::Second).await;
        assert_eq!(said(&raiser), ("OBJECTION_DECIDED", "您对“清洁家园”的异议：记录已撤出公示。"));
    }
}

/// Member's two hours for B3, of which its secretary counts one.
async fn corrected(world: &World) -> String {
    let id = reported(world, Who::Member, Unit::B3, 0, 120).await;
    correct(world, Who::SecretaryOfB3, &id).await;
    id
}

async fn correct(world: &World, who: Who, id: &str) {
    let result = review(world, who, json!({ "id": id, "minutes": 60, "reason": "提前离开" })).await;
    assert_eq!(result["entry"]["minutes"], 60, "{result}");
}

both! {
    async fn the_member_objects_to_a_correction_once(world: &World) {
        let entry = corrected(world).await;
        let id = object(world, Who::Member, &entry).await;
        assert_eq!(decide(world, Who::SecretaryOfB3, &id, false).await.refused(), "OWN_APPROVAL");
        assert_eq!(decide(world, Who::Member, &id, true).await.error_code(), "FORBIDDEN");
        world.pass(Duration::days(7));
        world.settle().await;
        assert_eq!(state_of(world, &entry).await, "IN_PUBLICITY", "it is held up");
        decide(world, Who::OfficeOfS2, &id, true).await.done();
        assert_eq!(state_of(world, &entry).await, "REPORTED", "it is looked at again");
        let member = told(world, Who::Member).await;
        assert_eq!(said(&member), ("OBJECTION_DECIDED", "您对“清洁家园”的异议：成立。说明：已向居委会核实。"));
        let anew = world.as_(Who::SecretaryOfB3).gql(HOURS_TO_REVIEW, json!({ "unitId": world.unit(Unit::B3) })).await;
        assert_eq!(anew.int("/serviceHoursToReview/edges/0/node/minutes"), 120, "as it was reported");
        correct(world, Who::SecretaryOfB3, &entry).await;
        let again = object(world, Who::Member, &entry).await;
        decide(world, Who::OfficeOfS2, &again, false).await.done();
        let third = world.member_of_b1().run(OBJECT_TO_HOURS, json!({ "entryId": entry, "reason": "不服" })).await;
        assert_eq!(third.refused(), "ALREADY_OBJECTED");
    }
}

both! {
    async fn the_member_objects_to_a_recalculation_once(world: &World) {
        let entry = granted(world).await;
        let anew = async |minutes: i64| {
            let input = json!({ "id": entry, "minutes": minutes, "reason": "扣除休息" });
            world.secretary().run(RECALCULATE_HOURS, input).await.done();
        };
        let input = json!({ "entryId": entry, "reason": "没有休息" });
        let counted = world.member_of_b1().run(OBJECT_TO_HOURS, input.clone()).await;
        assert_eq!(counted.refused(), "NOT_IN_PUBLICITY", "nothing was changed");
        world.pass(Duration::hours(1));
        anew(90).await;
        assert_eq!(world.as_(Who::Second).run(OBJECT_TO_HOURS, input.clone()).await.refused(), "NOT_IN_PUBLICITY");
        let first = object(world, Who::Member, &entry).await;
        assert_eq!(world.member_of_b1().run(OBJECT_TO_HOURS, input.clone()).await.refused(), "ALREADY_OBJECTED");
        assert_eq!(decide(world, Who::Secretary, &first, false).await.refused(), "OWN_APPROVAL");
        decide(world, Who::Office, &first, true).await.done();
        assert_eq!((state_of(world, &entry).await, total(world, Who::Member).await), (json!("GRANTED"), 120));
        let ledger = world.member_of_b1().gql(HOUR_LEDGER, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(ledger.list("/hourLedger/edges").len(), 3, "a grant and two recalculations");
        assert_eq!(world.member_of_b1().run(OBJECT_TO_HOURS, input.clone()).await.refused(), "OWN_ENTRY");
        super::ledger::assert_balanced(world).await;
        world.pass(Duration::hours(1));
        anew(60).await;
        let second = object(world, Who::Member, &entry).await;
        decide(world, Who::Office, &second, false).await.done();
        assert_eq!(total(world, Who::Member).await, 60);
        assert_eq!(world.member_of_b1().run(OBJECT_TO_HOURS, input).await.refused(), "ALREADY_OBJECTED");
        // What is taken back leaves no objection open.
        world.pass(Duration::hours(1));
        anew(30).await;
        object(world, Who::Member, &entry).await;
        world.office().run(REVERSE_HOURS, json!({ "id": entry, "reason": "误报" })).await.done();
        assert_eq!(mine(world, Who::Member).await["state"], "LAPSED");
        assert_eq!(total(world, Who::Member).await, 0);
        super::ledger::assert_balanced(world).await;
    }
}
