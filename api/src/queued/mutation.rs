use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::queued::QueuedRefusal;

use super::{answer::QueuedAnswer, input::SendQueuedInput, ops::send};
use crate::{call::request, error::outcome, graphql::Outcome};

/// Each action was answered by itself.
#[derive(SimpleObject)]
pub struct SendQueuedDone {
    /// One for each action, in the order sent.
    answers: Vec<QueuedAnswer>,
}

/// Mutations of what was done without signal.
#[derive(Default)]
pub struct QueuedMutation;

#[Object]
impl QueuedMutation {
    /// Sends what the phone did without signal: at most 100 actions, done one after the other and each
    /// answered by itself, so that a bad one harms no other. May be sent again, whole or in part: what was
    /// done or refused already is answered again, not done again. For anybody signed in; each action for
    /// whom the mutation of its name is.
    #[graphql(complexity = "5 + input.actions.len() * child_complexity")]
    async fn send_queued(
        &self,
        ctx: &Context<'_>,
        input: SendQueuedInput,
    ) -> Result<Outcome<SendQueuedDone, QueuedRefusal>> {
        let (app, call) = request(ctx)?;
        outcome(send(app, call, input).await.map(|answers| SendQueuedDone { answers }))
    }
}
