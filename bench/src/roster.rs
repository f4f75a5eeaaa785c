//! A branch's roster with attendance (W3): what a secretary looks at during a meeting.

use serde_json::{Value, json};

use crate::{Fault, crowd::Crowd, graph::Graph, meeting::now, prepared::Prepared, wire};

/// Branches whose rosters are looked at.
const BRANCHES: usize = 40;
const MEETINGS: &str = "query($u: ID!, $until: DateTime!) { activities(unitId: $u, until: $until, first: 12, \
    latestFirst: true) { \
    nodes: edges { node { id state } } } }";
const ROSTER: &str = "query($a: ID!) { node(id: $a) { ... on Activity { id title state startsAt \
    tally { expected present late onLeave absent } attendees(first: 100) { edges { node { \
    member { id name } counted attendance { state method occurredAt } leave flags } } \
    pageInfo { hasNextPage endCursor } } } } }";

/// The rosters of many branches' past meetings, each asked for by its secretary; and how many rows
/// one has, on average.
pub async fn rosters(crowd: &Crowd) -> Result<(Prepared, usize), Fault> {
    let (mut requests, mut rows) = (Vec::new(), 0);
    // The check-ins of an earlier run are in meetings of today.
    let until = (now() - chrono::Duration::days(1)).to_rfc3339();
    for branch in crowd.branches().into_iter().take(BRANCHES) {
        let token = crowd.token(branch.secretary);
        let graph = Graph::new(crowd.address, token.clone());
        let found = graph.ask(MEETINGS, json!({ "u": branch.unit, "until": until })).await?;
        let found = found.pointer("/activities/nodes").and_then(Value::as_array).cloned().unwrap_or_default();
        for meeting in found.iter().filter_map(|edge| edge.get("node")) {
            let held = matches!(meeting.get("state").and_then(Value::as_str), Some("CLOSED" | "ARCHIVED"));
            let Some(id) = meeting.get("id").filter(|_| held) else { continue };
            let variables = json!({ "a": id });
            let seen = graph.ask(ROSTER, variables.clone()).await?;
            rows += seen.pointer("/node/attendees/edges").and_then(Value::as_array).map_or(0, Vec::len);
            let body = json!({ "query": ROSTER, "variables": variables }).to_string();
            requests.push(wire::request(token.as_deref(), &body));
        }
    }
    // Neighbours in the list are different branches' meetings.
    let step = requests.len().div_ceil(BRANCHES).max(1);
    let rows = rows / requests.len().max(1);
    let mut mixed: Vec<_> = requests.into_iter().enumerate().collect();
    mixed.sort_by_key(|(place, _)| place % step);
    Ok((Prepared::new(mixed.into_iter().map(|(_, request)| request).collect(), 1_000)?, rows))
}
