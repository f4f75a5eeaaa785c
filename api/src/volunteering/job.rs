//! What happens by itself: hours whose public notice is over begin to count. Safe with several
//! replicas: each grant locks its entry and looks again.

use chrono::Duration;
use zhibu_persistence::volunteering;

use super::ops;
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most entries in one round.
const ROUND: u32 = 200;
/// After how long a grant that failed is tried again.
const PUT_OFF: Duration = Duration::minutes(10);

/// Grants what is due; answers how many entries were. One that fails is told of, put off, and holds
/// up no other.
pub async fn run(app: &App) -> Result<usize, OpError> {
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
