//! Keeping a copy of a roster in step.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, Who, World, document::*, meeting::with},
};

/// Another system's copy of a roster.
#[derive(Default)]
struct Copy {
    members: BTreeMap<String, Value>,
    since: Option<String>,
}

impl Copy {
    /// Reads what has changed; answers how many items that were.
    async fn sync(&mut self, world: &World, who: Who, unit: Unit) -> usize {
        let since = self.since.as_ref().map(|since| format!("&updatedSince={since}")).unwrap_or_default();
        let (mut after, mut first, mut read) = (String::new(), None, 0);
        loop {
            let page = world
                .as_(who)
                .get(&format!("/members?unitId={}&limit=3{since}{after}", world.unit(unit)))
                .await;
            for item in page.items() {
                read += 1;
                let id = item["id"].as_str().unwrap().to_owned();
                match &item["member"] {
                    Value::Null => drop(self.members.remove(&id)),
                    member => drop(self.members.insert(id, member.clone())),
                }
            }
            first.get_or_insert(page.body["syncedAt"].as_str().unwrap().to_owned());
            let Some(next) = page.body["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        self.since = first;
        read
    }

    fn has(&self, world: &World, who: Who) -> bool {
        self.members.contains_key(&world.member(who))
    }
}

async fn change(world: &World, who: Who, more: Value) {
    let change = with(json!({ "id": world.member(who) }), more);
    world.as_(Who::Office).run(UPDATE_MEMBER, change).await.done();
}

both! {
    async fn a_copy_follows_the_roster(world: &World) {
        let mut copy = Copy::default();
        copy.sync(world, Who::Secretary, Unit::B1).await;
        assert_eq!(copy.members.len(), 9, "B1's, with its group");
        world.pass(Duration::hours(1));
        copy.sync(world, Who::Secretary, Unit::B1).await;
        world.pass(Duration::minutes(10));
        assert_eq!(copy.sync(world, Who::Secretary, Unit::B1).await, 0, "nothing has changed");
        world.pass(Duration::minutes(10));
        change(world, Who::Member, json!({ "birthMonth": "1985-02" })).await;
        change(world, Who::Second, json!({ "homeUnitId": world.unit(Unit::B2) })).await;
        let entered = json!({ "name": "新党员", "phone": "13911112222", "status": "FULL", "homeUnitId": world.unit(Unit::B1) });
        world.secretary().run(ADD_MEMBER, entered).await.done();
        assert_eq!(copy.sync(world, Who::Secretary, Unit::B1).await, 3);
        assert_eq!(copy.members[&world.member(Who::Member)]["version"], 2);
        assert!(!copy.has(world, Who::Second), "moved away");
        assert_eq!(copy.members.len(), 9);
        world.pass(Duration::minutes(10));
        change(world, Who::Probationary, json!({ "leftOn": "2026-03-01", "reason": "转出" })).await;
        change(world, Who::Second, json!({ "homeUnitId": world.unit(Unit::B1) })).await;
        copy.sync(world, Who::Secretary, Unit::B1).await;
        assert!(!copy.has(world, Who::Probationary), "has left");
        assert!(copy.has(world, Who::Second), "is back");
    }
}

both! {
    async fn a_branch_that_moves_takes_its_members_along(world: &World) {
        let (mut from, mut to) = (Copy::default(), Copy::default());
        from.sync(world, Who::Office, Unit::S1).await;
        to.sync(world, Who::OfficeOfS2, Unit::S2).await;
        assert!(from.has(world, Who::Member) && !to.has(world, Who::Member));
        world.pass(Duration::hours(1));
        let moved = json!({ "id": world.unit(Unit::B1), "parentId": world.unit(Unit::S2) });
        world.administrator().run(MOVE_UNIT, moved).await.done();
        from.sync(world, Who::Office, Unit::S1).await;
        to.sync(world, Who::OfficeOfS2, Unit::S2).await;
        for who in [Who::Member, Who::Leader] {
            assert!(!from.has(world, who) && to.has(world, who), "{who:?}");
        }
        assert!(from.has(world, Who::MemberOfB2));
    }
}

both! {
    async fn a_tombstone_tells_nothing_but_the_id(world: &World) {
        world.pass(Duration::hours(1));
        let since = world.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        change(world, Who::Second, json!({ "homeUnitId": world.unit(Unit::B2), "name": "林新名" })).await;
        let changes = world.secretary().get(&format!("/members?unitId={}&updatedSince={since}", world.unit(Unit::B1))).await;
        assert_eq!(changes.items().len(), 1);
        assert!(changes.items()[0]["member"].is_null() && !changes.text.contains("林新名"));
        assert_eq!(world.secretary().get(&format!("/members/{}", world.member(Who::Second))).await.problem(), (404, "NOT_FOUND"));
        assert_eq!(changes.items()[0]["updatedAt"], json!(since));
    }
}
