//! A subscriber that never reads.

use std::{
    collections::BTreeSet,
    time::{Duration as Real, Instant},
};

use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        Setup, Who, World,
        document::*,
        ws::{Came, Socket},
    },
    live::follow::append,
};

/// How many subscriptions it has, each of which would be told this many changes.
const SUBSCRIPTIONS: usize = 20;
const CHANGES: u32 = 900;

/// Few changes that say much, so that they fill whatever lies between.
fn loud() -> String {
    let ids: Vec<_> = (0..40).map(|n| format!("id{n}: subjectId")).collect();
    format!(
        "subscription($since: String) {{ assignmentChanges(since: $since) {{ position reread changes {{ {} }} }} }}",
        ids.join(" ")
    )
}

fn told(message: &Value) -> (Vec<String>, Value) {
    let changes = &message["payload"]["data"]["assignmentChanges"];
    let ids = changes["changes"].as_array().unwrap().iter();
    (ids.map(|change| change["id0"].as_str().unwrap().to_owned()).collect(), changes["position"].clone())
}

both! {
    Setup { configure: |config| config.graphql.socket.send_ms = 500, ..Setup::default() },
    async fn who_never_reads_is_given_up_and_misses_nothing(world: &World) {
        let token = world.member_of_b1().access().await;
        let begun = {
            let mut socket = Socket::connect(world, token.as_deref()).await.unwrap();
            socket.subscribe("1", FOLLOW_ASSIGNMENTS, json!({})).await;
            socket.result().await["data"]["assignmentChanges"]["position"].clone()
        };
        append(world, CHANGES).await;
        let mut deaf = Socket::connect(world, token.as_deref()).await.unwrap();
        for n in 0..SUBSCRIPTIONS {
            deaf.subscribe(&n.to_string(), &loud(), json!({ "since": begun })).await;
        }
        // Meanwhile the others hear at once.
        let second = world.as_(Who::Second).access().await;
        let mut other = Socket::connect(world, second.as_deref()).await.unwrap();
        other.subscribe("1", FOLLOW_INBOX, json!({})).await;
        other.result().await;
        let asked = Instant::now();
        world.published(json!({})).await;
        assert!(other.result().await.to_string().contains("notification.added"));
        let heard = asked.elapsed();
        assert!(heard < Real::from_secs(5), "{heard:?}");
        // Until it is given up: the longer, the slower everything is.
        tokio::time::sleep(Real::from_secs(2) + heard * 4).await;
        // What was on its way still comes, far from all, and then why it ends.
        let (mut ids, mut position, mut messages) = (BTreeSet::new(), begun, 0);
        let code = loop {
            match deaf.next().await {
                Came::Message(message) if message["id"] == "0" => {
                    let (told, at) = told(&message);
                    ids.extend(told);
                    position = at;
                    messages += 1;
                }
                Came::Message(_) => messages += 1,
                Came::Closed(code) => break code,
            }
        };
        assert_eq!(code, 3008);
        assert!(messages < SUBSCRIPTIONS * CHANGES as usize / 100, "{messages} messages");
        let mut again = Socket::connect(world, token.as_deref()).await.unwrap();
        again.subscribe("0", &loud(), json!({ "since": position })).await;
        while ids.len() < CHANGES as usize {
            let Came::Message(message) = again.next().await else { panic!("closed") };
            ids.extend(told(&message).0);
        }
    }
}
