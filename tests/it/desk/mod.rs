//! The desk of those responsible: what waits, who hasn't done it yet, many decided at once; the month
//! report.

mod bulk;
mod remind;
mod report;
mod waiting;

use serde_json::Value;

use crate::harness::Reply;

/// The nodes of a page.
fn nodes(reply: &Reply, path: &str) -> Vec<Value> {
    reply.list(&format!("{path}/edges")).iter().map(|edge| edge["node"].clone()).collect()
}
