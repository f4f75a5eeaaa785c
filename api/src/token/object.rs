use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::TokenGrantId,
    token::{GrantKind, TokenScope},
};
use zhibu_persistence::token::Known;

use crate::{
    auth::token::client_id,
    error::{OpError, OpExt},
    graphql::{GlobalId, Term},
    member::AccountObject,
    organization::OrgUnitObject,
    reads::Loading,
};

/// What another system or a script was given: scopes, in a unit and all below it, until a day. A personal token
/// is for the person, a client for the district's administrator and the offices of the unit.
pub struct TokenGrantObject(pub Known);

/// A secret, of which nothing but its end is known any more.
#[derive(SimpleObject)]
pub struct TokenSecret {
    /// Its last four letters.
    tail: String,
    /// When it was drawn.
    created_at: DateTime<Utc>,
    /// Until when it goes on beside the new one; null for the present one.
    expires_at: Option<DateTime<Utc>>,
}

/// What another system or a script was given: scopes, in a unit and all below it, until a day. A personal token
/// is for the person, a client for the district's administrator and the offices of the unit.
#[Object(name = "TokenGrant")]
impl TokenGrantObject {
    /// Global id.
    pub async fn id(&self) -> GlobalId<TokenGrantId> {
        GlobalId(self.0.grant.id)
    }

    /// Whose rights it cuts.
    async fn kind(&self) -> Term<GrantKind> {
        Term(self.0.grant.kind)
    }

    /// The `client_id` of OAuth; null for a personal token.
    async fn client_id(&self) -> Option<String> {
        (self.0.grant.kind == GrantKind::Client).then(|| client_id(self.0.grant.id))
    }

    /// What people call it.
    async fn name(&self) -> &str {
        &self.0.grant.name
    }

    /// What personal data is read for; null where none may be.
    async fn purpose(&self) -> Option<&str> {
        self.0.grant.purpose.as_deref()
    }

    /// What it may be used for.
    async fn scopes(&self) -> Vec<Term<TokenScope>> {
        self.0.grant.scopes.iter().copied().map(Term).collect()
    }

    /// The unit: it counts there and below.
    async fn unit(&self, ctx: &Context<'_>) -> Result<OrgUnitObject> {
        let unit = ctx.data::<Loading>()?.load_one(self.0.grant.unit_id).await.op()?;
        Ok(OrgUnitObject(unit.ok_or(OpError::internal("a grant without a unit"))?))
    }

    /// The addresses and networks from which alone it counts; everywhere where empty.
    async fn addresses(&self) -> Vec<String> {
        self.0.grant.addresses.iter().map(ToString::to_string).collect()
    }

    /// Requests per minute.
    async fn per_minute(&self) -> i32 {
        self.0.grant.per_minute
    }

    /// The secrets that open it, two at most while one replaces the other.
    async fn secrets(&self) -> Vec<TokenSecret> {
        let shown = |secret: &zhibu_domain::token::Secret| TokenSecret {
            tail: secret.tail.clone(),
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        };
        self.0.secrets.iter().map(shown).collect()
    }

    /// Until when.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.grant.expires_at
    }

    /// Who gave it; null where the server's operator did.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<AccountObject>> {
        let Some(by) = self.0.grant.created_by else { return Ok(None) };
        Ok(ctx.data::<Loading>()?.load_one(by).await.op()?.map(AccountObject))
    }

    /// When it was given.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.grant.created_at
    }

    /// When it was last used, to the minute; null where it never was.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }

    /// When it was taken back; null where it wasn't.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.grant.revoked_at
    }

    /// Counts the changes; name it when you change a client.
    async fn version(&self) -> i32 {
        self.0.grant.version
    }
}
