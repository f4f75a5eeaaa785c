//! One small piece of work, and what may happen to it.

mod alerts;
mod any_sequence;
mod lifecycle;
mod parts;
mod template;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, AssignmentId, OrgUnitId},
    rule::Rules,
};

const STREET: OrgUnitId = OrgUnitId(Uuid::from_u128(0x51));
const BRANCH: OrgUnitId = OrgUnitId(Uuid::from_u128(0xb1));
const OFFICE: AccountId = AccountId(Uuid::from_u128(0x0f));
const SECRETARY: AccountId = AccountId(Uuid::from_u128(0x5e));
const DEPUTY: AccountId = AccountId(Uuid::from_u128(0xde));

/// Monday 2 March 2026, 09:00 in Shanghai, and some hours.
fn at(hours: i64) -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::hours(hours)
}

fn rules() -> Rules {
    Rules::defaults()
}

fn to_branch(owner: AccountId) -> Placement {
    Placement { unit_id: BRANCH, addressee: Addressee::Unit { owner } }
}

fn visits() -> Measure {
    Measure { text: "入户走访".into(), target: 20, unit: "户".into() }
}

/// Twenty households to visit within ten days.
fn new() -> NewAssignment {
    NewAssignment {
        id: AssignmentId(Uuid::from_u128(0xa1)),
        issuer_unit_id: STREET,
        placement: to_branch(SECRETARY),
        parent_id: None,
        terms: AssignmentTerms {
            kind: AssignmentKind::Task,
            title: "走访困难群众".into(),
            description: None,
            basis: None,
            measure: Some(visits()),
            priority: AssignmentPriority::Normal,
            checklist: vec![],
            evidence_wanted: None,
        },
        due_at: at(240),
        issued_by: OFFICE,
    }
}

fn draft() -> Assignment {
    Assignment::draft(new(), at(0)).unwrap().0
}

fn apply(assignment: Assignment, command: Command, by: AccountId, hour: i64) -> Assignment {
    assignment.apply(command, by, &rules(), at(hour)).unwrap().0
}

fn refused(assignment: &Assignment, command: Command, by: AccountId, hour: i64) -> AssignmentRefusal {
    assignment.clone().apply(command, by, &rules(), at(hour)).unwrap_err()
}

fn accept() -> Command {
    Command::Accept { measure: None, due_at: None }
}

fn submit() -> Command {
    Command::Submit { evidence: Evidence::default(), amount: Some(20) }
}

fn why() -> String {
    "另有安排".into()
}

fn dispatched() -> Assignment {
    apply(draft(), Command::Dispatch, OFFICE, 1)
}

fn accepted() -> Assignment {
    apply(dispatched(), accept(), SECRETARY, 2)
}

fn submitted() -> Assignment {
    apply(accepted(), submit(), SECRETARY, 3)
}
