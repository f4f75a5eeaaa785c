//! Nobody slips out of what they were given; whoever answers for it next goes on; and nobody learns
//! what isn't theirs to know.

use chrono::Duration;
use serde_json::{Value, json};

use super::template::standing;
use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
    },
};

async fn kinds(world: &World, who: Who) -> Vec<String> {
    world.settle().await;
    let inbox = world.as_(who).gql(INBOX, json!({ "first": 50 })).await;
    inbox.list("/inbox/edges").iter().map(|edge| edge["node"]["kind"].as_str().unwrap().to_owned()).collect()
}

async fn messages(world: &World, who: Who) -> Vec<String> {
    world.settle().await;
    let inbox = world.as_(who).gql(INBOX, json!({ "first": 50 })).await;
    inbox.list("/inbox/edges").iter().map(|edge| edge["node"]["body"].as_str().unwrap().to_owned()).collect()
}

async fn owner(world: &World, id: &str) -> Value {
    world.assignment(Who::Office, id).await["owner"]["name"].clone()
}

both! {
    async fn nobody_drops_what_they_were_given_by_another_post(world: &World) {
        let to = json!({ "unitId": world.unit(Unit::B1) });
        let made = world.instructor().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to.clone())).await;
        let id = id_of(&made);
        world.instructor().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        let cancel = json!({ "id": id, "reason": "不必办了" });
        assert_eq!(world.secretary().run(CANCEL_ASSIGNMENT, cancel.clone()).await.refused(), "OWN_WORK");
        let longer = json!({ "id": id, "reason": "延期", "to": to, "dueAt": rfc3339(world.now() + Duration::days(300)) });
        assert_eq!(world.secretary().run(REASSIGN_ASSIGNMENT, longer.clone()).await.refused(), "OWN_WORK");
        let given = world.instructor().run(REASSIGN_ASSIGNMENT, longer).await;
        assert_eq!(given.done()["assignment"]["dueAt"], "2026-12-27T01:00:00+00:00", "the same owner has longer");
        world.deputy().run(CANCEL_ASSIGNMENT, cancel).await.done();
        assert!(kinds(world, Who::Secretary).await.contains(&"ASSIGNMENT_CANCELLED".to_owned()));
    }
}

both! {
    async fn what_was_never_given_stays_unknown(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "写错了" })).await.done();
        assert_eq!(world.member_of_b1().gql(NODE, json!({ "id": id })).await.data("/node"), &Value::Null);
        assert_eq!(world.member_of_b1().gql(MY_ASSIGNMENTS, json!({})).await.list("/myAssignments/edges").len(), 0);
        assert_eq!(kinds(world, Who::Member).await, [""; 0]);
        let offer = json!({ "offer": { "unitId": world.unit(Unit::B1), "capacity": 2 } });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, offer)).await);
        world.secretary().run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "写错了" })).await.done();
        assert_eq!(world.member_of_b1().gql(NODE, json!({ "id": id })).await.data("/node"), &Value::Null);
    }
}

both! {
    async fn whoever_answers_for_the_unit_now_goes_on(world: &World) {
        let (open, handed_in) = (world.taken_on(json!({})).await, world.handed_in().await);
        world.office().run(END_POST, json!({ "id": world.post(Who::Secretary) })).await.done();
        world.pass(Duration::days(1));
        world.settle().await;
        assert_eq!(owner(world, &open).await, "李副书记");
        assert_eq!(world.assignment(Who::Office, &open).await["state"], "ACCEPTED", "it goes on where it stands");
        assert_eq!(owner(world, &handed_in).await, "李副书记");
        assert!(kinds(world, Who::Deputy).await.contains(&"ASSIGNMENT_DISPATCHED".to_owned()));
        world.deputy().run(SUBMIT_ASSIGNMENT, json!({ "id": open, "amount": 20 })).await.done();
        assert_eq!(world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": open })).await.error_code(), "NOT_FOUND");
        let history = world.assignment(Who::Office, &open).await["history"].clone();
        let passed = history.as_array().unwrap().iter().find(|step| step["kind"] == "SUCCEEDED").unwrap();
        assert_eq!((&passed["by"], &passed["owner"]["name"]), (&Value::Null, &json!("李副书记")), "by itself");
        assert_eq!(messages(world, Who::Secretary).await[0], "“走访困难群众”不再由您办理。");
    }
}

both! {
    async fn it_waits_for_somebody_who_answers_and_passes_on_their_first_day(world: &World) {
        let id = world.taken_on(json!({})).await;
        for who in [Who::Secretary, Who::Deputy, Who::Commissioner, Who::Instructor] {
            world.office().run(END_POST, json!({ "id": world.post(who) })).await.done();
        }
        world.pass(Duration::days(1));
        world.settle().await;
        assert_eq!(owner(world, &id).await, "王书记", "nobody else answers");
        let first_day = world.now() + Duration::days(3);
        let post = json!({ "accountId": world.account(Who::Second), "unitId": world.unit(Unit::B1), "kind": "SECRETARY",
            "startsOn": first_day.format("%Y-%m-%d").to_string() });
        world.office().run(APPOINT, post).await.done();
        world.pass(Duration::days(2));
        world.settle().await;
        assert_eq!(owner(world, &id).await, "王书记");
        world.pass(Duration::days(1));
        for one in futures_util::future::join_all(world.workers(2).map(zhibu::assignment::job::run)).await {
            one.unwrap();
        }
        world.settle().await;
        assert_eq!(owner(world, &id).await, "林党员");
        let seen = world.assignment(Who::Office, &id).await;
        let passed = seen["history"].as_array().unwrap().iter().filter(|step| step["kind"] == "SUCCEEDED").count();
        assert_eq!(passed, 1, "{seen}");
    }
}

both! {
    async fn who_is_appointed_again_in_time_keeps_it(world: &World) {
        let id = world.taken_on(json!({})).await;
        world.office().run(END_POST, json!({ "id": world.post(Who::Secretary) })).await.done();
        let again = json!({ "accountId": world.account(Who::Secretary), "unitId": world.unit(Unit::General), "kind": "SECRETARY",
            "startsOn": (world.now() + Duration::days(1)).format("%Y-%m-%d").to_string() });
        world.office().run(APPOINT, again).await.done();
        world.pass(Duration::days(1));
        world.settle().await;
        assert_eq!(owner(world, &id).await, "王书记", "who holds a post above answers for it still");
        // The branch goes elsewhere; its old superiors have no say in it any more.
        let moved = json!({ "id": world.unit(Unit::B1), "parentId": world.unit(Unit::S2) });
        world.administrator().run(MOVE_UNIT, moved).await.done();
        world.settle().await;
        let seen = world.as_(Who::OfficeOfS2).gql(ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(seen.str("/node/owner/name"), "李副书记");
    }
}

both! {
    async fn what_a_member_leaves_behind_lies_with_the_issuer(world: &World) {
        let secretary = world.secretary();
        let of_member = json!({ "memberId": world.member(Who::Member) });
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(id_of(&secretary.run(CREATE_ASSIGNMENT, work(world, Unit::B1, of_member.clone())).await));
        }
        let [draft, open, handed_in] = ids.try_into().unwrap();
        for id in [&open, &handed_in] {
            secretary.run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
            world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        }
        world.member_of_b1().run(SUBMIT_ASSIGNMENT, json!({ "id": handed_in })).await.done();
        let offer = json!({ "offer": { "unitId": world.unit(Unit::B1), "capacity": 1 } });
        let offer = id_of(&secretary.run(CREATE_ASSIGNMENT, work(world, Unit::B1, offer)).await);
        secretary.run(DISPATCH_ASSIGNMENT, json!({ "id": offer })).await.done();
        world.member_of_b1().run(CLAIM_ASSIGNMENT, json!({ "id": offer })).await.done();
        let claim = async |who: Who| world.as_(who).run(CLAIM_ASSIGNMENT, json!({ "id": offer })).await;
        assert_eq!(claim(Who::Second).await.refused(), "FULL");
        let left = json!({ "id": world.member(Who::Member), "leftOn": "2026-03-01" });
        world.as_(Who::Commissioner).run(UPDATE_MEMBER, left).await.done();
        let declined = json!({ "unitId": world.unit(Unit::B1), "issued": true, "states": ["DECLINED"] });
        let listed = async || secretary.gql(ASSIGNMENTS, declined.clone()).await.list("/assignments/edges").len();
        assert_eq!(listed().await, 2, "what was open, and the claim");
        assert!(kinds(world, Who::Secretary).await.contains(&"ASSIGNMENT_CHANGED".to_owned()));
        let seen = world.assignment(Who::Secretary, &open).await;
        let last = seen["history"].as_array().unwrap().last().unwrap();
        assert_eq!((&seen["state"], &last["kind"], &last["by"]["name"]), (&json!("DECLINED"), &json!("HANDED_BACK"), &json!("赵组委")));
        claim(Who::Second).await.done();
        let next = json!({ "id": open, "reason": "请林党员接手", "to": { "memberId": world.member(Who::Second) } });
        secretary.run(REASSIGN_ASSIGNMENT, next).await.done();
        // What was handed in waits to be verified; given back, it finds no owner.
        assert_eq!(world.assignment(Who::Secretary, &handed_in).await["state"], "SUBMITTED");
        let back = secretary.run(RETURN_ASSIGNMENT, json!({ "id": handed_in, "reason": "缺两户" })).await;
        assert_eq!(back.done()["assignment"]["state"], "DECLINED");
        assert_eq!(secretary.run(DISPATCH_ASSIGNMENT, json!({ "id": draft })).await.refused(), "LEFT_ROSTER");
    }
}

both! {
    async fn a_whole_waits_for_its_parts(world: &World) {
        let id = world.taken_on(json!({})).await;
        let down = json!({ "id": id, "to": [{ "memberId": world.member(Who::Member) }] });
        world.secretary().run(HAND_DOWN_ASSIGNMENT, down).await.done();
        assert_eq!(world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id })).await.refused(), "PARTS_OPEN");
        let elsewhere = json!({ "id": id, "reason": "改派", "to": { "unitId": world.unit(Unit::B2) } });
        assert_eq!(world.office().run(REASSIGN_ASSIGNMENT, elsewhere.clone()).await.refused(), "PARTS_OPEN");
        let mine = world.member_of_b1().gql(MY_ASSIGNMENTS, json!({})).await.str("/myAssignments/edges/0/node/id");
        world.secretary().run(CANCEL_ASSIGNMENT, json!({ "id": mine, "reason": "支部自办" })).await.done();
        // The branch does it itself: it counts again.
        let month = json!({ "id": world.unit(Unit::B1), "year": 2026, "month": 3 });
        assert_eq!(world.secretary().gql(ASSIGNMENT_FIGURES, month).await.int("/assignmentFigures/due"), 1);
        world.office().run(REASSIGN_ASSIGNMENT, elsewhere).await.done();
        let parts = world.as_(Who::SecretaryOfB2).gql(HANDED_DOWN, json!({ "id": id })).await;
        assert_eq!(parts.list("/handedDown/parts").len(), 0, "B1's parts aren't B2's to see");
    }
}

both! {
    async fn why_another_declined_is_no_business_of_the_next(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
        world.member_of_b1().run(DECLINE_ASSIGNMENT, json!({ "id": id, "reason": "刚做完手术" })).await.done();
        let next = json!({ "id": id, "reason": "请林党员接手", "to": { "memberId": world.member(Who::Second) } });
        world.secretary().run(REASSIGN_ASSIGNMENT, next).await.done();
        let seen = world.assignment(Who::Second, &id).await;
        assert!(!seen.to_string().contains("手术"), "{seen}");
        assert!(world.assignment(Who::Secretary, &id).await.to_string().contains("手术"));
        let audited = world.as_(Who::Second).gql(MY_AUDIT, json!({})).await;
        assert!(!audited.data("").to_string().contains("手术"));
    }
}

both! {
    async fn what_a_unit_has_issued_is_a_list(world: &World) {
        let id = world.handed_in().await;
        let to = json!({ "memberId": world.member(Who::Member) });
        world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await.done();
        let issued = json!({ "unitId": world.unit(Unit::S1), "issued": true, "states": ["SUBMITTED"] });
        let seen = world.office().gql(ASSIGNMENTS, issued).await;
        assert_eq!(seen.list("/assignments/edges").len(), 1);
        assert_eq!(seen.str("/assignments/edges/0/node/id"), id);
        let deep = json!({ "unitId": world.unit(Unit::S1), "issued": true, "deep": true });
        assert_eq!(world.office().gql(ASSIGNMENTS, deep).await.list("/assignments/edges").len(), 2);
        let many = json!({ "unitId": world.unit(Unit::S1), "states": vec!["DRAFT"; 10] });
        assert_eq!(world.office().gql(ASSIGNMENTS, many).await.error_code(), "BAD_USER_INPUT");
    }
}

both! {
    async fn who_may_claim_is_told(world: &World) {
        world.offered(5).await;
        assert_eq!(kinds(world, Who::Secretary).await, ["ASSIGNMENT_OFFERED"]);
        assert_eq!(kinds(world, Who::SecretaryOfB2).await, ["ASSIGNMENT_OFFERED"]);
        assert_eq!(kinds(world, Who::Member).await, [""; 0]);
        assert_eq!(kinds(world, Who::SecretaryOfB3).await, [""; 0], "of another street");
    }
}

both! {
    async fn what_is_going_on_is_seen_and_not_told(world: &World) {
        let id = world.taken_on(json!({})).await;
        world.secretary().run(REPORT_PROGRESS, json!({ "id": id, "amount": 3 })).await.done();
        assert_eq!(kinds(world, Who::Office).await, [""; 0]);
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "amount": 20 })).await.done();
        assert_eq!(kinds(world, Who::Office).await, ["ASSIGNMENT_CHANGED"]);
        world.office().run(RETURN_ASSIGNMENT, json!({ "id": id, "reason": "请补充" })).await.done();
        assert_eq!(kinds(world, Who::Secretary).await, ["ASSIGNMENT_RETURNED", "ASSIGNMENT_DISPATCHED"]);
    }
}

both! {
    async fn a_standing_one_waits_for_somebody_who_answers(world: &World) {
        let to_b2 = json!({ "to": { "unitId": world.unit(Unit::B2) } });
        let written = world.office().run(CREATE_ASSIGNMENT_TEMPLATE, standing(world, to_b2)).await;
        written.done();
        world.office().run(END_POST, json!({ "id": world.post(Who::SecretaryOfB2) })).await.done();
        world.pass(Duration::days(4));
        world.settle().await;
        let of_b2 = json!({ "unitId": world.unit(Unit::B2) });
        assert_eq!(world.office().gql(ASSIGNMENTS, of_b2.clone()).await.list("/assignments/edges").len(), 0);
        let post = json!({ "accountId": world.account(Who::MemberOfB2), "unitId": world.unit(Unit::B2), "kind": "SECRETARY" });
        world.office().run(APPOINT, post).await.done();
        world.pass(Duration::minutes(11));
        world.settle().await;
        let seen = world.office().gql(ASSIGNMENTS, of_b2).await;
        assert_eq!(seen.list("/assignments/edges").len(), 1, "once");
    }
}

both! {
    async fn who_is_told_knows_whose_it_is_and_why(world: &World) {
        let id = world.handed_in().await;
        assert_eq!(messages(world, Who::Office).await[0], "“走访困难群众”。承办：芙蓉社区第一党支部。待核验。");
        world.office().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.done();
        let again = json!({ "id": id, "reason": "问题反弹", "dueAt": rfc3339(world.now() + Duration::days(20)) });
        world.office().run(REOPEN_ASSIGNMENT, again).await.done();
        assert_eq!(messages(world, Who::Secretary).await[0], "“走访困难群众”。期限：3月22日09:00。说明：问题反弹。");
        assert_eq!(world.assignment(Who::Secretary, &id).await["reason"], "问题反弹");
        // Of a person's work the person is named, of a unit's the unit.
        let to = json!({ "memberId": world.member(Who::Member) });
        let own = id_of(&world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await);
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": own })).await.done();
        world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": own })).await.done();
        world.member_of_b1().run(SUBMIT_ASSIGNMENT, json!({ "id": own, "amount": 20 })).await.done();
        let told = messages(world, Who::Secretary).await;
        assert_eq!(told[0], "“走访困难群众”。承办：芙蓉社区第一党支部 陈党员。待核验。");
        let next = json!({ "id": id, "reason": "请二支部接手", "to": { "unitId": world.unit(Unit::B2) } });
        world.office().run(REASSIGN_ASSIGNMENT, next).await.done();
        assert_eq!(messages(world, Who::Secretary).await[0], "“走访困难群众”不再由您办理。说明：请二支部接手。");
        assert!(!messages(world, Who::SecretaryOfB2).await[0].contains("接手"), "nothing for whoever gets it");
    }
}
