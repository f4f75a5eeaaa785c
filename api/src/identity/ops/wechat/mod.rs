//! Signing in through WeChat: by a binding, by binding, and what one does with one's bindings.

pub mod bind;
pub mod code;
pub mod link;
pub mod sign_in;

use std::collections::BTreeSet;

use serde_json::json;
use zhibu_domain::{
    error_code::ErrorCode,
    id::{AccountId, DistrictId, SessionId},
    identity::{Binding, SecretHash, SignInRefusal as Refusal, SignedIn, WeChatBinding, WeChatIdentity},
    member::Account,
    policy::Permit,
};
use zhibu_persistence::{StoreError, Tx, identity, outbox};

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

/// Tries to bind, of one WeChat account or of one account, in an hour: WeChat takes money for each phone number.
const TRIES: u32 = 10;

/// Counts a try to bind.
fn admit(app: &App, district: DistrictId, who: SecretHash) -> Result<(), OpError> {
    let often =
        |_| OpError::Code(ErrorCode::RateLimited, "too many tries to bind a WeChat account in an hour");
    app.auth.bindings_tried.admit((district, who), TRIES, app.now()).map(drop).map_err(often)
}

/// Has an account's holder be told of a way in: one that is new, or that they have lost.
async fn tell(tx: &Tx, permit: &Permit, event: &'static str, account: AccountId) -> Result<(), OpError> {
    let payload = json!({ "accounts": [account], "at": tx.now() });
    Ok(outbox::publish(tx, permit.district_id(), event, account.0, payload).await?)
}

/// Remembers what binding comes to, and has those be told whom it concerns; answers the sessions that end with
/// what was lost.
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
    for loser in bound.moved.iter().map(|lost| lost.account_id).collect::<BTreeSet<_>>() {
        tell(tx, permit, "wechat.moved", loser).await?;
    }
    if bound.is_new || !bound.moved.is_empty() {
        tell(tx, permit, "wechat.bound", account.id).await?;
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
