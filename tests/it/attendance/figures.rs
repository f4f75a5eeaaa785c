//! Figures of a month and a year: of a member, a branch, a subtree.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        meeting::{end, start},
    },
};

/// Two closed Party days: in March Member is there, in April late.
async fn two_meetings(world: &World) {
    let first = world.party_day().await;
    world.scan(world.member_of_b1(), &first).await.done();
    world.set_clock(end());
    world.secretary().run(CLOSE, json!({ "id": first })).await.done();
    let month = Duration::days(28);
    let times = json!({
        "title": "四月主题党日",
        "startsAt": crate::harness::clock::rfc3339(start() + month),
        "endsAt": crate::harness::clock::rfc3339(end() + month),
    });
    let second = world.published(times).await;
    world.set_clock(start() + month + Duration::minutes(30));
    world.settle().await;
    world.scan(world.member_of_b1(), &second).await.done();
    world.secretary().run(CLOSE, json!({ "id": second })).await.done();
}

both! {
    async fn a_members_own(world: &World) {
        two_meetings(world).await;
        let id = world.member(Who::Member);
        let year = world.member_of_b1().gql(MEMBER_FIGURES, json!({ "id": id, "year": 2026 })).await;
        assert_eq!(year.int("/memberFigures/expected"), 2);
        assert_eq!(year.int("/memberFigures/present"), 1);
        assert_eq!(year.int("/memberFigures/late"), 1);
        assert_eq!(year.int("/memberFigures/ratePermille"), 1000);
        let april = world.member_of_b1().gql(MEMBER_FIGURES, json!({ "id": id, "year": 2026, "month": 4 })).await;
        assert_eq!(april.int("/memberFigures/late"), 1);
        assert_eq!(april.int("/memberFigures/expected"), 1);
        let before = world.member_of_b1().gql(MEMBER_FIGURES, json!({ "id": id, "year": 2025 })).await;
        assert_eq!(before.int("/memberFigures/expected"), 0);
        assert_eq!(before.data("/memberFigures/ratePermille"), &json!(null));
        assert_eq!(world.as_(Who::Second).gql(MEMBER_FIGURES, json!({ "id": id, "year": 2026 })).await.error_code(), "FORBIDDEN");
        world.secretary().gql(MEMBER_FIGURES, json!({ "id": id, "year": 2026 })).await.data("/memberFigures");
    }
}

both! {
    async fn a_subtrees_are_the_sum_of_its_branches(world: &World) {
        two_meetings(world).await;
        let ask = |unit: Unit| json!({ "id": world.unit(unit), "year": 2026 });
        let branch = world.member_of_b1().gql(UNIT_FIGURES, ask(Unit::B1)).await;
        assert_eq!(branch.int("/unitFigures/held"), 2);
        assert_eq!(branch.int("/unitFigures/expected"), 16);
        assert_eq!(branch.int("/unitFigures/absent"), 14);
        let street = world.office().gql(UNIT_FIGURES, ask(Unit::S1)).await;
        assert_eq!(street.data("/unitFigures"), branch.data("/unitFigures"));
        let other = world.as_(Who::OfficeOfS2).gql(UNIT_FIGURES, ask(Unit::S2)).await;
        assert_eq!(other.int("/unitFigures/held"), 0);
    }
}

both! {
    async fn a_month_that_is_none_is_refused(world: &World) {
        let id = world.member(Who::Member);
        for (year, month) in [(2026, 0), (2026, 13), (2026, -1), (-5, 1), (999_999, 1), (2_147_483_647, 12)] {
            let reply = world.member_of_b1().gql(MEMBER_FIGURES, json!({ "id": id, "year": year, "month": month })).await;
            assert!(
                matches!(reply.error_code(), "BAD_USER_INPUT" | "GRAPHQL_VALIDATION_FAILED"),
                "{year}-{month}: {}", reply.text
            );
        }
        let huge = json!({ "id": id, "year": 2026, "month": 99_999_999_999_i64 });
        assert!(world.member_of_b1().gql(MEMBER_FIGURES, huge).await.error().is_some());
    }
}
