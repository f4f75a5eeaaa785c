//! Issuing an initial password, which its holder must change at the first sign-in.

use zhibu_domain::{
    id::{AccountId, OrgUnitId, PartyMemberId, PostId},
    identity::RevocationReason,
    member::{MemberRefusal as Refusal, PartyMember, PhoneNumber},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{
    Connect, StoreError,
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

/// For whom.
#[derive(Clone, Copy, Debug)]
pub enum Recipient {
    /// A member.
    Member(PartyMemberId),
    /// Whoever holds a post: office staff needn't be members of a branch here.
    Holder(PostId),
}

/// A password that was issued.
pub struct Issued {
    /// To be handed over; shown once.
    pub password: String,
    /// The member, if it is one who was named.
    pub member: Option<PartyMember>,
}

/// Issues an initial password; the sessions of who had another end.
pub async fn issue(app: &App, call: &Call, to: Recipient) -> Done<Issued> {
    let Target { name, phone, .. } = target(app, call, &app.store, to).await?;
    let rules = app.rules(call.district()?).await?;
    let drawn = initial_password::draw(phone.national(), &name, &rules, &app.auth.random);
    let password = drawn.ok_or(OpError::internal("no password meets the rules"))?;
    let password_hash = hashed(app, password.clone()).await?;
    let tx = app.begin(call, "issueInitialPassword").await?;
    // Posts may have been given since.
    let Target { account, member, phone, permit, .. } = target(app, call, &tx, to).await?;
    let key = app.auth.codes.phone_digest(&phone);
    let mut count = identity::lock_count(&tx, permit.district_id(), key).await?;
    count.after = count.before.succeeded();
    identity::save_counts(&tx, &permit, &[count]).await?;
    let credential = Credential { password_hash, changed_at: None };
    identity::save_credential(&tx, &permit, account, &credential).await?;
    let why = RevocationReason::PasswordChanged;
    let ended = identity::revoke_sessions(&tx, &permit, account, None, why).await?;
    tx.commit().await?;
    app.memo.revoke(ended);
    app.memo.grants.clear();
    Ok(Issued { password, member })
}

/// For whom the caller may issue a password.
struct Target {
    account: AccountId,
    name: String,
    /// The number to sign in with.
    phone: PhoneNumber,
    member: Option<PartyMember>,
    permit: Permit,
}

async fn target(app: &App, call: &Call, db: &impl Connect, to: Recipient) -> Done<Target> {
    let district = call.district()?;
    let (unit, account, member) = match to {
        Recipient::Member(id) => of_member(member::member(db, district, id).await?.ok_or(Denied::Hidden)?),
        Recipient::Holder(id) => {
            let post = member::post(db, district, id).await?.ok_or(Denied::Hidden)?;
            let mut members = member::members_of_accounts(db, district, &[post.account_id]).await?;
            // Whoever could give a member a post elsewhere mustn't sign in as them for it.
            members.remove(&post.account_id).map_or((post.unit_id, post.account_id, None), of_member)
        }
    };
    let unit = organization::unit(db, district, unit).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::IssuePassword, Subject::of(&unit.path, account))?;
    if call.actor.account_id() == Some(account) {
        return Err(Refusal::OwnRecord.into());
    }
    if member.as_ref().is_some_and(|member| member.left_on.is_some()) {
        return Err(Refusal::HasLeft.into());
    }
    let person = member::account(db, district, account).await?.ok_or(Denied::Hidden)?;
    let phone = person.phone.ok_or(Refusal::BadPhone)?;
    let today = app.today(&unit.time_zone);
    if !authority::out_of_reach(call, db, &[account], today).await?.is_empty() {
        return Err(Refusal::HoldsPosts.into());
    }
    let chosen = async || -> Result<bool, StoreError> {
        let credential = identity::credential(db, district, account).await?;
        Ok(credential.is_some_and(|credential| credential.changed_at.is_some()))
    };
    if member.is_none() && chosen().await? {
        return Err(Refusal::HasPassword.into());
    }
    Ok(Target { account, name: person.name, phone, member, permit })
}

fn of_member(member: PartyMember) -> (OrgUnitId, AccountId, Option<PartyMember>) {
    (member.unit_id, member.account_id, Some(member))
}
