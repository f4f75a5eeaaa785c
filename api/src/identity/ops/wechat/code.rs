//! Codes that the branch hands to a member, to bind WeChat by where WeChat can't tell the phone number.

use zhibu_domain::{
    id::PartyMemberId,
    identity::BindingCode,
    member::{MemberRefusal as Refusal, PartyMember},
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::{identity, member, organization};

use crate::{app::App, call::Call, error::Stop, member::authority};

/// A code that was issued.
pub struct Issued {
    /// To be handed over; shown once.
    pub plain: String,
    /// As it is kept.
    pub code: BindingCode,
    /// For whom.
    pub member: PartyMember,
}

/// Issues a code for one member, in place of the last. Whoever uses it can sign in as the member: so it
/// needs who may issue a password to them.
pub async fn issue(app: &App, call: &Call, id: PartyMemberId) -> Result<Issued, Stop<Refusal>> {
    let district = call.district()?;
    let tx = app.begin(call, "issueBindingCode").await?;
    let member = member::member(&tx, district, id).await?.ok_or(Denied::Hidden)?;
    let unit = organization::unit(&tx, district, member.unit_id).await?.ok_or(Denied::Hidden)?;
    let permit = call.permit(Action::IssuePassword, Subject::of(&unit.path, member.account_id))?;
    if call.actor.account_id() == Some(member.account_id) {
        return Err(Refusal::OwnRecord.into());
    }
    if member.left_on.is_some() {
        return Err(Refusal::HasLeft.into());
    }
    let today = app.today(&unit.time_zone);
    if !authority::out_of_reach(call, &tx, &[member.account_id], today).await?.is_empty() {
        return Err(Refusal::HoldsPosts.into());
    }
    let plain = app.auth.binding_codes.draw(&app.auth.random);
    let hash = app.auth.binding_codes.hash(district, &plain);
    let code = BindingCode::issue(member.account_id, hash, tx.now(), &app.rules(district).await?);
    identity::issue_binding_code(&tx, &permit, &code).await?;
    tx.commit().await?;
    Ok(Issued { plain, code, member })
}
