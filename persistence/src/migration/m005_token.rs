//! Why: other systems and people's scripts come in by grants: scopes, in a subtree, until a day. Of their
//! secrets the digests alone are kept.

use sea_orm_migration::prelude::*;

/// Grants, their secrets, and access tokens that were taken back.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, TOKEN).await
    }
}

const TOKEN: &str = "
CREATE TABLE token_grant (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    kind text NOT NULL,
    account_id {id} NOT NULL,
    name text NOT NULL,
    purpose text,
    scopes {json} NOT NULL,
    unit_id {id} NOT NULL,
    addresses {json} NOT NULL,
    per_minute integer NOT NULL,
    second_factor boolean NOT NULL,
    expires_at {time} NOT NULL,
    created_by {id},
    created_at {time} NOT NULL,
    revoked_at {time},
    last_used_at {time},
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id)
);
CREATE INDEX token_grant_account ON token_grant (district_id, account_id, id);
CREATE INDEX token_grant_client ON token_grant (district_id, id) WHERE kind = 'CLIENT';
CREATE TABLE token_secret (
    district_id {id} NOT NULL,
    hash {bytes} NOT NULL,
    grant_id {id} NOT NULL,
    tail text NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time},
    PRIMARY KEY (district_id, hash),
    FOREIGN KEY (district_id, grant_id) REFERENCES token_grant (district_id, id)
);
CREATE INDEX token_secret_grant ON token_secret (district_id, grant_id);
CREATE TABLE revoked_access_token (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    revoked_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    PRIMARY KEY (district_id, id)
);
CREATE INDEX revoked_access_token_revoked ON revoked_access_token (revoked_at);
CREATE INDEX revoked_access_token_expires ON revoked_access_token (expires_at);
";
