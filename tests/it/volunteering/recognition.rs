//! The office's list for the recognition of star volunteers.

use sea_orm::{ConnectionTrait, Database, DatabaseTransaction, TransactionTrait};
use zhibu::volunteering::job;

use super::{ledger::assert_balanced, *};
use crate::{both, harness::Engine};

async fn list(world: &World, who: Who, unit: Unit) -> Vec<(String, i64)> {
    let report = world.as_(who).gql(RECOGNITION, json!({ "id": world.unit(unit) })).await;
    let line = |v: &Value| (v["name"].as_str().unwrap().to_owned(), v["minutes"].as_i64().unwrap());
    report.list("/recognitionReport/volunteers").iter().map(line).collect()
}

/// Member has two hours in B1 and one in B3, Second three, Probationary's aren't verified.
async fn fill(world: &World) -> String {
    let first = reported(world, Who::Member, Unit::B1, 0, 120).await;
    let elsewhere = reported(world, Who::Member, Unit::B3, 130, 60).await;
    let second = reported(world, Who::Second, Unit::B1, 0, 200).await;
    reported(world, Who::Probationary, Unit::B1, 0, 300).await;
    review(world, Who::Secretary, json!({ "id": first })).await;
    review(world, Who::SecretaryOfB3, json!({ "id": elsewhere })).await;
    review(world, Who::Secretary, json!({ "id": second })).await;
    world.pass(Duration::days(7));
    world.settle().await;
    second
}

fn names(list: &[(&str, i64)]) -> Vec<(String, i64)> {
    list.iter().map(|(name, minutes)| ((*name).to_owned(), *minutes)).collect()
}

both! {
    async fn those_with_most_verified_hours_come_first(world: &World) {
        // Another server may know the list of a second ago.
        world.pin();
        let rule = json!({ "key": "STAR_ONE_HOURS", "value": 3, "source": "区委〔2026〕7号" });
        world.administrator().run(SET_RULE, rule).await.done();
        let second = fill(world).await;
        assert_eq!(list(world, Who::Office, Unit::S1).await, names(&[("林党员", 200), ("陈党员", 180)]), "wherever they served");
        let report = world.office().gql(RECOGNITION, json!({ "id": world.unit(Unit::S1) })).await;
        assert_eq!(report.str("/recognitionReport/purpose"), "STAR_RECOGNITION");
        let line = report.data("/recognitionReport/volunteers/1");
        assert_eq!((&line["starLevel"], &line["totalMinutes"], &line["unitId"]), (&json!("ONE_STAR"), &json!(180), &json!(world.unit(Unit::B1))));
        assert!(list(world, Who::OfficeOfS2, Unit::S2).await.is_empty());
        // What is taken back is gone at once.
        world.office().run(REVERSE_HOURS, json!({ "id": second, "reason": "误报" })).await.done();
        assert_eq!(list(world, Who::Office, Unit::S1).await, names(&[("陈党员", 180)]));
        assert_balanced(world).await;
    }
}

both! {
    async fn a_member_who_moves_takes_the_year_along(world: &World) {
        fill(world).await;
        let everywhere = json!({ "accountId": world.account(Who::Office), "unitId": world.unit(Unit::A), "kind": "OFFICE_STAFF" });
        world.administrator().run(APPOINT, everywhere).await.done();
        let moved = json!({ "id": world.member(Who::Member), "homeUnitId": world.unit(Unit::B3) });
        world.office().run(UPDATE_MEMBER, moved).await.done();
        assert_eq!(list(world, Who::Office, Unit::S1).await, names(&[("林党员", 200)]));
        assert_eq!(list(world, Who::OfficeOfS2, Unit::S2).await, names(&[("陈党员", 180)]));
        assert_balanced(world).await;
        // So do all members of a unit that moves.
        let unit = json!({ "id": world.unit(Unit::B1), "parentId": world.unit(Unit::S2) });
        world.administrator().run(MOVE_UNIT, unit).await.done();
        assert!(list(world, Who::Office, Unit::S1).await.is_empty());
        assert_eq!(list(world, Who::OfficeOfS2, Unit::S2).await, names(&[("林党员", 200), ("陈党员", 180)]));
        assert_balanced(world).await;
        // Who has left isn't recognized.
        let left = json!({ "id": world.member(Who::Second), "leftOn": "2026-03-09" });
        world.office().run(UPDATE_MEMBER, left).await.done();
        assert_eq!(list(world, Who::OfficeOfS2, Unit::S2).await, names(&[("陈党员", 180)]));
    }
}

/// Keeps the ledger from being written, where several write at once.
async fn hold_ledger(world: &World) -> Option<DatabaseTransaction> {
    if world.engine == Engine::Sqlite {
        return None;
    }
    let database = Database::connect(&world.app.config.database_url).await.unwrap();
    let tx = database.begin().await.unwrap();
    tx.execute_unprepared("LOCK TABLE hour_ledger IN SHARE MODE").await.unwrap();
    Some(tx)
}

both! {
    async fn a_unit_that_moves_while_a_year_begins_takes_it_along(world: &World) {
        in_publicity(world).await;
        world.pass(Duration::days(7));
        let administrator = world.administrator();
        administrator.access().await;
        let held = hold_ledger(world).await;
        let second = async |n: u64| tokio::time::sleep(std::time::Duration::from_millis(500 * n)).await;
        // The sum of the year is written, and its transaction waits for the ledger.
        let granting = job::run(&world.app);
        let moving = async {
            second(1).await;
            // With all below it, the member's home among them.
            let unit = json!({ "id": world.unit(Unit::General), "parentId": world.unit(Unit::S2) });
            administrator.run(MOVE_UNIT, unit).await.done();
        };
        let letting_go = async {
            second(3).await;
            if let Some(held) = held {
                held.rollback().await.unwrap();
            }
        };
        let (granted, (), ()) = tokio::join!(granting, moving, letting_go);
        granted.unwrap();
        world.settle().await;
        assert_eq!(list(world, Who::OfficeOfS2, Unit::S2).await, names(&[("陈党员", 120)]));
        assert!(list(world, Who::Office, Unit::S1).await.is_empty());
        assert_balanced(world).await;
    }
}

both! {
    async fn it_is_for_the_office_alone(world: &World) {
        let ask = json!({ "id": world.unit(Unit::S1) });
        for who in [Who::Secretary, Who::Instructor, Who::Member, Who::Stranger, Who::OfficeOfS2, Who::Administrator, Who::Auditor] {
            assert_eq!(world.as_(who).gql(RECOGNITION, ask.clone()).await.error_code(), "FORBIDDEN", "{who:?}");
        }
        assert_eq!(world.as_(Who::ForeignOffice).gql(RECOGNITION, ask.clone()).await.error_code(), "NOT_FOUND");
        assert_eq!(world.anonymous().gql(RECOGNITION, ask).await.error_code(), "UNAUTHENTICATED");
        let branch = world.office().gql(RECOGNITION, json!({ "id": world.unit(Unit::B1) })).await;
        assert_eq!(branch.error_code(), "BAD_USER_INPUT");
        let purposeless = "query($id: ID!) { recognitionReport(unitId: $id, year: 2026) { year } }";
        let reply = world.office().gql(purposeless, json!({ "id": world.unit(Unit::S1) })).await;
        assert_eq!(reply.error_code(), "GRAPHQL_VALIDATION_FAILED");
    }
}

both! {
    async fn each_reading_stands_in_the_audit_of_those_listed(world: &World) {
        world.pin();
        fill(world).await;
        let ask = json!({ "id": world.unit(Unit::S1) });
        let read = async || {
            let mine = world.member_of_b1().gql(MY_AUDIT, json!({ "first": 50 })).await;
            mine.list("/myAudit/edges").iter().filter(|e| e["node"]["operation"] == "recognitionReport").count()
        };
        assert_eq!(read().await, 0);
        let first = world.office().gql(RECOGNITION, ask.clone()).await;
        first.data("/recognitionReport");
        assert_eq!(read().await, 1);
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        world.office().gql(RECOGNITION, ask.clone()).await.data("/recognitionReport");
        assert_eq!(read().await, 2);
        let entries = world.auditor().gql(AUDIT, json!({ "first": 50 })).await;
        let entry = entries.list("/audit/edges").iter().find(|e| e["node"]["operation"] == "recognitionReport").unwrap();
        assert_eq!((&entry["node"]["reason"], &entry["node"]["actor"]["name"]), (&json!("STAR_RECOGNITION"), &json!("党建办甲")));
        // Who looks again within the same second has looked once, and the database rests.
        let again = world.office().gql(RECOGNITION, ask).await;
        assert_eq!(again.data("/recognitionReport"), first.data("/recognitionReport"));
        assert!(again.statements() <= 1, "{} statements", again.statements());
    }
}
