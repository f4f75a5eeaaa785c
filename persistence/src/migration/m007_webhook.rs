//! Why: other systems are told of what has happened. Each message to an endpoint is a row that waits until the
//! receiver has taken it; the secrets by which messages are signed are sealed.

use sea_orm_migration::prelude::*;

/// Endpoints, their secrets, and what is sent to them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, WEBHOOK).await
    }
}

const WEBHOOK: &str = "
CREATE TABLE webhook_endpoint (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    account_id {id} NOT NULL,
    grant_id {id},
    second_factor boolean NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    events {json} NOT NULL,
    disabled_at {time},
    disabled_reason text,
    failures integer NOT NULL,
    failing_since {time},
    paused_until {time},
    slow boolean NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, unit_id) REFERENCES org_unit (district_id, id),
    FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, id),
    FOREIGN KEY (district_id, grant_id) REFERENCES token_grant (district_id, id)
);
CREATE INDEX webhook_endpoint_unit ON webhook_endpoint (district_id, unit_id, id);
CREATE TABLE webhook_secret (
    district_id {id} NOT NULL,
    endpoint_id {id} NOT NULL,
    created_at {time} NOT NULL,
    tail text NOT NULL,
    sealed {bytes} NOT NULL,
    expires_at {time},
    PRIMARY KEY (district_id, endpoint_id, tail),
    FOREIGN KEY (district_id, endpoint_id) REFERENCES webhook_endpoint (district_id, id)
);
CREATE TABLE webhook_delivery (
    district_id {id} NOT NULL,
    id {id} NOT NULL,
    endpoint_id {id} NOT NULL,
    position bigint NOT NULL,
    event text NOT NULL,
    subject_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    occurred_at {time} NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    leased_until {time},
    tried_at {time},
    failure text,
    status integer,
    latency_ms integer,
    body text,
    PRIMARY KEY (district_id, id),
    FOREIGN KEY (district_id, endpoint_id) REFERENCES webhook_endpoint (district_id, id)
);
CREATE INDEX webhook_delivery_list ON webhook_delivery (district_id, endpoint_id, position, id);
CREATE INDEX webhook_delivery_order ON webhook_delivery (district_id, endpoint_id, subject_id, position, id)
    WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_due ON webhook_delivery (district_id, endpoint_id, due_at, position)
    WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_lease ON webhook_delivery (district_id, endpoint_id, leased_until)
    WHERE leased_until IS NOT NULL;
CREATE INDEX webhook_delivery_replay ON webhook_delivery (district_id, endpoint_id, occurred_at, position)
    WHERE state <> 'PENDING';
CREATE INDEX webhook_delivery_expiry ON webhook_delivery (expires_at) WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_age ON webhook_delivery (occurred_at) WHERE state <> 'PENDING';
";
