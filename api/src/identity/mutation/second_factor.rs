use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::identity::SecondFactorRefusal;

use crate::{
    call::request,
    error::{naming, outcome},
    graphql::Outcome,
    identity::{
        AuthTokensObject, SessionObject,
        input::{ConfirmSecondFactorInput, SecondFactorInput},
        ops::second_factor,
    },
};

/// The set-up was begun; `confirmSecondFactor` completes it.
#[derive(SimpleObject)]
pub struct EnrollSecondFactorDone {
    /// The secret in base32, for who can't scan.
    secret: String,
    /// `otpauth://…`, to be shown as a QR code.
    otpauth_uri: String,
    /// Until when the first code is awaited.
    expires_at: DateTime<Utc>,
}

/// The authenticator is in use.
#[derive(SimpleObject)]
pub struct ConfirmSecondFactorDone {
    /// Ten codes to be kept on paper, shown this once; each works once in place of the authenticator.
    recovery_codes: Vec<String>,
    /// The running session's new tokens: it has proved the second factor. The old refresh token
    /// is spent.
    tokens: AuthTokensObject,
}

/// The second factor is proved.
#[derive(SimpleObject)]
pub struct ProveSecondFactorDone {
    /// The running session's new tokens: the rights of posts are awake. The old refresh token is
    /// spent.
    tokens: AuthTokensObject,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

/// The recovery codes were replaced.
#[derive(SimpleObject)]
pub struct RenewRecoveryCodesDone {
    /// Ten new codes, shown this once; the old ones are void.
    recovery_codes: Vec<String>,
}

/// The authenticator was removed.
#[derive(SimpleObject)]
pub struct DisableSecondFactorDone {
    /// The running session, which has proved none now.
    session: SessionObject,
}

/// The input field that a refusal is about.
fn faulty(refusal: SecondFactorRefusal) -> Option<&'static str> {
    use SecondFactorRefusal::*;
    match refusal {
        WrongCode | CodeUsed | WrongRecoveryCode | RecoveryCodeUsed => Some("code"),
        AlreadyActive | NotEnrolled | EnrolmentExpired | Locked | Required => None,
    }
}

type Answer<D> = Result<Outcome<D, SecondFactorRefusal>>;

/// Mutations of the second factor.
#[derive(Default)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Begins to set up an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 s). For anybody
    /// signed in whose password is their own.
    async fn enroll_second_factor(&self, ctx: &Context<'_>) -> Answer<EnrollSecondFactorDone> {
        let (app, call) = request(ctx)?;
        let enrolled = second_factor::enroll(app, call).await;
        outcome(enrolled.map(|done| EnrollSecondFactorDone {
            secret: done.secret,
            otpauth_uri: done.uri,
            expires_at: done.expires_at,
        }))
    }

    /// Completes the set-up with the authenticator's first code, within a quarter of an hour. For who has
    /// begun it by `enrollSecondFactor`.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSecondFactorInput,
    ) -> Answer<ConfirmSecondFactorDone> {
        let (app, call) = request(ctx)?;
        let confirmed = second_factor::confirm(app, call, &input.code).await;
        outcome(naming(confirmed, faulty).map(|done| ConfirmSecondFactorDone {
            recovery_codes: done.recovery_codes,
            tokens: done.tokens.into(),
        }))
    }

    /// Proves the second factor in the running session, after signing in without it. For anybody signed
    /// in who has an authenticator.
    async fn prove_second_factor(
        &self,
        ctx: &Context<'_>,
        input: SecondFactorInput,
    ) -> Answer<ProveSecondFactorDone> {
        let (app, call) = request(ctx)?;
        let proved = second_factor::prove(app, call, &input.code).await;
        outcome(naming(proved, faulty).map(|done| ProveSecondFactorDone {
            tokens: done.tokens.into(),
            recovery_codes_left: done.recovery_codes_left,
        }))
    }

    /// Replaces one's own recovery codes, used or not. For anybody signed in who has an authenticator.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        input: SecondFactorInput,
    ) -> Answer<RenewRecoveryCodesDone> {
        let (app, call) = request(ctx)?;
        let renewed = second_factor::renew_recovery(app, call, &input.code).await;
        outcome(naming(renewed, faulty).map(|recovery_codes| RenewRecoveryCodesDone { recovery_codes }))
    }

    /// Removes one's own authenticator, e.g. to set up another. For anybody signed in who has one; refused
    /// while a post asks for it.
    async fn disable_second_factor(
        &self,
        ctx: &Context<'_>,
        input: SecondFactorInput,
    ) -> Answer<DisableSecondFactorDone> {
        let (app, call) = request(ctx)?;
        let disabled = second_factor::disable(app, call, &input.code).await;
        outcome(
            naming(disabled, faulty)
                .map(|session| DisableSecondFactorDone { session: SessionObject(session) }),
        )
    }
}
