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
