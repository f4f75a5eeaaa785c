//! Why: a meeting room's screen outlives the session of whoever opened it, and a phone's calendar has none;
//! both have to be ended at will.

use sea_orm_migration::prelude::*;

/// Boards and calendars.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, BOARD).await?;
        super::run(manager, CALENDAR).await
    }
}

const BOARD: &str = "
CREATE TABLE board (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    activity_id {id} NOT NULL,
    account_id {id} NOT NULL,
    opened_at {time} NOT NULL,
    entered_at {time},
    closed_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, activity_id) REFERENCES activity (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE INDEX board_open ON board (district_id, activity_id) WHERE closed_at IS NULL;
CREATE INDEX board_opened ON board (opened_at);
";

const CALENDAR: &str = "
CREATE TABLE calendar_link (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    unit_id {id},
    token_hash {bytes} NOT NULL,
    created_at {time} NOT NULL,
    revoked_at {time},
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX calendar_link_token ON calendar_link (token_hash);
CREATE INDEX calendar_link_account ON calendar_link (district_id, account_id, id) WHERE revoked_at IS NULL;
CREATE INDEX calendar_link_revoked ON calendar_link (revoked_at);
";
