//! The office's report for recognizing volunteers (W4).

use chrono::Datelike;
use serde_json::json;

use crate::{Fault, crowd::Crowd, graph::Graph, meeting::now, prepared::Prepared, wire};

const REPORT: &str = "query($u: ID!, $y: Int!) { recognitionReport(unitId: $u, year: $y, purpose: STAR_RECOGNITION) { \
    year volunteers { memberId name unitName minutes totalMinutes starLevel } } }";

/// The reports of this year and the last, as the subdistricts' offices ask for them.
pub async fn reports(crowd: &Crowd) -> Result<Prepared, Fault> {
    let mut requests = Vec::new();
    for (unit, token) in crowd.offices().await? {
        let graph = Graph::new(crowd.address, Some(token.clone()));
        for year in [now().year() - 1, now().year()] {
            let variables = json!({ "u": unit, "y": year });
            // The district's own office has no such report.
            if graph.ask(REPORT, variables.clone()).await.is_ok() {
                let body = json!({ "query": REPORT, "variables": variables }).to_string();
                requests.push(wire::request(Some(&token), &body));
            }
        }
    }
    Prepared::new(requests, 3_000)
}
