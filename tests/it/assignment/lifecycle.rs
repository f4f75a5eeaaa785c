//! From draft to verified, and back.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
        meeting::with,
    },
};

both! {
    async fn it_is_done_and_verified_and_all_is_written_down(world: &World) {
        let to = json!({ "unitId": world.unit(Unit::B1) });
        let made = world.office().run(CREATE_ASSIGNMENT, work(world, Unit::S1, to)).await;
        let id = id_of(&made);
        assert_eq!(made.done()["assignment"]["state"], "DRAFT");
        assert_eq!(made.done()["assignment"]["owner"]["name"], "王书记");
        let change = json!({ "id": id, "version": 1, "title": "走访独居老人", "checklist": ["列名单"], "evidenceWanted": "走访记录" });
        world.office().run(UPDATE_ASSIGNMENT, change).await.done();
        world.office().run(DISPATCH_ASSIGNMENT, json!({ "id": id, "version": 2 })).await.done();
        assert_eq!(world.office().run(UPDATE_ASSIGNMENT, json!({ "id": id, "title": "改" })).await.refused(), "FIXED_NOW");
        world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        world.secretary().run(START_ASSIGNMENT, json!({ "id": id })).await.done();
        assert_eq!(world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "text": "完成" })).await.refused(), "CHECKLIST_OPEN");
        let report = json!({ "id": id, "note": "已走访8户", "amount": 8, "doneItems": [1] });
        let going = world.secretary().run(REPORT_PROGRESS, report).await;
        assert_eq!(going.done()["assignment"]["amount"], 8);
        assert_eq!(going.done()["assignment"]["checklist"][0]["done"], true);
        assert_eq!(world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id })).await.refused(), "EVIDENCE_MISSING");
        let done = json!({ "id": id, "text": "全部走访", "references": ["file:1.jpg"], "amount": 20 });
        world.secretary().run(SUBMIT_ASSIGNMENT, done.clone()).await.done();
        world.office().run(RETURN_ASSIGNMENT, json!({ "id": id, "reason": "缺两户" })).await.done();
        world.secretary().run(SUBMIT_ASSIGNMENT, done).await.done();
        let verified = world.office().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await;
        assert_eq!(verified.done()["assignment"]["state"], "VERIFIED");
        assert_eq!(verified.done()["assignment"]["evidence"]["references"][0], "file:1.jpg");
        let history = world.assignment(Who::Secretary, &id).await["history"].as_array().unwrap().clone();
        let kinds: Vec<_> = history.iter().map(|line| line["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, [
            "CREATED", "CHANGED", "DISPATCHED", "ACCEPTED", "STARTED", "REPORTED", "SUBMITTED", "RETURNED", "SUBMITTED", "VERIFIED",
        ]);
        for pair in history.windows(2) {
            assert_eq!(pair[0]["toState"], pair[1]["fromState"]);
        }
        assert_eq!((&history[7]["note"], &history[7]["by"]["name"]), (&json!("缺两户"), &json!("党建办甲")));
        assert_eq!(history[8]["evidence"]["text"], "全部走访");
    }
}

both! {
    async fn it_stands_in_the_audit(world: &World) {
        let id = world.given(json!({})).await;
        world.secretary().run(DECLINE_ASSIGNMENT, json!({ "id": id, "reason": "人手不足" })).await.done();
        let found = world.auditor().gql(AUDIT, json!({ "subjectId": id, "first": 5 })).await;
        let entry = found.data("/audit/edges/0/node").clone();
        assert_eq!((&entry["operation"], &entry["action"]), (&json!("declineAssignment"), &json!("UNDERTAKE")));
        assert_eq!((&entry["reason"], &entry["actor"]["name"]), (&json!("人手不足"), &json!("王书记")));
        assert_eq!(entry["after"]["progress"]["state"], "DECLINED");
    }
}

both! {
    async fn what_is_declined_is_given_to_another(world: &World) {
        let id = world.given(json!({})).await;
        assert_eq!(world.secretary().run(DECLINE_ASSIGNMENT, json!({ "id": id, "reason": " " })).await.refused(), "BAD_REASON");
        world.secretary().run(DECLINE_ASSIGNMENT, json!({ "id": id, "reason": "人手不足" })).await.done();
        let offer = json!({ "offer": { "unitId": world.unit(Unit::B1), "capacity": 2 } });
        assert_eq!(world.office().run(REASSIGN_ASSIGNMENT, json!({ "id": id, "reason": "改派", "to": offer })).await.refused(), "IS_OFFER");
        let to_post = json!({ "postId": world.post(Who::Instructor) });
        let moved = world.office().run(REASSIGN_ASSIGNMENT, json!({ "id": id, "reason": "改派", "to": to_post })).await;
        assert_eq!(moved.done()["assignment"]["owner"]["name"], "周指导员");
        assert_eq!(moved.done()["assignment"]["state"], "DISPATCHED");
        assert_eq!(world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.error_code(), "FORBIDDEN");
        let instructor = world.instructor();
        instructor.run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
        let mine = instructor.gql(MY_ASSIGNMENTS, json!({ "states": ["ACCEPTED"] })).await;
        assert_eq!(mine.str("/myAssignments/edges/0/node/id"), id);
    }
}

both! {
    async fn an_issue_is_found_rectified_and_closed_out(world: &World) {
        let to = json!({ "unitId": world.unit(Unit::B1) });
        let found = with(work(world, Unit::B1, to.clone()), json!({ "kind": "ISSUE", "title": "会议记录不全", "measure": null }));
        let id = id_of(&world.instructor().run(CREATE_ASSIGNMENT, found.clone()).await);
        let stage = |reply: &crate::harness::Reply| reply.done()["assignment"]["stage"].as_str().unwrap().to_owned();
        assert_eq!(stage(&world.instructor().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await), "FOUND");
        assert_eq!(world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.refused(), "MEASURE_MISSING");
        let measure = json!({ "text": "补齐记录", "target": 3, "unit": "次" });
        let accepted = world.secretary().run(ACCEPT_ASSIGNMENT, json!({ "id": id, "measure": measure })).await;
        assert_eq!(stage(&accepted), "MEASURE_PROPOSED");
        let rectified = world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "amount": 3 })).await;
        assert_eq!(stage(&rectified), "RECTIFIED");
        let returned = world.instructor().run(RETURN_ASSIGNMENT, json!({ "id": id, "reason": "缺一次" })).await;
        assert_eq!(stage(&returned), "RETURNED");
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "amount": 3 })).await.done();
        assert_eq!(stage(&world.instructor().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await), "CLOSED_OUT");
        let task = with(found, json!({ "kind": "TASK" }));
        assert_eq!(world.instructor().run(CREATE_ASSIGNMENT, task).await.refused(), "MEASURE_MISSING");
    }
}

both! {
    async fn on_relapse_it_is_opened_again(world: &World) {
        let id = world.handed_in().await;
        let again = json!({ "id": id, "reason": "问题反弹", "dueAt": rfc3339(world.now() + Duration::days(20)) });
        assert_eq!(world.office().run(REOPEN_ASSIGNMENT, again.clone()).await.refused(), "NOT_VERIFIED");
        world.office().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.done();
        assert_eq!(world.office().run(CANCEL_ASSIGNMENT, json!({ "id": id, "reason": "撤" })).await.refused(), "ALREADY_VERIFIED");
        let open = world.office().run(REOPEN_ASSIGNMENT, again).await;
        assert_eq!(open.done()["assignment"]["state"], "IN_PROGRESS");
        world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": id })).await.done();
    }
}

both! {
    async fn what_can_not_be_is_refused(world: &World) {
        let to = json!({ "memberId": world.member(Who::Member) });
        let past = rfc3339(world.now());
        for (more, why) in [
            (json!({ "title": "" }), "BAD_TITLE"),
            (json!({ "title": "王\u{202E}" }), "BAD_TITLE"),
            (json!({ "description": "长".repeat(5001) }), "BAD_DESCRIPTION"),
            (json!({ "basis": "长".repeat(201) }), "BAD_BASIS"),
            (json!({ "measure": null }), "MEASURE_MISSING"),
            (json!({ "measure": { "text": "走访", "target": 0, "unit": "户" } }), "BAD_MEASURE"),
            (json!({ "measure": { "text": "走访", "target": 1, "unit": "" } }), "BAD_MEASURE"),
            (json!({ "dueAt": past }), "BAD_DUE"),
            (json!({ "dueAt": "2999-01-01T00:00:00Z" }), "BAD_DUE"),
            (json!({ "checklist": [" "] }), "BAD_CHECKLIST"),
            (json!({ "to": { "unitId": world.unit(Unit::B3) } }), "BEYOND_ISSUER"),
            (json!({ "to": { "unitId": world.unit(Unit::General) } }), "BEYOND_ISSUER"),
            (json!({ "to": { "memberId": world.member(Who::MemberOfB3) } }), "BEYOND_ISSUER"),
            (json!({ "to": { "offer": { "unitId": world.unit(Unit::B1), "capacity": 0 } } }), "BAD_CAPACITY"),
        ] {
            let input = with(work(world, Unit::B1, to.clone()), more.clone());
            assert_eq!(world.secretary().run(CREATE_ASSIGNMENT, input).await.refused(), why, "{more}");
        }
        let nobody = work(world, Unit::S1, json!({ "unitId": world.unit(Unit::General) }));
        assert_eq!(world.office().run(CREATE_ASSIGNMENT, nobody).await.refused(), "NO_OWNER");
    }
}

both! {
    async fn whoever_it_is_given_to_there_is_one_owner(world: &World) {
        for (to, owner) in [
            (json!({ "memberId": world.member(Who::Second) }), "林党员"),
            (json!({ "postId": world.post(Who::Deputy) }), "李副书记"),
            (json!({ "unitId": world.unit(Unit::B1) }), "王书记"),
            (json!({ "unitId": world.unit(Unit::Group) }), "孙组长"),
        ] {
            let made = world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, to)).await;
            assert_eq!(made.done()["assignment"]["owner"]["name"], owner);
        }
        let nobody = world.secretary().run(CREATE_ASSIGNMENT, work(world, Unit::B1, json!({ "memberId": world.member(Who::ForeignMember) }))).await;
        assert_eq!(nobody.error_code(), "NOT_FOUND");
    }
}
