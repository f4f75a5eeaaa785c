//! What happens by itself: hours whose public notice is over begin to count; offered places that
//! nobody confirms go on. Safe with several replicas: each step locks its row and looks again.

use chrono::Duration;
use zhibu_persistence::volunteering;

use super::{ops, shift};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most entries in one round.
const ROUND: u32 = 200;
/// After how long a grant that failed is tried again.
const PUT_OFF: Duration = Duration::minutes(10);

/// One round; answers how many steps were taken.
pub async fn run(app: &App) -> Result<usize, OpError> {
    Ok(grant(app).await? + move_up(app).await?)
}

/// Lets overdue offers lapse and moves up who waits. A shift that fails is told of, put off, and
/// holds up no other.
async fn move_up(app: &App) -> Result<usize, OpError> {
    let mut moved = 0;
    loop {
        let due = volunteering::shifts_due(&app.store, app.now(), ROUND).await?;
        let last = due.len() < ROUND as usize;
        for (district, id) in due {
            let call = Call::system(district, app.auth.random.id(app.now()));
            match shift::ops::advance(app, &call, id).await {
                Ok(done) => moved += usize::from(done),
                Err(error) if error.is_unavailable() => return Err(error),
                Err(error) => {
                    tracing::error!(shift = %id, ?error, "nobody moved up");
                    volunteering::put_off_shift(&app.store, district, id, app.now() + PUT_OFF).await?;
                }
            }
        }
        if last {
            return Ok(moved);
        }
    }
}

/// Grants what is due. One that fails is told of, put off, and holds up no other.
async fn grant(app: &App) -> Result<usize, OpError> {
    let mut granted = 0;
    loop {
        let due = volunteering::entries_due(&app.store, app.now(), ROUND).await?;
        let last = due.len() < ROUND as usize;
        for (district, id) in due {
            let call = Call::system(district, app.auth.random.id(app.now()));
            match ops::grant(app, &call, id).await {
                Ok(done) => {
                    granted += usize::from(done);
                    continue;
                }
                Err(Stop::Refused(refusal, _)) => {
                    tracing::warn!(entry = %id, %refusal, "hours were not granted")
                }
                Err(Stop::Error(error)) if error.is_unavailable() => return Err(error),
                Err(Stop::Error(error)) => tracing::error!(entry = %id, ?error, "hours were not granted"),
            }
            volunteering::put_off(&app.store, district, id, app.now() + PUT_OFF).await?;
        }
        // Each that was looked at has moved on or is put off: there is an end.
        if last {
            return Ok(granted);
        }
    }
}
