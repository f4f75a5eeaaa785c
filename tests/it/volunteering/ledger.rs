//! The ledger is never rewritten, and the balances are what it comes to.

use sea_orm::{ConnectionTrait, Database, FromQueryResult, Statement};

use super::*;
use crate::both;

both! {
    async fn each_line_says_before_and_after(world: &World) {
        let id = granted(world).await;
        let anew = json!({ "id": id, "minutes": 90, "reason": "扣除休息" });
        assert_eq!(world.secretary().run(RECALCULATE_HOURS, anew.clone()).await.done()["entry"]["minutes"], 90);
        assert_eq!(world.secretary().run(RECALCULATE_HOURS, anew).await.refused(), "SAME_MINUTES");
        world.office().run(REVERSE_HOURS, json!({ "id": id, "reason": "误报" })).await.done();
        let again = world.office().run(REVERSE_HOURS, json!({ "id": id, "reason": "误报" })).await;
        assert_eq!(again.refused(), "NOT_GRANTED");
        let ledger = world.member_of_b1().gql(HOUR_LEDGER, json!({ "id": world.member(Who::Member) })).await;
        let lines: Vec<_> = ledger.list("/hourLedger/edges").iter().map(|e| &e["node"]).map(|l| {
            (l["kind"].as_str().unwrap(), l["before"].as_i64().unwrap(), l["after"].as_i64().unwrap(), l["balance"].as_i64().unwrap())
        }).collect();
        assert_eq!(lines, [("REVERSAL", 90, 0, 0), ("RECALCULATION", 120, 90, 90), ("GRANT", 0, 120, 120)]);
        assert_eq!(ledger.str("/hourLedger/edges/0/node/reason"), "误报");
        assert_eq!(total(world, Who::Member).await, 0);
    }
}

both! {
    async fn nobody_adjusts_their_own(world: &World) {
        let id = reported(world, Who::Secretary, Unit::B1, 0, 60).await;
        review(world, Who::Deputy, json!({ "id": id })).await;
        world.pass(Duration::days(7));
        world.settle().await;
        let reverse = json!({ "id": id, "reason": "误报" });
        assert_eq!(world.secretary().run(REVERSE_HOURS, reverse.clone()).await.refused(), "OWN_ENTRY");
        assert_eq!(world.member_of_b1().run(REVERSE_HOURS, reverse.clone()).await.error_code(), "NOT_FOUND");
        let stale = with(reverse.clone(), json!({ "version": 1 }));
        assert_eq!(world.deputy().run(REVERSE_HOURS, stale).await.refused(), "STALE");
        world.deputy().run(REVERSE_HOURS, reverse).await.done();
    }
}

both! {
    async fn balances_are_kept_by_unit_and_year(world: &World) {
        let rule = json!({ "key": "PASSWORD_MAX_AGE_DAYS", "value": 365, "source": "试点" });
        world.administrator().run(SET_RULE, rule).await.done();
        world.set_clock(beijing_time(2027, 1, 4, 9, 0));
        let eve = beijing_time(2026, 12, 31, 23, 0);
        let window = |from: DateTime<Utc>| json!({ "startsAt": rfc3339(from), "endsAt": rfc3339(from + Duration::hours(2)) });
        let mut ids = Vec::new();
        for (unit, from) in [(Unit::B1, eve), (Unit::B1, eve + Duration::hours(12)), (Unit::B3, eve + Duration::hours(15))] {
            let input = json!({ "unitId": world.unit(unit), "service": with(service(0, 1), window(from)) });
            ids.push(entry_id(&world.member_of_b1().run(REPORT_HOURS, input).await));
        }
        review(world, Who::Secretary, json!({ "id": ids[0] })).await;
        review(world, Who::Secretary, json!({ "id": ids[1] })).await;
        review(world, Who::SecretaryOfB3, json!({ "id": ids[2] })).await;
        world.pass(Duration::days(7));
        world.settle().await;
        let record = world.secretary().gql(VOLUNTEER_RECORD, json!({ "id": world.member(Who::Member) })).await;
        let mut years: Vec<_> = record.list("/volunteerRecord/balances").iter()
            .map(|b| (b["year"].as_i64().unwrap(), b["unit"]["name"].as_str().unwrap().to_owned(), b["minutes"].as_i64().unwrap())).collect();
        years.sort();
        let (one, three) = ("芙蓉社区第一党支部".to_owned(), "曲水亭党支部".to_owned());
        assert_eq!(years, [(2026, one.clone(), 120), (2027, three, 120), (2027, one, 120)]);
        let street = world.as_(Who::MemberOfB2).gql(UNIT_HOURS, json!({ "id": world.unit(Unit::S1), "year": 2027 })).await;
        assert_eq!((street.int("/unitHours/minutes"), street.int("/unitHours/volunteers")), (120, 1));
    }
}

both! {
    async fn stars_come_from_verified_hours(world: &World) {
        let rule = json!({ "key": "STAR_ONE_HOURS", "value": 2, "source": "区委〔2026〕7号" });
        world.administrator().run(SET_RULE, rule).await.done();
        let id = world.member(Who::Member);
        in_publicity(world).await;
        let before = world.member_of_b1().gql(VOLUNTEER_RECORD, json!({ "id": id })).await;
        assert_eq!(before.data("/volunteerRecord/starLevel"), &Value::Null);
        world.pass(Duration::days(7));
        world.settle().await;
        let after = world.member_of_b1().gql(VOLUNTEER_RECORD, json!({ "id": id })).await;
        assert_eq!(after.str("/volunteerRecord/starLevel"), "ONE_STAR");
        let neighbour = world.as_(Who::Second).gql(VOLUNTEER_RECORD, json!({ "id": id })).await;
        assert_eq!(neighbour.error_code(), "NOT_FOUND", "nobody compares (R45)");
    }
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

async fn count(world: &World, query: &str) -> i64 {
    let database = Database::connect(&world.app.config.database_url).await.unwrap();
    let statement = Statement::from_string(database.get_database_backend(), query);
    let row = database.query_one_raw(statement).await.unwrap().unwrap();
    let n = Count::from_query_result(&row, "").unwrap().n;
    database.close().await.unwrap();
    n
}

/// Ledger, balances and entries, each summed for itself, differ nowhere.
pub async fn assert_balanced(world: &World) {
    let years = "SELECT count(*) AS n FROM hour_year y FULL JOIN (
            SELECT district_id, member_id, year, sum(minutes) AS minutes FROM hour_balance GROUP BY district_id, member_id, year) b
        ON b.district_id = y.district_id AND b.member_id = y.member_id AND b.year = y.year
        WHERE y.minutes IS NULL OR b.minutes IS NULL OR y.minutes <> b.minutes";
    assert_eq!(count(world, years).await, 0, "a member's year is the sum of the balances");
    let homes = "SELECT count(*) AS n FROM hour_year y
        JOIN party_member m ON m.district_id = y.district_id AND m.id = y.member_id
        JOIN org_unit u ON u.district_id = m.district_id AND u.id = m.unit_id
        JOIN org_unit s ON s.district_id = y.district_id AND s.id = y.subdistrict_id
        JOIN org_unit r ON r.district_id = s.district_id AND r.id = s.parent_id
        WHERE r.parent_id IS NOT NULL OR substr(u.path, 1, length(s.path)) <> s.path";
    assert_eq!(count(world, homes).await, 0, "it stands where the member's home is");
    let against_ledger = "SELECT count(*) AS n FROM hour_balance b FULL JOIN (
            SELECT district_id, member_id, unit_id, year, sum(after_minutes - before_minutes) AS minutes FROM hour_ledger
            GROUP BY district_id, member_id, unit_id, year) l
        ON l.district_id = b.district_id AND l.member_id = b.member_id AND l.unit_id = b.unit_id AND l.year = b.year
        WHERE b.minutes IS NULL OR l.minutes IS NULL OR b.minutes <> l.minutes";
    assert_eq!(count(world, against_ledger).await, 0, "the balances are the sums of the ledger");
    let against_entries = "SELECT count(*) AS n FROM (
            SELECT member_id, unit_id, sum(minutes) AS minutes FROM hour_balance GROUP BY member_id, unit_id) b
        LEFT JOIN (
            SELECT member_id, unit_id, sum(CASE WHEN state = 'GRANTED' THEN minutes ELSE 0 END) AS minutes FROM service_hour_entry
            GROUP BY member_id, unit_id) e ON e.member_id = b.member_id AND e.unit_id = b.unit_id
        WHERE e.minutes IS NULL OR b.minutes <> e.minutes";
    assert_eq!(count(world, against_entries).await, 0, "the balances are the sums of the entries");
    let uncounted = "SELECT count(*) AS n FROM service_hour_entry e WHERE state = 'GRANTED' AND NOT EXISTS (
        SELECT 1 FROM hour_ledger l WHERE l.district_id = e.district_id AND l.entry_id = e.id)";
    assert_eq!(count(world, uncounted).await, 0, "what counts stands in the ledger");
}

both! {
    async fn the_balances_fit_after_any_sequence(world: &World) {
        let rule = json!({ "key": "PUBLICITY_DAYS", "value": 1, "source": "试点" });
        world.administrator().run(SET_RULE, rule).await.done();
        let everywhere = json!({ "accountId": world.account(Who::Office), "unitId": world.unit(Unit::A), "kind": "OFFICE_STAFF" });
        world.administrator().run(APPOINT, everywhere).await.done();
        let mut ids: Vec<String> = Vec::new();
        let mut dice: u64 = 20_260_302;
        let mut roll = |n: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % n
        };
        for step in 0..110_i64 {
            let pick = usize::try_from(roll(16)).unwrap();
            let id = ids.iter().rev().nth(pick).cloned();
            match (roll(10), id) {
                // People and units move, also from one subdistrict to another.
                (8, _) => {
                    let home = [Unit::B1, Unit::B2, Unit::B3][usize::try_from(roll(3)).unwrap()];
                    let input = json!({ "id": world.member(Who::Second), "homeUnitId": world.unit(home) });
                    drop(world.office().run(UPDATE_MEMBER, input).await);
                }
                (9, _) => {
                    let parent = [Unit::General, Unit::S2][usize::try_from(roll(2)).unwrap()];
                    let input = json!({ "id": world.unit(Unit::B2), "parentId": world.unit(parent) });
                    drop(world.administrator().run(MOVE_UNIT, input).await);
                }
                (0 | 1, _) | (_, None) => {
                    let who = [Who::Member, Who::Second, Who::Probationary][usize::try_from(roll(3)).unwrap()];
                    let unit = [Unit::B1, Unit::B2][usize::try_from(roll(2)).unwrap()];
                    let minutes = i64::try_from(roll(90)).unwrap() + 1;
                    let from = (world.now() - morning()).num_minutes() - 200;
                    let input = json!({ "unitId": world.unit(unit), "service": service(from, minutes) });
                    let reply = world.as_(who).run(REPORT_HOURS, input).await;
                    if let Some(id) = reply.data("/reportServiceHours").pointer("/entry/id") {
                        ids.push(id.as_str().unwrap().to_owned());
                    }
                }
                (2..=4, Some(id)) => {
                    let said = if roll(3) == 0 { json!({ "id": id, "minutes": 1, "reason": "更正" }) } else { json!({ "id": id }) };
                    world.office().run(REVIEW_HOURS, json!({ "reviews": [said] })).await.done();
                }
                (5, Some(id)) => drop(world.office().run(RECALCULATE_HOURS, json!({ "id": id, "minutes": roll(60), "reason": "重算" })).await),
                (6, Some(id)) => drop(world.office().run(REVERSE_HOURS, json!({ "id": id, "reason": "冲销" })).await),
                (_, Some(id)) => drop(world.secretary().run(OBJECT_TO_HOURS, json!({ "entryId": id, "reason": "不实" })).await),
            }
            world.pass(Duration::hours(9));
            if step % 3 == 0 {
                world.settle().await;
            }
            if step % 15 == 0 {
                assert_balanced(world).await;
            }
        }
        world.pass(Duration::days(7));
        world.settle().await;
        assert_balanced(world).await;
        assert!(count(world, "SELECT count(*) AS n FROM hour_ledger WHERE kind = 'GRANT'").await > 5);
        assert!(count(world, "SELECT count(*) AS n FROM hour_ledger WHERE kind <> 'GRANT'").await > 2);
    }
}

both! {
    async fn the_ledger_is_append_only(world: &World) {
        granted(world).await;
        let database = Database::connect(&world.app.config.database_url).await.unwrap();
        for statement in ["UPDATE hour_ledger SET after_minutes = 1", "DELETE FROM hour_ledger"] {
            assert!(database.execute_unprepared(statement).await.is_err(), "{statement}");
        }
        database.close().await.unwrap();
        assert_eq!(total(world, Who::Member).await, 120);
    }
}
