use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::check_in::{CheckInRefusal, OfflineScan},
    error_code::ErrorCode,
    queued::{MOST, QueuedRefusal},
    vocabulary::{Refusal, Vocabulary},
};
use zhibu_persistence::replay::{self, Keys};

use super::input::{QueuedActionInput, QueuedDeedInput, SendQueuedInput};
use crate::{
    app::App,
    attendance::CheckInDone,
    call::{Call, request},
    check_in::ops::check_in,
    error::{OpError, Stop, outcome},
    graphql::{Outcome, Refused, Term},
    once::{fingerprint, is_key},
};

/// The operation under which the client's ids are kept.
const OPERATION: &str = "sendQueued";

/// Why an action has no answer of its own kind.
#[derive(SimpleObject)]
pub struct QueuedError {
    /// The stable code, as in `extensions.code` of an error.
    code: Term<ErrorCode>,
    /// The code as a sentence, zh-CN or en by `Accept-Language`.
    message: &'static str,
    /// Whether to keep the action and send it again later. Otherwise nothing will come of it.
    retry: bool,
}

/// What became of one action. Exactly one of the fields besides `clientActionId` isn't null.
#[derive(SimpleObject)]
pub struct QueuedAnswer {
    /// Of which action.
    client_action_id: String,
    /// What became of a check-in: as `checkIn` answers.
    check_in: Option<Outcome<CheckInDone, CheckInRefusal>>,
    /// Why it has no answer of its own kind.
    error: Option<QueuedError>,
}

/// Each action was answered by itself.
#[derive(SimpleObject)]
pub struct SendQueuedDone {
    /// One for each action, in the order sent.
    answers: Vec<QueuedAnswer>,
}

/// What an action came to; an error is the action's alone.
type Answered<D, R> = Result<Outcome<D, R>, OpError>;

fn answered<D, R: Refusal>(result: Result<D, Stop<R>>) -> Answered<D, R> {
    match result {
        Ok(done) => Ok(Outcome::Done(done)),
        Err(Stop::Refused(code, field)) => Ok(Outcome::Refused(Refused { code, field })),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// The client's ids that were seen: here, and when this was sent before.
struct Seen {
    known: HashMap<String, Vec<u8>>,
    new: Vec<(String, Vec<u8>)>,
}

impl Seen {
    /// Notes an action. The same id with another action is a mistake of the app, which would lose one
    /// of them if both were taken for one.
    fn note(&mut self, action: &QueuedActionInput) -> Result<(), OpError> {
        if !is_key(&action.client_action_id) {
            let rule = "clientActionId is one line of 1 to 64 characters";
            return Err(OpError::Code(ErrorCode::BadUserInput, rule));
        }
        let print = fingerprint(action);
        match self.known.get(&action.client_action_id) {
            Some(known) if *known != print => {
                Err(OpError::Code(ErrorCode::IdempotencyKeyReused, "this id was used for another action"))
            }
            Some(_) => Ok(()),
            None => {
                self.known.insert(action.client_action_id.clone(), print.clone());
                self.new.push((action.client_action_id.clone(), print));
                Ok(())
            }
        }
    }
}

async fn send(
    app: &Arc<App>,
    call: &Call,
    input: SendQueuedInput,
) -> Result<SendQueuedDone, Stop<QueuedRefusal>> {
    call.permit_own()?;
    if input.actions.len() > MOST {
        return Err(QueuedRefusal::TooMany.into());
    }
    let of = Keys { district: call.district()?, account: call.account()?, operation: OPERATION };
    let mut ids: Vec<_> = input.actions.iter().map(|a| a.client_action_id.clone()).collect();
    ids.retain(|id| is_key(id));
    let known = replay::fingerprints(&app.store, of, &ids).await?;
    let mut seen = Seen { known, new: Vec::new() };
    let mut answers = Vec::with_capacity(input.actions.len());
    let mut away = false;
    for action in input.actions {
        let client_action_id = action.client_action_id.clone();
        let answer = match seen.note(&action) {
            // Each would wait for it as long as the first.
            Ok(()) if away => Err(OpError::Code(ErrorCode::Unavailable, "the database is away")),
            Ok(()) => act(app, call, action, input.sent_at).await,
            Err(error) => Err(error),
        };
        away |= answer.as_ref().is_err_and(OpError::is_unavailable);
        let (check_in, error) = match answer {
            Ok(done) => (Some(done), None),
            Err(error) => (None, Some(told(&error, call))),
        };
        answers.push(QueuedAnswer { client_action_id, check_in, error });
    }
    if !away {
        replay::keep_fingerprints(&app.store, of, &seen.new, app.now()).await?;
    }
    Ok(SendQueuedDone { answers })
}

/// Does what the phone did. Whatever it is must bear being done again: a check-in does by nature,
/// and what makes something new takes the client's id as its `clientMutationId`.
async fn act(
    app: &App,
    call: &Call,
    action: QueuedActionInput,
    sent_at: DateTime<Utc>,
) -> Answered<CheckInDone, CheckInRefusal> {
    let times = OfflineScan { scanned_at: action.at, sent_at };
    match action.deed {
        QueuedDeedInput::CheckIn(deed) => {
            answered(check_in(app, call, &deed.scan(times)).await.map(CheckInDone::from))
        }
    }
}

fn told(error: &OpError, call: &Call) -> QueuedError {
    error.log();
    let code = error.code();
    let retry = matches!(
        code,
        ErrorCode::Unavailable | ErrorCode::Overloaded | ErrorCode::RateLimited | ErrorCode::Internal
    );
    QueuedError { code: Term(code), message: code.say(call.language), retry }
}

/// Mutations of what was done without signal.
#[derive(Default)]
pub struct QueuedMutation;

#[Object]
impl QueuedMutation {
    /// Sends what the phone did without signal: at most 100 actions, done one after the other and each
    /// answered by itself, so that a bad one harms no other. May be sent again, whole or in part: what was
    /// done already is answered again, not done again. For anybody signed in; each action for whom the
    /// mutation of its name is.
    #[graphql(complexity = "5 + input.actions.len() * child_complexity")]
    async fn send_queued(
        &self,
        ctx: &Context<'_>,
        input: SendQueuedInput,
    ) -> Result<Outcome<SendQueuedDone, QueuedRefusal>> {
        let (app, call) = request(ctx)?;
        outcome(send(app, call, input).await)
    }
}
