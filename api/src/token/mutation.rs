use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::Duration;
use zhibu_domain::token::TokenRefusal;

use super::{
    TokenGrantObject,
    input::{ChangeOAuthClientInput, CreateTokenGrantInput, RevokeTokenGrantInput, RotateTokenGrantInput},
    ops::{self, Issued},
};
use crate::{
    call::request,
    error::{naming, outcome},
    graphql::Outcome,
    once::Once,
};

macro_rules! issued {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(SimpleObject)]
        pub struct $name {
            /// The grant.
            grant: TokenGrantObject,
            /// The secret, shown only now; null where the same request came before.
            secret: Option<String>,
        }

        impl From<Issued> for $name {
            fn from(issued: Issued) -> Self {
                Self { grant: TokenGrantObject(issued.known), secret: issued.secret }
            }
        }
    )+};
}
issued! {
    /// The client was created: `grant.clientId` and `secret` are its credentials.
    CreateOAuthClientDone;
    /// The token was created: `secret` is what to send as `Authorization: Bearer`.
    CreatePersonalTokenDone;
    /// It has a new secret.
    RotateTokenGrantDone;
}

/// The client was changed.
#[derive(SimpleObject)]
pub struct ChangeOAuthClientDone {
    /// The client.
    grant: TokenGrantObject,
}

/// It was taken back, with all that was issued by it.
#[derive(SimpleObject)]
pub struct RevokeTokenGrantDone {
    /// What it was.
    grant: TokenGrantObject,
}

/// Which field a refusal is about.
fn field(refusal: TokenRefusal) -> Option<&'static str> {
    match refusal {
        TokenRefusal::BadName => Some("name"),
        TokenRefusal::BadPurpose | TokenRefusal::PurposeRequired => Some("purpose"),
        TokenRefusal::NoScope | TokenRefusal::BeyondYours => Some("scopes"),
        TokenRefusal::UnitDissolved => Some("unitId"),
        TokenRefusal::BadExpiry => Some("expiresAt"),
        TokenRefusal::BadAddress => Some("addresses"),
        TokenRefusal::BadRate => Some("perMinute"),
        TokenRefusal::BadOverlap => Some("overlapHours"),
        TokenRefusal::Stale => Some("version"),
        TokenRefusal::TooMany | TokenRefusal::Ended => None,
    }
}

type Answer<D> = Result<Outcome<D, TokenRefusal>>;

/// Mutations of clients and tokens. None of them is for tokens.
#[derive(Default)]
pub struct TokenMutation;

#[Object]
impl TokenMutation {
    /// Makes another system a client (OAuth 2.0, client credentials). Nobody gives more than they may do in the
    /// unit themselves. For the district's administrator, and offices of the unit.
    #[graphql(name = "createOAuthClient")]
    async fn create_oauth_client(
        &self,
        ctx: &Context<'_>,
        input: CreateTokenGrantInput,
    ) -> Answer<CreateOAuthClientDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::create_client(app, call, input.into(), once).await;
        outcome(naming(done, field).map(Into::into))
    }

    /// Changes a client. For the district's administrator, and offices of the unit.
    #[graphql(name = "changeOAuthClient")]
    async fn change_oauth_client(
        &self,
        ctx: &Context<'_>,
        input: ChangeOAuthClientInput,
    ) -> Answer<ChangeOAuthClientDone> {
        let (app, call) = request(ctx)?;
        let (id, version) = (input.id.0, input.version);
        let done = ops::change_client(app, call, id, version, input.into()).await;
        outcome(naming(done, field).map(|known| ChangeOAuthClientDone { grant: TokenGrantObject(known) }))
    }

    /// Creates a personal access token for scripts: the caller's own rights, cut down to scopes and a unit. Whoever
    /// holds a post must have proved the second factor where it is in use. For anybody signed in.
    async fn create_personal_token(
        &self,
        ctx: &Context<'_>,
        input: CreateTokenGrantInput,
    ) -> Answer<CreatePersonalTokenDone> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::create_personal(app, call, input.into(), once).await;
        outcome(naming(done, field).map(Into::into))
    }

    /// Gives a client or a personal token a new secret; the old one goes on for a while. For who may create it.
    async fn rotate_token_grant(
        &self,
        ctx: &Context<'_>,
        input: RotateTokenGrantInput,
    ) -> Answer<RotateTokenGrantDone> {
        let (app, call) = request(ctx)?;
        let (overlap, until) =
            (Duration::hours(input.overlap_hours.into()), input.expires_at.map(crate::graphql::storable));
        let done = ops::rotate(app, call, input.id.0, overlap, until).await;
        outcome(naming(done, field).map(Into::into))
    }

    /// Takes a client or a personal token back. It holds at once, for what was issued by it, too. For the person;
    /// of a client for the district's administrator, and offices of its unit.
    async fn revoke_token_grant(
        &self,
        ctx: &Context<'_>,
        input: RevokeTokenGrantInput,
    ) -> Answer<RevokeTokenGrantDone> {
        let (app, call) = request(ctx)?;
        let done = ops::revoke(app, call, input.id.0).await;
        outcome(done.map(|known| RevokeTokenGrantDone { grant: TokenGrantObject(known) }))
    }
}
