//! A member checks in: once, in time, where expected.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        meeting::{self, end, start},
    },
};

both! {
    async fn a_member_scans_the_screen(world: &World) {
        let id = world.party_day().await;
        let reply = world.scan(world.member_of_b1(), &id).await;
        let done = reply.done();
        assert_eq!(done["attendance"]["state"], "PRESENT");
        assert_eq!(done["attendance"]["method"], "QR");
        assert_eq!(done["attendance"]["nearness"], "UNKNOWN", "the venue has no fence");
        assert_eq!(done["repeated"], false);
        let mine = world.member_of_b1().gql(MY_ACTIVITIES, json!({})).await;
        assert_eq!(mine.str("/myActivities/edges/0/node/myAttendance/state"), "PRESENT");
    }
}

both! {
    async fn a_member_types_the_six_digits(world: &World) {
        let id = world.party_day().await;
        let digits = world.code(&id).await["digits"].clone();
        let reply = world.member_of_b1().run(CHECK_IN, json!({ "digits": digits, "activityId": id })).await;
        assert_eq!(reply.done()["attendance"]["method"], "DIGITS");
    }
}

both! {
    async fn a_repeat_returns_the_first(world: &World) {
        let id = world.party_day().await;
        let first = world.scan(world.member_of_b1(), &id).await.done()["attendance"].clone();
        world.pass(Duration::minutes(30));
        let again = world.scan(world.member_of_b1(), &id).await;
        assert_eq!(again.done()["repeated"], true);
        assert_eq!(again.done()["attendance"], first);
    }
}

both! {
    async fn sent_ten_times_at_once_there_is_one_record(world: &World) {
        let id = world.party_day().await;
        let qr = world.qr(&id).await;
        world.member_of_b1().access().await;
        let member = world.member_of_b1();
        let replies =
            futures_util::future::join_all((0..10).map(|_| member.run(CHECK_IN, json!({ "qr": qr })))).await;
        let first = replies[0].done()["attendance"]["id"].clone();
        assert!(replies.iter().all(|r| r.done()["attendance"]["id"] == first));
        assert_eq!(replies.iter().filter(|r| r.done()["repeated"] == false).count(), 1);
        let records = world.member_of_b1().gql(ATTENDANCES, json!({ "memberId": world.member(Who::Member) })).await;
        assert_eq!(records.list("/attendances/edges").len(), 1);
    }
}

both! {
    async fn whoever_comes_late_is_late(world: &World) {
        let id = world.party_day().await;
        world.set_clock(start() + Duration::minutes(10));
        assert_eq!(world.scan(world.member_of_b1(), &id).await.done()["attendance"]["state"], "PRESENT");
        world.set_clock(start() + Duration::minutes(11));
        assert_eq!(world.scan(world.as_(Who::Second), &id).await.done()["attendance"]["state"], "LATE");
    }
}

both! {
    async fn check_in_begins_and_ends_with_the_window(world: &World) {
        let id = world.published(json!({})).await;
        world.set_clock(start() - Duration::minutes(31));
        assert_eq!(world.scan(world.member_of_b1(), &id).await.refused(), "NOT_YET_OPEN");
        world.set_clock(start() - Duration::minutes(30));
        world.scan(world.member_of_b1(), &id).await.done();
        world.set_clock(end());
        world.scan(world.as_(Who::Probationary), &id).await.done();
        world.set_clock(end() + Duration::seconds(20));
        assert_eq!(world.scan(world.as_(Who::Second), &id).await.refused(), "CLOSED");
    }
}

both! {
    async fn only_a_published_activity_takes_check_ins(world: &World) {
        let id = world.draft(json!({})).await;
        world.set_clock(start());
        assert_eq!(world.scan(world.member_of_b1(), &id).await.refused(), "NOT_PUBLISHED");
        world.secretary().run(PUBLISH, json!({ "id": id })).await.done();
        world.scan(world.member_of_b1(), &id).await.done();
        world.secretary().run(CANCEL, json!({ "id": id, "reason": "停电" })).await.done();
        assert_eq!(world.scan(world.as_(Who::Second), &id).await.refused(), "CANCELLED");
    }
}

both! {
    async fn a_closed_activity_takes_no_more(world: &World) {
        let id = world.party_day().await;
        world.set_clock(start() + Duration::minutes(20));
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        assert_eq!(world.scan(world.member_of_b1(), &id).await.refused(), "CLOSED");
    }
}

both! {
    async fn who_is_not_on_the_list_is_told_so(world: &World) {
        let id = world.party_day().await;
        for who in [Who::MemberOfB2, Who::SecretaryOfB3, Who::Stranger, Who::Instructor] {
            assert_eq!(world.scan(world.as_(who), &id).await.refused(), "NOT_EXPECTED", "{who:?}");
        }
        let digits = world.code(&id).await["digits"].clone();
        let typed = world.as_(Who::MemberOfB2).run(CHECK_IN, json!({ "digits": digits, "activityId": id })).await;
        assert_eq!(typed.error_code(), "NOT_FOUND", "digits alone don't show that there is such an activity");
    }
}

both! {
    async fn a_guest_checks_in_without_being_counted(world: &World) {
        // The office sees both branches.
        let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "guestIds": [world.member(Who::MemberOfB2)] }));
        let id = world.office().run(CREATE_ACTIVITY, plan).await.done()["activity"]["id"].as_str().unwrap().to_owned();
        world.office().run(PUBLISH, json!({ "id": id })).await.done();
        world.set_clock(start());
        world.scan(world.as_(Who::MemberOfB2), &id).await.done();
        world.scan(world.as_(Who::Exempt), &id).await.done();
        let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(shown.int("/activities/edges/0/node/tally/present"), 0);
        assert_eq!(shown.int("/activities/edges/0/node/tally/expected"), 8);
    }
}
