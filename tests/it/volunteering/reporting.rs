//! A member reports hours; what can't be is refused at once, with the reason.

use super::*;
use crate::both;

both! {
    async fn a_member_reports_to_the_home_unit(world: &World) {
        let reply = report_with(world, Who::Member, service(0, 150), json!({ "travelMinutes": 30 })).await;
        let entry = &reply.done()["entry"];
        assert_eq!(entry["unit"]["name"], "芙蓉社区第一党支部");
        assert_eq!((&entry["minutes"], &entry["servedOn"]), (&json!(120), &json!("2026-03-01")));
        assert_eq!((&entry["state"], &entry["origin"]), (&json!("REPORTED"), &json!("SELF_REPORTED")));
        assert_eq!(entry["flags"], json!([]));
        assert_eq!(total(world, Who::Member).await, 0, "it doesn't count yet");
        let audit = world.auditor().gql(AUDIT, json!({})).await;
        assert!(audit.text.contains("reportServiceHours"), "it stands in the audit");
    }
}

both! {
    async fn what_cannot_be_is_refused_with_the_reason(world: &World) {
        let now = rfc3339(world.now() + Duration::minutes(1));
        for (more, why) in [
            (json!({ "endsAt": now }), "IN_FUTURE"),
            (json!({ "endsAt": rfc3339(morning()) }), "ENDS_BEFORE_START"),
            (json!({ "startsAt": rfc3339(morning() - Duration::hours(24)) }), "LONGER_THAN_A_DAY"),
            (json!({ "startsAt": "2026-01-01T01:00:00Z", "endsAt": "2026-01-01T02:00:00Z" }), "TOO_OLD"),
            (json!({ "travelMinutes": 120 }), "BAD_TRAVEL"),
            (json!({ "travelMinutes": -1 }), "BAD_TRAVEL"),
            (json!({ "place": " " }), "BAD_PLACE"),
            (json!({ "content": "\u{FFFD}" }), "BAD_CONTENT"),
            (json!({ "beneficiary": "" }), "BAD_BENEFICIARY"),
            (json!({ "beneficiaryCount": 0 }), "BAD_BENEFICIARY"),
            (json!({ "pictures": ["a b"] }), "BAD_PICTURES"),
        ] {
            let reply = report_with(world, Who::Member, service(0, 120), more.clone()).await;
            assert_eq!(reply.refused(), why, "{more}");
        }
        for odd in ["+262142-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
            let times = json!({ "startsAt": odd, "endsAt": odd });
            let reply = report_with(world, Who::Member, service(0, 120), times).await;
            assert!(reply.error().is_none_or(|code| code == "BAD_USER_INPUT"), "{odd}: {}", reply.text);
        }
        let ancient = json!({ "startsAt": "-9999-01-01T00:00:00Z" });
        let reply = report_with(world, Who::Member, service(0, 120), ancient.clone()).await;
        assert_eq!(reply.refused(), "LONGER_THAN_A_DAY");
        let id = reported(world, Who::Member, Unit::B1, 0, 60).await;
        let revised = json!({ "id": id, "service": with(service(0, 120), ancient) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, revised).await.refused(), "LONGER_THAN_A_DAY");
        assert_eq!(total(world, Who::Member).await, 0);
    }
}

both! {
    async fn what_goes_on_past_midnight_counts_for_both_days(world: &World) {
        let rule = json!({ "key": "SERVICE_DAY_HOURS", "value": 4, "source": "区委〔2026〕7号" });
        world.administrator().run(SET_RULE, rule).await.done();
        // From ten in the evening to two.
        report_with(world, Who::Member, service(-660, 240), json!({})).await.done();
        let more = report_with(world, Who::Member, service(0, 121), json!({})).await;
        assert_eq!(more.refused(), "DAY_FULL");
        report_with(world, Who::Member, service(0, 120), json!({})).await.done();
    }
}

both! {
    async fn a_returned_entry_keeps_no_day_open(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 60).await;
        review(world, Who::Secretary, json!({ "id": id, "returned": true, "reason": "请核对时间" })).await;
        world.pass(Duration::days(40));
        let day = 24 * 60;
        let later = |days: i64| json!({ "id": id, "service": service(days * day, 60) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, later(5)).await.refused(), "TOO_OLD");
        world.member_of_b1().run(REVISE_HOURS, later(20)).await.done();
        let list = world.secretary().gql(HOURS_TO_REVIEW, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(list.data("/serviceHoursToReview/edges/0/node/flags"), &json!(["LATE_REPORTED"]));
    }
}

both! {
    async fn a_groups_hours_are_its_branchs(world: &World) {
        // Leader is at home in the group.
        let mine = world.as_(Who::Leader).run(REPORT_HOURS, json!({ "service": service(0, 60) })).await;
        assert_eq!(mine.done()["entry"]["unit"]["name"], "芙蓉社区第一党支部");
        let named = json!({ "unitId": world.unit(Unit::Group), "service": service(0, 60) });
        let named = world.member_of_b1().run(REPORT_HOURS, named).await;
        assert_eq!(named.done()["entry"]["unit"]["name"], "芙蓉社区第一党支部");
        let id = entry_id(&mine);
        review(world, Who::Secretary, json!({ "id": id })).await;
        let notice = world.member_of_b1().gql(PUBLICITY, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(notice.str("/serviceHoursInPublicity/edges/0/node/name"), "孙组长");
        let objection = json!({ "entryId": id, "reason": "不实" });
        world.member_of_b1().run(OBJECT_TO_HOURS, objection).await.done();
    }
}

both! {
    async fn so_are_those_of_a_groups_shift(world: &World) {
        let secretary = world.secretary();
        let project = json!({ "unitId": world.unit(Unit::Group), "name": "清洁家园" });
        let project = secretary.run(CREATE_PROJECT, project).await.done()["project"]["id"].clone();
        let shift = secretary.run(CREATE_SHIFT, json!({
            "projectId": project, "place": "曲水亭街", "capacity": 1,
            "startsAt": rfc3339(world.now() + Duration::hours(1)), "endsAt": rfc3339(world.now() + Duration::hours(3)),
        })).await.done()["shift"]["id"].clone();
        secretary.run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
        world.member_of_b1().run(SIGN_UP, json!({ "shiftId": shift })).await.done();
        let entered = json!({ "shiftId": shift, "memberIds": [world.member(Who::Member)], "reason": "没有智能手机" });
        for document in [CHECK_IN_VOLUNTEERS, CHECK_OUT_VOLUNTEERS] {
            world.pass(Duration::hours(1));
            secretary.run(document, entered.clone()).await.done();
        }
        let mine = world.member_of_b1().gql(SERVICE_HOURS, json!({ "id": world.member(Who::Member) })).await;
        let entry = mine.data("/serviceHours/edges/0/node");
        assert_eq!((&entry["origin"], &entry["unit"]["name"]), (&json!("SHIFT"), &json!("芙蓉社区第一党支部")));
    }
}

both! {
    async fn a_foreign_reviewer_reads_the_name_and_not_the_record(world: &World) {
        reported(world, Who::Member, Unit::B3, 0, 60).await;
        let list = world.as_(Who::SecretaryOfB3).gql(HOURS_TO_REVIEW, json!({ "unitId": world.unit(Unit::B3) })).await;
        let seen = list.data("/serviceHoursToReview/edges/0/node").clone();
        assert_eq!((&seen["memberName"], &seen["member"]), (&json!("陈党员"), &Value::Null));
        let mine = json!({ "id": world.member(Who::Member) });
        for who in [Who::Member, Who::Secretary] {
            let list = world.as_(who).gql(SERVICE_HOURS, mine.clone()).await;
            assert_eq!(list.str("/serviceHours/edges/0/node/member/name"), "陈党员", "{who:?}");
        }
    }
}

both! {
    async fn nobody_is_in_two_places_whichever_unit_they_report_to(world: &World) {
        let first = reported(world, Who::Member, Unit::B3, 0, 120).await;
        let again = report_with(world, Who::Member, service(0, 120), json!({})).await;
        assert_eq!(again.refused(), "DUPLICATE");
        for (from, minutes) in [(60, 120), (-60, 61), (30, 10), (-30, 300)] {
            let reply = report_with(world, Who::Member, service(from, minutes), json!({})).await;
            assert_eq!(reply.refused(), "OVERLAP");
        }
        report_with(world, Who::Member, service(120, 60), json!({})).await.done();
        report_with(world, Who::Second, service(0, 120), json!({})).await.done();
        world.member_of_b1().run(WITHDRAW_HOURS, json!({ "id": first })).await.done();
        report_with(world, Who::Member, service(0, 120), json!({})).await.done();
    }
}

both! {
    async fn a_day_holds_what_the_rule_says(world: &World) {
        let rule = json!({ "key": "SERVICE_DAY_HOURS", "value": 4, "source": "区委〔2026〕7号" });
        world.administrator().run(SET_RULE, rule).await.done();
        report_with(world, Who::Member, service(0, 180), json!({})).await.done();
        let more = report_with(world, Who::Member, service(180, 61), json!({})).await;
        assert_eq!(more.refused(), "DAY_FULL");
        report_with(world, Who::Member, service(180, 60), json!({})).await.done();
    }
}

both! {
    async fn only_members_report(world: &World) {
        let nobody = world.as_(Who::Stranger).run(REPORT_HOURS, json!({ "service": service(0, 60) })).await;
        assert_eq!(nobody.refused(), "NOT_A_MEMBER");
        let foreign = json!({ "unitId": world.unit(Unit::B1), "service": service(0, 60) });
        let foreign = world.as_(Who::ForeignMember).run(REPORT_HOURS, foreign).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn sent_twice_it_is_reported_once(world: &World) {
        let input = json!({ "service": service(0, 120), "clientMutationId": "hours-1" });
        let first = entry_id(&world.member_of_b1().run(REPORT_HOURS, input.clone()).await);
        assert_eq!(entry_id(&world.member_of_b1().run(REPORT_HOURS, input).await), first);
        let other = json!({ "service": service(0, 60), "clientMutationId": "hours-1" });
        let other = world.member_of_b1().run(REPORT_HOURS, other).await;
        assert_eq!(other.error_code(), "IDEMPOTENCY_KEY_REUSED");
    }
}

both! {
    async fn the_member_corrects_what_waits_and_nobody_else_does(world: &World) {
        let id = reported(world, Who::Member, Unit::B1, 0, 120).await;
        let input = json!({ "id": id, "version": 1, "service": service(0, 90) });
        assert_eq!(world.secretary().run(REVISE_HOURS, input.clone()).await.error_code(), "FORBIDDEN");
        assert_eq!(world.as_(Who::Second).run(REVISE_HOURS, input.clone()).await.error_code(), "NOT_FOUND");
        let revised = world.member_of_b1().run(REVISE_HOURS, input.clone()).await;
        assert_eq!(revised.done()["entry"]["minutes"], 90);
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, input).await.refused(), "STALE");
        review(world, Who::Secretary, json!({ "id": id })).await;
        let late = json!({ "id": id, "service": service(0, 60) });
        assert_eq!(world.member_of_b1().run(REVISE_HOURS, late).await.refused(), "SETTLED");
    }
}
