//! What happens by itself: activities open, close and become final; recurrences make drafts.
//! Safe with several replicas: each step locks its row and looks again.

use chrono::{Duration, Months};
use zhibu_domain::{
    id::{ActivityId, DistrictId},
    rule::RuleKey,
};
use zhibu_persistence::activity;

use super::{ops, recurrence};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most rows of a kind in one round.
const ROUND: u32 = 200;
/// After how long a step that failed is tried again.
const PUT_OFF: Duration = Duration::minutes(10);

fn call(app: &App, district: DistrictId) -> Call {
    Call::system(district, app.auth.random.id(app.now()))
}

/// One round; answers how many steps were taken.
pub async fn run(app: &App) -> Result<usize, OpError> {
    Ok(advance(app).await? + draft(app).await?)
}

/// Takes the due steps. One that fails is told of, put off, and holds up no other.
async fn advance(app: &App) -> Result<usize, OpError> {
    let mut taken = 0;
    loop {
        let due = activity::activities_due(&app.store, app.now(), ROUND).await?;
        let last = due.len() < ROUND as usize;
        taken += advance_all(app, due).await?;
        // Each that was looked at has moved on or is put off: there is an end.
        if last {
            return Ok(taken);
        }
    }
}

async fn advance_all(app: &App, due: Vec<(DistrictId, ActivityId)>) -> Result<usize, OpError> {
    let mut taken = 0;
    for (district, id) in due {
        match ops::advance(app, &call(app, district), id).await {
            Ok(stepped) => {
                taken += usize::from(stepped);
                continue;
            }
            Err(Stop::Refused(refusal, _)) => {
                tracing::warn!(activity = %id, %refusal, "a due step was refused")
            }
            Err(Stop::Error(error)) if error.is_unavailable() => return Err(error),
            Err(Stop::Error(error)) => tracing::error!(activity = %id, ?error, "a due step failed"),
        }
        activity::put_off(&app.store, district, id, app.now() + PUT_OFF).await?;
    }
    Ok(taken)
}

/// Makes the drafts that are due. A recurrence that fails is told of, and holds up no other.
async fn draft(app: &App) -> Result<usize, OpError> {
    let mut drafted = 0;
    for district in app.districts().await?.iter().map(|d| DistrictId(d.id)) {
        let months = app.rules(district).await?.get(RuleKey::DraftAheadMonths);
        let ahead = Months::new(u32::try_from(months).unwrap_or(1));
        // Each recurrence is looked at about once a day.
        let until = app.now().checked_add_months(ahead).unwrap_or(app.now()) - Duration::days(1);
        let mut last = None;
        loop {
            let due = activity::recurrences_due(&app.store, district, until, last, ROUND.into()).await?;
            last = due.last().copied();
            for id in due {
                match recurrence::draft(app, &call(app, district), id).await {
                    Ok(()) => drafted += 1,
                    Err(Stop::Refused(refusal, _)) => {
                        tracing::warn!(recurrence = %id, %refusal, "no drafts were made")
                    }
                    Err(Stop::Error(error)) if error.is_unavailable() => return Err(error),
                    Err(Stop::Error(error)) => {
                        tracing::error!(recurrence = %id, ?error, "no drafts were made")
                    }
                }
            }
            if last.is_none() {
                break;
            }
        }
    }
    Ok(drafted)
}
