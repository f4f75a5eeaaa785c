//! What somebody signed in does with their bindings.

use zhibu_domain::{
    id::WeChatBindingId,
    identity::{WeChatBinding, bind as decide},
    policy::Denied,
};
use zhibu_persistence::{identity, member};

use super::{Done, admit, identify, program, save};
use crate::{app::App, call::Call, error::OpError};

/// Binds the WeChat account whose code is presented to the caller's account. With `moves` it is taken from
/// the account that it is bound to, which the same code would have signed in to: both sides are proved. It is a
/// way in: nobody opens one who hasn't proved all that the account asks for.
pub async fn link(app: &App, call: &Call, code: &str, app_id: &str, moves: bool) -> Done<WeChatBinding> {
    let permit = call.permit_own()?;
    let person = call.person()?;
    // Whoever issued the password knows it, too.
    if person.password_change_due {
        return Err(Denied::PasswordChangeDue.into());
    }
    if person.second_factor_missing {
        return Err(Denied::SecondFactorMissing.into());
    }
    let wechat = program(app, app_id)?;
    let (district, account) = (permit.district_id(), call.account()?);
    // Before WeChat is asked.
    admit(app, district, app.auth.codes.account_digest(account))?;
    let who = identify(wechat, code).await?;
    let tx = app.begin(call, "linkWeChat").await?;
    let account = member::account(&tx, district, account).await?.ok_or(Denied::Unauthenticated)?;
    let known = identity::bindings_to(&tx, district, &who).await?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let bound = decide(&known, &own, account.id, &who, moves)?;
    let ended = save(app, &tx, &permit, &account, &who, &bound).await?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let binding = own.into_iter().find(|binding| binding.is_of(&who));
    let binding = binding.ok_or(OpError::internal("what was bound isn't there"))?;
    tx.commit().await?;
    app.memo.revoke(ended);
    app.hub.wake();
    Ok(binding)
}

/// The caller's bindings.
pub async fn bindings(app: &App, call: &Call) -> Result<Vec<WeChatBinding>, OpError> {
    let permit = call.permit_own()?;
    Ok(identity::bindings_of(&app.store, permit.district_id(), call.account()?).await?)
}

/// Ends one of the caller's bindings, and the sessions that began by it but the running one.
pub async fn unbind(app: &App, call: &Call, id: WeChatBindingId) -> Done<usize> {
    let permit = call.permit_own()?;
    let tx = app.begin(call, "unbindWeChat").await?;
    let own = identity::bindings_of(&tx, permit.district_id(), call.account()?).await?;
    let binding = own.iter().find(|binding| binding.id == id).ok_or(Denied::Hidden)?;
    identity::delete_binding(&tx, &permit, binding).await?;
    let running = Some(call.person()?.session_id);
    let ended = identity::revoke_bound_sessions(&tx, &permit, binding, running).await?;
    tx.commit().await?;
    let count = ended.len();
    app.memo.revoke(ended);
    Ok(count)
}
