//! Steps that are due are taken, whatever else there is.

use chrono::Duration;
use serde_json::{Value, json};
use zhibu::auth::random::Randomness;
use zhibu_domain::{
    activity::{Activity, ActivityKind, Agenda, Audience, NewActivity, TimeWindow},
    id::ActivityId,
    organization::OrgUnitKind,
    rule::Rules,
};
use zhibu_persistence::{Origin, activity};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        founding,
        meeting::{end, start},
    },
};

/// Many activities that were closed some days ago and will be final in a month.
async fn closed(world: &World, many: i64) {
    let now = world.now();
    let made = |n: i64| {
        let starts_at = now - Duration::days(5) + Duration::minutes(n);
        let new = NewActivity {
            id: ActivityId(Randomness.id(now)),
            host_unit_id: world.ids.units[&Unit::B3].id,
            joint_host_ids: Vec::new(),
            kind: ActivityKind::ThemePartyDay,
            title: format!("往期{n}"),
            description: None,
            theme_id: None,
            occurrence: None,
            window: TimeWindow { starts_at, ends_at: starts_at + Duration::hours(1) },
            venue: None,
            audience: Audience::Roster,
            wants_check_out: false,
            late_after_minutes: None,
            check_in_opens_minutes: None,
            check_in_closes_minutes: None,
            created_by: world.ids.accounts[&Who::SecretaryOfB3],
        };
        let planned = Activity::plan(new, OrgUnitKind::PartyBranch, &Rules::defaults(), now).unwrap();
        (planned.publish(now).unwrap().close(now).unwrap(), Agenda::default())
    };
    let all: Vec<_> = (0..many).map(made).collect();
    let tx = world.app.store.begin(Origin { operation: "found", request_id: None, now }).await.unwrap();
    let permit = founding::system(world.district(false));
    activity::insert_activities(&tx, &permit, &all, &Rules::defaults()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stored(world: &World, id: &str) -> Value {
    let open = world.secretary().run(OPEN, json!({ "id": id })).await;
    json!(open.refused())
}

both! {
    async fn those_that_wait_hold_up_none(world: &World) {
        closed(world, 210).await;
        let id = world.published(json!({})).await;
        world.set_clock(start() - Duration::minutes(5));
        world.settle().await;
        assert_eq!(stored(world, &id).await, "ALREADY_OPEN");
        world.set_clock(end() + Duration::hours(24));
        world.settle().await;
        assert_eq!(stored(world, &id).await, "ALREADY_CLOSED");
    }
}

both! {
    async fn a_rule_that_changes_moves_them(world: &World) {
        let id = world.party_day().await;
        let sooner = json!({ "key": "OFFLINE_SCAN_HOURS", "value": 1, "source": "区委〔2026〕4号" });
        world.administrator().run(SET_RULE, sooner).await.done();
        world.settle().await;
        world.set_clock(end() + Duration::minutes(59));
        world.settle().await;
        assert_eq!(stored(world, &id).await, "ALREADY_OPEN");
        world.set_clock(end() + Duration::minutes(60));
        world.settle().await;
        assert_eq!(stored(world, &id).await, "ALREADY_CLOSED");
    }
}

/// Writes past the server, as a fault would.
async fn spoil(world: &World, statement: &str) {
    use sea_orm::ConnectionTrait;
    let database = sea_orm::Database::connect(&world.app.config.database_url).await.unwrap();
    database.execute_unprepared(statement).await.unwrap();
    database.close().await.unwrap();
}

both! {
    async fn one_that_fails_holds_up_none(world: &World) {
        let bad = world.published(json!({ "title": "坏" })).await;
        let good = world.published(json!({})).await;
        spoil(world, "UPDATE activity SET kind = 'SPOILT' WHERE title = '坏'").await;
        world.set_clock(start());
        world.settle().await;
        assert_eq!(stored(world, &good).await, "ALREADY_OPEN");
        spoil(world, "UPDATE activity SET kind = 'THEME_PARTY_DAY' WHERE title = '坏'").await;
        world.pass(Duration::minutes(10));
        world.settle().await;
        assert_eq!(stored(world, &bad).await, "ALREADY_OPEN", "it is tried again");
    }
}

both! {
    async fn a_recurrence_that_fails_holds_up_none(world: &World) {
        let mut recurrences = Vec::new();
        for title in ["坏", "好"] {
            let input = json!({
                "hostUnitId": world.unit(Unit::B1), "title": title, "rule": "FREQ=MONTHLY;BYDAY=1FR",
                "startsOn": "2026-03-02", "time": "19:30", "duration": 90,
            });
            recurrences.push(world.secretary().run(CREATE_RECURRENCE, input).await.done()["recurrence"].clone());
        }
        spoil(world, "UPDATE recurrence SET kind = 'SPOILT' WHERE title = '坏'").await;
        world.pass(Duration::days(35));
        world.settle().await;
        spoil(world, "UPDATE recurrence SET kind = 'THEME_PARTY_DAY' WHERE title = '坏'").await;
        let now = world.secretary().gql(RECURRENCES, json!({ "unitId": world.unit(Unit::B1) })).await;
        let moved = |n: usize| now.data("/recurrences")[n]["draftedUntil"] != recurrences[n]["draftedUntil"];
        assert!(!moved(0) && moved(1));
    }
}
