//! The loop of the jobs: what is due takes its step. Safe with several replicas, as long as each
//! step locks its row and looks again.

use std::fmt::Display;

use chrono::Duration;
use futures_util::future::BoxFuture;
use zhibu_domain::id::TypedId;
use zhibu_persistence::due::Due;

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most rows in one round.
const ROUND: u32 = 200;
/// After how long a step that failed is tried again.
const PUT_OFF: Duration = Duration::minutes(10);

/// Has all that is due take its step, which answers how much it did; answers the sum. One that fails
/// is told of, put off, and holds up no other.
pub async fn take<I: TypedId + Display, R: Display>(
    app: &App,
    due: &Due<I>,
    step: impl for<'a> Fn(&'a App, Call, I) -> BoxFuture<'a, Result<usize, Stop<R>>>,
) -> Result<usize, OpError> {
    let mut done = 0;
    loop {
        let now = app.now();
        let round = due.list(&app.store, now, ROUND).await?;
        let last = round.len() < ROUND as usize;
        for (district, id) in round {
            match step(app, Call::system(district, app.auth.random.id(now)), id).await {
                Ok(some) => {
                    done += some;
                    continue;
                }
                Err(Stop::Refused(refusal, _)) => {
                    tracing::warn!(kind = I::KIND, %id, %refusal, "a due step was refused")
                }
                Err(Stop::Error(error)) if error.is_unavailable() => return Err(error),
                Err(Stop::Error(error)) => {
                    tracing::error!(kind = I::KIND, %id, ?error, "a due step failed")
                }
            }
            due.put_off(&app.store, district, id, now, now + PUT_OFF).await?;
        }
        // Each that was looked at has moved on or is put off: there is an end.
        if last {
            return Ok(done);
        }
    }
}
