//! Who may take a month report out, and what is told of it.

use super::*;
use crate::both;

both! {
    async fn offices_alone_export_and_each_sees_their_own(world: &World) {
        for who in [Who::Member, Who::Secretary, Who::Instructor, Who::OfficeOfS2, Who::Administrator, Who::Auditor] {
            assert_eq!(ask(world, who, "ATTENDANCE", Unit::B1, json!({})).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        assert_eq!(ask(world, Who::ForeignOffice, "ATTENDANCE", Unit::B1, json!({})).await.error_code(), "NOT_FOUND");
        assert_eq!(ask(world, Who::Office, "ATTENDANCE", Unit::B3, json!({})).await.error_code(), "FORBIDDEN", "another subtree");
        assert_eq!(ask(world, Who::Office, "ATTENDANCE", Unit::A, json!({})).await.error_code(), "FORBIDDEN", "above");
        let id = id_of(&ask(world, Who::Office, "ATTENDANCE", Unit::B1, json!({})).await);
        let export = ended(world, Who::Office, &id).await;
        let second = json!({ "accountId": world.account(Who::Stranger), "unitId": world.unit(Unit::S1), "kind": "OFFICE_STAFF" });
        world.administrator().run(APPOINT, second).await.done();
        for who in [Who::Stranger, Who::Secretary, Who::ForeignOffice] {
            assert_eq!(world.as_(who).gql(REPORT_EXPORT, json!({ "id": id })).await.error(), Some("NOT_FOUND"), "{who:?}");
            assert_eq!(world.as_(who).run(CANCEL_REPORT_EXPORT, json!({ "id": id })).await.error(), Some("NOT_FOUND"), "{who:?}");
            assert_eq!(world.as_(who).gql(MY_REPORT_EXPORTS, json!({})).await.list("/myReportExports/edges").len(), 0);
        }
        let mine = world.office().gql(MY_REPORT_EXPORTS, json!({})).await;
        assert_eq!(mine.str("/myReportExports/edges/0/node/id"), id);
        let url = export["xlsx"]["url"].as_str().unwrap().to_owned();
        fetch(world, &url).await.file();
        world.administrator().run(END_POST, json!({ "id": world.post(Who::Office), "endsOn": "2026-03-01" })).await.done();
        assert_eq!(fetch(world, &url).await.problem(), "FORBIDDEN", "the post has ended since");
    }
}

both! {
    async fn it_needs_a_purpose_and_a_month_that_has_begun(world: &World) {
        for (more, refusal) in [
            (json!({ "purpose": " " }), "BAD_PURPOSE"), (json!({ "purpose": "长".repeat(101) }), "BAD_PURPOSE"),
            (json!({ "month": 0 }), "BAD_MONTH"), (json!({ "month": 13 }), "BAD_MONTH"), (json!({ "month": 4 }), "BAD_MONTH"),
            (json!({ "year": 2027 }), "BAD_MONTH"), (json!({ "year": -9 }), "BAD_MONTH"),
        ] {
            assert_eq!(ask(world, Who::Office, "ASSIGNMENTS", Unit::S1, more.clone()).await.refused(), refusal, "{more}");
        }
        for bad in [json!({ "kind": "EVERYTHING" }), json!({ "month": -1 }), json!({ "unitId": "x" })] {
            let reply = ask(world, Who::Office, "ASSIGNMENTS", Unit::S1, bad.clone()).await;
            assert!(matches!(reply.error(), Some("BAD_USER_INPUT" | "BAD_ID" | "GRAPHQL_VALIDATION_FAILED")), "{bad}: {}", reply.text);
        }
        let once = json!({ "clientMutationId": "once" });
        let first = id_of(&ask(world, Who::Office, "ASSIGNMENTS", Unit::S1, once.clone()).await);
        assert_eq!(id_of(&ask(world, Who::Office, "ASSIGNMENTS", Unit::S1, once).await), first);
        let empty = ended(world, Who::Office, &first).await;
        assert_eq!((&empty["state"], &empty["totalRows"]), (&json!("READY"), &empty["doneRows"]), "an empty month is one, too");
    }
}

both! {
    async fn purpose_making_and_fetching_stand_in_the_audit(world: &World) {
        file(world, Who::Office, "ATTENDANCE", Unit::S1).await;
        let audit = world.auditor().gql(AUDIT, json!({ "first": 100 })).await;
        let told: Vec<_> = audit.list("/audit/edges").iter().map(|edge| edge["node"].clone()).collect();
        for operation in ["exportReport", "makeReportExport", "downloadReportExport"] {
            let entry = told.iter().find(|entry| entry["operation"] == operation);
            let entry = entry.unwrap_or_else(|| panic!("{operation} isn't told: {}", audit.text));
            assert_eq!(entry["reason"], "报送区委组织部", "{operation}");
        }
    }
}
