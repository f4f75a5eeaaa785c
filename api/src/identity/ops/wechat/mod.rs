//! Signing in through WeChat: by a binding, by binding, and what one does with one's bindings.

pub mod bind;
pub mod code;
pub mod link;
pub mod sign_in;

use zhibu_domain::{
    id::{DistrictId, SessionId},
    identity::{Binding, SignInRefusal as Refusal, SignedIn, WeChatBinding, WeChatIdentity},
    member::Account,
    policy::Permit,
};
use zhibu_persistence::{StoreError, Tx, identity};

use super::sign_in::Opening;
use crate::{
    app::App,
    error::{OpError, Stop},
    identity::actor::rights,
    wechat::{WeChat, WeChatError, WeChatFault},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// The mini-program of this server, where it is the one that a client names.
fn program<'a>(app: &'a App, app_id: &str) -> Result<&'a WeChat, Refusal> {
    let known = app.wechat.as_ref().filter(|wechat| wechat.settings.appid == app_id);
    known.ok_or(Refusal::UnknownMiniProgram)
}

/// Who has called `wx.login`, by its code.
async fn identify(wechat: &WeChat, code: &str) -> Done<WeChatIdentity> {
    // Longer text is no code; WeChat isn't asked.
    if code.is_empty() || code.len() > LONGEST_CODE {
        return Err(Refusal::WeChatCodeWrong.into());
    }
    wechat.identity(code).await.map_err(|error| match error {
        WeChatError::Told(WeChatFault::BadCode, _) => Refusal::WeChatCodeWrong.into(),
        WeChatError::Told(WeChatFault::Blocked, _) => Refusal::WeChatBlocked.into(),
        other => Stop::Error(other.into()),
    })
}

/// Longest code of WeChat's.
const LONGEST_CODE: usize = 256;

/// Of two who bind the same at once the second is told that it is bound elsewhere.
fn taken(error: StoreError) -> Stop<Refusal> {
    match error {
        StoreError::Taken("wechat_binding_open_id" | "wechat_binding_account") => {
            Refusal::WeChatBoundElsewhere.into()
        }
        other => other.into(),
    }
}

/// Remembers what binding comes to; answers the sessions that end with what was lost.
async fn save(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    account: &Account,
    who: &WeChatIdentity,
    bound: &Binding,
) -> Done<Vec<SessionId>> {
    let mut ended = Vec::new();
    if let Some(old) = &bound.replaced {
        identity::delete_binding(tx, permit, old).await?;
        ended.extend(identity::revoke_bound_sessions(tx, permit, old, None).await?);
    }
    for lost in &bound.moved {
        // What the other account had of an app of which this one has a binding already goes.
        let own = identity::bindings_of(tx, permit.district_id(), account.id).await?;
        if own.iter().any(|b| b.identity.app_id == lost.identity.app_id) {
            identity::delete_binding(tx, permit, lost).await?;
        } else {
            identity::move_binding(tx, permit, lost, account.id).await?;
        }
        ended.extend(identity::revoke_bound_sessions(tx, permit, lost, None).await?);
    }
    if bound.is_new {
        let binding =
            WeChatBinding { id: app.id(), account_id: account.id, identity: who.clone(), bound_at: tx.now() };
        identity::insert_binding(tx, permit, &binding).await.map_err(taken)?;
    }
    Ok(ended)
}

/// A session by the mini-program. The second factor is proved in it afterwards.
async fn opening(
    app: &App,
    tx: &Tx,
    district: DistrictId,
    account: Account,
    app_id: &str,
    device_label: Option<String>,
) -> Result<Opening, OpError> {
    let rights = rights(app, tx, district, account.id).await?;
    let signed_in = SignedIn { account_id: account.id, second_factor: false, password_change_due: false };
    let mini_program = Some(app_id.to_owned());
    Ok(Opening { account, rights, signed_in, by_password: false, mini_program, device_label })
}
