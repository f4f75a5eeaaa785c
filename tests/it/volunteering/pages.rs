//! A page of forty costs no more round trips than a page of five.

use super::*;
use crate::{both, harness::Actor};

async fn statements(actor: &Actor<'_>, document: &str, variables: &Value, first: i32) -> usize {
    let variables = with(variables.clone(), json!({ "first": first }));
    let reply = actor.gql(document, variables).await;
    let data = reply.data("").as_object().unwrap().values().next().unwrap();
    assert_eq!(data["edges"].as_array().unwrap().len(), usize::try_from(first).unwrap(), "{}", reply.text);
    reply.statements()
}

both! {
    async fn of_hours_to_review_in_publicity_and_disputed(world: &World) {
        world.pin();
        let crowd = world.crowd(Unit::B1, 40).await;
        let mut reviews = Vec::new();
        for (phone, _) in &crowd {
            let reply = world.by_phone(phone).run(REPORT_HOURS, json!({ "service": service(0, 60) })).await;
            reviews.push(json!({ "id": entry_id(&reply) }));
        }
        let unit = json!({ "unitId": world.unit(Unit::B1) });
        let secretary = world.secretary();
        let same = async |document: &str, variables: &Value| {
            statements(&secretary, document, variables, 5).await;
            let few = statements(&secretary, document, variables, 5).await;
            let many = statements(&secretary, document, variables, 40).await;
            assert!(many == few && many <= 12, "{few} for five, {many} for forty: {document}");
        };
        let everything = "query($unitId: ID!, $first: Int) { serviceHoursToReview(unitId: $unitId, first: $first) { edges { node {
            id flags objections { id raisedBy { name } } memberName member { name homeUnit { name } } unit { name } verifiedBy { name } } } } }";
        same(everything, &unit).await;
        let reviewed = secretary.run(REVIEW_HOURS, json!({ "reviews": reviews })).await;
        assert_eq!(reviewed.done()["results"].as_array().unwrap().len(), 40);
        same(PUBLICITY, &unit).await;
        for review in &reviews {
            let input = json!({ "entryId": review["id"], "reason": "不实" });
            world.member_of_b1().run(OBJECT_TO_HOURS, input).await.done();
        }
        let objections = "query($unitId: ID!, $first: Int) { objections(unitId: $unitId, first: $first) { edges { node {
            id reason raisedBy { name } } } } }";
        same(objections, &unit).await;
        let member = world.member_of_b1();
        statements(&member, MY_OBJECTIONS, &json!({}), 5).await;
        let few = statements(&member, MY_OBJECTIONS, &json!({}), 5).await;
        let many = statements(&member, MY_OBJECTIONS, &json!({}), 40).await;
        assert!(many == few && many <= 8, "{few} for five, {many} for forty of one's own");
    }
}

both! {
    async fn of_shifts_with_their_sign_ups(world: &World) {
        world.pin();
        let begun = world.secretary().run(CREATE_PROJECT, json!({ "unitId": world.unit(Unit::B1), "name": "清洁家园" })).await;
        let project = begun.done()["project"]["id"].clone();
        for n in 1..=40 {
            let starts_at = world.now() + Duration::hours(n * 3);
            let shift = world.secretary().run(CREATE_SHIFT, json!({
                "projectId": project, "place": "曲水亭街", "capacity": 5,
                "startsAt": rfc3339(starts_at), "endsAt": rfc3339(starts_at + Duration::hours(2)),
            })).await;
            let id = shift.done()["shift"]["id"].clone();
            world.secretary().run(PUBLISH_SHIFT, json!({ "id": id })).await.done();
            for who in [Who::Member, Who::Second] {
                world.as_(who).run(SIGN_UP, json!({ "shiftId": id })).await.done();
            }
        }
        let member = world.member_of_b1();
        let unit = json!({ "unitId": world.unit(Unit::B1) });
        statements(&member, SHIFTS, &unit, 5).await;
        let few = statements(&member, SHIFTS, &unit, 5).await;
        let many = statements(&member, SHIFTS, &unit, 40).await;
        assert!(many == few && many <= 8, "{few} for five, {many} for forty");
    }
}
