//! What is told, to whom.

use chrono::Duration;
use serde_json::json;

use super::{later, listen, open, ping, rename, send, stands};
use crate::{
    both,
    harness::{Unit, Who, World, assigning, document::*, receiver::Receiver},
};

both! {
    open(),
    async fn what_happens_to_an_activity_is_told_in_its_subtree(world: &World) {
        let (here, sister) = (Receiver::open().await, Receiver::open().await);
        let all = ["ACTIVITY_PUBLISHED", "ACTIVITY_CHANGED", "ACTIVITY_CANCELLED"];
        let above = listen(world, &here, Unit::S1, &all).await;
        listen(world, &sister, Unit::B2, &all).await;
        // Nobody is told of a draft.
        let draft = world.draft(json!({})).await;
        world.secretary().run(UPDATE_ACTIVITY, json!({ "id": draft, "version": 1, "title": "新名" })).await.done();
        let id = world.published(json!({})).await;
        send(world).await;
        let got = here.came(1).await.remove(0);
        assert!(got.is_signed_by(&above.secret));
        let said = got.json();
        assert_eq!((&said["type"], &said["data"]["id"]), (&json!("activity.published"), &json!(id)));
        assert_eq!((&said["data"]["unitId"], &said["data"]["kind"]), (&json!(world.unit(Unit::B1)), &json!("Activity")));
        assert_eq!(said["timestamp"], crate::harness::clock::rfc3339(world.now()));
        assert_eq!(said.as_object().unwrap().len() + said["data"].as_object().unwrap().len(), 6, "and nothing else");
        let kept = stands(world, &above, |d| d["state"] == "DELIVERED").await;
        assert_eq!((&kept["id"], &kept["subjectId"]), (&json!(got.id), &json!(id)));
        assert_eq!((&kept["responseStatus"], &kept["attempts"]), (&json!(204), &json!(1)));
        assert!(kept["latencyMs"].as_i64().unwrap() < 1_000 && kept["failure"].is_null());
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "天气" })).await.done();
        send(world).await;
        assert_eq!(here.came(2).await[1].kind(), "activity.cancelled");
        assert_eq!(here.got().len(), 2);
        assert_eq!(sister.got().len(), 0);
    }
}

both! {
    open(),
    async fn a_member_who_moves_and_leaves_is_told_of_in_both_units(world: &World) {
        let (old, new) = (Receiver::open().await, Receiver::open().await);
        let members = ["MEMBER_JOINED", "MEMBER_CHANGED", "MEMBER_LEFT"];
        listen(world, &old, Unit::B1, &members).await;
        listen(world, &new, Unit::B2, &members).await;
        let entered = json!({ "name": "陈晓", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        let id = world.office().run(ADD_MEMBER, entered).await.done()["partyMember"]["id"].clone();
        send(world).await;
        let moved = json!({ "id": id, "version": 1, "homeUnitId": world.unit(Unit::B2), "reason": "调动" });
        world.office().run(UPDATE_MEMBER, moved).await.done();
        send(world).await;
        let left = json!({ "id": id, "version": 2, "leftOn": "2026-03-02", "reason": "转出" });
        world.office().run(UPDATE_MEMBER, left).await.done();
        send(world).await;
        let kinds = |got: Vec<crate::harness::receiver::Got>| got.iter().map(|g| g.kind()).collect::<Vec<_>>();
        assert_eq!(kinds(new.came(2).await).last().unwrap(), "member.left");
        let told = old.came(2).await;
        assert!(told.iter().all(|got| got.json()["data"]["id"] == id && !got.body.contains("陈晓")));
        assert!(kinds(told).contains(&"member.changed".to_owned()));
    }
}

both! {
    open(),
    async fn a_burst_of_check_ins_is_one_look(world: &World) {
        let to = Receiver::open().await;
        let endpoint = listen(world, &to, Unit::B1, &["ATTENDANCE_CHANGED"]).await;
        let id = world.party_day().await;
        // Nothing is sent while the endpoint has a pause.
        to.feel(crate::harness::receiver::Mood::Says(503, "retry-after: 60\r\n".to_owned()));
        ping(world, &endpoint).await;
        stands(world, &endpoint, |d| d["attempts"] == 1).await;
        let scan = json!({ "qr": world.qr(&id).await });
        for who in [Who::Member, Who::Second, Who::Leader] {
            if world.as_(who).run(CHECK_IN, scan.clone()).await.error().is_none() {
                world.settle().await;
            }
        }
        to.feel(crate::harness::receiver::Mood::Takes);
        later(world, Duration::seconds(61)).await;
        let got = to.came(2).await;
        let told: Vec<_> = got.iter().filter(|g| g.kind() == "attendance.changed").collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].json()["data"]["id"], json!(id));
    }
}

both! {
    open(),
    async fn hours_assignments_and_units_are_told(world: &World) {
        let to = Receiver::open().await;
        let events = ["HOURS_REPORTED", "HOURS_RETURNED", "ASSIGNMENT_DISPATCHED", "UNIT_CHANGED"];
        listen(world, &to, Unit::S1, &events).await;
        let input = json!({ "unitId": world.unit(Unit::B1), "service": {
            "startsAt": "2026-03-01T09:00:00+08:00", "endsAt": "2026-03-01T10:00:00+08:00",
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        } });
        let hours = world.member_of_b1().run(REPORT_HOURS, input).await.done()["entry"]["id"].clone();
        let review = json!({ "reviews": [{ "id": hours, "returned": true, "reason": "请核对时间" }] });
        world.secretary().run(REVIEW_HOURS, review).await.done();
        let work = assigning::work(world, Unit::B1, json!({ "memberId": world.member(Who::Member) }));
        let made = world.secretary().run(CREATE_ASSIGNMENT, work).await.done()["assignment"]["id"].clone();
        world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": made })).await.done();
        rename(world, Unit::B1, 1).await;
        send(world).await;
        send(world).await;
        let mut told: Vec<_> = to.came(4).await.iter().map(|g| (g.kind(), g.json()["data"]["id"].clone())).collect();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(told, [
            ("assignment.dispatched".to_owned(), made),
            ("hours.reported".to_owned(), hours.clone()),
            ("hours.returned".to_owned(), hours),
            ("unit.changed".to_owned(), json!(world.unit(Unit::B1))),
        ]);
    }
}
