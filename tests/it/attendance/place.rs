//! A position is a hint that the member may give, and is not kept.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{Unit, Who, World, document::*},
};

const LATITUDE: f64 = 36.6683;
const LONGITUDE: f64 = 117.0209;

fn venue() -> Value {
    json!({ "venue": { "name": "社区活动室", "fence": { "latitude": LATITUDE, "longitude": LONGITUDE, "radiusMetres": 300 } } })
}

async fn scan_at(world: &World, who: Who, id: &str, position: Value) -> crate::harness::Reply {
    let qr = world.qr(id).await;
    world.as_(who).run(CHECK_IN, json!({ "qr": qr, "position": position })).await
}

both! {
    async fn near_and_far_are_told_apart_and_nobody_is_rejected(world: &World) {
        let id = world.party_day_with(venue()).await;
        let near = json!({ "latitude": LATITUDE + 0.001, "longitude": LONGITUDE, "datum": "WGS84", "accuracyMetres": 20.0 });
        assert_eq!(scan_at(world, Who::Member, &id, near).await.done()["attendance"]["nearness"], "NEAR");
        let far = json!({ "latitude": LATITUDE + 0.1, "longitude": LONGITUDE, "datum": "WGS84" });
        assert_eq!(scan_at(world, Who::Second, &id, far).await.done()["attendance"]["nearness"], "FAR");
        assert_eq!(scan_at(world, Who::Deputy, &id, Value::Null).await.done()["attendance"]["nearness"], "NOT_GIVEN");
        let list = world.secretary().gql(ATTENDEES, json!({ "unitId": world.unit(Unit::B1), "first": 20 })).await;
        let flags = list.list("/activities/edges/0/node/attendees/edges");
        let of = |name: &str| flags.iter().find(|e| e["node"]["member"]["name"] == name).unwrap()["node"]["flags"].clone();
        assert_eq!(of("林党员"), json!(["FAR"]));
        assert_eq!(of("陈党员"), json!([]));
    }
}

both! {
    async fn a_wechat_position_is_converted(world: &World) {
        let id = world.party_day_with(venue()).await;
        // 济南: GCJ-02 lies some 600 m from WGS-84.
        let shifted = json!({ "latitude": LATITUDE + 0.0007, "longitude": LONGITUDE + 0.0061, "datum": "GCJ02" });
        assert_eq!(scan_at(world, Who::Member, &id, shifted.clone()).await.done()["attendance"]["nearness"], "NEAR");
        let mut raw = shifted;
        raw["datum"] = json!("WGS84");
        assert_eq!(scan_at(world, Who::Second, &id, raw).await.done()["attendance"]["nearness"], "FAR");
    }
}

both! {
    async fn an_impossible_position_is_no_position(world: &World) {
        let id = world.party_day_with(venue()).await;
        let who = [Who::Member, Who::Second, Who::Deputy, Who::Commissioner];
        let places = [(1e308, 0.0), (-91.0, 0.0), (0.0, 720.0), (f64::MIN_POSITIVE, -1e30)];
        for (who, (latitude, longitude)) in who.into_iter().zip(places) {
            let position = json!({ "latitude": latitude, "longitude": longitude, "datum": "WGS84", "accuracyMetres": -1.0 });
            let reply = scan_at(world, who, &id, position).await;
            let nearness = &reply.done()["attendance"]["nearness"];
            assert!(nearness == "NOT_GIVEN" || nearness == "FAR", "{nearness}");
        }
    }
}

both! {
    async fn a_position_is_not_kept(world: &World) {
        let id = world.party_day_with(venue()).await;
        let here = json!({ "latitude": 36.123456, "longitude": 117.654321, "datum": "WGS84" });
        scan_at(world, Who::Member, &id, here).await.done();
        let audit = world.auditor().gql(AUDIT, json!({ "first": 50 })).await;
        audit.data("/audit");
        assert!(!audit.text.contains("36.12345") && !audit.text.contains("117.6543"));
    }
}

both! {
    async fn several_people_from_one_phone_are_a_hint(world: &World) {
        let id = world.party_day().await;
        for who in [Who::Member, Who::Second] {
            let qr = world.qr(&id).await;
            world.as_(who).run(CHECK_IN, json!({ "qr": qr, "deviceId": "one-phone-📱" })).await.done();
        }
        let qr = world.qr(&id).await;
        world.as_(Who::Deputy).run(CHECK_IN, json!({ "qr": qr, "deviceId": "another" })).await.done();
        let list = world.secretary().gql(ATTENDEES, json!({ "unitId": world.unit(Unit::B1), "first": 20 })).await;
        let shared = list.list("/activities/edges/0/node/attendees/edges").iter();
        let shared: Vec<_> =
            shared.filter(|e| e["node"]["flags"] == json!(["SHARED_DEVICE"])).map(|e| e["node"]["member"]["name"].clone()).collect();
        assert_eq!(shared.len(), 2, "{shared:?}");
        assert!(!list.text.contains("one-phone"), "the name of the phone isn't shown");
    }
}
