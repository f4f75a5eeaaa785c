//! Why: members come in through WeChat's mini-program, and are told through it what they have asked to be
//! told.

use sea_orm_migration::prelude::*;

/// Bindings to WeChat accounts, codes to bind by, and consents to messages.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, WECHAT).await
    }
}

const WECHAT: &str = "
CREATE TABLE wechat_binding (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    account_id {id} NOT NULL,
    app_id text NOT NULL,
    open_id text NOT NULL,
    union_id text,
    bound_at {time} NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE UNIQUE INDEX wechat_binding_open_id ON wechat_binding (district_id, app_id, open_id);
CREATE UNIQUE INDEX wechat_binding_account ON wechat_binding (district_id, app_id, account_id);
CREATE INDEX wechat_binding_union_id ON wechat_binding (district_id, union_id) WHERE union_id IS NOT NULL;
CREATE INDEX wechat_binding_of ON wechat_binding (district_id, account_id);
CREATE TABLE binding_code (
    district_id {id} NOT NULL,
    account_id {id} NOT NULL,
    code_hash {bytes} NOT NULL,
    issued_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    PRIMARY KEY (district_id, account_id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id)
);
CREATE UNIQUE INDEX binding_code_hash ON binding_code (district_id, code_hash);
CREATE INDEX binding_code_expires ON binding_code (expires_at);
CREATE TABLE subscribe_credit (
    district_id {id} NOT NULL,
    binding_id {id} NOT NULL,
    template_id text NOT NULL,
    credit integer NOT NULL,
    consented_at {time} NOT NULL,
    PRIMARY KEY (district_id, binding_id, template_id),
    FOREIGN KEY (district_id, binding_id) REFERENCES wechat_binding (district_id, id) ON DELETE CASCADE
);
";
