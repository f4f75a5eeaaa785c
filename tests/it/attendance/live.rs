//! The room's screen: counts by subscription, right under a burst.

use std::time::Duration as Real;

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Unit, Who, World,
        document::*,
        ws::{Came, Socket},
    },
};

async fn watch(world: &World, who: Who, id: &str) -> Socket {
    let token = world.as_(who).access().await;
    let mut socket = Socket::connect(world, token.as_deref()).await.expect("a socket");
    socket.subscribe("tally", TALLY, json!({ "id": id })).await;
    socket
}

async fn tally(socket: &mut Socket) -> Value {
    let result = socket.result().await;
    result.pointer("/data/tally").unwrap_or_else(|| panic!("no tally: {result}")).clone()
}

both! {
    async fn a_burst_of_fifty_is_counted_to_the_last(world: &World) {
        let crowd = world.crowd(Unit::B1, 50).await;
        let id = world.party_day().await;
        let people: Vec<_> = crowd.iter().map(|(phone, _)| world.by_phone(phone)).collect();
        for person in &people {
            person.access().await;
        }
        let mut socket = watch(world, Who::Secretary, &id).await;
        let first = tally(&mut socket).await;
        assert_eq!((&first["expected"], &first["present"]), (&json!(58), &json!(0)));
        assert_eq!(first["quorumMet"], false);
        let qr = world.qr(&id).await;
        let burst = people.iter().map(|p| p.run(CHECK_IN, json!({ "qr": qr })));
        for reply in futures_util::future::join_all(burst).await {
            assert_eq!(reply.done()["repeated"], false);
        }
        let mut seen = vec![0];
        let last = loop {
            let now = tally(&mut socket).await;
            seen.push(now["present"].as_i64().unwrap());
            if now["present"] == 50 {
                break now;
            }
        };
        assert!(seen.is_sorted(), "it only grows: {seen:?}");
        assert_eq!(last["pending"], 8);
        assert_eq!(last["presentVoters"], 50);
        assert_eq!(last["quorumMet"], true);
        assert_eq!(socket.next_within(Real::from_millis(700)).await, None, "nothing more is said when nothing changes");
        let shown = world.secretary().gql(ACTIVITIES, json!({ "unitId": world.unit(Unit::B1) })).await;
        assert_eq!(shown.int("/activities/edges/0/node/tally/present"), 50);
    }
}

both! {
    async fn who_may_not_see_the_activity_gets_no_counts(world: &World) {
        let id = world.party_day().await;
        for who in [Who::MemberOfB2, Who::SecretaryOfB3, Who::ForeignSecretary, Who::Stranger] {
            let mut socket = watch(world, who, &id).await;
            let Came::Message(message) = socket.next().await else { panic!("closed") };
            assert!(message.to_string().contains("NOT_FOUND"), "{who:?}: {message}");
            assert!(!message.to_string().contains("expected"));
        }
    }
}

both! {
    async fn nobody_opens_a_socket_without_a_token(world: &World) {
        assert_eq!(Socket::connect(world, None).await.err(), Some(4403));
        assert_eq!(Socket::connect(world, Some("not.a.token")).await.err(), Some(4403));
        let mut hasty = Socket::open(world).await;
        hasty.subscribe("1", TALLY, json!({ "id": "x" })).await;
        assert_eq!(hasty.next().await, Came::Closed(4401));
    }
}

both! {
    async fn closing_is_shown_on_the_screen(world: &World) {
        let id = world.party_day().await;
        let mut socket = watch(world, Who::Member, &id).await;
        tally(&mut socket).await;
        world.set_clock(crate::harness::meeting::start());
        world.secretary().run(CLOSE, json!({ "id": id })).await.done();
        let closed = loop {
            let now = tally(&mut socket).await;
            if now["pending"] == 0 {
                break now;
            }
        };
        assert_eq!(closed["absent"], 8);
    }
}
