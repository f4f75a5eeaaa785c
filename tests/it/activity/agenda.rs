//! The "4+X" agenda.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Reply, Unit, World, document::*},
};

async fn change(world: &World, id: &str, change: Value) -> Reply {
    world.secretary().run(CHANGE_AGENDA, json!({ "activityId": id, "change": change })).await
}

fn agenda(reply: &Reply) -> Vec<Value> {
    reply.done()["activity"]["agenda"].as_array().unwrap().clone()
}

fn titles(items: &[Value]) -> Vec<&str> {
    items.iter().map(|i| i["title"].as_str().unwrap()).collect()
}

both! {
    async fn four_fixed_items_and_the_branchs_own(world: &World) {
        let id = world.draft(json!({ "items": ["参观纪念馆"] })).await;
        let items = agenda(&change(world, &id, json!({ "add": "座谈交流" })).await);
        assert_eq!(titles(&items), ["佩戴党徽", "诵读党章", "交纳党费", "重温誓词", "参观纪念馆", "座谈交流"]);
        let (fixed, own) = (items[0]["id"].clone(), items[5]["id"].clone());
        assert_eq!(change(world, &id, json!({ "remove": fixed })).await.refused(), "FIXED_ITEM");
        assert_eq!(change(world, &id, json!({ "rename": { "id": fixed, "title": "改" } })).await.refused(), "FIXED_ITEM");
        let renamed = agenda(&change(world, &id, json!({ "rename": { "id": own, "title": "交流发言" } })).await);
        assert_eq!(titles(&renamed)[5], "交流发言");
        let mut order: Vec<_> = renamed.iter().map(|i| i["id"].clone()).collect();
        order.rotate_left(1);
        let turned = agenda(&change(world, &id, json!({ "reorder": order })).await);
        assert_eq!(titles(&turned)[0], "诵读党章");
        order.pop();
        assert_eq!(change(world, &id, json!({ "reorder": order })).await.refused(), "BAD_ORDER");
        let left = agenda(&change(world, &id, json!({ "remove": own })).await);
        assert_eq!(left.len(), 5);
        assert_eq!(change(world, &id, json!({ "remove": own })).await.refused(), "UNKNOWN_ITEM");
    }
}

both! {
    async fn items_are_marked_while_it_is_held(world: &World) {
        let id = world.draft(json!({})).await;
        let items = agenda(&change(world, &id, json!({ "add": "座谈" })).await);
        let mark = |done: bool| json!({ "mark": { "id": items[0]["id"], "done": done } });
        assert_eq!(change(world, &id, mark(true)).await.refused(), "FIXED_NOW");
        world.secretary().run(PUBLISH, json!({ "id": id })).await.done();
        world.set_clock(crate::harness::meeting::start());
        let marked = agenda(&change(world, &id, mark(true)).await);
        assert!(marked[0]["doneAt"].is_string());
        let unmarked = agenda(&change(world, &id, mark(false)).await);
        assert!(unmarked[0]["doneAt"].is_null());
    }
}

both! {
    async fn the_template_is_inherited(world: &World) {
        let ask = |unit: Unit| json!({ "unitId": world.unit(unit) });
        let standard = world.secretary().gql(TEMPLATE, ask(Unit::B1)).await;
        assert_eq!(standard.list("/agendaTemplate").len(), 4);
        let input = json!({ "unitId": world.unit(Unit::S1), "titles": ["升国旗", "学理论"] });
        world.office().run(SET_TEMPLATE, input).await.done();
        let inherited = world.secretary().gql(TEMPLATE, ask(Unit::B1)).await;
        assert_eq!(inherited.data("/agendaTemplate"), &json!(["升国旗", "学理论"]));
        let own = json!({ "unitId": world.unit(Unit::B1), "titles": ["唱国歌"] });
        world.secretary().run(SET_TEMPLATE, own).await.done();
        assert_eq!(world.secretary().gql(TEMPLATE, ask(Unit::B1)).await.data("/agendaTemplate"), &json!(["唱国歌"]));
        let sister = world.office().gql(TEMPLATE, ask(Unit::B2)).await;
        assert_eq!(sister.data("/agendaTemplate"), &json!(["升国旗", "学理论"]));
        for titles in [json!([]), json!(["同", "同"]), json!([""]), json!(vec!["项"; 11])] {
            let bad = json!({ "unitId": world.unit(Unit::B1), "titles": titles });
            world.secretary().run(SET_TEMPLATE, bad).await.refused();
        }
    }
}

both! {
    async fn exactly_one_change_at_a_time(world: &World) {
        let id = world.draft(json!({})).await;
        for bad in [json!({}), json!({ "add": "一", "remove": "x" }), json!({ "add": null }), json!({ "dance": 1 })] {
            let reply = change(world, &id, bad.clone()).await;
            assert!(matches!(reply.error_code(), "BAD_USER_INPUT" | "GRAPHQL_VALIDATION_FAILED"), "{bad}: {}", reply.text);
        }
        for title in ["", "\u{202E}逆", &"长".repeat(101)] {
            assert_eq!(change(world, &id, json!({ "add": title })).await.refused(), "BAD_TITLE");
        }
        change(world, &id, json!({ "add": "𠮷祥如意 🎉" })).await.done();
    }
}

both! {
    async fn sent_twice_an_item_is_added_once(world: &World) {
        let id = world.draft(json!({})).await;
        let input = json!({ "activityId": id, "change": { "add": "座谈交流" }, "clientMutationId": "item-1" });
        for _ in 0..2 {
            let items = agenda(&world.secretary().run(CHANGE_AGENDA, input.clone()).await);
            assert_eq!(items.len(), 5);
        }
        let other = json!({ "activityId": id, "change": { "add": "别的" }, "clientMutationId": "item-1" });
        assert_eq!(world.secretary().run(CHANGE_AGENDA, other).await.error_code(), "IDEMPOTENCY_KEY_REUSED");
    }
}
