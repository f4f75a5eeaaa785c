//! `docs/webhook-events.md`: what webhooks can tell, as the API itself says it.

use serde_json::{Value, json};

use crate::{
    both,
    harness::{World, document::*},
    schema::assert_file,
};

const INTRODUCTION: &str = "\
# Events of webhooks

What an endpoint can be [told](api.md#webhooks). A message names the thing, its kind and its unit by global id, and
when it happened; whatever else one wants to know is asked for, by GraphQL or REST, with a token that may. A token
that registers an endpoint needs the scope of each event besides `webhooks:manage`.

This file is printed from `domain/src/webhook/event.rs`; run the tests with `UPDATE_DOCS=1` after a change there.
";

fn printed(types: &[Value]) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut page = format!("{INTRODUCTION}\n| type | 事件 | name | scope |\n|---|---|---|---|\n");
    for told in types {
        let [kind, label, name, scope] = ["type", "label", "name", "scope"].map(|field| text(&told[field]));
        page.push_str(&format!("| `{kind}` | {label} | `{name}` | `{scope}` |\n"));
    }
    page.push_str("\n## Examples\n");
    for told in types {
        page.push_str(&format!("\n```json\n{}\n```\n", text(&told["example"])));
    }
    page
}

both! {
    async fn the_events_are_printed(world: &World) {
        let reply = world.office().gql(WEBHOOK_TYPES, json!({})).await;
        assert_file("docs/webhook-events.md", "UPDATE_DOCS", &printed(reply.list("/webhookEventTypes")));
    }
}
