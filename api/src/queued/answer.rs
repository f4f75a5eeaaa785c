use async_graphql::SimpleObject;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use zhibu_domain::{
    activity::check_in::CheckInRefusal,
    assignment::AssignmentRefusal,
    error_code::ErrorCode,
    vocabulary::{Refusal, Vocabulary},
    volunteering::{HourReportRefusal, ShiftCheckInRefusal},
};

use crate::{
    assignment::{
        AcceptAssignmentDone, DeclineAssignmentDone, ReportProgressDone, StartAssignmentDone,
        SubmitAssignmentDone,
    },
    attendance::CheckInDone,
    call::Call,
    error::{OpError, Stop},
    graphql::{Outcome, Refused, Term, Unread},
    volunteering::{
        ReportServiceHoursDone,
        shift::{CheckInAtShiftDone, CheckOutOfShiftDone},
    },
};

/// Why an action has no answer of its own kind.
#[derive(SimpleObject)]
pub struct QueuedError {
    /// The stable code, as in `extensions.code` of an error.
    code: Term<ErrorCode>,
    /// The code as a sentence, zh-CN or en by `Accept-Language`.
    message: &'static str,
    /// Whether to keep the action and send it again later. Otherwise nothing will come of it.
    retry: bool,
    /// The path of the input field that can't be read, from the action on; null where it isn't about one,
    /// or isn't known.
    field: Option<Vec<String>>,
    /// A sentence for developers on what can't be read; null where it isn't about that.
    detail: Option<String>,
}

impl QueuedError {
    pub(super) fn of(error: &OpError, call: &Call) -> Self {
        error.log();
        let code = error.code();
        let message = code.say(call.language);
        Self { code: Term(code), message, retry: is_passing(error), field: None, detail: None }
    }

    /// Of an action that can't be read. Nothing of it is kept: put right, it may be sent under the same id.
    pub(super) fn unread(unread: Unread, call: &Call) -> Self {
        let Unread { code, field, detail } = unread;
        Self { code: Term(code), message: code.say(call.language), retry: false, field, detail: Some(detail) }
    }
}

/// Whether the action may fare better when it is sent again.
pub(super) fn is_passing(error: &OpError) -> bool {
    matches!(
        error.code(),
        ErrorCode::Unavailable | ErrorCode::Overloaded | ErrorCode::RateLimited | ErrorCode::Internal
    )
}

/// What became of one action. Exactly one of the fields besides `clientActionId` isn't null.
#[derive(Default, SimpleObject)]
pub struct QueuedAnswer {
    /// Of which action.
    pub(super) client_action_id: String,
    /// What became of a check-in: as `checkIn` answers.
    pub(super) check_in: Option<Outcome<CheckInDone, CheckInRefusal>>,
    /// What became of coming to a shift: as `checkInAtShift` answers.
    pub(super) check_in_at_shift: Option<Outcome<CheckInAtShiftDone, ShiftCheckInRefusal>>,
    /// What became of leaving it: as `checkOutOfShift` answers.
    pub(super) check_out_of_shift: Option<Outcome<CheckOutOfShiftDone, ShiftCheckInRefusal>>,
    /// What became of reported hours: as `reportServiceHours` answers.
    pub(super) report_service_hours: Option<Outcome<ReportServiceHoursDone, HourReportRefusal>>,
    /// What became of taking an assignment on: as `acceptAssignment` answers.
    pub(super) accept_assignment: Option<Outcome<AcceptAssignmentDone, AssignmentRefusal>>,
    /// What became of not taking it on: as `declineAssignment` answers.
    pub(super) decline_assignment: Option<Outcome<DeclineAssignmentDone, AssignmentRefusal>>,
    /// What became of beginning it: as `startAssignment` answers.
    pub(super) start_assignment: Option<Outcome<StartAssignmentDone, AssignmentRefusal>>,
    /// What became of telling its progress: as `reportProgress` answers.
    pub(super) report_progress: Option<Outcome<ReportProgressDone, AssignmentRefusal>>,
    /// What became of handing it in: as `submitAssignment` answers.
    pub(super) submit_assignment: Option<Outcome<SubmitAssignmentDone, AssignmentRefusal>>,
    /// Why it has no answer of its own kind.
    pub(super) error: Option<QueuedError>,
}

/// A refusal that was answered, and is answered again.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct KeptRefusal {
    code: String,
    field: Option<Vec<String>>,
}

/// The first answer of an action: the refusal that was given already, or what `doing` comes to, whose
/// refusal is kept in `first`. An error is nobody's answer: it is looked at anew.
pub(super) async fn first_answer<D, R: Refusal>(
    first: &mut Option<KeptRefusal>,
    doing: BoxFuture<'_, Result<D, Stop<R>>>,
) -> Result<Option<Outcome<D, R>>, OpError> {
    if let Some((code, kept)) = first.as_ref().and_then(|kept| Some((R::from_code(&kept.code)?, kept))) {
        return Ok(Some(Outcome::Refused(Refused { code, field: kept.field.clone() })));
    }
    match doing.await {
        Ok(done) => Ok(Some(Outcome::Done(done))),
        Err(Stop::Refused(code, field)) => {
            *first = Some(KeptRefusal { code: code.code().to_owned(), field: field.clone() });
            Ok(Some(Outcome::Refused(Refused { code, field })))
        }
        Err(Stop::Error(error)) => Err(error),
    }
}
