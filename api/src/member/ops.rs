//! Entering and changing members, exempting them, appointing to posts.

use chrono::NaiveDate;
use zhibu_domain::{
    id::{AccountId, DistrictId, ExemptionId, OrgUnitId, PartyMemberId, PostId},
    member::{
        Account, ContactLanguage, Exemption, MemberChange, MemberRefusal, NewMember, PartyMember,
        PhoneNumber, Post, PostKind, PostRefusal, check_appointment,
    },
    organization::{OrgUnit, OrgUnitKind},
    policy::{Action, Denied, Permit, Subject},
    text,
};
use zhibu_persistence::{StoreError, Tx, epoch, member, organization, outbox};

use crate::{
    app::App,
    assignment,
    call::Call,
    error::{OpError, Stop},
    member::authority,
    once::Once,
    volunteering::shift,
};

async fn unit(tx: &Tx, district: DistrictId, id: OrgUnitId) -> Result<OrgUnit, OpError> {
    Ok(organization::unit(tx, district, id).await?.ok_or(Denied::Hidden)?)
}

fn taken(error: StoreError) -> Stop<MemberRefusal> {
    match error {
        StoreError::Taken("account_phone") => MemberRefusal::PhoneTaken.into(),
        StoreError::Taken("party_member_account") => MemberRefusal::AlreadyMember.into(),
        other => other.into(),
    }
}

async fn finish(
    app: &App,
    tx: Tx,
    permit: &Permit,
    kind: &'static str,
    subject: uuid::Uuid,
) -> Result<(), OpError> {
    finish_with(app, tx, permit, kind, subject, serde_json::Value::Null).await
}

async fn finish_with(
    app: &App,
    tx: Tx,
    permit: &Permit,
    kind: &'static str,
    subject: uuid::Uuid,
    payload: serde_json::Value,
) -> Result<(), OpError> {
    outbox::publish(&tx, permit.district_id(), kind, subject, payload).await?;
    epoch::advance(&tx).await?;
    tx.commit().await?;
    app.memo.clear();
    app.hub.wake();
    Ok(())
}

/// Enters a member into a roster. A person known by this phone number and name keeps the account;
/// who had left comes back with the old record (R22).
pub async fn add(
    app: &App,
    call: &Call,
    new: NewMember,
    once: Once,
) -> Result<PartyMember, Stop<MemberRefusal>> {
    let tx = app.begin(call, "addMember").await?;
    let district = call.district()?;
    let home = unit(&tx, district, new.unit_id).await?;
    let permit = call.permit(Action::ManageMember, Subject::unit(&home.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        let found = member::member(&tx, district, PartyMemberId(made)).await?;
        return Ok(found.ok_or(Denied::Hidden)?);
    }
    if home.dissolved_at.is_some() {
        return Err(MemberRefusal::UnitDissolved.into());
    }
    let known = match &new.phone {
        Some(phone) => member::account_by_phone(&tx, district, phone).await?,
        None => None,
    };
    if known.as_ref().is_some_and(|account| account.name != new.name.trim()) {
        return Err(MemberRefusal::PhoneTaken.into());
    }
    let former = match &known {
        Some(account) => member::lock_member_of(&tx, district, account.id).await?,
        None => None,
    };
    let today = app.today(&home.time_zone);
    let entered = match former {
        Some(before) => {
            let after = before.clone().come_back(new, home.kind, today)?;
            member::update_member(&tx, &permit, &before, &after, None).await?;
            after
        }
        None => enter(app, &tx, &permit, known, new, home.kind, today).await?,
    };
    once.keep(&tx, call, entered.id.0).await?;
    finish(app, tx, &permit, "member.entered", entered.id.0).await?;
    Ok(entered)
}

async fn enter(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    known: Option<Account>,
    new: NewMember,
    home: OrgUnitKind,
    today: NaiveDate,
) -> Result<PartyMember, Stop<MemberRefusal>> {
    let account_id = known.as_ref().map_or_else(|| app.id(), |account| account.id);
    let entered = PartyMember::enter(app.id(), account_id, new, home, today)?;
    if known.is_none() {
        let account = Account {
            id: account_id,
            name: entered.name.clone(),
            phone: entered.phone.clone(),
            language: ContactLanguage::Zh,
            created_at: tx.now(),
        };
        member::insert_account(tx, permit, &account).await.map_err(taken)?;
    }
    member::insert_member(tx, permit, &entered).await.map_err(taken)?;
    Ok(entered)
}

/// A change of a member, with the version that the client read.
pub struct Changing {
    /// Whose.
    pub id: PartyMemberId,
    /// The version.
    pub version: Option<i32>,
    /// What changes.
    pub change: MemberChange,
    /// Why, where the reason matters (leaving, moving).
    pub reason: Option<String>,
}

/// Changes a member's record. Moving to another unit needs the right in both. Who leaves the roster gives
/// back the places in shifts to come, and what they were to do.
pub async fn update(app: &App, call: &Call, changing: Changing) -> Result<PartyMember, Stop<MemberRefusal>> {
    let tx = app.begin(call, "updateMember").await?;
    let district = call.district()?;
    let before = member::lock_member(&tx, district, changing.id).await?.ok_or(Denied::Hidden)?;
    let home = unit(&tx, district, before.unit_id).await?;
    let permit = call.permit(Action::ManageMember, Subject::of(&home.path, before.account_id))?;
    if changing.version.is_some_and(|v| v != before.version) {
        return Err(MemberRefusal::Stale.into());
    }
    let new_home = match changing.change.unit_id {
        Some(id) => unit(&tx, district, id).await?,
        None => home.clone(),
    };
    call.permit(Action::ManageMember, Subject::of(&new_home.path, before.account_id))?;
    if new_home.dissolved_at.is_some() {
        return Err(MemberRefusal::UnitDissolved.into());
    }
    let reason = match &changing.reason {
        Some(reason) => Some(text::line(reason, 200).ok_or(MemberRefusal::BadReason)?),
        None => None,
    };
    let after = before.clone().change(changing.change, new_home.kind, app.today(&home.time_zone))?;
    if before.phone != after.phone {
        let today = app.today(&home.time_zone);
        if !authority::out_of_reach(call, &tx, &[before.account_id], today).await?.is_empty() {
            return Err(MemberRefusal::HoldsPosts.into());
        }
    }
    member::update_member(&tx, &permit, &before, &after, reason.as_deref()).await.map_err(taken)?;
    let leaves = before.left_on.is_none() && after.left_on.is_some();
    if leaves {
        shift::ops::give_back(app, &tx, &permit, after.id).await?;
        assignment::hand_back(app, &tx, &permit, after.account_id).await?;
    }
    // Other systems that were told of the unit before are told of the move.
    let from = serde_json::json!({ "from": [before.unit_id] });
    let event = if leaves { "member.left" } else { "member.changed" };
    finish_with(app, tx, &permit, event, after.id.0, from).await?;
    Ok(after)
}

/// Exempts a member from a duty for a period.
pub async fn grant_exemption(
    app: &App,
    call: &Call,
    exemption: Exemption,
    once: Once,
) -> Result<Exemption, Stop<MemberRefusal>> {
    let tx = app.begin(call, "grantExemption").await?;
    let district = call.district()?;
    let found = member::lock_member(&tx, district, exemption.member_id).await?.ok_or(Denied::Hidden)?;
    let home = unit(&tx, district, found.unit_id).await?;
    let permit = call.permit(Action::ManageMember, Subject::of(&home.path, found.account_id))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(member::exemption(&tx, district, ExemptionId(made)).await?.ok_or(Denied::Hidden)?);
    }
    let exemption = exemption.grant()?;
    member::insert_exemption(&tx, &permit, &exemption, found.account_id).await?;
    once.keep(&tx, call, exemption.id.0).await?;
    finish(app, tx, &permit, "member.changed", found.id.0).await?;
    Ok(exemption)
}

/// Ends an exemption with a last day.
pub async fn end_exemption(
    app: &App,
    call: &Call,
    id: ExemptionId,
    last_day: NaiveDate,
) -> Result<Exemption, Stop<MemberRefusal>> {
    let tx = app.begin(call, "endExemption").await?;
    let district = call.district()?;
    let before = member::exemption(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let found = member::lock_member(&tx, district, before.member_id).await?.ok_or(Denied::Hidden)?;
    let home = unit(&tx, district, found.unit_id).await?;
    let permit = call.permit(Action::ManageMember, Subject::of(&home.path, found.account_id))?;
    if before.ends_on.is_some_and(|end| end <= last_day) {
        return Err(MemberRefusal::AlreadyEnded.into());
    }
    if last_day < before.starts_on {
        return Err(MemberRefusal::EndsBeforeStart.into());
    }
    let after = Exemption { ends_on: Some(last_day), ..before.clone() };
    member::update_exemption(&tx, &permit, &before, &after, found.account_id).await?;
    finish(app, tx, &permit, "member.changed", found.id.0).await?;
    Ok(after)
}

/// Sets the language in which the caller is written to.
pub async fn set_language(
    app: &App,
    call: &Call,
    language: ContactLanguage,
) -> Result<Account, Stop<MemberRefusal>> {
    let tx = app.begin(call, "setContactLanguage").await?;
    let permit = call.permit_own()?;
    let before =
        member::account(&tx, permit.district_id(), call.account()?).await?.ok_or(Denied::Unauthenticated)?;
    let after = Account { language, ..before.clone() };
    member::update_account(&tx, &permit, &before, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Whom to appoint.
pub enum Holder {
    /// Somebody with an account.
    Account(AccountId),
    /// Somebody by phone and name; an account is made if there is none.
    Person(PhoneNumber, String),
}

/// An appointment.
pub struct Appointment {
    /// The post's id.
    pub id: PostId,
    /// Whom.
    pub holder: Holder,
    /// On which unit.
    pub unit_id: OrgUnitId,
    /// To what.
    pub kind: PostKind,
    /// First day; today where absent.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// Appoints somebody to a post.
pub async fn appoint(
    app: &App,
    call: &Call,
    appointment: Appointment,
    once: Once,
) -> Result<Post, Stop<PostRefusal>> {
    let tx = app.begin(call, "appointPost").await?;
    let district = call.district()?;
    let unit = unit(&tx, district, appointment.unit_id).await?;
    let permit = call.permit(Action::Appoint, Subject::unit(&unit.path))?;
    if let Some(made) = once.earlier(&tx, call).await? {
        return Ok(member::lock_post(&tx, district, PostId(made)).await?.ok_or(Denied::Hidden)?);
    }
    if unit.dissolved_at.is_some() {
        return Err(PostRefusal::UnitDissolved.into());
    }
    let account_id = holder(app, &tx, &permit, appointment.holder).await?;
    check_appointment(call.person()?, appointment.kind, unit.kind, &unit.path, account_id)?;
    let post = Post {
        id: appointment.id,
        account_id,
        unit_id: unit.id,
        kind: appointment.kind,
        starts_on: appointment.starts_on.unwrap_or_else(|| app.today(&unit.time_zone)),
        ends_on: appointment.ends_on,
    };
    if post.ends_on.is_some_and(|end| end < post.starts_on) {
        return Err(PostRefusal::EndsBeforeStart.into());
    }
    let held = member::posts(&tx, district, member::HeldOn::Accounts(&[account_id])).await?;
    let overlaps = |p: &Post| {
        p.unit_id == post.unit_id && p.kind == post.kind && p.ends_on.is_none_or(|end| end >= post.starts_on)
    };
    if held.get(&account_id.0).is_some_and(|held| held.iter().any(overlaps)) {
        return Err(PostRefusal::AlreadyHeld.into());
    }
    member::insert_post(&tx, &permit, &post).await?;
    once.keep(&tx, call, post.id.0).await?;
    finish(app, tx, &permit, "post.appointed", post.id.0).await?;
    Ok(post)
}

async fn holder(app: &App, tx: &Tx, permit: &Permit, holder: Holder) -> Result<AccountId, Stop<PostRefusal>> {
    let district = permit.district_id();
    let (phone, name) = match holder {
        Holder::Account(id) => {
            let found = member::account(tx, district, id).await?;
            return Ok(found.map(|a| a.id).ok_or(Denied::Hidden)?);
        }
        Holder::Person(phone, name) => (phone, text::line(&name, 50).ok_or(PostRefusal::BadName)?),
    };
    if let Some(known) = member::account_by_phone(tx, district, &phone).await? {
        return if known.name == name { Ok(known.id) } else { Err(PostRefusal::PhoneTaken.into()) };
    }
    let account = Account {
        id: app.id(),
        name,
        phone: Some(phone),
        language: ContactLanguage::Zh,
        created_at: tx.now(),
    };
    member::insert_account(tx, permit, &account).await.map_err(|error| match error {
        StoreError::Taken("account_phone") => PostRefusal::PhoneTaken.into(),
        other => Stop::from(other),
    })?;
    Ok(account.id)
}

/// Ends a post with a last day; yesterday where absent, so that its rights end now.
pub async fn end_post(
    app: &App,
    call: &Call,
    id: PostId,
    last_day: Option<NaiveDate>,
) -> Result<Post, Stop<PostRefusal>> {
    let tx = app.begin(call, "endPost").await?;
    let district = call.district()?;
    let before = member::lock_post(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = unit(&tx, district, before.unit_id).await?;
    let permit = call.permit(Action::Appoint, Subject::unit(&unit.path))?;
    check_appointment(call.person()?, before.kind, unit.kind, &unit.path, before.account_id)?;
    let today = app.today(&unit.time_zone);
    let last_day = last_day.unwrap_or_else(|| today.pred_opt().unwrap_or(today));
    let after = before.clone().end(last_day)?;
    member::update_post(&tx, &permit, &before, &after).await?;
    finish(app, tx, &permit, "post.ended", id.0).await?;
    Ok(after)
}
