//! Posts give rights from–to on a unit.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, Who, World, document::*, meeting::with},
};

async fn appoint(world: &World, by: Who, who: Who, unit: Unit, kind: &str, more: Value) -> Reply {
    let post = json!({ "accountId": world.account(who), "unitId": world.unit(unit), "kind": kind });
    world.as_(by).run(APPOINT, with(post, more)).await
}

async fn may_see_roster(world: &World, who: Who, unit: Unit) -> bool {
    world.as_(who).gql(ROSTER, json!({ "unitId": world.unit(unit) })).await.error().is_none()
}

both! {
    async fn rights_begin_and_end_with_the_post(world: &World) {
        assert!(!may_see_roster(world, Who::MemberOfB2, Unit::B2).await);
        let given = appoint(world, Who::Office, Who::MemberOfB2, Unit::B2, "DEPUTY_SECRETARY", json!({})).await;
        let post = given.done()["post"]["id"].clone();
        assert!(may_see_roster(world, Who::MemberOfB2, Unit::B2).await, "at once");
        world.office().run(END_POST, json!({ "id": post })).await.done();
        assert!(!may_see_roster(world, Who::MemberOfB2, Unit::B2).await, "at once");
    }
}

/// Lets what is kept for a minute grow old.
fn forget(world: &World) {
    world.apps().for_each(|app| app.memo.clear());
}

both! {
    async fn a_post_of_tomorrow_gives_nothing_today(world: &World) {
        let days = json!({ "startsOn": "2026-03-03", "endsOn": "2026-03-04" });
        appoint(world, Who::Office, Who::MemberOfB2, Unit::B2, "SECRETARY", days).await.done();
        assert!(!may_see_roster(world, Who::MemberOfB2, Unit::B2).await);
        world.pass(Duration::days(1));
        forget(world);
        assert!(may_see_roster(world, Who::MemberOfB2, Unit::B2).await);
        world.pass(Duration::days(2));
        forget(world);
        assert!(!may_see_roster(world, Who::MemberOfB2, Unit::B2).await);
    }
}

both! {
    async fn one_person_holds_many_posts(world: &World) {
        appoint(world, Who::Office, Who::Secretary, Unit::B2, "INSTRUCTOR", json!({})).await.done();
        assert!(may_see_roster(world, Who::Secretary, Unit::B1).await);
        assert!(may_see_roster(world, Who::Secretary, Unit::B2).await);
        let me = world.secretary().gql(ME, json!({})).await;
        assert_eq!(me.list("/me/posts").len(), 2);
    }
}

both! {
    async fn nobody_reaches_beyond_their_power(world: &World) {
        for (by, who, unit, kind, why) in [
            (Who::Office, Who::Office, Unit::B1, "SECRETARY", "SELF"),
            (Who::Office, Who::Stranger, Unit::B1, "GROUP_LEADER", "WRONG_UNIT"),
            (Who::Office, Who::Stranger, Unit::S1, "OFFICE_STAFF", "BEYOND_YOURS"),
            (Who::Office, Who::Secretary, Unit::B1, "SECRETARY", "ALREADY_HELD"),
            (Who::Administrator, Who::Administrator, Unit::S1, "OFFICE_STAFF", "SELF"),
        ] {
            assert_eq!(appoint(world, by, who, unit, kind, json!({})).await.refused(), why, "{kind}");
        }
        let beyond = appoint(world, Who::Office, Who::Stranger, Unit::A, "AUDITOR", json!({})).await;
        assert_eq!(beyond.error_code(), "FORBIDDEN");
        let foreign = appoint(world, Who::Office, Who::ForeignMember, Unit::B1, "SECRETARY", json!({})).await;
        assert_eq!(foreign.error_code(), "NOT_FOUND");
        let backwards = json!({ "startsOn": "2026-03-10", "endsOn": "2026-03-01" });
        let backwards = appoint(world, Who::Office, Who::Stranger, Unit::B1, "INSTRUCTOR", backwards).await;
        assert_eq!(backwards.refused(), "ENDS_BEFORE_START");
    }
}

both! {
    async fn somebody_new_is_appointed_by_phone(world: &World) {
        let post = json!({ "phone": "13911114444", "name": "新指导员", "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR" });
        let given = world.office().run(APPOINT, post.clone()).await;
        assert_eq!(given.done()["post"]["holder"]["name"], "新指导员");
        let other_name = with(post, json!({ "name": "别人", "kind": "GRID_WORKER" }));
        assert_eq!(world.office().run(APPOINT, other_name).await.refused(), "PHONE_TAKEN");
        let no_number = json!({ "phone": "12345", "name": "谁", "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR" });
        let no_number = world.office().run(APPOINT, no_number).await;
        assert_eq!((no_number.refused(), no_number.data("/appointPost/field")), ("BAD_PHONE", &json!(["phone"])));
        let both = json!({ "accountId": world.account(Who::Stranger), "phone": "13911115555", "name": "谁", "unitId": world.unit(Unit::B1), "kind": "INSTRUCTOR" });
        assert_eq!(world.office().run(APPOINT, both).await.error_code(), "BAD_USER_INPUT");
    }
}
