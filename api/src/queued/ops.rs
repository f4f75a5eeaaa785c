//! Going through what was sent together.

use std::collections::{BTreeMap, HashSet};

use async_graphql::Value;
use futures_util::FutureExt;
use uuid::Uuid;
use zhibu_domain::{
    activity::check_in::OfflineScan,
    assignment::{Assignment, AssignmentRefusal, Command},
    error_code::ErrorCode,
    queued::{MOST, QueuedRefusal},
};
use zhibu_persistence::replay::{self, Answer, Keys};

use super::{
    answer::{KeptRefusal, QueuedAnswer, QueuedError, first_answer, is_passing},
    input::{QueuedActionInput, QueuedDeedInput, SendQueuedInput},
};
use crate::{
    app::App,
    assignment::ops::{Which, command},
    attendance::CheckInDone,
    call::Call,
    check_in::ops::check_in,
    error::{OpError, Stop},
    graphql::Each,
    once::{Once, fingerprint, is_key},
    volunteering::{
        report_hours,
        shift::{self, CheckInAtShiftDone, CheckOutOfShiftDone},
    },
};

/// The operation under which the client's ids are kept.
const OPERATION: &str = "sendQueued";

/// An action that was seen: now, or when this was sent before.
struct Seen {
    fingerprint: Vec<u8>,
    refusal: Option<KeptRefusal>,
    /// Whether there is something of it that isn't kept yet.
    news: bool,
}

impl From<Answer> for Seen {
    fn from(kept: Answer) -> Self {
        let refusal = kept.answer.and_then(|refusal| serde_json::from_value(refusal).ok());
        Self { fingerprint: kept.fingerprint, refusal, news: false }
    }
}

/// What was sent together, as far as it was gone through.
#[derive(Default)]
struct Progress {
    seen: BTreeMap<String, Seen>,
    /// Whether the database is away: each action would wait for it as long as the first.
    away: bool,
    /// Assignments and shifts of which a step has to be sent again: what follows it would come too early.
    waiting: HashSet<Uuid>,
}

impl Progress {
    /// Notes an action. The same id with another action is a mistake of the app, which would lose one
    /// of them if both were taken for one.
    fn note(&mut self, action: &QueuedActionInput) -> Result<&mut Seen, OpError> {
        if !is_key(&action.client_action_id) {
            let rule = "clientActionId is one line of 1 to 64 characters";
            return Err(OpError::Code(ErrorCode::BadUserInput, rule));
        }
        let fingerprint = fingerprint(action);
        let new = || Seen { fingerprint: fingerprint.clone(), refusal: None, news: true };
        let seen = self.seen.entry(action.client_action_id.clone()).or_insert_with(new);
        if seen.fingerprint != fingerprint {
            return Err(OpError::Code(
                ErrorCode::IdempotencyKeyReused,
                "this id was used for another action",
            ));
        }
        Ok(seen)
    }

    async fn answer(
        &mut self,
        app: &App,
        call: &Call,
        action: QueuedActionInput,
        times: OfflineScan,
    ) -> Result<QueuedAnswer, OpError> {
        let of = action.deed.follows();
        let (away, waits) = (self.away, of.is_some_and(|id| self.waiting.contains(&id)));
        let seen = self.note(&action)?;
        let had = seen.refusal.is_some();
        let answer = match () {
            () if away => Err(OpError::Code(ErrorCode::Unavailable, "the database is away")),
            () if waits => Err(OpError::Code(ErrorCode::Overloaded, "an earlier step has to come first")),
            () => act(app, call, action, times, &mut seen.refusal).await,
        };
        seen.news |= seen.refusal.is_some() != had;
        if let Err(error) = &answer {
            self.away |= error.is_unavailable();
            self.waiting.extend(of.filter(|_| is_passing(error)));
        }
        answer
    }

    fn news(self) -> Vec<(String, Answer)> {
        let kept = |seen: Seen| Answer {
            fingerprint: seen.fingerprint,
            answer: seen.refusal.map(|refusal| serde_json::json!(refusal)),
        };
        self.seen.into_iter().filter(|(_, seen)| seen.news).map(|(id, seen)| (id, kept(seen))).collect()
    }
}

/// The client's id of an action, whether or not the rest of it can be read.
fn id_of(sent: &Value) -> String {
    match sent {
        Value::Object(fields) => match fields.get("clientActionId") {
            Some(Value::String(id)) => id.clone(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Does one action after the other, in the order sent.
pub async fn send(
    app: &App,
    call: &Call,
    input: SendQueuedInput,
) -> Result<Vec<QueuedAnswer>, Stop<QueuedRefusal>> {
    call.permit_own()?;
    if input.actions.len() > MOST {
        return Err(QueuedRefusal::TooMany.into());
    }
    let of = Keys { district: call.district()?, account: call.account()?, operation: OPERATION };
    let read = input.actions.iter().filter_map(|action| action.read.as_ref().ok());
    let mut ids: Vec<_> = read.map(|action| action.client_action_id.clone()).collect();
    ids.retain(|id| is_key(id));
    let known = replay::find_all(&app.store, of, &ids).await?;
    let seen = known.into_iter().map(|(id, kept)| (id, kept.into())).collect();
    let mut progress = Progress { seen, ..Progress::default() };
    let mut answers = Vec::with_capacity(input.actions.len());
    for Each { sent, read } in input.actions {
        let answer = match read {
            Ok(action) => {
                let times = OfflineScan { scanned_at: action.at, sent_at: input.sent_at };
                let answer = progress.answer(app, call, action, times).await;
                answer.map_err(|error| QueuedError::of(&error, call))
            }
            Err(unread) => Err(QueuedError::unread(unread, call)),
        };
        let failed = |error| QueuedAnswer { error: Some(error), ..QueuedAnswer::default() };
        let answer = answer.unwrap_or_else(failed);
        answers.push(QueuedAnswer { client_action_id: id_of(&sent), ..answer });
    }
    if !progress.away {
        replay::keep_all(&app.store, of, &progress.news(), app.now()).await?;
    }
    Ok(answers)
}

/// Does what the phone did, by the operation of the same name. Whatever it is must bear being done
/// again: a check-in does by nature, and the others take the client's id as their key.
async fn act(
    app: &App,
    call: &Call,
    action: QueuedActionInput,
    times: OfflineScan,
    first: &mut Option<KeptRefusal>,
) -> Result<QueuedAnswer, OpError> {
    use QueuedDeedInput::*;
    let mut answer = QueuedAnswer::default();
    let key = &action.client_action_id;
    match action.deed {
        CheckIn(deed) => {
            let scan = deed.scan(times);
            let doing = async { check_in(app, call, &scan).await.map(CheckInDone::from) };
            answer.check_in = first_answer(first, doing.boxed()).await?;
        }
        CheckInAtShift(deed) => {
            let scan = deed.scan(times);
            let doing = async { shift::ops::check_in(app, call, &scan).await.map(CheckInAtShiftDone::from) };
            answer.check_in_at_shift = first_answer(first, doing.boxed()).await?;
        }
        CheckOutOfShift(deed) => {
            let scan = deed.scan(times);
            let doing =
                async { shift::ops::check_out(app, call, &scan).await.map(CheckOutOfShiftDone::from) };
            answer.check_out_of_shift = first_answer(first, doing.boxed()).await?;
        }
        ReportServiceHours(deed) => {
            answer.report_service_hours =
                first_answer(first, report_hours(app, call, deed, Some(key)).boxed()).await?;
        }
        AcceptAssignment(deed) => {
            let (which, once) = (deed.which(), Once::of(Some(key), &deed));
            answer.accept_assignment =
                first_answer(first, step(app, call, which, deed.command(), once).boxed()).await?;
        }
        DeclineAssignment(deed) => {
            let (which, once) = (deed.which(), Once::of(Some(key), &deed));
            let command = Command::Decline { reason: deed.reason };
            answer.decline_assignment =
                first_answer(first, step(app, call, which, command, once).boxed()).await?;
        }
        StartAssignment(deed) => {
            let (which, once) = (deed.which(), Once::of(Some(key), &deed));
            answer.start_assignment =
                first_answer(first, step(app, call, which, Command::Start, once).boxed()).await?;
        }
        ReportProgress(deed) => {
            let (which, once) = (deed.which(), deed.once(Some(key)));
            answer.report_progress =
                first_answer(first, step(app, call, which, deed.command(), once).boxed()).await?;
        }
        SubmitAssignment(deed) => {
            let (which, once) = (deed.which(), Once::of(Some(key), &deed));
            answer.submit_assignment =
                first_answer(first, step(app, call, which, deed.command(), once).boxed()).await?;
        }
    }
    Ok(answer)
}

/// Takes a step with an assignment.
async fn step<D: From<Assignment>>(
    app: &App,
    call: &Call,
    which: Which,
    taken: Command,
    once: Once,
) -> Result<D, Stop<AssignmentRefusal>> {
    command(app, call, which, taken, once).await.map(D::from)
}
