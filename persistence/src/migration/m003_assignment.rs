//! Why: work that somebody must do: assignments with one owner, their parts, a line for each step
//! that was taken with them, and templates that issue by themselves.

use sea_orm_migration::prelude::*;

/// Assignments.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, ASSIGNMENT).await
    }
}

const ASSIGNMENT: &str = "
CREATE TABLE assignment (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    kind text NOT NULL,
    issuer_unit_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    addressee text NOT NULL,
    post_id {id},
    owner_id {id},
    capacity integer,
    claimed integer,
    parent_id {id},
    title text NOT NULL,
    description text,
    basis text,
    measure_text text,
    measure_target bigint,
    measure_unit text,
    priority text NOT NULL,
    checklist {json} NOT NULL,
    evidence_wanted text,
    amount bigint NOT NULL,
    due_at {time} NOT NULL,
    state text NOT NULL,
    state_at {time},
    state_by {id},
    state_reason text,
    submitted_at {time},
    evidence {json},
    reminded_at {time},
    overdue_at {time},
    escalated_at {time},
    next_alert_at {time},
    issued_by {id} NOT NULL,
    created_at {time} NOT NULL,
    dispatched_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, issuer_unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, parent_id) REFERENCES assignment (district_id, id)
);
CREATE INDEX assignment_owner ON assignment (district_id, owner_id, due_at) WHERE owner_id IS NOT NULL;
CREATE INDEX assignment_unit ON assignment (district_id, unit_id, due_at);
CREATE INDEX assignment_issuer ON assignment (district_id, issuer_unit_id);
CREATE INDEX assignment_parent ON assignment (district_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX assignment_alert ON assignment (next_alert_at) WHERE next_alert_at IS NOT NULL;
CREATE INDEX assignment_waiting ON assignment (district_id, unit_id, due_at) WHERE state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED');
CREATE INDEX assignment_answered ON assignment (district_id, issuer_unit_id, due_at) WHERE state IN ('SUBMITTED', 'DECLINED');
CREATE INDEX assignment_offered ON assignment (district_id, due_at) WHERE addressee = 'OFFER' AND state = 'DISPATCHED';
CREATE INDEX assignment_held ON assignment (district_id, id) WHERE addressee IN ('UNIT', 'POST') AND state IN ('DISPATCHED', 'ACCEPTED', 'IN_PROGRESS', 'RETURNED', 'SUBMITTED');
CREATE TABLE succession (
    district_id {id} PRIMARY KEY REFERENCES district (id),
    due_at {time} NOT NULL,
    asked bigint NOT NULL
);
CREATE INDEX succession_due ON succession (due_at);
CREATE TABLE assignment_step (
    district_id {id} NOT NULL,
    assignment_id {id} NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    by_account {id},
    at {time} NOT NULL,
    note text,
    owner_id {id},
    amount bigint NOT NULL,
    due_at {time},
    evidence {json},
    PRIMARY KEY (district_id, assignment_id, version),
    FOREIGN KEY (district_id, assignment_id) REFERENCES assignment (district_id, id)
);
CREATE TABLE assignment_template (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    terms {json} NOT NULL,
    recipient {json},
    rule text,
    starts_on date,
    time_of_day text,
    minutes bigint,
    time_zone text,
    issued_until {time},
    next_at {time},
    created_by {id} NOT NULL,
    created_at {time} NOT NULL,
    stopped_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX assignment_template_unit ON assignment_template (district_id, unit_id, id);
CREATE INDEX assignment_template_next ON assignment_template (next_at) WHERE next_at IS NOT NULL;
";
