//! Giving, changing and taking back grants.

use chrono::{DateTime, Duration, Utc};
use zhibu_domain::{
    id::{AccountId, DistrictId, OrgUnitId, TokenGrantId},
    member::{Account, ContactLanguage},
    organization::OrgUnit,
    policy::{ACCESS, Action, Actor, Denied, Permit, Relation, Subject},
    token::{
        self as rules, Grant, GrantChange, GrantKind, Holder, MOST_PERSONAL, NewGrant, Secret,
        TokenRefusal as Refusal, TokenScope,
    },
};
use zhibu_persistence::{
    StoreError, Tx, member, organization,
    token::{self, Known},
};

use crate::{
    app::App,
    auth::api_key,
    call::Call,
    error::Stop,
    identity::{has_proved, rights},
    once::Once,
};

/// A grant with its new secret, which is shown only now; none when the same request came before.
pub struct Issued {
    /// The grant.
    pub known: Known,
    /// The secret.
    pub secret: Option<String>,
}

type Done<T> = Result<T, Stop<Refusal>>;

async fn unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Done<OrgUnit> {
    let unit = organization::unit(tx, district, id).await?.ok_or(Denied::Hidden)?;
    if unit.dissolved_at.is_some() {
        return Err(Refusal::UnitDissolved.into());
    }
    Ok(unit)
}

/// Whether the caller may do there themselves all that the scopes give a client: nobody passes on more.
fn may_give(call: &Call, scopes: &[TokenScope], unit: &OrgUnit) -> Done<()> {
    let given = ACCESS.iter().filter(|row| {
        row.relations.contains(&Relation::Integrator)
            && row.action.token_scope().is_some_and(|scope| scopes.contains(&scope))
    });
    for row in given {
        call.permit(row.action, Subject::unit(&unit.path)).map_err(|_| Refusal::BeyondYours)?;
    }
    Ok(())
}

fn draw(app: &App, kind: GrantKind, now: DateTime<Utc>) -> (String, Secret) {
    let key = api_key::draw(kind, &app.auth.random);
    (key.text, Secret { hash: key.hash, tail: key.tail, created_at: now, expires_at: None })
}

async fn found(tx: &Tx, district: DistrictId, id: TokenGrantId) -> Done<Known> {
    Ok(token::lock(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

async fn insert(app: &App, tx: &Tx, permit: &Permit, grant: &Grant) -> Result<String, StoreError> {
    let (text, secret) = draw(app, grant.kind, tx.now());
    token::insert_grant(tx, permit, grant, &secret).await?;
    Ok(text)
}

async fn finish(app: &App, tx: Tx) -> Result<(), StoreError> {
    tx.commit().await?;
    app.memo.clear();
    Ok(())
}

/// Makes another system a client, with an account of its own, so that the audit says what it did.
pub async fn create_client(app: &App, call: &Call, new: NewGrant, once: Once) -> Done<Issued> {
    let tx = app.begin(call, "createOAuthClient").await?;
    let district = call.district()?;
    let unit = organization::unit(&tx, district, new.unit_id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::ManageClient, Subject::unit(&unit.path))?;
    if !matches!(call.actor, Actor::System(_))
        && let Some(made) = once.earlier(&tx, call).await?
    {
        return Ok(Issued { known: found(&tx, district, TokenGrantId(made)).await?, secret: None });
    }
    if unit.dissolved_at.is_some() {
        return Err(Refusal::UnitDissolved.into());
    }
    may_give(call, &new.scopes, &unit)?;
    let account_id: AccountId = app.id();
    let holder = Holder {
        kind: GrantKind::Client,
        account_id,
        created_by: call.actor.account_id(),
        second_factor: false,
    };
    let grant = Grant::issue(app.id(), new, holder, tx.now())?;
    let (name, created_at) = (grant.name.clone(), tx.now());
    let account = Account { id: account_id, name, phone: None, language: ContactLanguage::Zh, created_at };
    member::insert_account(&tx, &permit, &account).await?;
    let secret = insert(app, &tx, &permit, &grant).await?;
    if !matches!(call.actor, Actor::System(_)) {
        once.keep(&tx, call, grant.id.0).await?;
    }
    let known = found(&tx, district, grant.id).await?;
    finish(app, tx).await?;
    Ok(Issued { known, secret: Some(secret) })
}

/// Gives the caller a token of their own. A token makes no tokens, and whoever holds a post has proved the
/// second factor where it is asked for.
pub async fn create_personal(app: &App, call: &Call, new: NewGrant, once: Once) -> Done<Issued> {
    let person = call.person()?;
    let permit = call.permit_own()?;
    if !person.posts.is_empty() && person.second_factor_missing {
        return Err(Denied::SecondFactorMissing.into());
    }
    if person.password_change_due {
        return Err(Denied::PasswordChangeDue.into());
    }
    let tx = app.begin(call, "createPersonalToken").await?;
    let (district, account_id) = (person.district_id, person.account_id);
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(Issued { known: found(&tx, district, TokenGrantId(made)).await?, secret: None });
    }
    unit(&tx, district, new.unit_id).await?;
    if token::count_personal(&tx, district, account_id).await? >= MOST_PERSONAL {
        return Err(Refusal::TooMany.into());
    }
    let rights = rights(app, &tx, district, account_id).await?;
    let holder = Holder {
        kind: GrantKind::Personal,
        account_id,
        created_by: Some(account_id),
        second_factor: has_proved(app, &rights, person.second_factor_missing),
    };
    let grant = Grant::issue(app.id(), new, holder, tx.now())?;
    let secret = insert(app, &tx, &permit, &grant).await?;
    once.keep(&tx, call, grant.id.0).await?;
    let known = found(&tx, district, grant.id).await?;
    finish(app, tx).await?;
    Ok(Issued { known, secret: Some(secret) })
}

/// Whether the caller may manage a grant: one's own token, or a client of a unit.
fn manage(call: &Call, known: &Known) -> Result<Permit, Denied> {
    match (known.grant.kind, &call.actor) {
        (GrantKind::Personal, Actor::Person(_)) => {
            let own = call.person()?.account_id == known.grant.account_id;
            if own { call.permit_own() } else { Err(Denied::Hidden) }
        }
        _ => call.permit(Action::ManageClient, Subject::unit(&known.path)),
    }
}

/// Changes a client. Neither what it had nor what it gets goes beyond what the caller may do.
pub async fn change_client(
    app: &App,
    call: &Call,
    id: TokenGrantId,
    version: i32,
    change: GrantChange,
) -> Done<Known> {
    let tx = app.begin(call, "changeOAuthClient").await?;
    let district = call.district()?;
    let known = found(&tx, district, id).await?;
    if known.grant.kind != GrantKind::Client {
        return Err(Denied::Hidden.into());
    }
    let permit = manage(call, &known)?;
    let after = known.grant.clone().change(change, version, tx.now())?;
    let unit = unit(&tx, district, after.unit_id).await?;
    call.permit(Action::ManageClient, Subject::unit(&unit.path))?;
    may_give(call, &after.scopes, &unit)?;
    token::update_grant(&tx, &permit, &known.grant, &after).await?;
    let known = found(&tx, district, id).await?;
    finish(app, tx).await?;
    Ok(known)
}

/// Gives a grant a new secret, and a new end where one is named. The old secret goes on for a while. Whoever
/// gets a client's secret could do what it may, so it needs the same rights as to create it.
pub async fn rotate(
    app: &App,
    call: &Call,
    id: TokenGrantId,
    overlap: Duration,
    expires_at: Option<DateTime<Utc>>,
) -> Done<Issued> {
    let tx = app.begin(call, "rotateTokenGrant").await?;
    let district = call.district()?;
    let known = found(&tx, district, id).await?;
    let permit = manage(call, &known)?;
    let unit = unit(&tx, district, known.grant.unit_id).await?;
    match known.grant.kind {
        GrantKind::Client => may_give(call, &known.grant.scopes, &unit)?,
        GrantKind::Personal if call.actor.person().is_some_and(|p| p.second_factor_missing) => {
            return Err(Denied::SecondFactorMissing.into());
        }
        GrantKind::Personal => {}
    }
    let (text, new) = draw(app, known.grant.kind, tx.now());
    let secrets = rules::rotate(&known.grant, &known.secrets, new, overlap, tx.now())?;
    if expires_at.is_some() {
        let renewal = GrantChange { expires_at, ..GrantChange::default() };
        let after = known.grant.clone().change(renewal, known.grant.version, tx.now())?;
        token::update_grant(&tx, &permit, &known.grant, &after).await?;
    }
    token::replace_secrets(&tx, &permit, &known, &secrets).await?;
    let known = found(&tx, district, id).await?;
    finish(app, tx).await?;
    Ok(Issued { known, secret: Some(text) })
}

/// Takes a grant back, with all that was issued by it. Once more changes nothing.
pub async fn revoke(app: &App, call: &Call, id: TokenGrantId) -> Done<Known> {
    let tx = app.begin(call, "revokeTokenGrant").await?;
    let district = call.district()?;
    let known = found(&tx, district, id).await?;
    let permit = manage(call, &known)?;
    let after = known.grant.clone().revoke(tx.now());
    if after != known.grant {
        token::update_grant(&tx, &permit, &known.grant, &after).await?;
    }
    let known = found(&tx, district, id).await?;
    finish(app, tx).await?;
    Ok(known)
}
