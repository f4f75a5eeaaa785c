//! One tap reminds those who haven't done it yet, and only those; once a day.

use chrono::Duration;
use serde_json::{Value, json};

use super::nodes;
use crate::{
    both,
    harness::{
        Actor, Unit, Who, World,
        assigning::{id_of, work},
        clock::beijing_time,
        document::*,
        meeting::{end, start},
    },
};

async fn told_of(who: &Actor<'_>, kind: &str) -> Vec<Value> {
    let reply = who.gql(INBOX, json!({ "first": 50 })).await;
    nodes(&reply, "/inbox").into_iter().filter(|n| n["kind"] == kind).collect()
}

async fn missing(world: &World) -> usize {
    let page = world
        .secretary()
        .gql(ATTENDEES, json!({ "unitId": world.unit(Unit::B1), "first": 50, "missingOnly": true }))
        .await;
    page.list("/activities/edges/0/node/attendees/edges").len()
}

both! {
    async fn only_those_who_are_missing_are_reminded(world: &World) {
        let draft = world.draft(json!({})).await;
        assert_eq!(world.secretary().run(REMIND_ATTENDEES, json!({ "activityId": draft })).await.refused(), "NOT_PUBLISHED");
        world.secretary().run(PUBLISH, json!({ "id": draft })).await.done();
        let id = draft;
        let asked = world.as_(Who::Second).run(REQUEST_LEAVE, json!({ "activityId": id, "reason": "出差" })).await;
        let leave = asked.done()["leaveRequest"]["id"].clone();
        let before = missing(world).await;
        world.secretary().run(DECIDE_LEAVE, json!({ "id": leave, "granted": true })).await.done();
        assert_eq!(missing(world).await, before - 1, "who is on leave isn't missing");
        let muted = json!({ "mutedKinds": ["ACTIVITY_REMINDER"] });
        world.as_(Who::Probationary).run(SET_PREFERENCES, muted).await.done();
        let quiet = json!({ "mutedKinds": [], "quietHours": { "from": "08:00", "until": "20:00" } });
        world.leader().run(SET_PREFERENCES, quiet).await.done();
        world.set_clock(beijing_time(2026, 3, 5, 10, 0));
        world.settle().await;
        let remind = json!({ "activityId": id });
        let told = world.secretary().run(REMIND_ATTENDEES, remind.clone()).await.done()["told"].clone();
        assert_eq!(told, json!(before - 2), "but not who has muted reminders");
        world.settle().await;
        let mine = told_of(&world.member_of_b1(), "ACTIVITY_REMINDER").await;
        assert_eq!((mine.len(), &mine[0]["body"]), (1, &json!("“三月主题党日”，3月6日19:00开始。")));
        assert_eq!(mine[0]["subject"]["id"], id);
        assert_eq!(told_of(&world.leader(), "ACTIVITY_REMINDER").await[0]["alertAt"], "2026-03-05T12:00:00+00:00", "quiet hours");
        for who in [Who::Second, Who::Probationary, Who::Exempt, Who::MemberOfB2] {
            assert!(told_of(&world.as_(who), "ACTIVITY_REMINDER").await.is_empty(), "{who:?}");
        }
        assert_eq!(world.deputy().run(REMIND_ATTENDEES, remind.clone()).await.refused(), "ALREADY_REMINDED");
        // The next day; one has come meanwhile.
        world.set_clock(start() - Duration::minutes(5));
        world.settle().await;
        world.scan(world.member_of_b1(), &id).await.done();
        let told = world.secretary().run(REMIND_ATTENDEES, remind.clone()).await.done()["told"].clone();
        assert_eq!(told, json!(before - 3));
        world.settle().await;
        assert_eq!(told_of(&world.member_of_b1(), "ACTIVITY_REMINDER").await.len(), 1, "who came isn't reminded");
        assert_eq!(told_of(&world.deputy(), "ACTIVITY_REMINDER").await.len(), 2);
        let audit = world.auditor().gql(AUDIT, json!({ "first": 20 })).await;
        assert!(nodes(&audit, "/audit").iter().any(|e| e["operation"] == "remindAttendees" && e["after"]["told"] == told));
        world.set_clock(end());
        assert_eq!(world.secretary().run(REMIND_ATTENDEES, remind).await.refused(), "OVER");
    }
}

both! {
    async fn two_who_remind_at_once_remind_once(world: &World) {
        let id = world.published(json!({})).await;
        let remind = json!({ "activityId": id });
        let (secretary, deputy) = (world.secretary(), world.deputy());
        secretary.gql(ME, json!({})).await;
        deputy.gql(ME, json!({})).await;
        let (one, two) = tokio::join!(secretary.run(REMIND_ATTENDEES, remind.clone()), deputy.run(REMIND_ATTENDEES, remind));
        let refused = [&one, &two].iter().filter(|r| r.data("/remindAttendees")["code"] == "ALREADY_REMINDED").count();
        assert_eq!(refused, 1);
        world.settle().await;
        assert_eq!(told_of(&world.member_of_b1(), "ACTIVITY_REMINDER").await.len(), 1);
    }
}

/// The street's own, handed down to its branches.
async fn handed_down(world: &World) -> String {
    let to = json!({ "unitId": world.unit(Unit::S1) });
    let id = id_of(&world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, to)).await);
    world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    world.office().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
    world.office().run(HAND_DOWN_ASSIGNMENT, json!({ "id": id, "branches": true })).await.done();
    id
}

async fn not_yet(world: &World, id: &str, step: &str) -> Vec<Value> {
    let page = world.office().gql(NOT_YET, json!({ "id": id, "step": step, "first": 50 })).await;
    nodes(&page, "/notYet")
}

both! {
    async fn who_has_not_accepted_and_who_has_not_handed_in(world: &World) {
        let id = handed_down(world).await;
        assert_eq!(not_yet(world, &id, "ACCEPTED").await.len(), 2);
        let mine = nodes(&world.secretary().gql(MY_ASSIGNMENTS, json!({})).await, "/myAssignments")[0]["id"].clone();
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": mine })).await.done();
        let waiting = not_yet(world, &id, "ACCEPTED").await;
        assert_eq!((waiting.len(), &waiting[0]["unit"]["id"]), (1, &json!(world.unit(Unit::B2))));
        assert_eq!(not_yet(world, &id, "SUBMITTED").await.len(), 2);
        assert!(not_yet(world, &id, "CLAIMED").await.is_empty(), "nothing is offered");
        let accept = json!({ "assignmentId": id, "step": "ACCEPTED" });
        assert_eq!(world.office().run(REMIND_OWNERS, accept.clone()).await.done()["told"], 1);
        assert_eq!(world.office().run(REMIND_OWNERS, accept).await.refused(), "ALREADY_REMINDED");
        let hand_in = json!({ "assignmentId": id, "step": "SUBMITTED" });
        assert_eq!(world.office().run(REMIND_OWNERS, hand_in.clone()).await.done()["told"], 1, "of each duty once a day");
        world.settle().await;
        let reminded = told_of(&world.as_(Who::SecretaryOfB2), "ASSIGNMENT_REMINDER").await;
        assert_eq!((reminded.len(), &reminded[0]["body"]), (1, &json!("“走访困难群众”。期限：3月12日09:00。")));
        assert_eq!(told_of(&world.secretary(), "ASSIGNMENT_REMINDER").await.len(), 1);
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": mine, "amount": 20 })).await.done();
        world.pass(Duration::days(1));
        assert_eq!(world.office().run(REMIND_OWNERS, hand_in.clone()).await.done()["told"], 1, "who handed it in isn't reminded");
        for (who, answer) in [(Who::Member, "NOT_FOUND"), (Who::SecretaryOfB3, "NOT_FOUND"), (Who::ForeignSecretary, "NOT_FOUND")] {
            assert_eq!(world.as_(who).run(REMIND_OWNERS, hand_in.clone()).await.error_code(), answer, "{who:?}");
            assert_eq!(world.as_(who).gql(NOT_YET, json!({ "id": id, "step": "SUBMITTED" })).await.error_code(), answer, "{who:?}");
        }
        world.office().run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "任务取消" })).await.done();
        assert_eq!(world.office().run(REMIND_OWNERS, hand_in).await.refused(), "NOT_IN_FORCE");
    }
}

both! {
    async fn branches_that_have_not_claimed(world: &World) {
        let id = world.offered(2).await;
        assert_eq!(not_yet(world, &id, "CLAIMED").await.len(), 2);
        world.secretary().run(CLAIM_ASSIGNMENT, json!({ "id": id, "unitId": world.unit(Unit::B1) })).await.done();
        assert_eq!(not_yet(world, &id, "CLAIMED").await, [json!({ "__typename": "OrgUnit", "id": world.unit(Unit::B2) })]);
        let claim = json!({ "assignmentId": id, "step": "CLAIMED" });
        assert_eq!(world.office().run(REMIND_OWNERS, claim.clone()).await.done()["told"], 1);
        world.settle().await;
        assert_eq!(told_of(&world.as_(Who::SecretaryOfB2), "ASSIGNMENT_REMINDER").await[0]["subject"]["id"], id);
        assert!(told_of(&world.secretary(), "ASSIGNMENT_REMINDER").await.is_empty());
        assert_eq!(world.secretary().run(REMIND_OWNERS, claim.clone()).await.error_code(), "FORBIDDEN");
        world.as_(Who::SecretaryOfB2).run(CLAIM_ASSIGNMENT, json!({ "id": id, "unitId": world.unit(Unit::B2) })).await.done();
        assert_eq!(world.office().run(REMIND_OWNERS, claim).await.refused(), "OVER", "all is claimed");
        let submit = json!({ "assignmentId": id, "step": "SUBMITTED" });
        assert_eq!(world.office().run(REMIND_OWNERS, submit).await.done()["told"], 2, "the claims are its parts");
    }
}
