use async_graphql::{Context, Object, Result};
use zhibu_domain::{
    activity::TimeWindow,
    volunteering::{HeadCount, NewShift, ShiftRefusal, SignUp, SignUpRefusal, VolunteerShift},
};

use super::{
    SignUpObject, VolunteerShiftObject,
    input::{
        CancelVolunteerShiftInput, ConfirmSignUpInput, CountHeadsInput, CreateVolunteerShiftInput,
        PublishVolunteerShiftInput, SignUpInput, UpdateVolunteerShiftInput, WithdrawSignUpInput,
    },
    ops::{self, ShiftStep},
};
use crate::{
    call::request,
    error::{OpExt, outcome},
    graphql::{Outcome, done},
    once::Once,
};

done! {
    /// The shift was planned, as a draft.
    CreateVolunteerShiftDone { shift: VolunteerShiftObject(VolunteerShift) };
    /// The shift was changed.
    UpdateVolunteerShiftDone { shift: VolunteerShiftObject(VolunteerShift) };
    /// The shift was made known.
    PublishVolunteerShiftDone { shift: VolunteerShiftObject(VolunteerShift) };
    /// The shift was called off.
    CancelVolunteerShiftDone { shift: VolunteerShiftObject(VolunteerShift) };
    /// The heads were counted.
    CountHeadsDone { shift: VolunteerShiftObject(VolunteerShift) };
    /// The caller has a place, or waits for one.
    SignUpDone { sign_up: SignUpObject(SignUp) };
    /// The place is the caller's.
    ConfirmSignUpDone { sign_up: SignUpObject(SignUp) };
    /// The sign-up was taken back.
    WithdrawSignUpDone { sign_up: SignUpObject(SignUp) };
}

/// Mutations of shifts and sign-ups.
#[derive(Default)]
pub struct ShiftMutation;

#[Object]
impl ShiftMutation {
    /// Plans a shift, as a draft. For organizers of the project's unit.
    async fn create_volunteer_shift(
        &self,
        ctx: &Context<'_>,
        input: CreateVolunteerShiftInput,
    ) -> Result<Outcome<CreateVolunteerShiftDone, ShiftRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let new = NewShift {
            id: app.id(),
            window: TimeWindow { starts_at: input.starts_at, ends_at: input.ends_at },
            place: input.place,
            capacity: input.capacity,
            skills: input.skills,
            minimum_age: input.minimum_age,
            created_by: call.account().op()?,
        };
        let done = ops::plan_shift(app, call, input.project_id.0, new, once).await;
        outcome(done.map(CreateVolunteerShiftDone::from))
    }

    /// Changes a shift. Those signed up are told of another time or place; a larger capacity moves up who
    /// waits, a smaller one takes nobody's place away. For organizers of the unit.
    async fn update_volunteer_shift(
        &self,
        ctx: &Context<'_>,
        input: UpdateVolunteerShiftInput,
    ) -> Result<Outcome<UpdateVolunteerShiftDone, ShiftRefusal>> {
        let (app, call) = request(ctx)?;
        let (id, version) = (input.id.0, input.version);
        let done = ops::step(app, call, id, version, ShiftStep::Change(input.change())).await;
        outcome(done.map(UpdateVolunteerShiftDone::from))
    }

    /// Makes a shift known; from now on members sign up. For organizers of the unit.
    async fn publish_volunteer_shift(
        &self,
        ctx: &Context<'_>,
        input: PublishVolunteerShiftInput,
    ) -> Result<Outcome<PublishVolunteerShiftDone, ShiftRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::step(app, call, input.id.0, input.version, ShiftStep::Publish).await;
        outcome(done.map(PublishVolunteerShiftDone::from))
    }

    /// Calls a shift off before it starts; those signed up are told. For organizers of the unit.
    async fn cancel_volunteer_shift(
        &self,
        ctx: &Context<'_>,
        input: CancelVolunteerShiftInput,
    ) -> Result<Outcome<CancelVolunteerShiftDone, ShiftRefusal>> {
        let (app, call) = request(ctx)?;
        let step = ShiftStep::Cancel(input.reason);
        let done = ops::step(app, call, input.id.0, input.version, step).await;
        outcome(done.map(CancelVolunteerShiftDone::from))
    }

    /// Says how many came to a shift unasked, once it has started: head-counts, never names. For
    /// who runs the shift.
    async fn count_heads(
        &self,
        ctx: &Context<'_>,
        input: CountHeadsInput,
    ) -> Result<Outcome<CountHeadsDone, ShiftRefusal>> {
        let (app, call) = request(ctx)?;
        let heads = HeadCount { beneficiaries: input.beneficiaries, groups: input.groups };
        let step = ShiftStep::Count(heads);
        let done = ops::step(app, call, input.shift_id.0, input.version, step).await;
        outcome(done.map(CountHeadsDone::from))
    }

    /// Signs the caller up for a published shift until it starts; where it is full, the caller waits and
    /// moves up by itself. A repeat answers the first sign-up. For Party members.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        input: SignUpInput,
    ) -> Result<Outcome<SignUpDone, SignUpRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::sign_up(app, call, input.shift_id.0, input.has_skills).await;
        outcome(done.map(SignUpDone::from))
    }

    /// Takes an offered place before its deadline. A repeat changes nothing. For the member.
    async fn confirm_sign_up(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSignUpInput,
    ) -> Result<Outcome<ConfirmSignUpDone, SignUpRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::settle(app, call, input.id.0, true).await;
        outcome(done.map(ConfirmSignUpDone::from))
    }

    /// Takes a sign-up back before the start; the place is offered to who waits first. For the member.
    async fn withdraw_sign_up(
        &self,
        ctx: &Context<'_>,
        input: WithdrawSignUpInput,
    ) -> Result<Outcome<WithdrawSignUpDone, SignUpRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::settle(app, call, input.id.0, false).await;
        outcome(done.map(WithdrawSignUpDone::from))
    }
}
