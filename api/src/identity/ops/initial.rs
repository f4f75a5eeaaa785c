//! Issuing an initial password, which its holder must change at the first sign-in.

use zhibu_domain::{
    id::PartyMemberId,
    identity::RevocationReason,
    member::{MemberRefusal as Refusal, PartyMember, PhoneNumber},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{
    Connect,
    identity::{self, Credential},
    member, organization,
};

use super::hashed;
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
    identity::initial_password,
    member::authority,
};

type Done<T> = Result<T, Stop<Refusal>>;

/// A password that was issued.
pub struct Issued {
    /// To be handed over; shown once.
    pub password: String,
    /// For whom.
    pub member: PartyMember,
}

/// Issues an initial password; the sessions of who had another end.
pub async fn issue(app: &App, call: &Call, id: PartyMemberId) -> Done<Issued> {
    let Target { member, phone, .. } = target(app, call, &app.store, id).await?;
    let rules = app.rules(call.district()?).await?;
    let drawn = initial_password::draw(phone.national(), &member.name, &rules, &app.auth.random);
    let password = drawn.ok_or(OpError::internal("no password meets the rules"))?;
    let password_hash = hashed(app, password.clone()).await?;
    let tx = app.begin(call, "issueInitialPassword").await?;
    // Posts may have been given since.
    let Target { member, phone, permit } = target(app, call, &tx, id).await?;
    let key = app.auth.codes.phone_digest(&phone);
    let mut count = identity::lock_count(&tx, permit.district_id(), key).await?;
    count.after = count.before.succeeded();
    identity::save_counts(&tx, &permit, &[count]).await?;
    let credential = Credential { password_hash, changed_at: None };
    identity::save_credential(&tx, &permit, member.account_id, &credential).await?;
    let why = RevocationReason::PasswordChanged;
    let ended = identity::revoke_sessions(&tx, &permit, member.account_id, None, why).await?;
    tx.commit().await?;
    app.memo.revoke(ended);
    Ok(Issued { password, member })
}

/// For whom the caller may issue a password.
struct Target {
    member: PartyMember,
    /// The number to sign in with.
    phone: PhoneNumber,
    permit: Permit,
}

async fn target(app: &App, call: &Call, db: &impl Connect, id: PartyMemberId) -> Done<Target> {
    let district = call.district()?;
    let member = member::member(db, district, id).await?.ok_or(Denied::Hidden)?;
    let home = organization::unit(db, district, member.unit_id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::IssuePassword, Subject::of(&home.path, member.account_id))?;
    if call.actor.account_id() == Some(member.account_id) {
        return Err(Refusal::OwnRecord.into());
    }
    if member.left_on.is_some() {
        return Err(Refusal::HasLeft.into());
    }
    let phone = member.phone.clone().ok_or(Refusal::BadPhone)?;
    let today = app.today(&home.time_zone);
    if !authority::out_of_reach(call, db, &[member.account_id], today).await?.is_empty() {
        return Err(Refusal::HoldsPosts.into());
    }
    Ok(Target { member, phone, permit })
}
