//! The desk of those responsible: what waits, who hasn't done it yet, many decided at once; the month
//! report.

mod bulk;
mod remind;
pub(crate) mod report;
mod waiting;

use serde_json::Value;

use crate::harness::Reply;

/// The nodes of a page.
fn nodes(reply: &Reply, path: &str) -> Vec<Value> {
    reply.list(&format!("{path}/edges")).iter().map(|edge| edge["node"].clone()).collect()
}

/// The statements of a request when what is kept in memory is in memory: a change of units, of which
/// this server hears a moment later, clears it.
async fn fewest(ask: impl AsyncFn() -> Reply) -> usize {
    let mut fewest = ask().await.statements();
    for _ in 0..4 {
        fewest = fewest.min(ask().await.statements());
    }
    fewest
}
