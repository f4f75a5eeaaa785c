use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    error_code::ErrorCode,
    member::{Exemption, MemberRefusal, PostRefusal},
};

use super::{
    AccountObject, PartyMemberObject, PostObject,
    input::{
        AddMemberInput, AppointPostInput, EndExemptionInput, EndPostInput, GrantExemptionInput,
        SetContactLanguageInput, UpdateMemberInput, exemption_field, faulty, post_field,
    },
    object::ExemptionObject,
    ops::{self, Appointment, Changing, Holder},
};
use crate::{
    app::App,
    call::{Call, request},
    error::{OpError, OpExt, at, naming, outcome},
    graphql::Outcome,
    once::Once,
};

/// The member was entered.
#[derive(SimpleObject)]
pub struct AddMemberDone {
    /// The member.
    party_member: PartyMemberObject,
}

/// The member's record was changed.
#[derive(SimpleObject)]
pub struct UpdateMemberDone {
    /// The member.
    party_member: PartyMemberObject,
}

/// The exemption was granted.
#[derive(SimpleObject)]
pub struct GrantExemptionDone {
    /// The exemption.
    exemption: ExemptionObject,
}

/// The exemption was given its last day.
#[derive(SimpleObject)]
pub struct EndExemptionDone {
    /// The exemption.
    exemption: ExemptionObject,
}

/// The person was appointed.
#[derive(SimpleObject)]
pub struct AppointPostDone {
    /// The post.
    post: PostObject,
}

/// The post was given its last day.
#[derive(SimpleObject)]
pub struct EndPostDone {
    /// The post.
    post: PostObject,
}

/// The language was set.
#[derive(SimpleObject)]
pub struct SetContactLanguageDone {
    /// The caller's account.
    account: AccountObject,
}

/// Mutations of the roster, exemptions and posts.
#[derive(Default)]
pub struct MemberMutation;

async fn today(app: &App, call: &Call) -> Result<chrono::NaiveDate, OpError> {
    Ok(app.today(&app.district(call.district()?).await?.time_zone))
}

#[Object]
impl MemberMutation {
    /// Enters a member into a unit's roster. Who has left one, known by phone number and name, comes back
    /// with the old record. For secretaries, organization commissioners and offices of the home unit.
    async fn add_member(
        &self,
        ctx: &Context<'_>,
        input: AddMemberInput,
    ) -> Result<Outcome<AddMemberDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let today = today(app, call).await?;
        let dates = [("joinedOn", input.joined_on), ("fullMemberOn", input.full_member_on)];
        let dates = dates.map(|(field, day)| (field, day.map(|d| d.0)));
        let done = match input.member(today) {
            Ok(new) => ops::add(app, call, new, once).await,
            Err(stop) => Err(stop),
        };
        outcome(
            naming(done, |refusal| faulty(refusal, today, &dates))
                .map(|m| AddMemberDone { party_member: PartyMemberObject(m) }),
        )
    }

    /// Changes a member's record, or moves the member to another unit of the caller's. For
    /// secretaries, organization commissioners and offices of the home unit, and of the new one.
    async fn update_member(
        &self,
        ctx: &Context<'_>,
        input: UpdateMemberInput,
    ) -> Result<Outcome<UpdateMemberDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let today = today(app, call).await?;
        let dates = [
            ("joinedOn", input.joined_on),
            ("fullMemberOn", input.full_member_on),
            ("leftOn", input.left_on),
        ];
        let dates = dates.map(|(field, day)| (field, day.map(|d| d.0)));
        let done = match input.change(today) {
            Ok(change) => {
                let changing =
                    Changing { id: input.id.0, version: input.version, change, reason: input.reason };
                ops::update(app, call, changing).await
            }
            Err(stop) => Err(stop),
        };
        outcome(
            naming(done, |refusal| faulty(refusal, today, &dates))
                .map(|m| UpdateMemberDone { party_member: PartyMemberObject(m) }),
        )
    }

    /// Exempts a member from a duty for a period. For secretaries, organization commissioners and offices
    /// of the home unit.
    async fn grant_exemption(
        &self,
        ctx: &Context<'_>,
        input: GrantExemptionInput,
    ) -> Result<Outcome<GrantExemptionDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let exemption = Exemption {
            id: app.id(),
            member_id: input.member_id.0,
            kind: input.kind.0,
            reason: input.reason,
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.map(|d| d.0),
        };
        let done = ops::grant_exemption(app, call, exemption, once).await;
        outcome(naming(done, exemption_field).map(|e| GrantExemptionDone { exemption: ExemptionObject(e) }))
    }

    /// Gives an exemption its last day. For secretaries, organization commissioners and offices of the
    /// home unit.
    async fn end_exemption(
        &self,
        ctx: &Context<'_>,
        input: EndExemptionInput,
    ) -> Result<Outcome<EndExemptionDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_exemption(app, call, input.id.0, input.ends_on.0).await;
        outcome(naming(done, exemption_field).map(|e| EndExemptionDone { exemption: ExemptionObject(e) }))
    }

    /// Sets the language in which the caller is written to. For anybody signed in.
    async fn set_contact_language(
        &self,
        ctx: &Context<'_>,
        input: SetContactLanguageInput,
    ) -> Result<Outcome<SetContactLanguageDone, MemberRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::set_language(app, call, input.language.0).await;
        outcome(done.map(|a| SetContactLanguageDone { account: AccountObject(a) }))
    }

    /// Appoints somebody to a post; which units a post may stand on is told with `PostKind`. For the
    /// district's administrator, and offices of the unit: these name neither administrators nor
    /// auditors, nor the staff of their own unit's office. Nobody appoints themselves.
    async fn appoint_post(
        &self,
        ctx: &Context<'_>,
        input: AppointPostInput,
    ) -> Result<Outcome<AppointPostDone, PostRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let holder = match (input.account_id, input.phone, input.name) {
            (Some(account), None, None) => Holder::Account(account.0),
            (None, Some(phone), Some(name)) => match phone.number() {
                Some(phone) => Holder::Person(phone, name),
                None => return outcome(Err(at("phone")(PostRefusal::BadPhone))),
            },
            _ => Err(OpError::Code(ErrorCode::BadUserInput, "name either accountId, or phone and name"))
                .op()?,
        };
        let appointment = Appointment {
            id: app.id(),
            holder,
            unit_id: input.unit_id.0,
            kind: input.kind.0,
            starts_on: input.starts_on.map(|d| d.0),
            ends_on: input.ends_on.map(|d| d.0),
        };
        let done = ops::appoint(app, call, appointment, once).await;
        outcome(naming(done, post_field).map(|p| AppointPostDone { post: PostObject(p) }))
    }

    /// Ends a post. For those who could give it, see `appointPost`; never one's own.
    async fn end_post(
        &self,
        ctx: &Context<'_>,
        input: EndPostInput,
    ) -> Result<Outcome<EndPostDone, PostRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::end_post(app, call, input.id.0, input.ends_on.map(|d| d.0)).await;
        outcome(naming(done, post_field).map(|p| EndPostDone { post: PostObject(p) }))
    }
}
