//! Volunteer hours, and their export for the national system.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, Who, World, clock::rfc3339, document::*},
};

/// Two hours of a member's that count.
async fn granted(world: &World) {
    let reported = world.member_of_b1().run(REPORT_HOURS, json!({
        "unitId": world.unit(Unit::B1),
        "service": {
            "startsAt": rfc3339(world.now() - Duration::hours(30)), "endsAt": rfc3339(world.now() - Duration::hours(28)),
            "place": "芙蓉社区", "content": "清洁家园", "beneficiary": "社区居民",
        },
    })).await;
    let id = reported.done()["entry"]["id"].as_str().unwrap().to_owned();
    world.secretary().run(REVIEW_HOURS, json!({ "reviews": [{ "id": id }] })).await.done();
    world.pass(Duration::days(8));
    world.settle().await;
}

both! {
    async fn hours_are_listed_and_exported(world: &World) {
        granted(world).await;
        let at = world.secretary().get(&format!("/hours?unitId={}", world.unit(Unit::B1))).await;
        assert_eq!((at.items().len(), &at.items()[0]["minutes"]), (1, &json!(120)));
        let of = world.member_of_b1().get(&format!("/members/{}/hours?state=GRANTED", world.member(Who::Member))).await;
        assert_eq!(of.items(), at.items());
        let asked = json!({ "unitId": world.unit(Unit::S1), "from": "2026-02-01", "until": "2026-03-31", "purpose": "录入全国系统" });
        let made = world.office().post_under("/hour-exports", Some(asked.clone()), "export-1").await;
        assert_eq!((made.status.as_u16(), &made.found()["newCount"]), (201, &json!(1)));
        let again = world.office().post_under("/hour-exports", Some(asked.clone()), "export-1").await;
        assert_eq!(again.found(), made.found());
        let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(world.office().get(&path).await.found(), made.found());
        let rows = world.office().get(&format!("{path}/rows")).await;
        let row = &rows.items()[0];
        assert_eq!((&row["name"], &row["phone"], &row["mark"]), (&json!("陈党员"), &json!("+8613800000021"), &json!("NEW")));
        assert_eq!(row["serviceName"], Value::Null);
        let listed = world.office().get(&format!("/hour-exports?unitId={}", world.unit(Unit::S1))).await;
        assert_eq!(&listed.items()[0], made.found());
        assert_eq!(world.secretary().post("/hour-exports", Some(asked)).await.problem(), (403, "FORBIDDEN"));
        assert_eq!(world.as_(Who::OfficeOfS2).get(&path).await.problem().0, 403, "the unit is no secret, the export is");
        let backwards = json!({ "unitId": world.unit(Unit::S1), "from": "2026-03-31", "until": "2026-02-01", "purpose": "录入全国系统" });
        assert_eq!(world.office().post("/hour-exports", Some(backwards)).await.problem(), (409, "BAD_PERIOD"));
        let mine = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 50 })).await;
        assert!(mine.text.contains("exportServiceHours"), "whose hours were exported can read it");
    }
}
