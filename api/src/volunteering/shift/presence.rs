use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{id::PartyMemberId, vocabulary::Vocabulary, volunteering::ShiftCheckInRefusal};

use super::{
    SignUpObject,
    ops::{self, Direction, Entered, Passed},
    presence_input::{
        CheckInAtShiftInput, CheckInVolunteersInput, CheckOutOfShiftInput, CheckOutVolunteersInput,
    },
};
use crate::{
    call::{Call, request},
    error::outcome,
    graphql::{GlobalId, Outcome, Term},
};

/// The caller is at the shift.
#[derive(SimpleObject)]
pub struct CheckInAtShiftDone {
    /// As it now stands.
    sign_up: SignUpObject,
    /// Whether this is the first check-in of an earlier request.
    repeated: bool,
}

/// The caller has left the shift; the hours wait for those responsible.
#[derive(SimpleObject)]
pub struct CheckOutOfShiftDone {
    /// As it now stands.
    sign_up: SignUpObject,
    /// Whether this is the first check-out of an earlier request.
    repeated: bool,
}

impl From<Passed> for CheckInAtShiftDone {
    fn from((sign_up, repeated): Passed) -> Self {
        Self { sign_up: SignUpObject(sign_up), repeated }
    }
}

impl From<Passed> for CheckOutOfShiftDone {
    fn from((sign_up, repeated): Passed) -> Self {
        Self { sign_up: SignUpObject(sign_up), repeated }
    }
}

/// What became of one volunteer; `signUp`, or `code` and `message`.
#[derive(SimpleObject)]
pub struct VolunteersResultItem {
    /// Who.
    member_id: GlobalId<PartyMemberId>,
    /// The sign-up as it now stands.
    sign_up: Option<SignUpObject>,
    /// Why not.
    code: Option<Term<ShiftCheckInRefusal>>,
    /// The same as a sentence.
    message: Option<String>,
}

/// The volunteers were gone through, one by one.
#[derive(SimpleObject)]
pub struct CheckInVolunteersDone {
    /// One for each volunteer, in the order asked.
    results: Vec<VolunteersResultItem>,
}

/// The volunteers were gone through, one by one.
#[derive(SimpleObject)]
pub struct CheckOutVolunteersDone {
    /// One for each volunteer, in the order asked.
    results: Vec<VolunteersResultItem>,
}

fn items(call: &Call, entered: Vec<Entered>) -> Vec<VolunteersResultItem> {
    let item = |e: Entered| {
        let code = e.result.as_ref().err().copied();
        VolunteersResultItem {
            member_id: GlobalId(e.member_id),
            sign_up: e.result.ok().map(SignUpObject),
            message: code.map(|c| c.say(call.language).to_owned()),
            code: code.map(Term),
        }
    };
    entered.into_iter().map(item).collect()
}

/// Mutations of coming to a shift and leaving it.
#[derive(Default)]
pub struct ShiftPresenceMutation;

#[Object]
impl ShiftPresenceMutation {
    /// Checks the caller in at a shift by the code on its screen, from some time before its start until its
    /// end. Who hasn't signed up takes a free place. A repeat answers the first check-in. For Party members.
    async fn check_in_at_shift(
        &self,
        ctx: &Context<'_>,
        input: CheckInAtShiftInput,
    ) -> Result<Outcome<CheckInAtShiftDone, ShiftCheckInRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::check_in(app, call, &input.scan()).await;
        outcome(done.map(Into::into))
    }

    /// Checks the caller out of a shift, by its code or by a tap, until some time after its end; then it is
    /// closed by itself, counts for no more than the rules say, and is marked. What counts are the whole
    /// minutes within the shift's times; they wait for those responsible like reported ones. Not before the
    /// shift starts. A repeat answers the first check-out. For volunteers who have checked in.
    async fn check_out_of_shift(
        &self,
        ctx: &Context<'_>,
        input: CheckOutOfShiftInput,
    ) -> Result<Outcome<CheckOutOfShiftDone, ShiftCheckInRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::check_out(app, call, &input.scan()).await;
        outcome(done.map(Into::into))
    }

    /// Checks in volunteers who have no smart-phone, or whom a paper list names; the record names who did it,
    /// and why. Never oneself. Possible from the opening of check-in until corrections end. With `at` it
    /// corrects when somebody came who is checked in, until the hours are verified. For who runs the shift:
    /// organizers of the unit and the team's captain.
    async fn check_in_volunteers(
        &self,
        ctx: &Context<'_>,
        input: CheckInVolunteersInput,
    ) -> Result<Outcome<CheckInVolunteersDone, ShiftCheckInRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::enter_by_roster(app, call, input.entry(), Direction::In).await;
        outcome(done.map(|entered| CheckInVolunteersDone { results: items(call, entered) }))
    }

    /// Checks volunteers out, as `checkInVolunteers` checks them in. With `at` it corrects a check-out that
    /// stands, until the hours are verified: they are reckoned anew, and wait for review again where they
    /// were returned. For who runs the shift: organizers of the unit and the team's captain.
    async fn check_out_volunteers(
        &self,
        ctx: &Context<'_>,
        input: CheckOutVolunteersInput,
    ) -> Result<Outcome<CheckOutVolunteersDone, ShiftCheckInRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::enter_by_roster(app, call, input.entry(), Direction::Out).await;
        outcome(done.map(|entered| CheckOutVolunteersDone { results: items(call, entered) }))
    }
}
