//! The second factor: setting it up, proving it, renewing its recovery codes, removing it.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::{AccountId, DistrictId},
    identity::{
        ENROLMENT_LASTS, IdentityEvent, SecondFactor, SecondFactorRefusal as Refusal, SecretHash, Session,
    },
    policy::{Denied, Permit},
};
use zhibu_persistence::{
    Tx, epoch,
    identity::{self, Counted, Whom},
    member,
};

use super::{AuthTokens, forget_rights, session::renew_own};
use crate::{
    app::App,
    auth::totp::{SharedSecret, is_code},
    call::Call,
    error::{OpError, Stop},
    identity::actor::{rights, second_factor_demanded},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// The name under which apps list the secret.
const ISSUER: &str = "支部";

/// A code that was tried.
pub(super) struct Tried {
    pub(super) count: Counted,
    pub(super) outcome: Result<SecondFactor, Refusal>,
}

/// Tries what somebody typed: six digits are the authenticator's, anything else a recovery code.
pub(super) async fn try_second(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    account: AccountId,
    typed: &str,
) -> Result<Tried, OpError> {
    let count = identity::lock_count(tx, district, app.auth.codes.account_digest(account)).await?;
    let factor = identity::lock_second_factor(tx, district, account).await?;
    let outcome = match factor {
        None => Err(Refusal::NotEnrolled),
        Some(factor) if is_code(typed) => {
            let step = step(app, &factor, account, typed, tx.now());
            factor.accept(step)
        }
        Some(factor) => factor.recover(app.auth.recovery.hash(account, typed), tx.now()),
    };
    Ok(Tried { count, outcome })
}

/// The step that a code belongs to. A secret sealed with a lost key has none.
fn step(
    app: &App,
    factor: &SecondFactor,
    account: AccountId,
    typed: &str,
    now: DateTime<Utc>,
) -> Option<i64> {
    let secret = app.auth.seal.open(&factor.sealed_secret, account).ok()?;
    secret.matching_step(typed, now).ok().flatten()
}

/// Who uses the own account's second factor.
struct Own {
    permit: Permit,
    district: DistrictId,
    account: AccountId,
}

impl Own {
    fn of(call: &Call) -> Result<Self, Denied> {
        Ok(Self { permit: call.permit_own()?, district: call.district()?, account: call.account()? })
    }

    /// Who must change the password first may not set a second factor up: whoever issued the
    /// password knows it too.
    fn for_set_up(call: &Call) -> Result<Self, Denied> {
        if call.person()?.password_change_due {
            return Err(Denied::PasswordChangeDue);
        }
        Self::of(call)
    }
}

/// Opens a transaction in which a code of the own second factor was accepted.
async fn proven(
    app: &App,
    call: &Call,
    operation: &'static str,
    typed: &str,
) -> Done<(Tx, Own, SecondFactor)> {
    let own = Own::of(call)?;
    let rules = app.rules(own.district).await?;
    let tx = app.begin(call, operation).await?;
    let Tried { mut count, outcome } = try_second(app, &tx, own.district, own.account, typed).await?;
    if count.before.check(tx.now()).is_err() {
        return Err(Refusal::Locked.into());
    }
    match outcome {
        Ok(factor) => {
            count.after = count.before.succeeded();
            identity::save_counts(&tx, &own.permit, &[count]).await?;
            Ok((tx, own, factor))
        }
        Err(Refusal::NotEnrolled) => Err(Refusal::NotEnrolled.into()),
        Err(why) => {
            count.after = count.before.failed(tx.now(), &rules);
            identity::save_failure(&tx, &own.permit, Whom::Account(own.account), why, &[count]).await?;
            tx.commit().await?;
            Err(why.into())
        }
    }
}

/// A set-up that waits for its first code.
pub struct Enrolled {
    /// As people type it into an app that can't scan.
    pub secret: String,
    /// What the QR code holds.
    pub uri: String,
    /// Until when the first code is awaited.
    pub expires_at: DateTime<Utc>,
}

/// Begins a set-up.
pub async fn enroll(app: &App, call: &Call) -> Done<Enrolled> {
    let own = Own::for_set_up(call)?;
    let secret = SharedSecret::draw(&app.auth.random);
    let sealed = app.auth.seal.seal(&secret, own.account, &app.auth.random);
    let sealed = sealed.map_err(|_| OpError::internal("a secret can't be sealed"))?;
    let account = member::account(&app.store, own.district, own.account).await?;
    let name = account.and_then(|a| a.phone.map(|p| p.masked())).unwrap_or_default();
    let tx = app.begin(call, "enrollSecondFactor").await?;
    let existing = identity::lock_second_factor(&tx, own.district, own.account).await?;
    // A secret sealed with a lost key serves nobody.
    let existing = existing.filter(|f| app.auth.seal.open(&f.sealed_secret, own.account).is_ok());
    let factor = SecondFactor::enrol(existing.as_ref(), sealed, tx.now())?;
    let event = IdentityEvent::SecondFactorEnrolled;
    identity::save_second_factor(&tx, &own.permit, own.account, &factor, event).await?;
    let expires_at = tx.now() + ENROLMENT_LASTS;
    tx.commit().await?;
    Ok(Enrolled { secret: secret.base32(), uri: secret.uri(ISSUER, &name), expires_at })
}

/// A set-up that is complete.
pub struct Confirmed {
    /// Codes on paper, shown once.
    pub recovery_codes: Vec<String>,
    /// The running session's new tokens, which say that the second factor is proved.
    pub tokens: AuthTokens,
}

fn draw_recovery(app: &App, account: AccountId) -> (Vec<String>, Vec<SecretHash>) {
    app.auth.recovery.draw(account, &app.auth.random).into_iter().unzip()
}

/// Completes a set-up with a first code; the running session counts as proved.
pub async fn confirm(app: &App, call: &Call, typed: &str) -> Done<Confirmed> {
    let own = Own::for_set_up(call)?;
    let tx = app.begin(call, "confirmSecondFactor").await?;
    let factor = identity::lock_second_factor(&tx, own.district, own.account).await?;
    let factor = factor.ok_or(Refusal::NotEnrolled)?;
    let step = step(app, &factor, own.account, typed, tx.now());
    let (recovery_codes, hashes) = draw_recovery(app, own.account);
    let factor = factor.confirm(step, hashes, tx.now())?;
    let event = IdentityEvent::SecondFactorConfirmed;
    identity::save_second_factor(&tx, &own.permit, own.account, &factor, event).await?;
    let proved = |session: Session, now| session.second_factor_proved(now);
    let tokens = renew_own(app, call, &tx, &own.permit, proved).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    forget_rights(app, own.district, own.account).await;
    Ok(Confirmed { recovery_codes, tokens })
}

/// A session that has proved the second factor.
pub struct Proved {
    /// The running session's new tokens.
    pub tokens: AuthTokens,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
}

/// Proves the second factor in the running session.
pub async fn prove(app: &App, call: &Call, typed: &str) -> Done<Proved> {
    let (tx, own, factor) = proven(app, call, "proveSecondFactor", typed).await?;
    let event = IdentityEvent::SecondFactorUsed;
    identity::save_second_factor(&tx, &own.permit, own.account, &factor, event).await?;
    let proved = |session: Session, now| session.second_factor_proved(now);
    let tokens = renew_own(app, call, &tx, &own.permit, proved).await?;
    tx.commit().await?;
    Ok(Proved { tokens, recovery_codes_left: factor.recovery_left() })
}

/// Replaces the recovery codes, used or not.
pub async fn renew_recovery(app: &App, call: &Call, typed: &str) -> Done<Vec<String>> {
    let (tx, own, factor) = proven(app, call, "renewRecoveryCodes", typed).await?;
    let (codes, hashes) = draw_recovery(app, own.account);
    let factor = factor.renew_recovery(hashes)?;
    let event = IdentityEvent::RecoveryCodesRenewed;
    identity::save_second_factor(&tx, &own.permit, own.account, &factor, event).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes the second factor; answers the running session, which has proved none now.
pub async fn disable(app: &App, call: &Call, typed: &str) -> Done<Session> {
    let own = Own::of(call)?;
    let rights = rights(app, &app.store, own.district, own.account).await?;
    if second_factor_demanded(app, &rights) {
        return Err(Refusal::Required.into());
    }
    let (tx, own, _) = proven(app, call, "disableSecondFactor", typed).await?;
    identity::delete_second_factor(&tx, &own.permit, own.account).await?;
    let session = identity::lock_session(&tx, own.district, call.person()?.session_id).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    forget_rights(app, own.district, own.account).await;
    Ok(session.ok_or(Denied::Unauthenticated)?)
}
