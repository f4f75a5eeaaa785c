//! Changing, setting and resetting one's own password.

use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId},
    identity::{
        OneTimeCodePurpose, PasswordRefusal as Refusal, RevocationReason, SecretHash, SignInRefusal,
        check_password,
    },
    member::{Account, PhoneNumber},
    policy::{Denied, Permit},
    rule::Rules,
};
use zhibu_persistence::{
    Tx,
    identity::{self, Credential, Whom},
    member,
};

use super::{
    AuthTokens, count_failure, hashed, is_right, password_key,
    session::renew_own,
    sign_in::{Attempt, try_code},
};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop, at},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// A password that was changed.
pub struct Changed {
    /// The running session's new tokens.
    pub tokens: AuthTokens,
    /// How many other sessions were ended.
    pub sessions_ended: usize,
}

/// Somebody signed in, about to change the own password.
struct Own {
    permit: Permit,
    district: DistrictId,
    account: Account,
    key: SecretHash,
    rules: Rules,
}

impl Own {
    async fn load(app: &App, call: &Call) -> Result<Self, OpError> {
        let permit = call.permit_own()?;
        let district = permit.district_id();
        let account = member::account(&app.store, district, call.account()?).await?;
        let account = account.ok_or(Denied::Unauthenticated)?;
        let rules = app.rules(district).await?;
        Ok(Self { permit, district, key: password_key(app, &account), account, rules })
    }

    fn check(&self, new: &str, same_as_old: bool) -> Done<()> {
        check_new(&self.account, new, same_as_old, &self.rules)
    }
}

fn check_new(account: &Account, new: &str, same_as_old: bool, rules: &Rules) -> Done<()> {
    let phone = account.phone.as_ref().map_or("", |p| p.national());
    check_password(new, phone, &account.name, same_as_old, rules).map_err(at("newPassword"))
}

/// Changes one's own password; the running session goes on, all others end.
pub async fn change(app: &App, call: &Call, current: &str, new: String) -> Done<Changed> {
    let own = Own::load(app, call).await?;
    let credential = identity::credential(&app.store, own.district, own.account.id).await?;
    let credential = credential.ok_or(Refusal::NoPassword)?;
    let right = is_right(app, Some(&credential), current).await?;
    // What is wrong with the new password is told only once no lock is found: else it would
    // tell a guesser that the current one was right.
    let good = own.check(&new, new == current);
    let hash = if right && good.is_ok() { Some(hashed(app, new).await?) } else { None };
    let tx = app.begin(call, "changePassword").await?;
    let mut count = identity::lock_count(&tx, own.district, own.key).await?;
    if count.before.check(tx.now()).is_err() {
        return Err(Refusal::Locked.into());
    }
    let now = identity::lock_credential(&tx, own.district, own.account.id).await?;
    if !right || now.as_ref() != Some(&credential) {
        count.after = count.before.failed(tx.now(), &own.rules);
        let (whom, why) = (Whom::Account(own.account.id), Refusal::WrongPassword);
        identity::save_failure(&tx, &own.permit, whom, why, &[count]).await?;
        tx.commit().await?;
        return Err(at("currentPassword")(Refusal::WrongPassword));
    }
    good?;
    let hash = hash.ok_or(OpError::internal("a good password without a hash"))?;
    count.after = count.before.succeeded();
    identity::save_counts(&tx, &own.permit, &[count]).await?;
    install(app, call, tx, &own, hash).await
}

/// Sets a password where there is none yet: for who signed in by one-time code.
pub async fn set(app: &App, call: &Call, new: String) -> Done<Changed> {
    let own = Own::load(app, call).await?;
    if identity::credential(&app.store, own.district, own.account.id).await?.is_some() {
        return Err(Refusal::HasPassword.into());
    }
    own.check(&new, false)?;
    let hash = hashed(app, new).await?;
    let tx = app.begin(call, "setPassword").await?;
    identity::lock_count(&tx, own.district, own.key).await?;
    if identity::lock_credential(&tx, own.district, own.account.id).await?.is_some() {
        return Err(Refusal::HasPassword.into());
    }
    install(app, call, tx, &own, hash).await
}

async fn install(app: &App, call: &Call, tx: Tx, own: &Own, hash: String) -> Done<Changed> {
    let session = call.person()?.session_id;
    let ended = save(&tx, &own.permit, own.account.id, hash, Some(session)).await?;
    let tokens = renew_own(app, call, &tx, &own.permit, |session, _| session).await?;
    tx.commit().await?;
    let sessions_ended = ended.len();
    app.memo.revoke(ended);
    Ok(Changed { tokens, sessions_ended })
}

async fn save(
    tx: &Tx,
    permit: &Permit,
    account: AccountId,
    password_hash: String,
    keep: Option<SessionId>,
) -> Result<Vec<SessionId>, OpError> {
    let credential = Credential { password_hash, changed_at: Some(tx.now()) };
    identity::save_credential(tx, permit, account, &credential).await?;
    let why = RevocationReason::PasswordChanged;
    Ok(identity::revoke_sessions(tx, permit, account, keep, why).await?)
}

/// Who resets a password.
pub struct Resetting {
    /// The number.
    pub phone: PhoneNumber,
    /// The district's code.
    pub district: Option<String>,
    /// The one-time code.
    pub code: String,
    /// The new password.
    pub new: String,
}

fn worded(why: SignInRefusal) -> Refusal {
    match why {
        SignInRefusal::BadCredentials => Refusal::WrongPassword,
        SignInRefusal::CodeWrong | SignInRefusal::SecondFactorWrong => Refusal::CodeWrong,
        SignInRefusal::Locked => Refusal::Locked,
        SignInRefusal::TooManyFromAddress => Refusal::TooManyFromAddress,
        SignInRefusal::DistrictRequired => Refusal::DistrictRequired,
        // Nobody resets a password through WeChat.
        SignInRefusal::UnknownMiniProgram
        | SignInRefusal::WeChatCodeWrong
        | SignInRefusal::WeChatBlocked
        | SignInRefusal::BindingTicketExpired
        | SignInRefusal::BindingRefused
        | SignInRefusal::WeChatBoundElsewhere => Refusal::CodeWrong,
    }
}

fn reworded(stop: Stop<SignInRefusal>) -> Stop<Refusal> {
    match stop {
        Stop::Refused(why, field) => Stop::Refused(worded(why), field),
        Stop::Error(error) => Stop::Error(error),
    }
}

/// Chooses a new password by one-time code; all sessions end. Answers how many.
pub async fn reset(app: &App, call: &Call, resetting: Resetting) -> Done<usize> {
    let code = resetting.district.as_deref();
    let attempt = Attempt::open(app, call, code, &resetting.phone).await.map_err(reworded)?;
    let purpose = OneTimeCodePurpose::ResetPassword;
    let presented = app.auth.codes.hash(&resetting.phone, purpose, &resetting.code);
    // What is wrong with the new password tells of the account: only who has the code learns it.
    let account = examine(app, call, &attempt, presented).await?;
    let old = attempt.known.credential.as_ref();
    let same_as_old = old.is_some() && is_right(app, old, &resetting.new).await?;
    check_new(&account, &resetting.new, same_as_old, &attempt.rules)?;
    let hash = hashed(app, resetting.new).await?;
    spend(app, call, &attempt, account.id, presented, hash).await
}

/// Tries the code without spending it, so that a better password can be offered with it.
async fn examine(app: &App, call: &Call, attempt: &Attempt, presented: SecretHash) -> Done<Account> {
    let tx = app.begin(call, "resetPassword").await?;
    let now = tx.now();
    let mut count = identity::lock_count(&tx, attempt.district, attempt.key).await?;
    attempt.gate(&count, now).map_err(worded)?;
    let (code, tried) = try_code(&tx, attempt, OneTimeCodePurpose::ResetPassword, presented).await?;
    let permit = Permit::signing_in(attempt.district, None);
    if let Some(mut code) = code {
        code.used_at = code.used_at.filter(|_| tried.is_err());
        identity::save_code(&tx, &permit, attempt.key, &code).await?;
    }
    match attempt.known.account.clone().filter(|_| tried.is_ok()) {
        Some(account) => {
            tx.commit().await?;
            Ok(account)
        }
        None => {
            count.after = count.before.failed(now, &attempt.rules);
            let why = Refusal::CodeWrong;
            identity::save_failure(&tx, &permit, attempt.whom(), why, &[count]).await?;
            tx.commit().await?;
            count_failure(app, call, now);
            Err(at("code")(why))
        }
    }
}

/// Spends the code on the new password.
async fn spend(
    app: &App,
    call: &Call,
    attempt: &Attempt,
    account: AccountId,
    presented: SecretHash,
    hash: String,
) -> Done<usize> {
    let purpose = OneTimeCodePurpose::ResetPassword;
    let permit = Permit::signing_in(attempt.district, Some(account));
    let tx = app.begin(call, "resetPassword").await?;
    let mut count = identity::lock_count(&tx, attempt.district, attempt.key).await?;
    let code = identity::lock_code(&tx, attempt.district, attempt.key, purpose).await?;
    let unspent = code.filter(|code| code.hash == presented && code.used_at.is_none());
    let mut code = unspent.ok_or_else(|| at("code")(Refusal::CodeWrong))?;
    code.used_at = Some(tx.now());
    identity::save_code(&tx, &permit, attempt.key, &code).await?;
    identity::accept_code(&tx, &permit, account, purpose).await?;
    count.after = count.before.succeeded();
    identity::save_counts(&tx, &permit, &[count]).await?;
    let ended = save(&tx, &permit, account, hash, None).await?;
    tx.commit().await?;
    let count = ended.len();
    app.memo.revoke(ended);
    app.memo.grants.clear();
    Ok(count)
}
