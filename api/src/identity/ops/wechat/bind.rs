//! Binding a WeChat account that nobody has yet: by the phone number that WeChat vouches for, or by a code
//! of the branch.

use zhibu_domain::{
    id::{AccountId, DistrictId},
    identity::{BindingCode, SecretHash, SignInRefusal as Refusal, WeChatIdentity, bind as decide, gate},
    member::PhoneNumber,
    policy::Permit,
    rule::RuleKey,
};
use zhibu_persistence::{
    Tx,
    identity::{self, Counted, Whom},
    member,
};

use super::{Done, LONGEST_CODE, admit, opening, program, save};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    identity::ops::{
        address_blocked, count_failure,
        sign_in::{Entered, device_label},
    },
    wechat::{WeChat, WeChatError, WeChatFault},
};

/// What tells whose account it is.
pub enum Claim {
    /// The code of `getPhoneNumber`.
    Phone(String),
    /// The code that the branch has issued.
    Branch(String),
}

/// A claim, as far as it could be examined outside the transaction.
enum Found {
    Phone(Option<PhoneNumber>),
    Branch(SecretHash),
}

/// Binds the WeChat account of a ticket to the account of who proves to be its holder, and signs them in.
pub async fn bind(app: &App, call: &Call, ticket: &str, claim: Claim, label: Option<&str>) -> Done<Entered> {
    let (district, who) = app.auth.bindings.read(ticket, app.now()).ok_or(Refusal::BindingTicketExpired)?;
    let wechat = program(app, &who.app_id).map_err(|_| Refusal::BindingTicketExpired)?;
    let rules = app.rules(district).await?;
    let key = app.auth.binding_codes.digest(&who);
    let address_blocked = address_blocked(app, call, rules.get(RuleKey::AddressFailuresPerHour), app.now());
    // Before WeChat is asked for a number, which costs.
    gate(address_blocked, &identity::lockout(&app.store, district, key).await?, app.now())?;
    admit(app, district, key)?;
    let found = match claim {
        Claim::Phone(code) => Found::Phone(phone(wechat, &code, &who).await?),
        Claim::Branch(code) => Found::Branch(app.auth.binding_codes.hash(district, &code)),
    };
    let tx = app.begin(call, "bindWeChat").await?;
    let mut count = identity::lock_count(&tx, district, key).await?;
    gate(false, &count.before, tx.now())?;
    let Some((account, code)) = holder(&tx, district, found).await? else {
        count.after = count.before.failed(tx.now(), &rules);
        refuse(app, call, tx, district, count).await?;
        return Err(Refusal::BindingRefused.into());
    };
    let permit = Permit::signing_in(district, Some(account));
    let account = member::account(&tx, district, account).await?;
    let account = account.ok_or(OpError::internal("a binding code of nobody"))?;
    let known = identity::bindings_to(&tx, district, &who).await?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let bound = decide(&known, &own, account.id, &who, false)?;
    if let Some(code) = &code {
        identity::spend_binding_code(&tx, &permit, code).await?;
    }
    count.after = count.before.succeeded();
    identity::save_counts(&tx, &permit, &[count]).await?;
    let ended = save(app, &tx, &permit, &account, &who, &bound).await?;
    let opening = opening(app, &tx, district, account, &who.app_id, device_label(label, call)).await?;
    let entered = opening.commit(app, tx, &permit).await?;
    app.memo.revoke(ended);
    app.hub.wake();
    Ok(entered)
}

/// The phone number of who holds the phone; none where WeChat doesn't take the code as theirs.
async fn phone(wechat: &WeChat, code: &str, who: &WeChatIdentity) -> Done<Option<PhoneNumber>> {
    if code.is_empty() || code.len() > LONGEST_CODE {
        return Ok(None);
    }
    match wechat.phone(code, &who.open_id).await {
        Ok(number) => Ok(Some(number)),
        // 40013 is WeChat's word for a code of another mini-program.
        Err(WeChatError::Told(WeChatFault::BadCode, _) | WeChatError::Told(WeChatFault::Misfit, 40013)) => {
            Ok(None)
        }
        Err(other) => Err(Stop::Error(other.into())),
    }
}

/// Whose account it is, with the branch's code as used.
async fn holder(
    tx: &Tx,
    district: DistrictId,
    found: Found,
) -> Result<Option<(AccountId, Option<BindingCode>)>, OpError> {
    Ok(match found {
        Found::Phone(None) => None,
        Found::Phone(Some(number)) => {
            member::account_by_phone(tx, district, &number).await?.map(|account| (account.id, None))
        }
        Found::Branch(hash) => {
            let code = identity::lock_binding_code(tx, district, hash).await?;
            let code = code.and_then(|code| code.spend(tx.now()).ok());
            code.map(|code| (code.account_id, Some(code)))
        }
    })
}

/// Remembers a failure.
async fn refuse(app: &App, call: &Call, tx: Tx, district: DistrictId, count: Counted) -> Result<(), OpError> {
    let (permit, now) = (Permit::signing_in(district, None), tx.now());
    let whom = Whom::Nobody(count.key);
    identity::save_failure(&tx, &permit, whom, Refusal::BindingRefused, &[count]).await?;
    tx.commit().await?;
    count_failure(app, call, now);
    Ok(())
}
