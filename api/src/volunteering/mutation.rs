use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::{
    id::ServiceHourEntryId,
    vocabulary::Vocabulary,
    volunteering::{HourReportRefusal, HourReviewRefusal, Objection, ObjectionRefusal, ServiceHourEntry},
};

use super::{
    ObjectionObject, ServiceHourEntryObject,
    input::{
        DecideObjectionInput, HourReviewInput, ObjectToServiceHoursInput, RecalculateServiceHoursInput,
        ReportServiceHoursInput, ReverseServiceHoursInput, ReviewServiceHoursInput, ReviseServiceHoursInput,
        WithdrawServiceHoursInput,
    },
    ops::{self, Adjustment, Reviewed},
};
use crate::{
    app::App,
    call::{Call, request},
    error::{Stop, naming, outcome},
    graphql::{GlobalId, Outcome, Term, done},
    once::Once,
};

done! {
    /// The hours were reported and wait for review.
    ReportServiceHoursDone { entry: ServiceHourEntryObject(ServiceHourEntry) };
    /// The entry was corrected and waits for review.
    ReviseServiceHoursDone { entry: ServiceHourEntryObject(ServiceHourEntry) };
    /// The entry was taken back.
    WithdrawServiceHoursDone { entry: ServiceHourEntryObject(ServiceHourEntry) };
    /// The objection was raised; the entry doesn't count until it is decided.
    ObjectToServiceHoursDone { objection: ObjectionObject(Objection) };
    /// The objection was decided.
    DecideObjectionDone { objection: ObjectionObject(Objection) };
    /// The hours count no more.
    ReverseServiceHoursDone { entry: ServiceHourEntryObject(ServiceHourEntry) };
    /// The hours were counted anew.
    RecalculateServiceHoursDone { entry: ServiceHourEntryObject(ServiceHourEntry) };
}

/// What became of one entry.
#[derive(SimpleObject)]
pub struct ReviewServiceHoursResultItem {
    /// The entry's id.
    id: GlobalId<ServiceHourEntryId>,
    /// The entry as it now stands; null where refused.
    entry: Option<ServiceHourEntryObject>,
    /// Why it wasn't reviewed; null where it was.
    code: Option<Term<HourReviewRefusal>>,
    /// Why it wasn't reviewed, as a sentence; null where it was.
    message: Option<String>,
}

/// The entries were gone through, one by one.
#[derive(SimpleObject)]
pub struct ReviewServiceHoursDone {
    /// One for each entry, in the order asked.
    results: Vec<ReviewServiceHoursResultItem>,
}

/// Names the field of a report that is at fault.
fn blame<T>(result: Result<T, Stop<HourReportRefusal>>) -> Result<T, Stop<HourReportRefusal>> {
    use HourReportRefusal::*;
    naming(result, |refusal| match refusal {
        BadPlace => Some("service.place"),
        BadContent => Some("service.content"),
        BadPictures => Some("service.pictures"),
        BadTravel => Some("service.travelMinutes"),
        InFuture | EndsBeforeStart | LongerThanADay | TooOld => Some("service.endsAt"),
        UnitDissolved => Some("unitId"),
        NotAMember | BadBeneficiary | Duplicate | Overlap | DayFull | Settled | FromShift | Stale => None,
    })
}

/// Reports hours as a client tells of them: once by the client's key in it, else by another of the
/// client's.
pub async fn report_hours(
    app: &App,
    call: &Call,
    input: ReportServiceHoursInput,
    key: Option<&String>,
) -> Result<ReportServiceHoursDone, Stop<HourReportRefusal>> {
    let once = Once::of(input.client_mutation_id.as_ref().or(key), &input);
    let unit = input.unit_id.map(|id| id.0);
    let done = blame(ops::report(app, call, unit, input.service.service(), once).await);
    done.map(ReportServiceHoursDone::from)
}

/// Mutations of volunteer hours.
#[derive(Default)]
pub struct VolunteeringMutation;

#[Object]
impl VolunteeringMutation {
    /// Reports volunteer hours of one's own. What overlaps another entry in whichever unit, lies in the
    /// future, or can't be, is refused at once. For Party members.
    async fn report_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ReportServiceHoursInput,
    ) -> Result<Outcome<ReportServiceHoursDone, HourReportRefusal>> {
        let (app, call) = request(ctx)?;
        outcome(report_hours(app, call, input, None).await)
    }

    /// Corrects an entry that waits for review or was returned, and sends it again. For the member.
    async fn revise_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ReviseServiceHoursInput,
    ) -> Result<Outcome<ReviseServiceHoursDone, HourReportRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::revise(app, call, input.id.0, input.version, input.service.service()).await;
        outcome(blame(done).map(ReviseServiceHoursDone::from))
    }

    /// Takes an entry back before it counts. For the member.
    async fn withdraw_service_hours(
        &self,
        ctx: &Context<'_>,
        input: WithdrawServiceHoursInput,
    ) -> Result<Outcome<WithdrawServiceHoursDone, HourReportRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::withdraw(app, call, input.id.0).await;
        outcome(done.map(WithdrawServiceHoursDone::from))
    }

    /// Approves, corrects or returns entries, up to a hundred at once, never one's own. What is approved
    /// goes into public notice, and counts when that is over; until then it can still be returned, and
    /// whoever had objected is told. For organizers of the units that the hours
    /// were reported to; who may not review one of the entries reviews none.
    #[graphql(complexity = "5 + input.reviews.len() * child_complexity")]
    async fn review_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ReviewServiceHoursInput,
    ) -> Result<Outcome<ReviewServiceHoursDone, HourReviewRefusal>> {
        let (app, call) = request(ctx)?;
        let item = |r: Reviewed| {
            let code = r.result.as_ref().err().copied();
            ReviewServiceHoursResultItem {
                id: GlobalId(r.id),
                entry: r.result.ok().map(ServiceHourEntryObject),
                message: code.map(|c| c.say(call.language).to_owned()),
                code: code.map(Term),
            }
        };
        let reviews = input.reviews.into_iter().map(HourReviewInput::review).collect();
        let done = ops::review(app, call, reviews).await;
        outcome(
            done.map(|results| ReviewServiceHoursDone { results: results.into_iter().map(item).collect() }),
        )
    }

    /// Objects to an entry in public notice, which then doesn't count until it is decided. The member
    /// isn't told who objects. For members of the unit that the hours were reported to; and for the member,
    /// once, where the minutes were corrected.
    async fn object_to_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ObjectToServiceHoursInput,
    ) -> Result<Outcome<ObjectToServiceHoursDone, ObjectionRefusal>> {
        let (app, call) = request(ctx)?;
        let once = Once::of(input.client_mutation_id.as_ref(), &input);
        let done = ops::object(app, call, input.entry_id.0, &input.reason, once).await;
        outcome(done.map(ObjectToServiceHoursDone::from))
    }

    /// Decides an objection: upheld, the entry goes back to the member, or to review where the member has
    /// objected; dismissed, it counts when the notice is over. Who objects is told. For organizers of the unit, but not who served, objected or verified.
    async fn decide_objection(
        &self,
        ctx: &Context<'_>,
        input: DecideObjectionInput,
    ) -> Result<Outcome<DecideObjectionDone, ObjectionRefusal>> {
        let (app, call) = request(ctx)?;
        let done = ops::decide_objection(app, call, input.id.0, input.upheld, &input.answer).await;
        outcome(done.map(DecideObjectionDone::from))
    }

    /// Takes back hours that count, never one's own; the ledger gets a line. For organizers of the unit.
    async fn reverse_service_hours(
        &self,
        ctx: &Context<'_>,
        input: ReverseServiceHoursInput,
    ) -> Result<Outcome<ReverseServiceHoursDone, HourReviewRefusal>> {
        let (app, call) = request(ctx)?;
        let (id, how) = (input.id.0, Adjustment::Reverse);
        let done = ops::adjust(app, call, id, input.version, how, &input.reason).await;
        outcome(done.map(ReverseServiceHoursDone::from))
    }

    /// Counts hours anew that count already, never one's own; the ledger gets a line. For organizers of
    /// the unit.
    async fn recalculate_service_hours(
        &self,
        ctx: &Context<'_>,
        input: RecalculateServiceHoursInput,
    ) -> Result<Outcome<RecalculateServiceHoursDone, HourReviewRefusal>> {
        let (app, call) = request(ctx)?;
        let (id, how) = (input.id.0, Adjustment::Recalculate(input.minutes.0));
        let done = ops::adjust(app, call, id, input.version, how, &input.reason).await;
        outcome(done.map(RecalculateServiceHoursDone::from))
    }
}
