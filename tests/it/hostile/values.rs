//! Text and numbers at the edge.

use serde_json::json;

use crate::{
    both,
    harness::{Unit, Who, World, document::*, meeting},
};

/// Text that hides or breaks something; nobody may write it into a record.
const DECEIVING: &[&str] = &[
    "王\u{202E}明",
    "王\u{200B}明",
    "\u{FFFD}",
    "王\0明",
    "王\n明",
    "\u{2066}王",
    "王\u{FEFF}",
    "\u{E0041}王",
    "\u{200D}",
];

/// Text that is only unusual.
const UNUSUAL: &[&str] =
    &["𠮷野", "阿依古丽·买买提", "Zoë-Ann O'Neil", "👨\u{200D}👩\u{200D}👧", "ｆｕｌｌ", "عائشة"];

both! {
    async fn deceiving_text_is_refused_wherever_it_is_written(world: &World) {
        for text in DECEIVING {
            let unit = json!({ "id": world.unit(Unit::B2), "name": text });
            assert_eq!(world.office().run(UPDATE_UNIT, unit).await.refused(), "BAD_NAME", "{text:?}");
            let member = json!({ "name": text, "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
            assert_eq!(world.secretary().run(ADD_MEMBER, member).await.refused(), "BAD_NAME", "{text:?}");
            let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "title": text }));
            assert_eq!(world.secretary().run(CREATE_ACTIVITY, plan).await.refused(), "BAD_TITLE", "{text:?}");
        }
    }
}

both! {
    async fn unusual_text_comes_back_as_it_was(world: &World) {
        for text in UNUSUAL {
            let member = json!({ "name": text, "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
            let added = world.secretary().run(ADD_MEMBER, member).await;
            let id = added.done()["partyMember"]["id"].clone();
            let read = world.secretary().gql(MEMBER, json!({ "id": id })).await;
            assert_eq!(read.str("/node/name"), *text);
        }
        let description = "第一行\n第二行\t表 🎉";
        let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "description": description }));
        let id = world.secretary().run(CREATE_ACTIVITY, plan).await.done()["activity"]["id"].clone();
        let update = world.secretary().run(UPDATE_ACTIVITY, json!({ "id": id, "title": "改" })).await;
        assert_eq!(update.done()["activity"]["description"], description);
    }
}

both! {
    async fn a_name_of_ten_megabytes(world: &World) {
        let name = "长".repeat(3_400_000);
        let member = json!({ "name": name, "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        let reply = world.secretary().run(ADD_MEMBER, member).await;
        assert_eq!(reply.error_code(), "PAYLOAD_TOO_LARGE");
        let name = "长".repeat(100_000);
        let member = json!({ "name": name, "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        assert_eq!(world.secretary().run(ADD_MEMBER, member).await.refused(), "BAD_NAME");
    }
}

both! {
    async fn times_at_the_ends_of_time(world: &World) {
        for (from, until) in [
            ("0000-01-01T00:00:00Z", "0000-01-01T01:00:00Z"),
            ("9999-12-31T23:00:00Z", "9999-12-31T23:59:59Z"),
            ("+262142-12-31T23:00:00Z", "+262142-12-31T23:59:59Z"),
            ("-262143-01-01T00:00:00Z", "-262143-01-01T01:00:00Z"),
            ("2026-03-06T19:00:00+23:59", "2026-03-06T21:00:00-23:59"),
            ("2026-02-30T19:00:00Z", "2026-02-30T20:00:00Z"),
            ("1772794800", "1772798400"),
            ("", ""),
        ] {
            let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "startsAt": from, "endsAt": until }));
            let reply = world.secretary().run(CREATE_ACTIVITY, plan).await;
            match reply.error() {
                None => drop(reply.refused().to_owned()),
                Some(code) => assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code), "{from}: {}", reply.text),
            }
            let ask = json!({ "unitId": world.unit(Unit::B1), "from": from, "until": until });
            let listed = world.secretary().gql(ACTIVITIES, ask).await;
            assert_ne!(listed.error(), Some("INTERNAL"), "{from}: {}", listed.text);
        }
    }
}

both! {
    async fn numbers_out_of_all_proportion(world: &World) {
        for number in [json!(-1), json!(1e300), json!(-1e300), json!(i64::MAX), json!(i64::MIN), json!(0.1), json!("5")] {
            for field in ["lateAfter", "checkInOpens", "checkInCloses"] {
                let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ (field): number }));
                let reply = world.secretary().run(CREATE_ACTIVITY, plan).await;
                match reply.error() {
                    None => assert_eq!(reply.refused(), "BAD_MINUTES", "{field} {number}"),
                    Some(code) => assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code), "{}", reply.text),
                }
            }
            let version = json!({ "id": world.unit(Unit::B2), "version": number, "name": "改" });
            let reply = world.office().run(UPDATE_UNIT, version).await;
            assert!(reply.error().is_some_and(|c| c != "INTERNAL") || reply.refused() == "STALE", "{}", reply.text);
        }
    }
}

both! {
    async fn lists_longer_than_anyone_needs(world: &World) {
        let many = vec![world.member(Who::Member); 1_001];
        let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "audience": "CHOSEN", "memberIds": many }));
        let reply = world.secretary().run(CREATE_ACTIVITY, plan).await;
        assert!(reply.error().is_some_and(|c| c != "INTERNAL"), "{}", reply.text);
        let twice = vec![world.member(Who::Member); 1_000];
        let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "audience": "CHOSEN", "memberIds": twice }));
        let planned = world.secretary().run(CREATE_ACTIVITY, plan).await;
        assert_eq!(planned.done()["activity"]["tally"]["expected"], 1, "named a thousand times, expected once");
        let hosts = vec![world.unit(Unit::B2); 50];
        let plan = meeting::with(meeting::plan(world, Unit::B1), json!({ "jointHostIds": hosts }));
        let reply = world.office().run(CREATE_ACTIVITY, plan).await;
        assert!(reply.error().is_none_or(|c| c != "INTERNAL"), "{}", reply.text);
    }
}

/// What no line of text is, and what a database chokes on.
fn no_lines() -> [String; 4] {
    ["a\0b".to_owned(), "长".repeat(101), "%_".repeat(40_000), "\u{202E}".to_owned()]
}

both! {
    async fn what_is_looked_for_is_a_line(world: &World) {
        const BELOW: &str = "query($id: ID!, $text: String) { node(id: $id) { ... on OrgUnit { units(text: $text) { edges { node { id } } } } } }";
        for text in no_lines() {
            let roster = world.secretary().gql(ROSTER, json!({ "unitId": world.unit(Unit::B1), "name": text })).await;
            assert_eq!(roster.error_code(), "BAD_USER_INPUT");
            assert_eq!(world.secretary().gql(UNITS, json!({ "text": text })).await.error_code(), "BAD_USER_INPUT");
            let below = json!({ "id": world.unit(Unit::S1), "text": text });
            assert_eq!(world.secretary().gql(BELOW, below).await.error_code(), "BAD_USER_INPUT");
        }
    }
}

both! {
    async fn a_clients_key_is_a_line(world: &World) {
        for key in no_lines().into_iter().chain([String::new(), "k".repeat(65), " k".to_owned()]) {
            let key = json!({ "clientMutationId": key });
            let member = json!({ "name": "新党员", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
            let added = world.secretary().run(ADD_MEMBER, meeting::with(member, key.clone())).await;
            assert_eq!(added.error_code(), "BAD_USER_INPUT");
            let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "新支部" });
            assert_eq!(world.office().run(CREATE_UNIT, meeting::with(unit, key.clone())).await.error_code(), "BAD_USER_INPUT");
            let plan = meeting::with(meeting::plan(world, Unit::B1), key);
            assert_eq!(world.secretary().run(CREATE_ACTIVITY, plan).await.error_code(), "BAD_USER_INPUT");
        }
    }
}

both! {
    async fn a_day_lies_in_a_year_of_four_digits(world: &World) {
        for day in ["0000-01-01", "0999-12-31", "1899-12-31", "3000-01-01", "9999-12-31", "-0001-01-01", "+262142-12-31", "2026-02-30", "2026-3", "\0", ""] {
            let member = json!({ "name": "新党员", "status": "FULL", "homeUnitId": world.unit(Unit::B1), "joinedOn": day });
            assert_eq!(world.secretary().run(ADD_MEMBER, member).await.error_code(), "BAD_USER_INPUT", "{day}");
            let rule = json!({ "key": "CODE_STEP_SECONDS", "value": 20, "source": "试点", "startsOn": day });
            assert_eq!(world.administrator().run(SET_RULE, rule).await.error_code(), "BAD_USER_INPUT", "{day}");
            let post = json!({
                "accountId": world.account(Who::Stranger), "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR", "endsOn": day,
            });
            assert_eq!(world.office().run(APPOINT, post).await.error_code(), "BAD_USER_INPUT", "{day}");
        }
        let old = json!({ "name": "老党员", "status": "FULL", "homeUnitId": world.unit(Unit::B1), "joinedOn": "1938-07-01" });
        world.secretary().run(ADD_MEMBER, old).await.done();
        let lasting = json!({
            "accountId": world.account(Who::Stranger), "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR", "endsOn": "2999-12-31",
        });
        world.office().run(APPOINT, lasting).await.done();
    }
}

both! {
    async fn no_text_at_all_is_a_fault_of_the_server(world: &World) {
        let (secretary, administrator) = (world.secretary(), world.administrator());
        for text in no_lines().into_iter().chain(["\u{FFFD}".to_owned(), "💥".to_owned(), String::new()]) {
            let mut replies = Vec::new();
            let entrant = json!({ "phone": "13012345678", "password": "x", "district": "370100" });
            for field in ["phone", "password", "district", "secondFactor", "deviceLabel"] {
                replies.push(world.anonymous().run(SIGN_IN, meeting::with(entrant.clone(), json!({ (field): text }))).await);
            }
            let labelled = json!({ "phone": Who::Second.phone(), "password": crate::harness::cast::PASSWORD, "district": "370100", "deviceLabel": text });
            world.anonymous().run(SIGN_IN, labelled).await.done();
            let by_code = json!({ "phone": "13012345679", "code": text, "district": "370100" });
            replies.push(world.anonymous().run(SIGN_IN_WITH_CODE, by_code.clone()).await);
            replies.push(world.anonymous().run(RESET_PASSWORD, meeting::with(by_code, json!({ "newPassword": text }))).await);
            replies.push(world.anonymous().run(REFRESH, json!({ "refreshToken": text })).await);
            let asked = json!({ "phone": "13012345680", "purpose": "SIGN_IN", "district": text });
            replies.push(world.anonymous().run(REQUEST_CODE, asked).await);
            let change = json!({ "currentPassword": text, "newPassword": text });
            replies.push(world.as_(Who::MemberOfB3).run(CHANGE_PASSWORD, change).await);
            replies.push(secretary.run(PROVE_FACTOR, json!({ "code": text })).await);
            replies.push(secretary.run(CONFIRM_FACTOR, json!({ "code": text })).await);
            for field in ["name", "shortName", "code", "timeZone"] {
                let unit = json!({ "id": world.unit(Unit::B2), (field): text });
                replies.push(world.office().run(UPDATE_UNIT, unit).await);
            }
            for field in ["name", "phone", "birthMonth", "reason"] {
                let member = json!({ "id": world.member(Who::Member), (field): text });
                replies.push(secretary.run(UPDATE_MEMBER, member).await);
            }
            let exemption = json!({ "memberId": world.member(Who::Elder), "kind": "STUDY_HOURS", "reason": text, "startsOn": "2026-03-01" });
            replies.push(secretary.run(GRANT_EXEMPTION, exemption).await);
            let post = json!({ "phone": "13911114444", "name": text, "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR" });
            replies.push(world.office().run(APPOINT, post).await);
            replies.push(administrator.run(SET_LABEL, json!({ "kind": "PARTY_GROUP", "label": text })).await);
            replies.push(administrator.run(SET_RULE, json!({ "key": "CODE_STEP_SECONDS", "value": 20, "source": text })).await);
            replies.push(secretary.gql(NODE, json!({ "id": text })).await);
            replies.push(world.auditor().gql(AUDIT, json!({ "subjectId": text, "after": text })).await);
            for reply in replies {
                assert!(!matches!(reply.error(), Some("INTERNAL" | "UNAVAILABLE")), "{text:?}: {}", reply.text);
            }
        }
    }
}
