//! Signing in by `wx.login`'s code.

use chrono::{DateTime, Utc};
use zhibu_domain::{
    id::DistrictId,
    identity::{SignInRefusal as Refusal, WeChatBinding, WeChatIdentity, owner},
    policy::Permit,
    rule::RuleKey,
};
use zhibu_persistence::{identity, member};

use super::{Done, identify, opening, program, taken};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    identity::ops::{
        address_blocked, count_failure, district,
        sign_in::{Entered, device_label},
    },
    wechat::TICKET_LIFETIME,
};

/// Who comes through the mini-program.
pub struct Arriving {
    /// `wx.login`'s code.
    pub code: String,
    /// The mini-program.
    pub app_id: String,
    /// The district's code.
    pub district: Option<String>,
    /// What the holder calls the device.
    pub device_label: Option<String>,
}

/// What came of it.
pub enum Arrival {
    /// Somebody whose WeChat account is bound.
    Known(Box<Entered>),
    /// Nobody yet: whose account it is has to be proved.
    Unbound {
        /// Names the WeChat account.
        ticket: String,
        /// Until when it may be used.
        until: DateTime<Utc>,
    },
}

/// Signs in whoever's WeChat account is bound, else gives a ticket to bind it by.
pub async fn sign_in(app: &App, call: &Call, arriving: Arriving) -> Done<Arrival> {
    let wechat = program(app, &arriving.app_id)?;
    let found = district(app, arriving.district.as_deref()).await?.ok_or(Refusal::DistrictRequired)?;
    let district = DistrictId(found.id);
    let limit = app.rules(district).await?.get(RuleKey::AddressFailuresPerHour);
    if address_blocked(app, call, limit, app.now()) {
        return Err(Refusal::TooManyFromAddress.into());
    }
    let who = identify(wechat, &arriving.code).await.inspect_err(|stop| {
        if matches!(stop, Stop::Refused(..)) {
            count_failure(app, call, app.now());
        }
    })?;
    let tx = app.begin(call, "signInByWeChat").await?;
    let known = identity::bindings_to(&tx, district, &who).await?;
    let Some(account) = owner(&known, &who) else { return Ok(unbound(app, district, &who)?) };
    let permit = Permit::signing_in(district, Some(account));
    let account = member::account(&tx, district, account).await?;
    let account = account.ok_or(OpError::internal("a binding of nobody"))?;
    let own = identity::bindings_of(&tx, district, account.id).await?;
    let has_one = own.iter().any(|binding| binding.identity.app_id == who.app_id);
    // Known by another app of the same owner: WeChat itself says that it is the same person.
    if !has_one {
        let binding =
            WeChatBinding { id: app.id(), account_id: account.id, identity: who, bound_at: tx.now() };
        identity::insert_binding(&tx, &permit, &binding).await.map_err(taken)?;
    }
    let label = device_label(arriving.device_label.as_deref(), call);
    let opening = opening(app, &tx, district, account, &arriving.app_id, label).await?;
    Ok(Arrival::Known(Box::new(opening.commit(app, tx, &permit).await?)))
}

fn unbound(app: &App, district: DistrictId, who: &WeChatIdentity) -> Result<Arrival, OpError> {
    let until = app.now() + TICKET_LIFETIME;
    let ticket = app.auth.bindings.issue(district, who, until, &app.auth.random);
    let ticket = ticket.ok_or(OpError::internal("a ticket can't be sealed"))?;
    Ok(Arrival::Unbound { ticket, until })
}
