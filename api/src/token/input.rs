use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{OrgUnitId, TokenGrantId},
    token::{GrantChange, NewGrant, TokenScope},
};

use crate::graphql::{GlobalId, Term, storable};

/// A client or a personal token to create.
#[derive(InputObject)]
pub struct CreateTokenGrantInput {
    /// What people call it, 1–50 characters.
    pub name: String,
    /// What personal data is read for, 1–200 characters; needed with `MEMBERS_READ`, `CONTACTS_READ` and
    /// `HOURS_EXPORT`.
    pub purpose: Option<String>,
    /// What it may be used for.
    pub scopes: Vec<Term<TokenScope>>,
    /// The unit: it counts there and below.
    pub unit_id: GlobalId<OrgUnitId>,
    /// Until when, 366 days ahead at most.
    pub expires_at: DateTime<Utc>,
    /// The addresses or networks (`192.0.2.0/24`) from which alone it counts, up to 50; everywhere where empty.
    #[graphql(default)]
    pub addresses: Vec<String>,
    /// Requests per minute, 1–6,000; 300 where absent.
    pub per_minute: Option<i32>,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed,
    /// without the secret.
    pub client_mutation_id: Option<String>,
}

impl From<CreateTokenGrantInput> for NewGrant {
    fn from(input: CreateTokenGrantInput) -> Self {
        Self {
            name: input.name,
            purpose: input.purpose,
            scopes: input.scopes.into_iter().map(|scope| scope.0).collect(),
            unit_id: input.unit_id.0,
            addresses: input.addresses,
            per_minute: input.per_minute,
            expires_at: storable(input.expires_at),
        }
    }
}

/// A change of a client; what is absent stays.
#[derive(InputObject)]
pub struct ChangeOAuthClientInput {
    /// Which.
    pub id: GlobalId<TokenGrantId>,
    /// The version that was read.
    pub version: i32,
    /// New name, 1–50 characters.
    pub name: Option<String>,
    /// New purpose, 1–200 characters.
    pub purpose: Option<String>,
    /// New scopes.
    pub scopes: Option<Vec<Term<TokenScope>>>,
    /// New unit.
    pub unit_id: Option<GlobalId<OrgUnitId>>,
    /// New end, 366 days ahead at most.
    pub expires_at: Option<DateTime<Utc>>,
    /// New addresses; an empty list is everywhere.
    pub addresses: Option<Vec<String>>,
    /// New number of requests per minute, 1–6,000.
    pub per_minute: Option<i32>,
}

impl From<ChangeOAuthClientInput> for GrantChange {
    fn from(input: ChangeOAuthClientInput) -> Self {
        Self {
            name: input.name,
            purpose: input.purpose,
            scopes: input.scopes.map(|scopes| scopes.into_iter().map(|scope| scope.0).collect()),
            unit_id: input.unit_id.map(|id| id.0),
            addresses: input.addresses,
            per_minute: input.per_minute,
            expires_at: input.expires_at.map(storable),
        }
    }
}

/// A client or a token that is to have a new secret.
#[derive(InputObject)]
pub struct RotateTokenGrantInput {
    /// Which.
    pub id: GlobalId<TokenGrantId>,
    /// For how many hours the old secret goes on, 0–168.
    #[graphql(default = 24)]
    pub overlap_hours: i32,
    /// New end, 366 days ahead at most; stays where absent.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A client or a token to take back.
#[derive(InputObject)]
pub struct RevokeTokenGrantInput {
    /// Which.
    pub id: GlobalId<TokenGrantId>,
}
