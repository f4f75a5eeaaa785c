//! What somebody signed in does with their bindings.

use zhibu_domain::{
    id::WeChatBindingId,
    identity::{WeChatBinding, bind as decide},
    policy::Denied,
};
use zhibu_persistence::{identity, member};

use super::{Done, identify, program, save};
use crate::{app::App, call::Call, error::OpError};

/// Binds the WeChat account whose code is presented to the caller's account. With `moves` it is taken from
/// the account that it is bound to, which the same code would have signed in to: both sides are proved.
pub async fn link(app: &App, call: &Call, code: &str, app_id: &str, moves: bool) -> Done<WeChatBinding> {
    let permit = call.permit_own()?;
    let wechat = program(app, app_id)?;
    let who = identify(wechat, code).await?;
    let tx = app.begin(call, "linkWeChat").await?;
    let district = permit.district_id();
    let account = member::account(&tx, district, call.account()?).await?.ok_or(Denied::Unauthenticated)?;
    let known = identity::bindings_to(&tx, district, &who).await?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let bound = decide(&known, &own, account.id, &who, moves)?;
    let ended = save(app, &tx, &permit, &account, &who, &bound).await?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let binding = own.into_iter().find(|binding| binding.is_of(&who));
    let binding = binding.ok_or(OpError::internal("what was bound isn't there"))?;
    tx.commit().await?;
    app.memo.revoke(ended);
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
