//! Units: found, rename, change, move, guide, dissolve.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Reply, Unit, Who, World,
        assigning::{id_of, work},
        clock::rfc3339,
        document::*,
    },
};

async fn look(world: &World, id: &str) -> Value {
    world.office().gql(UNIT, json!({ "id": id })).await.data("/node").clone()
}

async fn found(world: &World, more: Value) -> Reply {
    let unit = json!({ "parentId": world.unit(Unit::General), "kind": "PARTY_BRANCH", "name": "芙蓉社区第三党支部" });
    world.office().run(CREATE_UNIT, crate::harness::meeting::with(unit, more)).await
}

both! {
    async fn rename_and_change_of_type_keep_id_and_history(world: &World) {
        let town = json!({ "parentId": world.unit(Unit::A), "kind": "TOWN_COMMITTEE", "name": "柳埠镇党委" });
        let made = world.administrator().run(CREATE_UNIT, town).await;
        let id = made.done()["orgUnit"]["id"].as_str().unwrap().to_owned();
        let change = json!({ "id": id, "kind": "PARTY_WORK_COMMITTEE", "name": "柳埠街道党工委", "version": 1 });
        let changed = world.administrator().run(UPDATE_UNIT, change.clone()).await;
        let unit = &changed.done()["orgUnit"];
        assert_eq!(unit["id"], json!(id));
        assert_eq!(unit["version"], 2);
        let history = unit["history"].as_array().unwrap();
        assert_eq!((&history[0]["name"], &history[0]["kind"]), (&json!("柳埠镇党委"), &json!("TOWN_COMMITTEE")));
        assert_eq!(history[1]["kind"], "PARTY_WORK_COMMITTEE");
        assert_eq!(world.administrator().run(UPDATE_UNIT, change).await.refused(), "STALE");
    }
}

both! {
    async fn a_move_takes_everything_below_along(world: &World) {
        let group = world.unit(Unit::Group);
        let input = json!({ "id": world.unit(Unit::B1), "parentId": world.unit(Unit::S2) });
        assert_eq!(world.office().run(MOVE_UNIT, input.clone()).await.error_code(), "FORBIDDEN", "S2 isn't this office's");
        let moved = world.administrator().run(MOVE_UNIT, input).await;
        assert_eq!(moved.done()["orgUnit"]["parentUnit"]["id"], json!(world.unit(Unit::S2)));
        assert_eq!(moved.done()["orgUnit"]["history"].as_array().unwrap().len(), 2);
        let superiors = look(world, &group).await["superiors"].clone();
        let superiors: Vec<_> = superiors.as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(superiors, [world.unit(Unit::A), world.unit(Unit::S2), world.unit(Unit::B1)]);
        // Rights follow at once.
        let roster = json!({ "unitId": world.unit(Unit::B1) });
        assert_eq!(world.office().gql(ROSTER, roster.clone()).await.error_code(), "NOT_FOUND");
        world.as_(Who::OfficeOfS2).gql(ROSTER, roster.clone()).await.data("/roster");
        world.secretary().gql(ROSTER, roster).await.data("/roster");
        let below = world.as_(Who::OfficeOfS2).gql(ROSTER, json!({ "unitId": world.unit(Unit::S2), "first": 50 })).await;
        assert_eq!(below.list("/roster/edges").len(), 11, "B1's nine and B3's two");
    }
}

both! {
    async fn what_cannot_move(world: &World) {
        let administrator = world.administrator();
        let to = |id: Unit, parent: Unit| json!({ "id": world.unit(id), "parentId": world.unit(parent) });
        assert_eq!(administrator.run(MOVE_UNIT, to(Unit::A, Unit::S1)).await.refused(), "ROOT");
        assert_eq!(administrator.run(MOVE_UNIT, to(Unit::General, Unit::B1)).await.refused(), "CYCLE");
        assert_eq!(administrator.run(MOVE_UNIT, to(Unit::B1, Unit::B1)).await.refused(), "CYCLE");
        assert_eq!(administrator.run(MOVE_UNIT, to(Unit::B2, Unit::Group)).await.refused(), "WRONG_LEVEL");
        assert_eq!(administrator.run(MOVE_UNIT, to(Unit::B2, Unit::D)).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn two_moves_at_once_leave_a_tree(world: &World) {
        let administrator = world.administrator();
        administrator.access().await;
        let there = json!({ "id": world.unit(Unit::General), "parentId": world.unit(Unit::S2) });
        let here = json!({ "id": world.unit(Unit::B1), "parentId": world.unit(Unit::S2) });
        let (a, b) = futures_util::future::join(administrator.run(MOVE_UNIT, there), administrator.run(MOVE_UNIT, here)).await;
        for reply in [a, b] {
            assert!(matches!(reply.error(), None | Some("UNAVAILABLE" | "OVERLOADED")), "{}", reply.text);
        }
        for unit in [Unit::B1, Unit::B2, Unit::Group, Unit::General] {
            let mut at = look(world, &world.unit(unit)).await;
            let superiors: Vec<_> = at["superiors"].as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
            for expected in superiors.iter().rev() {
                assert_eq!(&at["parentUnit"]["id"], expected, "the path of {unit:?} is the path of its superiors");
                at = look(world, expected.as_str().unwrap()).await;
            }
            assert!(at["parentUnit"].is_null());
        }
    }
}

both! {
    async fn a_unit_founded_during_a_move_stands_below_its_superior(world: &World) {
        let administrator = world.administrator();
        administrator.access().await;
        for round in 0..6 {
            let to = if round % 2 == 0 { Unit::S2 } else { Unit::S1 };
            let moving = administrator.run(MOVE_UNIT, json!({ "id": world.unit(Unit::General), "parentId": world.unit(to) }));
            let group = |n| {
                let group = json!({ "parentId": world.unit(Unit::B1), "kind": "PARTY_GROUP", "name": format!("第{round}-{n}小组") });
                async { administrator.run(CREATE_UNIT, group).await }
            };
            let founding = futures_util::future::join_all((0..8).map(group));
            let (moved, founded) = futures_util::future::join(moving, founding).await;
            moved.done();
            for reply in founded {
                let id = reply.done()["orgUnit"]["id"].as_str().unwrap().to_owned();
                let superiors = look(world, &id).await["superiors"].clone();
                let superiors: Vec<_> = superiors.as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
                assert_eq!(superiors, [Unit::A, to, Unit::General, Unit::B1].map(|u| json!(world.unit(u))));
            }
        }
    }
}

both! {
    async fn guidance_leaves_the_superior_alone(world: &World) {
        let business = json!({ "parentId": world.unit(Unit::S2), "kind": "BUSINESS_DISTRICT_COMMITTEE", "name": "商圈党委" });
        let guide = world.administrator().run(CREATE_UNIT, business).await.done()["orgUnit"]["id"].clone();
        let line = json!({ "unitId": world.unit(Unit::B1), "guideId": guide });
        let guided = world.office().run(ADD_GUIDANCE, line.clone()).await;
        assert_eq!(guided.done()["orgUnit"]["guides"][0]["id"], guide);
        assert_eq!(guided.done()["orgUnit"]["parentUnit"]["id"], json!(world.unit(Unit::General)));
        assert_eq!(world.office().run(ADD_GUIDANCE, line.clone()).await.refused(), "ALREADY_LEADS");
        let seen = look(world, guide.as_str().unwrap()).await;
        assert_eq!(seen["guidedUnits"][0]["id"], json!(world.unit(Unit::B1)));
        let ended = world.office().run(END_GUIDANCE, line.clone()).await;
        assert_eq!(ended.done()["orgUnit"]["guides"], json!([]));
        assert_eq!(world.office().run(END_GUIDANCE, line).await.refused(), "NOT_GUIDED");
    }
}

both! {
    async fn only_an_empty_unit_is_dissolved(world: &World) {
        assert_eq!(world.office().run(DISSOLVE_UNIT, json!({ "id": world.unit(Unit::B1) })).await.refused(), "NOT_EMPTY");
        let id = found(world, json!({})).await.done()["orgUnit"]["id"].clone();
        world.office().run(DISSOLVE_UNIT, json!({ "id": id })).await.done();
        assert_eq!(world.office().run(DISSOLVE_UNIT, json!({ "id": id })).await.refused(), "DISSOLVED");
        let add = json!({ "name": "新人", "status": "FULL", "homeUnitId": id });
        assert_eq!(world.office().run(ADD_MEMBER, add).await.refused(), "UNIT_DISSOLVED");
        let kept = look(world, id.as_str().unwrap()).await;
        assert!(kept["dissolvedAt"].is_string(), "its past stays");
        assert_eq!(world.administrator().run(DISSOLVE_UNIT, json!({ "id": world.unit(Unit::A) })).await.refused(), "ROOT");
    }
}

both! {
    async fn a_unit_with_work_to_come_is_not_dissolved(world: &World) {
        let id = found(world, json!({})).await.done()["orgUnit"]["id"].clone();
        let dissolve = json!({ "id": id });
        let office = world.office();
        let project = json!({ "unitId": id, "name": "清洁家园" });
        let project = office.run(CREATE_PROJECT, project).await.done()["project"]["id"].clone();
        let shift = office.run(CREATE_SHIFT, json!({
            "projectId": project, "place": "曲水亭街", "capacity": 1,
            "startsAt": rfc3339(world.now() + Duration::hours(30)), "endsAt": rfc3339(world.now() + Duration::hours(32)),
        })).await.done()["shift"]["id"].clone();
        office.run(PUBLISH_SHIFT, json!({ "id": shift })).await.done();
        assert_eq!(office.run(DISSOLVE_UNIT, dissolve.clone()).await.refused(), "HAS_WORK");
        office.run(CANCEL_SHIFT, json!({ "id": shift, "reason": "撤销支部" })).await.done();
        let offer = work(world, Unit::S1, json!({ "offer": { "unitId": id, "capacity": 3 } }));
        let offer = id_of(&office.run(CREATE_ASSIGNMENT, offer).await);
        office.run(DISPATCH_ASSIGNMENT, json!({ "id": offer })).await.done();
        assert_eq!(office.run(DISSOLVE_UNIT, dissolve.clone()).await.refused(), "HAS_WORK");
        office.run(CANCEL_ASSIGNMENT, json!({ "id": offer, "reason": "撤销支部" })).await.done();
        office.run(DISSOLVE_UNIT, dissolve).await.done();
    }
}

both! {
    async fn what_cannot_be_founded(world: &World) {
        for (more, why) in [
            (json!({ "name": "" }), "BAD_NAME"),
            (json!({ "name": "支\u{FFFD}部" }), "BAD_NAME"),
            (json!({ "name": "长".repeat(101) }), "BAD_NAME"),
            (json!({ "code": "B1" }), "CODE_TAKEN"),
            (json!({ "code": "有空格 的" }), "BAD_CODE"),
            (json!({ "timeZone": "Mars/Base" }), "BAD_TIME_ZONE"),
            (json!({ "kind": "PARTY_WORK_COMMITTEE" }), "WRONG_LEVEL"),
            (json!({ "kind": "DISTRICT_COMMITTEE" }), "WRONG_LEVEL"),
        ] {
            assert_eq!(found(world, more.clone()).await.refused(), why, "{more}");
        }
        found(world, json!({ "name": "𠮷祥里党支部 🏮", "code": "new-1", "timeZone": "Asia/Urumqi" })).await.done();
        let b = json!({ "parentId": world.unit(Unit::B), "kind": "PARTY_BRANCH", "name": "越界" });
        assert_eq!(world.administrator().run(CREATE_UNIT, b).await.error_code(), "NOT_FOUND");
    }
}

both! {
    async fn sent_twice_it_is_founded_once(world: &World) {
        let keyed = json!({ "clientMutationId": "found-1" });
        let first = found(world, keyed.clone()).await.done()["orgUnit"]["id"].clone();
        assert_eq!(found(world, keyed.clone()).await.done()["orgUnit"]["id"], first);
        let other = crate::harness::meeting::with(keyed, json!({ "name": "另一支部" }));
        assert_eq!(found(world, other).await.error_code(), "IDEMPOTENCY_KEY_REUSED");
    }
}

both! {
    async fn a_district_calls_its_levels_as_it_likes(world: &World) {
        let input = json!({ "kind": "PARTY_GROUP", "label": "楼栋党小组" });
        world.administrator().run(SET_LABEL, input).await.done();
        assert_eq!(look(world, &world.unit(Unit::Group)).await["kindLabel"], "楼栋党小组");
        let foreign = world.as_(Who::ForeignAdministrator).gql(DISTRICT, json!({})).await;
        assert!(!foreign.text.contains("楼栋党小组"));
        world.administrator().run(SET_LABEL, json!({ "kind": "PARTY_GROUP" })).await.done();
        assert_eq!(look(world, &world.unit(Unit::Group)).await["kindLabel"], "党小组");
    }
}

both! {
    async fn a_subtree_is_one_statement_at_any_depth(world: &World) {
        world.pin();
        let ask = |unit: Unit| json!({ "id": world.unit(unit), "deep": true, "first": 100 });
        let whole = world.administrator().gql(UNIT, ask(Unit::A)).await;
        let names = whole.list("/node/units/edges").len();
        assert_eq!(names, 8, "with itself: {}", whole.text);
        let part = world.administrator().gql(UNIT, ask(Unit::B1)).await;
        assert!(whole.statements() <= part.statements() + 1, "{} {}", whole.statements(), part.statements());
    }
}
