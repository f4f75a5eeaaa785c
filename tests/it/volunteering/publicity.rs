//! Verified hours are made known; members may object before they count.

use super::*;
use crate::both;

both! {
    async fn it_counts_when_the_notice_is_over(world: &World) {
        let id = in_publicity(world).await;
        let seen = world.as_(Who::Second).gql(PUBLICITY, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(seen.str("/serviceHoursInPublicity/edges/0/node/name"), "陈党员");
        let other = world.as_(Who::MemberOfB2).gql(PUBLICITY, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(other.error_code(), "NOT_FOUND");
        world.pass(Duration::days(7) - Duration::seconds(1));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 0);
        world.pass(Duration::seconds(1));
        world.settle().await;
        assert_eq!(state_of(world, &id).await, "GRANTED");
        assert_eq!(total(world, Who::Member).await, 120);
        assert_eq!(world.member_of_b1().gql(HOME, json!({})).await.int("/home/minutesThisYear"), 120);
        let over = world.as_(Who::Second).gql(PUBLICITY, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert!(over.list("/serviceHoursInPublicity/edges").is_empty());
    }
}

both! {
    async fn the_notice_of_a_unit_is_for_its_members_alone(world: &World) {
        in_publicity(world).await;
        let above = world.as_(Who::MemberOfB2).gql(PUBLICITY, json!({ "unitId": world.unit(Unit::S1) })).await;
        assert!(above.list("/serviceHoursInPublicity/edges").is_empty(), "a member of B2 sees nothing of B1");
    }
}

both! {
    async fn its_length_is_the_districts(world: &World) {
        let rule = |days| json!({ "key": "PUBLICITY_DAYS", "value": days, "source": "区委〔2026〕7号" });
        let short = world.administrator().run(SET_RULE, rule(6)).await;
        assert_eq!(short.refused(), "OUT_OF_BOUNDS", "a notice lasts seven days at least");
        world.administrator().run(SET_RULE, rule(8)).await.done();
        in_publicity(world).await;
        world.pass(Duration::days(7));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 0);
        world.pass(Duration::days(1));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 120);
    }
}

async fn objected(world: &World, id: &str) -> String {
    let input = json!({ "entryId": id, "reason": "当天不在场" });
    let reply = world.as_(Who::Second).run(OBJECT_TO_HOURS, input).await;
    reply.done()["objection"]["id"].as_str().unwrap().to_owned()
}

both! {
    async fn an_objection_holds_it_up_until_it_is_dismissed(world: &World) {
        let id = in_publicity(world).await;
        let objection = objected(world, &id).await;
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(state_of(world, &id).await, "IN_PUBLICITY");
        let dismiss = json!({ "id": objection, "upheld": false, "answer": "有现场照片" });
        assert_eq!(world.secretary().run(DECIDE_OBJECTION, dismiss.clone()).await.refused(), "OWN_APPROVAL");
        assert_eq!(world.office().run(DECIDE_OBJECTION, dismiss.clone()).await.done()["objection"]["state"], "DISMISSED");
        assert_eq!(world.office().run(DECIDE_OBJECTION, dismiss).await.refused(), "ALREADY_DECIDED");
        world.settle().await;
        assert_eq!(state_of(world, &id).await, "GRANTED");
    }
}

both! {
    async fn one_that_is_right_sends_it_back(world: &World) {
        let id = in_publicity(world).await;
        let objection = objected(world, &id).await;
        let second = json!({ "entryId": id, "reason": "时间不对" });
        world.as_(Who::Probationary).run(OBJECT_TO_HOURS, second).await.done();
        let uphold = json!({ "id": objection, "upheld": true, "answer": "经核实不在场" });
        world.deputy().run(DECIDE_OBJECTION, uphold).await.done();
        assert_eq!(state_of(world, &id).await, "RETURNED");
        let open = json!({ "unitId": world.unit(Unit::B1), "state": "OPEN" });
        let open = world.secretary().gql(OBJECTIONS, open).await;
        assert!(open.list("/objections/edges").is_empty(), "the other objection is settled with it");
        world.pass(Duration::days(8));
        world.settle().await;
        assert_eq!(total(world, Who::Member).await, 0);
    }
}

both! {
    async fn the_member_does_not_learn_who_objects(world: &World) {
        let id = in_publicity(world).await;
        objected(world, &id).await;
        let mine = world.member_of_b1().gql(SERVICE_HOURS, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(mine.str("/serviceHours/edges/0/node/objections/0/reason"), "当天不在场");
        assert!(!mine.text.contains("林党员"));
        let told = world.member_of_b1().gql(MY_AUDIT, json!({})).await;
        assert!(!told.text.contains("林党员") && !told.text.contains("objectToServiceHours"), "{}", told.text);
        let decides = world.secretary().gql(OBJECTIONS, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(decides.str("/objections/edges/0/node/raisedBy/name"), "林党员");
    }
}

both! {
    async fn who_may_object_and_when(world: &World) {
        let id = in_publicity(world).await;
        let input = json!({ "entryId": id, "reason": "不实" });
        assert_eq!(world.member_of_b1().run(OBJECT_TO_HOURS, input.clone()).await.refused(), "OWN_ENTRY");
        assert_eq!(world.as_(Who::MemberOfB2).run(OBJECT_TO_HOURS, input.clone()).await.error_code(), "NOT_FOUND");
        assert_eq!(world.office().run(OBJECT_TO_HOURS, input.clone()).await.error_code(), "FORBIDDEN");
        let silent = json!({ "entryId": id, "reason": " " });
        assert_eq!(world.as_(Who::Second).run(OBJECT_TO_HOURS, silent).await.refused(), "BAD_REASON");
        let once = with(input.clone(), json!({ "clientMutationId": "objection-1" }));
        let first = world.as_(Who::Second).run(OBJECT_TO_HOURS, once.clone()).await;
        let again = world.as_(Who::Second).run(OBJECT_TO_HOURS, once).await;
        assert_eq!(first.done()["objection"]["id"], again.done()["objection"]["id"]);
        assert_eq!(world.as_(Who::Second).run(OBJECT_TO_HOURS, input.clone()).await.refused(), "ALREADY_OBJECTED");
        world.pass(Duration::days(7));
        assert_eq!(world.deputy().run(OBJECT_TO_HOURS, input).await.refused(), "NOT_IN_PUBLICITY");
    }
}
