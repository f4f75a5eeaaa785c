//! A page of fifty costs no more round trips than a page of five.

use chrono::Duration;
use serde_json::json;

use crate::{
    both,
    harness::{
        Actor, Unit, World, assigning,
        clock::rfc3339,
        document::*,
        meeting::{end, start},
    },
};

async fn fill(world: &World) -> String {
    world.crowd(Unit::B1, 60).await;
    let mut first = String::new();
    for n in 0..60 {
        let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": format!("支部{n}") });
        world.office().run(CREATE_UNIT, unit).await.done();
        let to = json!({ "unitId": world.unit(Unit::B1) });
        world.secretary().run(CREATE_ASSIGNMENT, assigning::work(world, Unit::B1, to)).await.done();
        let day = Duration::hours(n * 3);
        let plan = json!({ "title": format!("活动{n}"), "startsAt": rfc3339(start() + day), "endsAt": rfc3339(end() + day) });
        let id = world.published(plan).await;
        if n == 0 {
            first = id;
        }
    }
    first
}

/// How many statements a page takes, and how many items it has. What is kept in memory is in memory,
/// unless it grew old just then.
async fn cost(reader: &Actor<'_>, path: &str, limit: usize) -> (usize, usize) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{joint}limit={limit}");
    let (once, again) = (reader.get(&path).await, reader.get(&path).await);
    (once.statements().min(again.statements()), once.items().len())
}

both! {
    async fn for_every_list(world: &World) {
        let activity = fill(world).await;
        world.pin();
        let unit = world.unit(Unit::B1);
        let mut faults = Vec::new();
        for path in [
            "/units".to_owned(),
            format!("/members?unitId={unit}"),
            format!("/members?unitId={unit}&updatedSince=2020-01-01T00:00:00Z"),
            format!("/activities?unitId={unit}"),
            format!("/activities/{activity}/attendees"),
            format!("/assignments?unitId={unit}"),
        ] {
            let reader = world.secretary();
            let ((few, _), (many, read)) = (cost(&reader, &path, 5).await, cost(&reader, &path, 50).await);
            if read < 50 || many != few || many > 8 {
                faults.push(format!("{path}: {few} statements for five, {many} for {read}"));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
