//! Handed down the tree; progress rolls up.

use chrono::{NaiveDate, Utc};
use serde_json::{Value, json};
use zhibu::auth::random::Randomness;
use zhibu_domain::{
    id::{OrgUnitId, PostId},
    member::{Post, PostKind},
    organization::{NewOrgUnit, OrgUnit, OrgUnitKind},
};
use zhibu_persistence::{Origin, member, organization};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        document::*,
        founding,
        meeting::with,
    },
};

/// The street's own: its office answers for it.
async fn streets_own(world: &World) -> String {
    let to = json!({ "unitId": world.unit(Unit::S1) });
    let id = id_of(&world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, to)).await);
    world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    world.office().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
    id
}

async fn parts(world: &World, id: &str) -> (Value, Vec<Value>) {
    let shown = world.office().gql(HANDED_DOWN, json!({ "id": id })).await;
    (shown.data("/handedDown/assignment/rollUp").clone(), shown.list("/handedDown/parts").clone())
}

both! {
    async fn the_branches_make_it_their_own_and_progress_rolls_up(world: &World) {
        let id = streets_own(world).await;
        let down = world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await;
        assert_eq!(down.done()["assignment"]["state"], "IN_PROGRESS");
        assert_eq!(down.done()["assignment"]["rollUp"], json!({ "parts": 2, "waiting": 2 }));
        let (_, handed) = parts(world, &id).await;
        let of_b1 = handed.iter().find(|part| part["unit"]["id"] == world.unit(Unit::B1)).unwrap()["id"].clone();
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        // The branch breaks it down to its members.
        let members = json!([{ "memberId": world.member(Who::Member) }, { "memberId": world.member(Who::Second) }]);
        let smaller = json!({ "text": "入户走访", "target": 10, "unit": "户" });
        world.secretary().run(HAND_DOWN_ASSIGNMENT, json!({ "id": of_b1, "to": members, "measure": smaller })).await.done();
        let mine = world.member_of_b1().gql(MY_ASSIGNMENTS, json!({})).await.str("/myAssignments/edges/0/node/id");
        world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": mine })).await.done();
        world.member_of_b1().run(REPORT_PROGRESS, json!({ "id": mine, "amount": 7 })).await.done();
        let (sum, handed) = parts(world, &id).await;
        assert_eq!(handed.len(), 2);
        assert_eq!(sum, json!({ "parts": 3, "waiting": 2, "underway": 1, "submitted": 0, "verified": 0, "declined": 0,
            "overdue": 0, "target": 40, "declinedTarget": 0, "amount": 7 }));
        // The branch verifies its members' parts, the street the branch's.
        world.member_of_b1().run(SUBMIT_ASSIGNMENT, json!({ "id": mine, "amount": 10 })).await.done();
        world.deputy().run(VERIFY_ASSIGNMENT, json!({ "id": mine })).await.done();
        let parent = world.assignment(Who::Member, &mine).await;
        assert_eq!(parent["parent"], Value::Null, "the whole is for the branch's overseers");
    }
}

both! {
    async fn a_whole_is_handed_in_with_what_its_parts_come_to(world: &World) {
        let id = streets_own(world).await;
        let (of_b1, of_b2) = (json!({ "unitId": world.unit(Unit::B1) }), json!({ "unitId": world.unit(Unit::B2) }));
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "to": [of_b1, of_b2] })).await.done();
        let other = streets_own(world).await;
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": other, "to": [of_b2, of_b1] })).await.done();
        let (_, handed) = parts(world, &id).await;
        let units = |handed: &[Value]| handed.iter().map(|part| part["unit"]["id"].clone()).collect::<Vec<_>>();
        assert_eq!(units(&handed), units(&parts(world, &other).await.1), "the tree's order, whoever was named first");
        let of = |unit: Unit| handed.iter().find(|part| part["unit"]["id"] == world.unit(unit)).unwrap()["id"].clone();
        let (of_b1, of_b2) = (of(Unit::B1), of(Unit::B2));
        world.as_(Who::SecretaryOfB2).run(DECLINE_ASSIGNMENT, json!({ "id": of_b2, "reason": "人手不足" })).await.done();
        let (sum, _) = parts(world, &id).await;
        assert_eq!((&sum["target"], &sum["declined"], &sum["declinedTarget"]), (&json!(20), &json!(1), &json!(20)));
        world.office().run(CANCEL_ASSIGNMENT, json!({ "id": of_b2, "reason": "街道自办" })).await.done();
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": of_b1, "amount": 17 })).await.done();
        world.office().run(VERIFY_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        let submitted = world.office().run(SUBMIT_ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(submitted.done()["assignment"]["amount"], 17);
    }
}

both! {
    async fn who_has_a_part_gets_no_other(world: &World) {
        let id = streets_own(world).await;
        let to_b1 = json!({ "id": id, "to": [{ "unitId": world.unit(Unit::B1) }], "clientMutationId": "h-1" });
        world.office().run(HAND_DOWN_ASSIGNMENT, to_b1.clone()).await.done();
        world.office().run(HAND_DOWN_ASSIGNMENT, to_b1).await.done();
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await.done();
        assert_eq!(parts(world, &id).await.1.len(), 2);
        let again = world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await;
        assert_eq!(again.refused(), "NOBODY_BELOW");
        let new = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "新支部" });
        world.office().run(CREATE_UNIT, new).await.done();
        let nobody = world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await;
        assert_eq!(nobody.refused(), "NO_OWNER");
    }
}

both! {
    async fn what_is_cancelled_is_cancelled_in_parts(world: &World) {
        let id = streets_own(world).await;
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await.done();
        let (_, handed) = parts(world, &id).await;
        let of_b1 = handed.iter().find(|part| part["unit"]["id"] == world.unit(Unit::B1)).unwrap()["id"].clone();
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        world.as_(Who::Office).run(VERIFY_ASSIGNMENT, json!({ "id": of_b1 })).await.done();
        world.office().run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "任务取消" })).await.done();
        let (_, handed) = parts(world, &id).await;
        let mut states: Vec<_> = handed.iter().map(|part| part["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["CANCELLED", "VERIFIED"], "what was verified stays");
    }
}

both! {
    async fn only_what_was_taken_on_is_handed_down(world: &World) {
        let id = world.given(json!({})).await;
        let down = json!({ "id": id, "to": [{ "memberId": world.member(Who::Member) }] });
        assert_eq!(world.secretary().run(HAND_DOWN_ASSIGNMENT, down.clone()).await.refused(), "NOT_ACCEPTED");
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        let beyond = with(down.clone(), json!({ "to": [{ "memberId": world.member(Who::MemberOfB2) }] }));
        assert_eq!(world.secretary().run(HAND_DOWN_ASSIGNMENT, beyond).await.refused(), "BEYOND_ISSUER");
        assert_eq!(world.member_of_b1().run(HAND_DOWN_ASSIGNMENT, down.clone()).await.error_code(), "NOT_FOUND");
        let later = with(down.clone(), json!({ "dueAt": "2026-06-01T00:00:00Z" }));
        assert_eq!(world.secretary().run(HAND_DOWN_ASSIGNMENT, later).await.refused(), "BAD_DUE");
        world.secretary().run(HAND_DOWN_ASSIGNMENT, down).await.done();
    }
}

/// Branches below S1, each with a secretary: the same person, who has much to do.
async fn branches(world: &World, many: usize) {
    let permit = founding::system(world.district(false));
    let (now, parent) = (world.now(), &world.ids.units[&Unit::General]);
    let starts_on = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let branch = |n: usize| {
        let new = NewOrgUnit {
            id: OrgUnitId(Randomness.id(now)),
            kind: OrgUnitKind::PartyBranch,
            name: format!("支部{n}"),
            short_name: None,
            code: Some(format!("X{n}")),
            domain: None,
            community_class: None,
            time_zone: None,
        };
        OrgUnit::found(Some(parent), new, now).unwrap()
    };
    let units: Vec<_> = (0..many).map(branch).collect();
    let post = |unit: &OrgUnit| Post {
        id: PostId(Randomness.id(now)),
        account_id: world.ids.accounts[&Who::SecretaryOfB2],
        unit_id: unit.id,
        kind: PostKind::Secretary,
        starts_on,
        ends_on: None,
    };
    let posts: Vec<_> = units.iter().map(post).collect();
    let tx = world.app.store.begin(Origin { operation: "found", request_id: None, now }).await.unwrap();
    organization::insert_units(&tx, &permit, &units).await.unwrap();
    member::insert_posts(&tx, &permit, &posts).await.unwrap();
    tx.commit().await.unwrap();
}

both! {
    async fn three_hundred_branches_are_seen_with_one_query(world: &World) {
        let started: chrono::DateTime<Utc> = world.now();
        let few = streets_own(world).await;
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": few, "branches": true })).await.done();
        branches(world, 298).await;
        let many = streets_own(world).await;
        world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": many, "branches": true })).await.done();
        world.pin();
        let ask = async |id: &str| world.office().gql(HANDED_DOWN, json!({ "id": id })).await;
        ask(&few).await;
        let (two, all) = (ask(&few).await, ask(&many).await);
        assert_eq!((two.list("/handedDown/parts").len(), all.list("/handedDown/parts").len()), (2, 300));
        assert_eq!(all.int("/handedDown/assignment/rollUp/target"), 6_000);
        assert_eq!(all.statements(), two.statements(), "as many statements for three hundred as for two");
        assert!(all.statements() <= 6, "{} statements", all.statements());
        assert_eq!(started, world.now());
    }
}

both! {
    async fn a_thousand_branches_get_theirs_in_steps(world: &World) {
        branches(world, 1_100).await;
        let id = streets_own(world).await;
        let office = world.office();
        for remaining in [602, 102, 0] {
            let down = json!({ "id": id, "branches": true, "clientMutationId": format!("down-{remaining}") });
            for left in [remaining, remaining] {
                let handed = office.run(HAND_DOWN_ASSIGNMENT, down.clone()).await;
                assert_eq!(handed.done()["remaining"], left, "sent twice it says the same");
            }
        }
        let all = json!({ "id": id, "branches": true });
        assert_eq!(office.run(HAND_DOWN_ASSIGNMENT, all).await.refused(), "NOBODY_BELOW");
        let first = office.gql(HANDED_DOWN, json!({ "id": id })).await;
        assert_eq!(first.int("/handedDown/assignment/rollUp/parts"), 1_102);
        let last = first.data("/handedDown/parts/999/id").clone();
        assert_eq!((first.list("/handedDown/parts").len(), first.data("/handedDown/moreAfter")), (1_000, &last));
        let rest = office.gql(HANDED_DOWN, json!({ "id": id, "after": last })).await;
        assert_eq!((rest.list("/handedDown/parts").len(), rest.data("/handedDown/moreAfter")), (102, &Value::Null));
    }
}
