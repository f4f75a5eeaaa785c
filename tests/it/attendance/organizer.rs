//! The organizer's fallback: nobody needs a phone.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

both! {
    async fn a_secretary_checks_in_many_at_once(world: &World) {
        let id = world.party_day().await;
        let members = [Who::Elder, Who::Second, Who::MemberOfB3].map(|w| world.member(w));
        let reply = world.secretary().run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": members })).await;
        let results = reply.done()["results"].as_array().unwrap().clone();
        assert_eq!(results[0]["attendance"]["method"], "ROSTER");
        assert_eq!(results[0]["attendance"]["recordedBy"]["name"], "王书记");
        assert_eq!(results[1]["attendance"]["state"], "PRESENT");
        assert_eq!(results[2]["attendance"], json!(null));
        assert_eq!(results[2]["code"], "NOT_EXPECTED", "one refusal holds nobody up");
        let again = world.secretary().run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": [members[0]] })).await;
        assert_eq!(again.done()["results"][0]["attendance"]["id"], results[0]["attendance"]["id"]);
    }
}

both! {
    async fn a_paper_list_is_entered_afterwards(world: &World) {
        let id = world.party_day().await;
        world.set_clock(end() + Duration::hours(3));
        let elder = world.member(Who::Elder);
        let mut input = json!({ "activityId": id, "memberIds": [elder], "arrivedAt": rfc3339(start() + Duration::minutes(20)) });
        let reply = world.secretary().run(CHECK_IN_MEMBERS, input.clone()).await;
        assert_eq!(reply.done()["results"][0]["attendance"]["state"], "LATE");
        for wrong in [start() - Duration::hours(9), end() + Duration::hours(1), world.now() + Duration::days(3)] {
            input["arrivedAt"] = json!(rfc3339(wrong));
            input["memberIds"] = json!([world.member(Who::Second)]);
            let reply = world.secretary().run(CHECK_IN_MEMBERS, input.clone()).await;
            assert_eq!(reply.done()["results"][0]["code"], "BAD_ARRIVAL", "{wrong}");
        }
        world.set_clock(end() + Duration::days(31));
        input["arrivedAt"] = json!(null);
        let reply = world.secretary().run(CHECK_IN_MEMBERS, input).await;
        let code = reply.done()["results"][0]["code"].clone();
        assert!(code == "CORRECTION_OVER" || code == "ARCHIVED", "{code}");
    }
}

both! {
    async fn two_hundred_at_once_and_no_more(world: &World) {
        let crowd = world.crowd(Unit::B1, 200).await;
        let id = world.party_day().await;
        let members: Vec<_> = crowd.iter().map(|(_, id)| id.clone()).collect();
        let reply = world.secretary().run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": members })).await;
        let results = reply.done()["results"].as_array().unwrap();
        assert!(results.iter().all(|r| r["attendance"]["state"] == "PRESENT"), "{}", reply.text);
        for list in [vec![], vec![members[0].clone(); 201]] {
            let reply = world.secretary().run(CHECK_IN_MEMBERS, json!({ "activityId": id, "memberIds": list })).await;
            assert!(reply.error().is_some(), "{}", reply.text);
        }
    }
}

both! {
    async fn an_organizers_word_is_not_overruled_by_a_phone(world: &World) {
        let id = world.party_day().await;
        world.set_clock(start() + Duration::minutes(30));
        world.scan(world.member_of_b1(), &id).await.done();
        let absent = json!({ "activityId": id, "memberId": world.member(Who::Member), "state": "ABSENT", "reason": "代他人签到" });
        world.secretary().run(CORRECT, absent).await.done();
        let again = world.scan(world.member_of_b1(), &id).await;
        assert_eq!(again.done()["attendance"], json!(null));
        assert_eq!(again.done()["claim"]["reason"], "DECIDED");
    }
}
