//! Those responsible verify, correct or return; riskiest first, many at once.

use super::*;
use crate::both;

both! {
    async fn the_riskiest_come_first(world: &World) {
        reported(world, Who::Member, Unit::B1, 0, 60).await;
        reported(world, Who::Second, Unit::B1, 0, 9 * 60).await;
        reported(world, Who::Probationary, Unit::Group, -11 * 60, 9 * 60).await;
        let list = world.secretary().gql(HOURS_TO_REVIEW, json!({ "unitId": world.unit(Unit::B1) })).await;
        let order: Vec<_> = list.list("/serviceHoursToReview/edges").iter().map(|e| e["node"]["flags"].clone()).collect();
        assert_eq!(order, [json!(["LONG", "NIGHT"]), json!(["LONG"]), json!([])]);
        let variables = json!({ "unitId": world.unit(Unit::B1), "first": 1 });
        let mut page = world.secretary().gql(HOURS_TO_REVIEW, variables).await;
        for flags in &order {
            assert_eq!(page.data("/serviceHoursToReview/edges/0/node/flags"), flags);
            let after = page.data("/serviceHoursToReview/pageInfo/endCursor").clone();
            let variables = json!({ "unitId": world.unit(Unit::B1), "first": 1, "after": after });
            page = world.secretary().gql(HOURS_TO_REVIEW, variables).await;
        }
        assert!(page.list("/serviceHoursToReview/edges").is_empty());
    }
}

both! {
    async fn many_at_once_each_with_its_own_answer(world: &World) {
        let good = reported(world, Who::Member, Unit::B1, 0, 60).await;
        let corrected = reported(world, Who::Second, Unit::B1, 0, 60).await;
        let returned = reported(world, Who::Probationary, Unit::B1, 0, 60).await;
        let own = reported(world, Who::Secretary, Unit::B1, 0, 60).await;
        let silent = reported(world, Who::Leader, Unit::B1, 0, 60).await;
        let stale = reported(world, Who::Exempt, Unit::B1, 0, 60).await;
        let reply = world.secretary().run(REVIEW_HOURS, json!({ "reviews": [
            { "id": good },
            { "id": corrected, "minutes": 45, "reason": "提前离开" },
            { "id": returned, "returned": true, "reason": "请写明服务内容" },
            { "id": own },
            { "id": silent, "minutes": 30 },
            { "id": stale, "version": 7 },
            { "id": good },
        ]})).await;
        let results = reply.done()["results"].as_array().unwrap().clone();
        let codes: Vec<_> = results.iter().map(|r| r["code"].clone()).collect();
        let expected = json!([null, null, null, "OWN_ENTRY", "BAD_REASON", "STALE", "REPEATED"]);
        assert_eq!(json!(codes), expected);
        assert_eq!(results[0]["entry"]["verifiedBy"]["name"], "王书记");
        assert_eq!((&results[1]["entry"]["minutes"], &results[1]["entry"]["correction"]), (&json!(45), &json!("提前离开")));
        assert_eq!((&results[2]["entry"]["state"], &results[2]["entry"]["reason"]), (&json!("RETURNED"), &json!("请写明服务内容")));
        assert!(results[3]["message"].as_str().is_some_and(|m| !m.is_empty()));
    }
}

both! {
    async fn who_may_not_review_one_reviews_none(world: &World) {
        let mine = reported(world, Who::Member, Unit::B1, 0, 60).await;
        let theirs = reported(world, Who::MemberOfB3, Unit::B3, 0, 60).await;
        let both = json!({ "reviews": [{ "id": mine }, { "id": theirs }] });
        assert_eq!(world.secretary().run(REVIEW_HOURS, both).await.error_code(), "NOT_FOUND");
        assert_eq!(state_of(world, &mine).await, "REPORTED");
        for who in [Who::Instructor, Who::Member] {
            let reply = world.as_(who).run(REVIEW_HOURS, json!({ "reviews": [{ "id": mine }] })).await;
            assert_eq!(reply.error_code(), "FORBIDDEN", "{who:?}");
        }
        let home = reported(world, Who::Second, Unit::B3, 0, 60).await;
        let seen = world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": home }] })).await;
        assert_eq!(seen.error_code(), "FORBIDDEN", "the home sees what was reported elsewhere");
        assert_eq!(review(world, Who::SecretaryOfB3, json!({ "id": home })).await["code"], Value::Null);
        assert_eq!(review(world, Who::Office, json!({ "id": mine })).await["code"], Value::Null);
    }
}

both! {
    async fn a_withdrawn_entry_is_reviewed_no_more(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 60).await;
        world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": id })).await.done();
        assert_eq!(review(world, Who::Secretary, json!({ "id": id })).await["code"], "ALREADY_REVIEWED");
        assert_eq!(world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": id })).await.refused(), "SETTLED");
    }
}

both! {
    async fn what_was_returned_is_sent_again(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 120).await;
        review(world, Who::Secretary, json!({ "id": id, "returned": true, "reason": "请核对时间" })).await;
        let again = json!({ "id": id, "version": 2, "service": service(0, 60) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, again).await.done()["entry"]["state"], "REPORTED");
        assert_eq!(review(world, Who::Deputy, json!({ "id": id })).await["entry"]["minutes"], 60);
    }
}

both! {
    async fn a_correction_says_what_it_was_and_until_when_to_object(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 120).await;
        review(world, Who::Secretary, json!({ "id": id, "minutes": 90, "reason": "提前离开" })).await;
        let told = messages(world, Who::Member).await;
        assert_eq!(told[0], "“清洁家园”。公示中。时长由120分钟改为90分钟。说明：提前离开。对更正有异议的，请在3月9日09:00前提出。");
        world.pass(Duration::days(7));
        world.settle().await;
        world.secretary().run(RECALCULATE_HOURS, json!({ "id": id, "minutes": 60, "reason": "扣除休息" })).await.done();
        let told = messages(world, Who::Member).await;
        assert_eq!(told[0], "“清洁家园”。已入账。时长由90分钟改为60分钟。说明：扣除休息。");
        let english = world.member_of_b1().speaking("en").gql(INBOX, json!({ "first": 1 })).await;
        assert_eq!(english.str("/inbox/edges/0/node/body"),
            "“清洁家园”. Granted. Changed from 90 to 60 minutes. Note: 扣除休息.");
    }
}
