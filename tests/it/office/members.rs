//! The roster: enter, change, exempt; contact data is guarded.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, Who, World, document::*, meeting::with},
};

async fn add(world: &World, more: Value) -> Reply {
    let member = json!({ "name": "新党员", "phone": "13911112222", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
    world.secretary().run(ADD_MEMBER, with(member, more)).await
}

async fn update(world: &World, who: Who, more: Value) -> Reply {
    world.secretary().run(UPDATE_MEMBER, with(json!({ "id": world.member(who) }), more)).await
}

both! {
    async fn a_member_is_entered_and_seen(world: &World) {
        let added = add(world, json!({ "joinedOn": "2015-07-01", "fullMemberOn": "2016-07-01", "birthMonth": "1985-02" })).await;
        let member = &added.done()["partyMember"];
        assert_eq!(member["maskedPhone"], "139****2222");
        let roster = world.secretary().gql(ROSTER, json!({ "unitId": world.unit(Unit::B1), "name": "新党" })).await;
        assert_eq!(roster.list("/roster/edges").len(), 1);
        assert_eq!(roster.int("/roster/edges/0/node/partyStanding"), 9);
    }
}

both! {
    async fn reading_a_phone_number_is_shown_to_its_owner(world: &World) {
        let contact = world.secretary().gql(CONTACT, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(contact.str("/node/phone"), "+8613800000021");
        let own = world.member_of_b1().gql(CONTACT, json!({ "id": world.member(Who::Member) })).await;
        assert_eq!(own.str("/node/phone"), "+8613800000021");
        let mine = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 20 })).await;
        let entries = mine.list("/myAudit/edges");
        let reads: Vec<_> = entries.iter().filter(|e| e["node"]["operation"] == "PartyMember.phone").collect();
        assert_eq!(reads.len(), 1, "one's own reading isn't noted: {}", mine.text);
        assert_eq!(reads[0]["node"]["actor"]["name"], "王书记");
        let header = contact.headers["x-request-id"].to_str().unwrap();
        assert_eq!(reads[0]["node"]["requestId"], header);
        for who in [Who::Instructor, Who::Leader] {
            let hidden = world.as_(who).gql(CONTACT, json!({ "id": world.member(Who::Member) })).await;
            assert!(!hidden.text.contains("13800000021"), "{who:?}");
        }
    }
}

both! {
    async fn numbers_are_unique_in_a_district(world: &World) {
        assert_eq!(add(world, json!({ "phone": "13800000022" })).await.refused(), "PHONE_TAKEN");
        add(world, json!({ "phone": "+86 138-0000-9999" })).await.done();
        let other = add(world, json!({ "name": "别人", "phone": "13800009999" })).await;
        assert_eq!(other.refused(), "PHONE_TAKEN");
        let same_person = add(world, json!({ "name": "陈党员", "phone": "13800000021" })).await;
        assert_eq!(same_person.refused(), "ALREADY_MEMBER");
        let staff = add(world, json!({ "name": "何居民", "phone": "13800000051" })).await;
        assert_eq!(staff.done()["partyMember"]["name"], "何居民", "who has an account keeps it");
        assert_eq!(update(world, Who::Member, json!({ "phone": "13800000022" })).await.refused(), "PHONE_TAKEN");
    }
}

both! {
    async fn what_cannot_be_entered(world: &World) {
        for (more, why) in [
            (json!({ "name": "  " }), "BAD_NAME"),
            (json!({ "name": "王\u{202E}明" }), "BAD_NAME"),
            (json!({ "name": "长".repeat(51) }), "BAD_NAME"),
            (json!({ "joinedOn": "2030-01-01" }), "DATE_IN_FUTURE"),
            (json!({ "joinedOn": "2015-07-01", "fullMemberOn": "2014-07-01" }), "FULL_BEFORE_JOINED"),
            (json!({ "status": "PROBATIONARY", "joinedOn": "2025-07-01", "fullMemberOn": "2025-08-01" }), "PROBATIONARY_BUT_FULL"),
            (json!({ "birthMonth": "2015-01" }), "BAD_BIRTH_MONTH"),
            (json!({ "birthMonth": "1985-13" }), "BAD_BIRTH_MONTH"),
            (json!({ "birthMonth": "一九八五" }), "BAD_BIRTH_MONTH"),
            (json!({ "birthMonth": "1990-01", "joinedOn": "2000-07-01" }), "TOO_YOUNG"),
            (json!({ "homeUnitId": world.unit(Unit::General) }), "NOT_A_BRANCH"),
        ] {
            let reply = match why {
                "NOT_A_BRANCH" => {
                    let member = json!({ "name": "新党员", "status": "FULL" });
                    world.office().run(ADD_MEMBER, with(member, more.clone())).await
                }
                _ => add(world, more.clone()).await,
            };
            assert_eq!(reply.refused(), why, "{more}");
        }
        for bad in ["12345", "138000000210000", "abc", "١٣٨٠٠٠٠٠٠٢١", ""] {
            let reply = add(world, json!({ "phone": bad })).await;
            assert_eq!((reply.refused(), reply.data("/addMember/field")), ("BAD_PHONE", &json!(["phone"])), "{bad}");
            let reply = update(world, Who::Member, json!({ "phone": bad })).await;
            assert_eq!((reply.refused(), reply.data("/updateMember/field")), ("BAD_PHONE", &json!(["phone"])), "{bad}");
        }
        add(world, json!({ "name": "阿依古丽·买买提" })).await.done();
    }
}

both! {
    async fn a_transfer_needs_the_right_in_both_units(world: &World) {
        let to_b3 = json!({ "homeUnitId": world.unit(Unit::B3) });
        assert!(matches!(update(world, Who::Member, to_b3.clone()).await.error_code(), "NOT_FOUND" | "FORBIDDEN"));
        let into_group = update(world, Who::Member, json!({ "homeUnitId": world.unit(Unit::Group) })).await;
        assert_eq!(into_group.done()["partyMember"]["homeUnit"]["id"], json!(world.unit(Unit::Group)));
        let to_b2 = json!({ "id": world.member(Who::Member), "homeUnitId": world.unit(Unit::B2), "reason": "搬家" });
        world.office().run(UPDATE_MEMBER, to_b2).await.done();
        assert!(update(world, Who::Member, json!({ "name": "改" })).await.error().is_some(), "no longer theirs");
        let audit = world.auditor().gql(AUDIT, json!({ "subjectId": world.member(Who::Member), "first": 10 })).await;
        let edges = audit.list("/audit/edges");
        assert!(edges.iter().any(|e| e["node"]["reason"] == "搬家"), "{}", audit.text);
    }
}

both! {
    async fn who_leaves_stays_in_the_record(world: &World) {
        let left = update(world, Who::Second, json!({ "leftOn": "2026-03-01", "reason": "去世" })).await;
        assert_eq!(left.done()["partyMember"]["leftOn"], "2026-03-01");
        assert_eq!(update(world, Who::Second, json!({ "name": "改" })).await.refused(), "HAS_LEFT");
        let roster = world.secretary().gql(ROSTER, json!({ "unitId": world.unit(Unit::B1), "first": 50 })).await;
        assert_eq!(roster.list("/roster/edges").len(), 8);
        assert_eq!(world.as_(Who::Second).gql(MY_ACTIVITIES, json!({})).await.list("/myActivities/edges").len(), 0);
    }
}

both! {
    async fn two_writers_do_not_overwrite_each_other(world: &World) {
        let first = update(world, Who::Member, json!({ "version": 1, "education": "MASTER" })).await;
        assert_eq!(first.done()["partyMember"]["version"], 2);
        assert_eq!(update(world, Who::Member, json!({ "version": 1, "education": "DOCTOR" })).await.refused(), "STALE");
    }
}

both! {
    async fn a_post_holders_number_is_guarded(world: &World) {
        let commissioner = world.commissioner();
        let change = json!({ "id": world.member(Who::Secretary), "phone": "13911113333" });
        assert_eq!(commissioner.run(UPDATE_MEMBER, change).await.refused(), "HOLDS_POSTS");
        update(world, Who::Secretary, json!({ "phone": "13911113333" })).await.done();
    }
}

both! {
    async fn an_exemption_has_its_days(world: &World) {
        let input = json!({
            "memberId": world.member(Who::Elder), "kind": "NOT_EXPECTED", "reason": "年老体弱", "startsOn": "2026-03-01",
        });
        let granted = world.secretary().run(GRANT_EXEMPTION, input.clone()).await;
        let id = granted.done()["exemption"]["id"].clone();
        let ended = world.secretary().run(END_EXEMPTION, json!({ "id": id, "endsOn": "2026-06-30" })).await;
        assert_eq!(ended.done()["exemption"]["endsOn"], "2026-06-30");
        let later = json!({ "id": id, "endsOn": "2026-12-31" });
        assert_eq!(world.secretary().run(END_EXEMPTION, later).await.refused(), "ALREADY_ENDED");
        let backwards = with(input.clone(), json!({ "endsOn": "2026-01-01" }));
        assert_eq!(world.secretary().run(GRANT_EXEMPTION, backwards).await.refused(), "ENDS_BEFORE_START");
        let keyed = with(input, json!({ "clientMutationId": "e-1" }));
        let once = world.secretary().run(GRANT_EXEMPTION, keyed.clone()).await.done()["exemption"]["id"].clone();
        assert_eq!(world.secretary().run(GRANT_EXEMPTION, keyed).await.done()["exemption"]["id"], once);
    }
}

both! {
    async fn sent_twice_a_member_is_entered_once(world: &World) {
        let keyed = json!({ "phone": null, "clientMutationId": "m-1" });
        let first = add(world, keyed.clone()).await.done()["partyMember"]["id"].clone();
        assert_eq!(add(world, keyed.clone()).await.done()["partyMember"]["id"], first);
        let other = with(keyed, json!({ "name": "别人" }));
        assert_eq!(add(world, other).await.error_code(), "IDEMPOTENCY_KEY_REUSED");
    }
}

both! {
    async fn a_search_takes_text_as_text(world: &World) {
        for (text, found) in [("%", 0), ("_", 0), ("\\", 0), ("'; DROP TABLE account; --", 0), ("党员", 2), ("💥", 0)] {
            let ask = json!({ "unitId": world.unit(Unit::B1), "name": text, "first": 50 });
            let roster = world.secretary().gql(ROSTER, ask).await;
            assert_eq!(roster.list("/roster/edges").len(), found, "{text}");
        }
    }
}

both! {
    async fn a_refusal_names_the_field_at_fault(world: &World) {
        for (more, field) in [
            (json!({ "name": "" }), "name"),
            (json!({ "phone": "13800000022" }), "phone"),
            (json!({ "fullMemberOn": "2030-01-01" }), "fullMemberOn"),
            (json!({ "joinedOn": "2030-01-01" }), "joinedOn"),
            (json!({ "birthMonth": "2015-01" }), "birthMonth"),
            (json!({ "joinedOn": "2015-07-01", "fullMemberOn": "2014-07-01" }), "fullMemberOn"),
        ] {
            let reply = add(world, more.clone()).await;
            reply.refused();
            assert_eq!(reply.data("/addMember/field"), &json!([field]), "{more}");
        }
        let branch = json!({ "name": "新党员", "status": "FULL", "homeUnitId": world.unit(Unit::General) });
        let reply = world.office().run(ADD_MEMBER, branch).await;
        assert_eq!((reply.refused(), reply.data("/addMember/field")), ("NOT_A_BRANCH", &json!(["homeUnitId"])));
        let stale = update(world, Who::Member, json!({ "version": 9 })).await;
        assert_eq!((stale.refused(), stale.data("/updateMember/field")), ("STALE", &json!(["version"])));
        let rule = json!({ "key": "CODE_STEP_SECONDS", "value": 1, "source": "试点" });
        let rule = world.administrator().run(SET_RULE, rule).await;
        assert_eq!((rule.refused(), rule.data("/setRule/field")), ("OUT_OF_BOUNDS", &json!(["value"])));
        for (more, field) in [(json!({ "shortName": "" }), "shortName"), (json!({ "name": "" }), "name"), (json!({ "code": "B1" }), "code")] {
            let unit = json!({ "id": world.unit(Unit::B2) });
            let unit = world.office().run(UPDATE_UNIT, with(unit, more)).await;
            unit.refused();
            assert_eq!(unit.data("/updateOrgUnit/field"), &json!([field]));
        }
    }
}

both! {
    async fn a_search_passes_over_the_case_of_latin_letters(world: &World) {
        add(world, json!({ "name": "Zoë Smith" })).await.done();
        for text in ["zo", "SMITH", "ë s", ""] {
            let ask = json!({ "unitId": world.unit(Unit::B1), "name": text, "first": 50 });
            let roster = world.secretary().gql(ROSTER, ask).await;
            assert_eq!(roster.list("/roster/edges").len(), if text.is_empty() { 10 } else { 1 }, "{text}");
        }
        let units = world.office().gql(UNITS, json!({ "text": "b3" })).await;
        assert_eq!(units.str("/orgUnits/edges/0/node/name"), "曲水亭党支部");
    }
}
