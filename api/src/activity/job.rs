//! What happens by itself: activities open, close and become final; recurrences make drafts.
//! Safe with several replicas: each step locks its row and looks again.

use chrono::{Duration, Months};
use zhibu_domain::{id::DistrictId, rule::RuleKey};
use zhibu_persistence::activity::{self, DUE};

use super::{ops, recurrence};
use crate::{
    app::App,
    call::Call,
    due,
    error::{OpError, Stop},
};

/// Most recurrences in one round.
const ROUND: u32 = 200;

/// One round; answers how many steps were taken.
pub async fn run(app: &App) -> Result<usize, OpError> {
    let advanced = due::take(app, &DUE, |app, call, id| {
        Box::pin(async move { ops::advance(app, &call, id).await.map(usize::from) })
    });
    Ok(advanced.await? + draft(app).await?)
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
                let call = Call::system(district, app.auth.random.id(app.now()));
                match recurrence::draft(app, &call, id).await {
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
