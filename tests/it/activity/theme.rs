//! A street issues a theme; branches adopt it; the street sees who has.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        clock::rfc3339,
        document::*,
        meeting::{end, start, with},
    },
};

async fn issue(world: &World, more: Value) -> Reply {
    let theme = json!({
        "issuerUnitId": world.unit(Unit::S1), "title": "学雷锋 树新风", "description": "三月主题",
        "startsOn": "2026-03-01", "endsOn": "2026-03-31", "items": ["志愿服务"],
    });
    world.office().run(ISSUE_THEME, with(theme, more)).await
}

fn adoption(world: &World, theme: &Value, unit: Unit) -> Value {
    json!({
        "themeId": theme, "hostUnitId": world.unit(unit),
        "startsAt": rfc3339(start()), "endsAt": rfc3339(end()), "items": ["入户走访"],
    })
}

both! {
    async fn a_branch_makes_it_its_own(world: &World) {
        let theme = issue(world, json!({})).await.done()["theme"]["id"].clone();
        let seen = world.member_of_b1().gql(THEMES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(seen.str("/themes/edges/0/node/issuer/name"), "泉城路街道党工委");
        let adopted = world.secretary().run(ADOPT_THEME, adoption(world, &theme, Unit::B1)).await;
        let activity = &adopted.done()["activity"];
        assert_eq!(activity["title"], "学雷锋 树新风");
        assert_eq!(activity["state"], "DRAFT");
        let titles: Vec<_> = activity["agenda"].as_array().unwrap().iter().map(|i| i["title"].clone()).collect();
        assert_eq!(titles[4..], [json!("志愿服务"), json!("入户走访")]);
        let again = world.secretary().run(ADOPT_THEME, adoption(world, &theme, Unit::B1)).await;
        assert_eq!(again.refused(), "ALREADY_ADOPTED");
    }
}

both! {
    async fn the_street_sees_who_has_and_who_has_not(world: &World) {
        let theme = issue(world, json!({})).await.done()["theme"]["id"].clone();
        world.secretary().run(ADOPT_THEME, adoption(world, &theme, Unit::B1)).await.done();
        let seen = world.office().gql(ADOPTIONS, json!({ "unitId": world.unit(Unit::S1), "first": 10 })).await;
        assert_eq!(seen.int("/themes/edges/0/node/adoptedCount"), 1);
        let branches = seen.list("/themes/edges/0/node/adoptions/edges");
        assert_eq!(branches.len(), 2);
        let has = |name: &str| !branches.iter().find(|b| b["node"]["unit"]["name"] == name).unwrap()["node"]["activity"].is_null();
        assert!(has("芙蓉社区第一党支部") && !has("芙蓉社区第二党支部"));
        let branch = world.secretary().gql(ADOPTIONS, json!({ "unitId": world.unit(Unit::B1), "first": 10 })).await;
        assert!(branch.error().is_some(), "only the issuer sees who has: {}", branch.text);
    }
}

both! {
    async fn what_cannot_be_adopted(world: &World) {
        let theme = issue(world, json!({})).await.done()["theme"]["id"].clone();
        let other = world.as_(Who::SecretaryOfB3).run(ADOPT_THEME, adoption(world, &theme, Unit::B3)).await;
        assert_eq!(other.refused(), "NOT_FOR_YOU");
        let month = Duration::days(40);
        let late = json!({ "startsAt": rfc3339(start() + month), "endsAt": rfc3339(end() + month) });
        let late = world.secretary().run(ADOPT_THEME, with(adoption(world, &theme, Unit::B1), late)).await;
        assert_eq!(late.refused(), "OUTSIDE_PERIOD");
        let backwards = json!({ "startsAt": rfc3339(end()), "endsAt": rfc3339(start()) });
        let backwards = world.secretary().run(ADOPT_THEME, with(adoption(world, &theme, Unit::B1), backwards)).await;
        assert_eq!(backwards.refused(), "BAD_ACTIVITY");
        world.office().run(WITHDRAW_THEME, json!({ "id": theme })).await.done();
        let withdrawn = world.secretary().run(ADOPT_THEME, adoption(world, &theme, Unit::B1)).await;
        assert_eq!(withdrawn.refused(), "WITHDRAWN");
    }
}

both! {
    async fn what_cannot_be_issued(world: &World) {
        for (more, why) in [
            (json!({ "title": " " }), "BAD_TITLE"),
            (json!({ "description": "\u{FFFD}" }), "BAD_DESCRIPTION"),
            (json!({ "items": vec!["项"; 11] }), "BAD_ITEMS"),
            (json!({ "startsOn": "2026-03-31", "endsOn": "2026-03-01" }), "BAD_PERIOD"),
            (json!({ "startsOn": "2025-01-01", "endsOn": "2025-12-31" }), "BAD_PERIOD"),
            (json!({ "startsOn": "2026-03-01", "endsOn": "2028-03-01" }), "BAD_PERIOD"),
        ] {
            assert_eq!(issue(world, more.clone()).await.refused(), why, "{more}");
        }
        for bad in ["2026-02-30", "03/01/2026", "", "+300000-01-01", "２０２６-03-01"] {
            let reply = issue(world, json!({ "startsOn": bad })).await;
            assert_eq!(reply.error(), Some("BAD_USER_INPUT"), "{bad}: {}", reply.text);
        }
    }
}

both! {
    async fn sent_twice_it_is_adopted_once(world: &World) {
        let theme = issue(world, json!({})).await.done()["theme"]["id"].clone();
        let input = with(adoption(world, &theme, Unit::B1), json!({ "clientMutationId": "adopt-1" }));
        let first = world.secretary().run(ADOPT_THEME, input.clone()).await.done()["activity"]["id"].clone();
        let again = world.secretary().run(ADOPT_THEME, input).await;
        assert_eq!(again.done()["activity"]["id"], first);
    }
}
