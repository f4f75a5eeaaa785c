//! What was due in a month, and how much of it was done.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Unit, Who, World,
        assigning::{id_of, work},
        clock::{beijing_time, rfc3339},
        document::*,
        meeting::with,
    },
};

/// Two of March and one of April for B1; one of March for a member.
async fn fill(world: &World) {
    let due = |month, day| json!({ "dueAt": rfc3339(beijing_time(2026, month, day, 18, 0)) });
    let done = world.taken_on(due(3, 20)).await;
    world.secretary().run(SUBMIT_ASSIGNMENT, json!({ "id": done, "amount": 18 })).await.done();
    world.office().run(VERIFY_ASSIGNMENT, json!({ "id": done })).await.done();
    world.given(due(3, 31)).await;
    world.given(due(4, 1)).await;
    let to = json!({ "memberId": world.member(Who::Member) });
    let more = with(due(3, 25), json!({ "measure": { "text": "宣讲", "target": 2, "unit": "场" } }));
    let id = id_of(&world.secretary().run(CREATE_ASSIGNMENT, with(work(world, Unit::B1, to), more)).await);
    world.secretary().run(DISPATCH_ASSIGNMENT, json!({ "id": id })).await.done();
    world.member_of_b1().run(ACCEPT_ASSIGNMENT, json!({ "id": id })).await.done();
    world.pass(Duration::days(25));
    world.settle().await;
    world.member_of_b1().run(SUBMIT_ASSIGNMENT, json!({ "id": id, "amount": 2 })).await.done();
    world.secretary().run(VERIFY_ASSIGNMENT, json!({ "id": id })).await.done();
}

both! {
    async fn a_month_is_counted_by_what_was_due_in_it(world: &World) {
        fill(world).await;
        let march = json!({ "id": world.unit(Unit::S1), "year": 2026, "month": 3 });
        let figures = world.office().gql(ASSIGNMENT_FIGURES, march).await.data("/assignmentFigures").clone();
        assert_eq!(figures, json!({ "due": 3, "delivered": 2, "deliveredLate": 1, "submitted": 0, "open": 1, "overdue": 0, "declined": 0,
            "quotas": [{ "unit": "场", "target": 2, "amount": 2, "verified": 2 }, { "unit": "户", "target": 40, "amount": 18, "verified": 18 }] }));
        let year = json!({ "id": world.unit(Unit::B1), "year": 2026 });
        assert_eq!(world.member_of_b1().gql(ASSIGNMENT_FIGURES, year.clone()).await.int("/assignmentFigures/due"), 4);
        assert_eq!(world.as_(Who::MemberOfB2).gql(ASSIGNMENT_FIGURES, year).await.error_code(), "FORBIDDEN");
        let none = json!({ "id": world.unit(Unit::B1), "year": 2026, "month": 13 });
        assert_eq!(world.secretary().gql(ASSIGNMENT_FIGURES, none).await.error_code(), "BAD_USER_INPUT");
    }
}

both! {
    async fn a_persons_count_is_for_the_person_and_those_responsible(world: &World) {
        fill(world).await;
        let mine = world.member_of_b1().gql(MY_ASSIGNMENT_FIGURES, json!({ "year": 2026, "month": 3 })).await;
        assert_eq!(mine.int("/myAssignmentFigures/delivered"), 1);
        let of_member = json!({ "unit": world.unit(Unit::B1), "owner": world.account(Who::Member), "year": 2026, "month": 3 });
        for who in [Who::Secretary, Who::Deputy, Who::Office] {
            assert_eq!(world.as_(who).gql(OWNER_FIGURES, of_member.clone()).await.int("/ownerFigures/delivered"), 1, "{who:?}");
        }
        for who in [Who::Member, Who::Second, Who::SecretaryOfB2, Who::OfficeOfS2, Who::ForeignOffice] {
            assert_eq!(world.as_(who).gql(OWNER_FIGURES, of_member.clone()).await.error_code(), "NOT_FOUND", "{who:?}");
        }
    }
}
