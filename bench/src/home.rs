//! The phone's home screen in one query (W2).

use serde_json::json;

use crate::{Fault, crowd::Crowd, prepared::Prepared, wire};

/// The query, as the app would write it.
pub const HOME: &str = "{ home { me { id name } branch { id name parentUnit { id name } } \
    nextActivities { id title state startsAt endsAt } \
    lastAttendances { id state occurredAt activity { id title startsAt } } \
    openAssignments { id title state dueAt } minutesThisYear unreadCount } }";

/// The home screens of everybody who has signed in.
pub fn screens(crowd: &Crowd) -> Result<Prepared, Fault> {
    let body = json!({ "query": HOME }).to_string();
    let tokens = crowd.branches().into_iter().flat_map(|branch| branch.people).map(|one| crowd.token(one));
    let requests = tokens.flatten().map(|token| wire::request(Some(&token), &body)).collect();
    Prepared::new(requests, 300)
}
