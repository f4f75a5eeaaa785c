//! Why: the first branch. Units, people, sign-in, activities, attendance, and the plumbing
//! (audit, outbox, replayed answers). Every tenant-owned table leads its keys with the
//! district, so that the schema distributes by tenant.

use sea_orm_migration::prelude::*;

/// The spine.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [ORGANIZATION, PEOPLE, IDENTITY, ACTIVITY, ATTENDANCE, PLUMBING] {
            super::run(manager, sql).await?;
        }
        super::append_only(manager, "audit_entry", "the audit").await
    }
}

const ORGANIZATION: &str = "
CREATE TABLE district (
    id {id} PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    time_zone text NOT NULL,
    created_at {time} NOT NULL
);
CREATE TABLE org_unit (
    district_id {id} NOT NULL REFERENCES district (id),
    id {id} NOT NULL,
    parent_id {id},
    path {path} NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    short_name text NOT NULL,
    code text NOT NULL,
    domain text,
    community_class text,
    time_zone text NOT NULL,
    created_at {time} NOT NULL,
    dissolved_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, parent_id) REFERENCES org_unit (district_id, id)
);
CREATE UNIQUE INDEX org_unit_path ON org_unit (district_id, path);
CREATE UNIQUE INDEX org_unit_code ON org_unit (district_id, code);
CREATE INDEX org_unit_parent ON org_unit (district_id, parent_id);
CREATE TABLE org_unit_history (
    district_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    short_name text NOT NULL,
    parent_id {id},
    starts_at {time} NOT NULL,
    PRIMARY KEY (district_id, unit_id, version),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE TABLE guidance (
    district_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    guide_id {id} NOT NULL,
    starts_at {time} NOT NULL,
    PRIMARY KEY (district_id, unit_id, guide_id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, guide_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX guidance_guide ON guidance (district_id, guide_id);
CREATE TABLE level_label (
    district_id {id} NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (district_id, kind)
);
CREATE TABLE rule_setting (
    district_id {id} NOT NULL,
    key text NOT NULL,
    starts_on date NOT NULL,
    value bigint NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (district_id, key, starts_on)
);
";

const PEOPLE: &str = "
CREATE TABLE account (
    district_id {id} NOT NULL REFERENCES district (id),
    id {id} NOT NULL,
    name text NOT NULL,
    phone text,
    language text NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (district_id, id)
);
CREATE UNIQUE INDEX account_phone ON account (district_id, phone);
CREATE TABLE party_member (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    status text NOT NULL,
    joined_on date,
    full_member_on date,
    sex text,
    birth_month text,
    education text,
    left_on date,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE UNIQUE INDEX party_member_account ON party_member (district_id, account_id);
CREATE INDEX party_member_unit ON party_member (district_id, unit_id, id);
CREATE INDEX party_member_updated ON party_member (district_id, updated_at, id);
CREATE TABLE membership (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    entered_on date,
    left_on date,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX membership_member ON membership (district_id, member_id);
CREATE INDEX membership_unit ON membership (district_id, unit_id);
CREATE TABLE exemption (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE INDEX exemption_member ON exemption (district_id, member_id);
CREATE TABLE post (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    kind text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX post_account ON post (district_id, account_id);
CREATE INDEX post_unit ON post (district_id, unit_id);
";

const IDENTITY: &str = "
CREATE TABLE credential (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    password_hash text NOT NULL,
    changed_at {time},
    PRIMARY KEY (district_id, account_id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE TABLE lockout (
    district_id {id} NOT NULL,
    key_hash {bytes} NOT NULL,
    failures integer NOT NULL,
    locked_until {time},
    changed_at {time} NOT NULL,
    PRIMARY KEY (district_id, key_hash)
);
CREATE INDEX lockout_changed ON lockout (changed_at);
CREATE TABLE session (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    device_label text,
    created_at {time} NOT NULL,
    last_used_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    by_password boolean NOT NULL,
    wechat_app_id text,
    second_factor_at {time},
    refresh_hash {bytes} NOT NULL,
    previous_refresh_hash {bytes},
    rotated_at {time} NOT NULL,
    generation integer NOT NULL,
    revoked_at {time},
    revoked_why text,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE INDEX session_account ON session (district_id, account_id);
CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE one_time_code (
    district_id {id} NOT NULL,
    phone_hash {bytes} NOT NULL,
    purpose text NOT NULL,
    code_hash {bytes} NOT NULL,
    sent_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    attempts integer NOT NULL,
    used_at {time},
    PRIMARY KEY (district_id, phone_hash, purpose)
);
CREATE INDEX one_time_code_expires ON one_time_code (expires_at);
CREATE TABLE second_factor (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    sealed_secret {bytes} NOT NULL,
    pending_since {time},
    active_since {time},
    last_step bigint,
    recovery_codes {json} NOT NULL,
    PRIMARY KEY (district_id, account_id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
";

const ACTIVITY: &str = "
CREATE TABLE theme (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    issuer_unit_id {id} NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text,
    items {json} NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    issued_by {id} NOT NULL,
    issued_at {time} NOT NULL,
    withdrawn_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, issuer_unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX theme_issuer ON theme (district_id, issuer_unit_id, id);
CREATE TABLE recurrence (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    host_unit_id {id} NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    venue {json},
    wants_check_out boolean NOT NULL,
    rule text NOT NULL,
    starts_on date NOT NULL,
    time_of_day text NOT NULL,
    minutes bigint NOT NULL,
    time_zone text NOT NULL,
    drafted_until {time} NOT NULL,
    created_by {id} NOT NULL,
    created_at {time} NOT NULL,
    stopped_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, host_unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX recurrence_host ON recurrence (district_id, host_unit_id, id);
CREATE INDEX recurrence_running ON recurrence (district_id, drafted_until) WHERE stopped_at IS NULL;
CREATE TABLE agenda_template (
    district_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    titles {json} NOT NULL,
    PRIMARY KEY (district_id, unit_id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE TABLE activity (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    host_unit_id {id} NOT NULL,
    is_joint boolean NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text,
    theme_id {id},
    recurrence_id {id},
    occurrence_at {time},
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    venue {json},
    audience text NOT NULL,
    wants_check_out boolean NOT NULL,
    late_after_minutes bigint NOT NULL,
    check_in_opens_minutes bigint NOT NULL,
    check_in_closes_minutes bigint NOT NULL,
    state text NOT NULL,
    published_at {time},
    opened_at {time},
    closed_at {time},
    archived_at {time},
    cancelled_at {time},
    cancel_reason text,
    due_at {time},
    created_by {id} NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    expected_count integer,
    present_count integer,
    late_count integer,
    on_leave_count integer,
    absent_count integer,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, host_unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX activity_host ON activity (district_id, host_unit_id, starts_at);
CREATE INDEX activity_starts ON activity (district_id, starts_at);
CREATE INDEX activity_theme ON activity (district_id, theme_id) WHERE theme_id IS NOT NULL;
CREATE INDEX activity_live ON activity (district_id, host_unit_id, ends_at) WHERE state IN ('PUBLISHED', 'OPEN');
CREATE INDEX activity_due ON activity (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX activity_occurrence ON activity (district_id, recurrence_id, occurrence_at) WHERE recurrence_id IS NOT NULL;
CREATE TABLE activity_joint_host (
    district_id {id} NOT NULL,
    activity_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    PRIMARY KEY (district_id, activity_id, unit_id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX activity_joint_host_unit ON activity_joint_host (district_id, unit_id);
CREATE TABLE activity_item (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    activity_id {id} NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    done_at {time},
    done_by {id},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id)
);
CREATE INDEX activity_item_activity ON activity_item (district_id, activity_id, position);
";

const ATTENDANCE: &str = "
CREATE TABLE attendee (
    district_id {id} NOT NULL,
    activity_id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    source text NOT NULL,
    counted boolean NOT NULL,
    votes boolean NOT NULL,
    exclusion text,
    PRIMARY KEY (district_id, activity_id, member_id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE INDEX attendee_member ON attendee (district_id, member_id);
CREATE TABLE attendance (
    district_id {id} NOT NULL,
    activity_id {id} NOT NULL,
    member_id {id} NOT NULL,
    id {id} NOT NULL,
    state text NOT NULL,
    method text,
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    recorded_by {id},
    reason text,
    flags integer NOT NULL,
    nearness text NOT NULL,
    device bigint,
    checked_out_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, activity_id, member_id)
);
CREATE TABLE leave_request (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    activity_id {id} NOT NULL,
    member_id {id} NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    requested_at {time} NOT NULL,
    decided_by {id},
    decided_at {time},
    note text,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE UNIQUE INDEX leave_request_open ON leave_request (district_id, activity_id, member_id) WHERE state IN ('REQUESTED', 'GRANTED');
CREATE INDEX leave_request_waiting ON leave_request (district_id, activity_id) WHERE state = 'REQUESTED';
CREATE TABLE check_in_claim (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    activity_id {id} NOT NULL,
    member_id {id} NOT NULL,
    reason text NOT NULL,
    occurred_at {time} NOT NULL,
    received_at {time} NOT NULL,
    flags integer NOT NULL,
    nearness text NOT NULL,
    device bigint,
    state text NOT NULL,
    decided_by {id},
    decided_at {time},
    rejection text,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE UNIQUE INDEX check_in_claim_member ON check_in_claim (district_id, activity_id, member_id);
CREATE INDEX check_in_claim_waiting ON check_in_claim (district_id, activity_id) WHERE state = 'PENDING';
";

const PLUMBING: &str = "
CREATE TABLE audit_entry (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    at {time} NOT NULL,
    action text NOT NULL,
    operation text NOT NULL,
    account_id {id},
    session_id {id},
    request_id {id},
    subject_kind text NOT NULL,
    subject_id {id} NOT NULL,
    person_id {id},
    reason text,
    before {json},
    after {json},
    PRIMARY KEY (district_id, id)
);
CREATE INDEX audit_entry_subject ON audit_entry (district_id, subject_id, id);
CREATE INDEX audit_entry_person ON audit_entry (district_id, person_id, id) WHERE person_id IS NOT NULL;
CREATE TABLE outbox_event (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    kind text NOT NULL,
    subject_id {id} NOT NULL,
    payload {json} NOT NULL,
    occurred_at {time} NOT NULL,
    attempts integer NOT NULL,
    due_at {time},
    leased_until {time},
    PRIMARY KEY (district_id, id)
);
CREATE INDEX outbox_event_order ON outbox_event (id);
CREATE INDEX outbox_event_leased ON outbox_event (district_id, subject_id) WHERE leased_until IS NOT NULL;
CREATE TABLE replayed_answer (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint {bytes} NOT NULL,
    answer {json},
    created_at {time} NOT NULL,
    PRIMARY KEY (district_id, account_id, operation, key)
);
CREATE INDEX replayed_answer_created ON replayed_answer (created_at);
CREATE TABLE epoch (id integer PRIMARY KEY, n bigint NOT NULL);
INSERT INTO epoch (id, n) VALUES (1, 0);
";
