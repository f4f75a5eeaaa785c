//! Why: volunteering. What members did, objections to it, the ledger of what counts and the
//! balances that it comes to; teams, projects, shifts and who signs up for them; the sheets that were
//! issued of it and what was exported. The ledger is append-only by triggers, as the audit is.

use sea_orm_migration::prelude::*;

/// Volunteering.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, HOURS).await?;
        super::run(manager, SHIFTS).await?;
        super::run(manager, RECORDS).await?;
        super::append_only(manager, "hour_ledger", "the ledger").await
    }
}

const HOURS: &str = "
CREATE TABLE service_hour_entry (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    origin text NOT NULL,
    shift_id {id},
    served_on date NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    travel_minutes bigint NOT NULL,
    minutes bigint NOT NULL,
    place text NOT NULL,
    content text NOT NULL,
    beneficiary text NOT NULL,
    beneficiary_count integer,
    pictures {json} NOT NULL,
    flags integer NOT NULL,
    calm integer NOT NULL,
    reported_at {time} NOT NULL,
    state text NOT NULL,
    verified_by {id},
    verified_at {time},
    correction text,
    publicity_until {time},
    decided_by {id},
    decided_at {time},
    reason text,
    due_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX service_hour_entry_member ON service_hour_entry (district_id, member_id, starts_at);
CREATE INDEX service_hour_entry_unit ON service_hour_entry (district_id, unit_id, state, calm, id);
CREATE INDEX service_hour_entry_shift ON service_hour_entry (district_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX service_hour_entry_served ON service_hour_entry (district_id, unit_id, served_on) WHERE state = 'GRANTED';
CREATE INDEX service_hour_entry_due ON service_hour_entry (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE objection (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    entry_id {id} NOT NULL,
    account_id {id} NOT NULL,
    reason text NOT NULL,
    raised_at {time} NOT NULL,
    state text NOT NULL,
    decided_by {id},
    decided_at {time},
    answer text,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, entry_id) REFERENCES service_hour_entry (district_id, id)
);
CREATE INDEX objection_entry ON objection (district_id, entry_id, id);
CREATE INDEX objection_account ON objection (district_id, account_id, id);
CREATE UNIQUE INDEX objection_open ON objection (district_id, entry_id, account_id) WHERE state = 'OPEN';
CREATE TABLE hour_ledger (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    year integer NOT NULL,
    entry_id {id} NOT NULL,
    kind text NOT NULL,
    before_minutes bigint NOT NULL,
    after_minutes bigint NOT NULL,
    balance bigint NOT NULL,
    posted_by {id},
    reason text,
    posted_at {time} NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, entry_id) REFERENCES service_hour_entry (district_id, id)
);
CREATE INDEX hour_ledger_member ON hour_ledger (district_id, member_id, id);
CREATE TABLE hour_balance (
    district_id {id} NOT NULL,
    member_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    year integer NOT NULL,
    minutes bigint NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (district_id, member_id, unit_id, year),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX hour_balance_unit ON hour_balance (district_id, unit_id, year);
CREATE TABLE hour_year (
    district_id {id} NOT NULL,
    member_id {id} NOT NULL,
    year integer NOT NULL,
    subdistrict_id {id} NOT NULL,
    minutes bigint NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (district_id, member_id, year),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id),
    FOREIGN KEY (district_id, subdistrict_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX hour_year_most ON hour_year (district_id, subdistrict_id, year, minutes DESC, member_id);
";

const SHIFTS: &str = "
CREATE TABLE volunteer_team (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    name text NOT NULL,
    captain_id {id},
    founded_at {time} NOT NULL,
    ended_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, captain_id) REFERENCES party_member (district_id, id)
);
CREATE INDEX volunteer_team_unit ON volunteer_team (district_id, unit_id, id);
CREATE TABLE volunteer_team_member (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    team_id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    joined_at {time} NOT NULL,
    added_by {id},
    left_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, team_id) REFERENCES volunteer_team (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE UNIQUE INDEX volunteer_team_member_current ON volunteer_team_member (district_id, team_id, member_id) WHERE left_at IS NULL;
CREATE INDEX volunteer_team_member_page ON volunteer_team_member (district_id, team_id, id);
CREATE INDEX volunteer_team_member_member ON volunteer_team_member (district_id, member_id, id);
CREATE TABLE volunteer_project (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    team_id {id},
    name text NOT NULL,
    description text,
    beneficiary text,
    created_by {id} NOT NULL,
    created_at {time} NOT NULL,
    ended_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, team_id) REFERENCES volunteer_team (district_id, id)
);
CREATE INDEX volunteer_project_unit ON volunteer_project (district_id, unit_id, id);
CREATE INDEX volunteer_project_team ON volunteer_project (district_id, team_id) WHERE team_id IS NOT NULL;
CREATE TABLE volunteer_shift (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    project_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    place text NOT NULL,
    capacity integer NOT NULL,
    skills {json} NOT NULL,
    minimum_age integer,
    beneficiaries integer NOT NULL,
    groups integer NOT NULL,
    created_by {id} NOT NULL,
    state text NOT NULL,
    published_at {time},
    cancelled_at {time},
    cancel_reason text,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, project_id) REFERENCES volunteer_project (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX volunteer_shift_unit ON volunteer_shift (district_id, unit_id, starts_at);
CREATE INDEX volunteer_shift_project ON volunteer_shift (district_id, project_id, starts_at);
CREATE TABLE sign_up (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    shift_id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    signed_up_at {time} NOT NULL,
    state text NOT NULL,
    settled_at {time},
    due_at {time},
    checked_in_at {time},
    check_in_method text,
    check_in_doubtful boolean NOT NULL,
    check_in_by {id},
    check_in_reason text,
    closes_at {time},
    checked_out_at {time},
    check_out_method text,
    check_out_doubtful boolean NOT NULL,
    check_out_by {id},
    check_out_reason text,
    entry_id {id},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, shift_id) REFERENCES volunteer_shift (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id)
);
CREATE UNIQUE INDEX sign_up_live ON sign_up (district_id, shift_id, member_id) WHERE state IN ('SIGNED_UP', 'WAITING', 'OFFERED');
CREATE INDEX sign_up_member ON sign_up (district_id, member_id, id);
CREATE INDEX sign_up_due ON sign_up (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sign_up_closes ON sign_up (closes_at) WHERE closes_at IS NOT NULL;
";

const RECORDS: &str = "
CREATE TABLE service_record_sheet (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    number text NOT NULL,
    code_hash {bytes} NOT NULL,
    name text NOT NULL,
    year integer,
    first_on date NOT NULL,
    last_on date NOT NULL,
    services integer NOT NULL,
    minutes bigint NOT NULL,
    shift_minutes bigint NOT NULL,
    star_level text,
    issued_on date NOT NULL,
    issued_at {time} NOT NULL,
    revoked_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES party_member (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE UNIQUE INDEX service_record_sheet_number ON service_record_sheet (district_id, number);
CREATE INDEX service_record_sheet_account ON service_record_sheet (district_id, account_id, id);
CREATE INDEX service_record_sheet_code ON service_record_sheet (code_hash);
CREATE TABLE service_record_sheet_line (
    district_id {id} NOT NULL,
    sheet_id {id} NOT NULL,
    entry_id {id} NOT NULL,
    minutes bigint NOT NULL,
    PRIMARY KEY (district_id, sheet_id, entry_id),
    FOREIGN KEY (district_id, sheet_id) REFERENCES service_record_sheet (district_id, id),
    FOREIGN KEY (district_id, entry_id) REFERENCES service_hour_entry (district_id, id)
);
CREATE TABLE service_hour_export (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    purpose text NOT NULL,
    account_id {id} NOT NULL,
    exported_at {time} NOT NULL,
    new_rows bigint NOT NULL,
    repeated_rows bigint NOT NULL,
    corrected_rows bigint NOT NULL,
    minutes bigint NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX service_hour_export_unit ON service_hour_export (district_id, unit_id, id);
CREATE TABLE service_hour_export_row (
    district_id {id} NOT NULL,
    export_id {id} NOT NULL,
    entry_id {id} NOT NULL,
    mark text NOT NULL,
    minutes bigint NOT NULL,
    before_minutes bigint,
    PRIMARY KEY (district_id, export_id, entry_id),
    FOREIGN KEY (district_id, export_id) REFERENCES service_hour_export (district_id, id),
    FOREIGN KEY (district_id, entry_id) REFERENCES service_hour_entry (district_id, id)
);
CREATE INDEX service_hour_export_row_entry ON service_hour_export_row (district_id, entry_id, export_id);
";
