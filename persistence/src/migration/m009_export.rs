//! Why: a month's spreadsheet takes longer than a request may, and whichever server makes it, any may be
//! asked for it. Its file is kept sealed and in pieces, for a day.

use sea_orm_migration::prelude::*;

/// Exports of month reports and the pieces of their files.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, EXPORT).await
    }
}

const EXPORT: &str = "
CREATE TABLE report_export (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    kind text NOT NULL,
    unit_id {id} NOT NULL,
    year integer NOT NULL,
    month integer NOT NULL,
    purpose text NOT NULL,
    account_id {id} NOT NULL,
    asked_at {time} NOT NULL,
    state text NOT NULL,
    state_at {time},
    tries integer NOT NULL,
    done_rows bigint NOT NULL,
    total_rows bigint,
    bytes bigint,
    expires_at {time},
    failure text,
    due_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE INDEX report_export_account ON report_export (district_id, account_id, id);
CREATE INDEX report_export_due ON report_export (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX report_export_over ON report_export (state_at) WHERE due_at IS NULL;
CREATE TABLE report_export_piece (
    district_id {id} NOT NULL,
    export_id {id} NOT NULL,
    tries integer NOT NULL,
    position integer NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (district_id, export_id, tries, position),
    FOREIGN KEY (district_id, export_id) REFERENCES report_export (district_id, id)
);
CREATE INDEX hour_ledger_unit ON hour_ledger (district_id, unit_id, posted_at);
";
