//! Why: people are told what concerns them, once for each need; and whoever follows something and
//! was away reads here what has changed since.

use sea_orm_migration::prelude::*;

/// Notifications and feeds.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, NOTIFICATION).await?;
        super::run(manager, FEED).await
    }
}

const NOTIFICATION: &str = "
CREATE TABLE notification (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    id {id} NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL,
    need text NOT NULL,
    subject_kind text NOT NULL,
    subject_id {id} NOT NULL,
    facts {json} NOT NULL,
    created_at {time} NOT NULL,
    alert_at {time} NOT NULL,
    read_at {time},
    PRIMARY KEY (district_id, account_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE UNIQUE INDEX notification_need ON notification (district_id, account_id, need);
CREATE INDEX notification_position ON notification (district_id, account_id, position, id);
CREATE INDEX notification_unread ON notification (district_id, account_id) WHERE read_at IS NULL;
CREATE INDEX notification_created ON notification (district_id, created_at);
CREATE TABLE notification_preference (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    muted {json} NOT NULL,
    quiet_from text,
    quiet_until text,
    PRIMARY KEY (district_id, account_id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
";

const FEED: &str = "
CREATE TABLE feed (
    district_id {id} NOT NULL,
    kind text NOT NULL,
    owner_id {id} NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (district_id, kind, owner_id)
);
CREATE TABLE feed_change (
    district_id {id} NOT NULL,
    feed_kind text NOT NULL,
    owner_id {id} NOT NULL,
    position bigint NOT NULL,
    event text NOT NULL,
    subject_kind text NOT NULL,
    subject_id {id} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (district_id, feed_kind, owner_id, position)
);
CREATE INDEX feed_change_at ON feed_change (at);
";
