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
        assert_eq!(total(world, Who::Member).await, 0);
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
