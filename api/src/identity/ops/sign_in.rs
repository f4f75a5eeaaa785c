//! Signing in by password or by one-time code.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::DistrictId,
    identity::{
        Candidate, Findings, IdentityEvent, NewSession, OneTimeCode, OneTimeCodePurpose, OneTimeCodeRefusal,
        Proof, SecondProof, SecretHash, Session, SignIn, SignInRefusal, SignedIn, decide, gate,
    },
    member::{Account, PhoneNumber},
    policy::Permit,
    rule::{RuleKey, Rules},
    text,
};
use zhibu_persistence::{
    Tx,
    identity::{self, Counted, Known, Whom},
};

use super::{
    AuthTokens, address_blocked, bearer, count_failure, district, is_right,
    second_factor::{Tried, try_second},
    tokens,
};
use crate::{
    app::App,
    auth::{password_hash::needs_rehash, token::Bearer},
    call::Call,
    error::{OpError, Stop},
    identity::actor::{rights, second_factor_missing},
    memo::Rights,
};

/// Longest name of a device.
const LONGEST_LABEL: usize = 100;

/// Who wants in, from which device.
pub struct Entrant {
    /// The number.
    pub phone: PhoneNumber,
    /// The district's code.
    pub district: Option<String>,
    /// The authenticator's code or a recovery code.
    pub second_factor: Option<String>,
    /// What the holder calls the device.
    pub device_label: Option<String>,
}

/// Somebody who is in.
pub struct Entered {
    /// The tenant.
    pub district_id: DistrictId,
    /// What continues and proves the session.
    pub tokens: AuthTokens,
    /// Whose.
    pub account: Account,
    /// The session.
    pub session: Session,
    /// Whether the posts' rights sleep until the second factor is proved.
    pub second_factor_missing: bool,
    /// Whether nothing but changing the password is allowed.
    pub password_change_due: bool,
}

impl Entered {
    /// What the access token says.
    pub fn bearer(&self) -> Bearer {
        bearer(self.district_id, &self.session, self.password_change_due)
    }
}

type Done = Result<Entered, Stop<SignInRefusal>>;

/// An attempt, as far as it is known before the proofs are examined.
pub(super) struct Attempt {
    pub(super) district: DistrictId,
    pub(super) key: SecretHash,
    pub(super) rules: Rules,
    pub(super) known: Known,
    address_blocked: bool,
}

impl Attempt {
    /// Looks a number up, and refuses what isn't worth examining.
    pub(super) async fn open(
        app: &App,
        call: &Call,
        code: Option<&str>,
        phone: &PhoneNumber,
    ) -> Result<Self, Stop<SignInRefusal>> {
        let Some(district) = district(app, code).await? else {
            return Err(SignInRefusal::DistrictRequired.into());
        };
        let district = DistrictId(district.id);
        let (now, rules) = (app.now(), app.rules(district).await?);
        let key = app.auth.codes.phone_digest(phone);
        let address_blocked = address_blocked(app, call, rules.get(RuleKey::AddressFailuresPerHour), now);
        let known = identity::known(&app.store, district, phone, key).await?;
        gate(address_blocked, &known.lockout, now)?;
        Ok(Self { district, key, rules, known, address_blocked })
    }

    /// Whom the attempt is about.
    pub(super) fn whom(&self) -> Whom {
        Whom::of(self.known.account.as_ref().map(|a| a.id), self.key)
    }

    /// Whether it is still worth examining, by the counts as they are now.
    pub(super) fn gate(&self, count: &Counted, now: DateTime<Utc>) -> Result<(), SignInRefusal> {
        gate(self.address_blocked, &count.before, now)
    }
}

/// The first proof, as far as it could be examined outside the transaction.
enum First {
    /// The password was right against the hash that was known then.
    Password { right: bool, rehashed: Option<String> },
    /// The digest of a code.
    Code(SecretHash),
}

/// Signs somebody in by password.
pub async fn by_password(app: &App, call: &Call, entrant: Entrant, password: String) -> Done {
    let attempt = Attempt::open(app, call, entrant.district.as_deref(), &entrant.phone).await?;
    let credential = attempt.known.credential.as_ref();
    let right = is_right(app, credential, &password).await?;
    let old = right && credential.is_some_and(|known| needs_rehash(&known.password_hash));
    // A newer hash is welcome, not needed: when the hashers are busy, the next sign-in brings it.
    let rehashed = if old { app.auth.passwords.hash(password).await.ok() } else { None };
    let tx = app.begin(call, "signIn").await?;
    examine(app, call, tx, entrant, attempt, First::Password { right, rehashed }).await
}

/// Signs somebody in by one-time code.
pub async fn by_code(app: &App, call: &Call, entrant: Entrant, code: &str) -> Done {
    let attempt = Attempt::open(app, call, entrant.district.as_deref(), &entrant.phone).await?;
    let presented = app.auth.codes.hash(&entrant.phone, OneTimeCodePurpose::SignIn, code);
    let tx = app.begin(call, "signInWithOneTimeCode").await?;
    examine(app, call, tx, entrant, attempt, First::Code(presented)).await
}

/// Tries a code, as it is now. A number without one is refused as a wrong code is.
pub(super) async fn try_code(
    tx: &Tx,
    attempt: &Attempt,
    purpose: OneTimeCodePurpose,
    presented: SecretHash,
) -> Result<(Option<OneTimeCode>, Result<(), OneTimeCodeRefusal>), OpError> {
    Ok(match identity::lock_code(tx, attempt.district, attempt.key, purpose).await? {
        Some(code) => {
            let (code, tried) = code.attempt(purpose, presented, tx.now());
            (Some(code), tried)
        }
        None => (None, Err(OneTimeCodeRefusal::Wrong)),
    })
}

/// What the proofs came to.
struct Examined {
    count: Counted,
    proof: Proof,
    code: Option<OneTimeCode>,
    /// The rights of who has given the first proof.
    rights: Option<Arc<Rights>>,
    second: Option<Tried>,
}

impl Examined {
    fn findings(&self, attempt: &Attempt) -> Findings {
        let offered =
            |tried: &Tried| SecondProof::Offered(tried.outcome.as_ref().map(drop).map_err(|why| *why));
        let holds_post = self.rights.as_ref().is_some_and(|rights| !rights.posts.is_empty());
        let candidate = attempt.known.account.as_ref().map(|account| Candidate {
            account_id: account.id,
            password_changed_at: attempt.known.credential.as_ref().and_then(|c| c.changed_at),
            holds_post,
        });
        Findings {
            address_blocked: attempt.address_blocked,
            lockout: self.count.before,
            second_lockout: self.second.as_ref().map(|tried| tried.count.before).unwrap_or_default(),
            candidate,
            proof: self.proof,
            second_proof: self.second.as_ref().map_or(SecondProof::NotOffered, offered),
        }
    }

    fn counts(&self, decided: &SignIn) -> Vec<Counted> {
        let first = Counted { after: decided.lockout, ..self.count };
        let second = self.second.as_ref();
        let second = second.map(|tried| Counted { after: decided.second_lockout, ..tried.count });
        std::iter::once(first).chain(second).collect()
    }
}

/// Examines the proofs against what is known now, and locked against parallel attempts.
async fn prove(
    app: &App,
    tx: &Tx,
    entrant: &Entrant,
    attempt: &Attempt,
    first: &First,
) -> Result<Examined, OpError> {
    let district = attempt.district;
    let count = identity::lock_count(tx, district, attempt.key).await?;
    let mut found = Examined { count, proof: Proof::Password(false), code: None, rights: None, second: None };
    if attempt.gate(&count, tx.now()).is_err() {
        return Ok(found);
    }
    found.proof = match first {
        First::Password { right, .. } => Proof::Password(*right && is_still_the_password(tx, attempt).await?),
        First::Code(presented) => {
            let (code, tried) = try_code(tx, attempt, OneTimeCodePurpose::SignIn, *presented).await?;
            found.code = code;
            Proof::Code(tried)
        }
    };
    let proved = matches!(found.proof, Proof::Password(true) | Proof::Code(Ok(())));
    if let Some(account) = attempt.known.account.as_ref().filter(|_| proved) {
        found.rights = Some(rights(app, tx, district, account.id).await?);
        if let Some(typed) = &entrant.second_factor {
            found.second = Some(try_second(app, tx, district, account.id, typed).await?);
        }
    }
    Ok(found)
}

/// Whether the password that was right a moment ago hasn't been changed meanwhile.
async fn is_still_the_password(tx: &Tx, attempt: &Attempt) -> Result<bool, OpError> {
    let Some(account) = &attempt.known.account else { return Ok(false) };
    let now = identity::lock_credential(tx, attempt.district, account.id).await?;
    Ok(now.is_some() && now == attempt.known.credential)
}

async fn examine(app: &App, call: &Call, tx: Tx, entrant: Entrant, attempt: Attempt, first: First) -> Done {
    let found = prove(app, &tx, &entrant, &attempt, &first).await?;
    let decided = decide(found.findings(&attempt), tx.now(), &attempt.rules);
    match (decided.outcome, attempt.known.account.clone()) {
        (Ok(signed_in), Some(account)) => {
            let entry = Entry { account, signed_in, entrant, first, counts: found.counts(&decided) };
            Ok(enter(app, call, tx, attempt, found, entry).await?)
        }
        (Ok(_), None) => Err(OpError::internal("nobody was signed in").into()),
        (Err(why), _) => {
            let now = tx.now();
            refuse(tx, &attempt, found, &decided, why).await?;
            if decided.counts_against_address() {
                count_failure(app, call, now);
            }
            Err(why.into())
        }
    }
}

async fn refuse(
    tx: Tx,
    attempt: &Attempt,
    mut found: Examined,
    decided: &SignIn,
    why: SignInRefusal,
) -> Result<(), OpError> {
    let permit = Permit::signing_in(attempt.district, None);
    let right = matches!(found.proof, Proof::Code(Ok(())));
    if let Some(code) = &mut found.code {
        // A right code is spent by signing in only: who mistypes the second factor needs it again.
        code.used_at = code.used_at.filter(|_| !right);
        identity::save_code(&tx, &permit, attempt.key, code).await?;
    }
    identity::save_failure(&tx, &permit, attempt.whom(), why, &found.counts(decided)).await?;
    Ok(tx.commit().await?)
}

/// Who is let in, and how.
struct Entry {
    account: Account,
    signed_in: SignedIn,
    entrant: Entrant,
    first: First,
    counts: Vec<Counted>,
}

async fn enter(
    app: &App,
    call: &Call,
    tx: Tx,
    attempt: Attempt,
    found: Examined,
    entry: Entry,
) -> Result<Entered, OpError> {
    let (district, account) = (attempt.district, entry.account);
    let permit = Permit::signing_in(district, Some(account.id));
    if let Some(code) = &found.code {
        identity::save_code(&tx, &permit, attempt.key, code).await?;
    }
    identity::save_counts(&tx, &permit, &entry.counts).await?;
    if let Some(Tried { outcome: Ok(factor), .. }) = &found.second {
        let event = IdentityEvent::SecondFactorUsed;
        identity::save_second_factor(&tx, &permit, account.id, factor, event).await?;
    }
    let by_password = matches!(entry.first, First::Password { .. });
    if let First::Password { rehashed: Some(hash), .. } = entry.first {
        identity::rehash(&tx, &permit, account.id, hash).await?;
    }
    let rights = found.rights.ok_or(OpError::internal("signed in without rights"))?;
    let opening = Opening {
        account,
        rights,
        signed_in: entry.signed_in,
        by_password,
        mini_program: None,
        device_label: device_label(entry.entrant.device_label.as_deref(), call),
    };
    opening.commit(app, tx, &permit).await
}

/// A session that somebody who has proved who they are is about to get.
pub(super) struct Opening {
    /// Whose.
    pub(super) account: Account,
    /// What they may do.
    pub(super) rights: Arc<Rights>,
    /// What was proved.
    pub(super) signed_in: SignedIn,
    /// Whether by the password.
    pub(super) by_password: bool,
    /// By which mini-program.
    pub(super) mini_program: Option<String>,
    /// On which device.
    pub(super) device_label: Option<String>,
}

impl Opening {
    /// Opens the session, and commits what was done before.
    pub(super) async fn commit(self, app: &App, tx: Tx, permit: &Permit) -> Result<Entered, OpError> {
        let Self { account, rights, signed_in, by_password, mini_program, device_label } = self;
        let (district, now) = (permit.district_id(), tx.now());
        let rules = app.rules(district).await?;
        let id = app.id();
        let refresh = app.auth.refresh.issue(district, id, &app.auth.random);
        let session = NewSession {
            id,
            account_id: account.id,
            device_label,
            by_password,
            mini_program,
            second_factor: signed_in.second_factor,
            refresh: refresh.hash,
        }
        .open(!rights.posts.is_empty(), now, &rules);
        identity::insert_session(&tx, permit, &session).await?;
        tx.commit().await?;
        let password_change_due = signed_in.password_change_due;
        Ok(Entered {
            district_id: district,
            tokens: tokens(app, district, &session, refresh, password_change_due, now)?,
            second_factor_missing: second_factor_missing(app, &rights, signed_in.second_factor),
            password_change_due,
            account,
            session,
        })
    }
}

/// What the holder calls the device, else what it calls itself.
pub(super) fn device_label(label: Option<&str>, call: &Call) -> Option<String> {
    let own = || call.device.as_deref().map(|agent| agent.chars().take(LONGEST_LABEL).collect::<String>());
    let label = label.and_then(|label| text::line(label, LONGEST_LABEL));
    label.or_else(|| own().and_then(|agent| text::line(&agent, LONGEST_LABEL)))
}
