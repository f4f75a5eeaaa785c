//! What happens by itself: activities open, close and become final; recurrences make drafts.
//! Safe with several replicas: each step locks its row and looks again.

use chrono::{Duration, Months};
use zhibu_domain::{id::DistrictId, rule::RuleKey};
use zhibu_persistence::activity;

use super::{ops, recurrence};
use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

/// Most rows of a kind in one round.
const ROUND: u32 = 200;

fn call(app: &App, district: DistrictId) -> Call {
    Call::system(district, app.auth.random.id(app.now()))
}

/// One round; answers how many steps were taken.
pub async fn run(app: &App) -> Result<usize, OpError> {
    Ok(advance(app).await? + draft(app).await?)
}

async fn advance(app: &App) -> Result<usize, OpError> {
    let now = app.now();
    let longest = |key: RuleKey| *key.bounds().1.end();
    let shortest = |key: RuleKey| *key.bounds().1.start();
    let opens_by = now + Duration::minutes(longest(RuleKey::CheckInOpensMinutes));
    let ended_before = now - Duration::hours(shortest(RuleKey::OfflineScanHours));
    let corrected_before = now - Duration::days(shortest(RuleKey::CorrectionDays));
    let due =
        activity::activities_due(&app.store, now, opens_by, ended_before, corrected_before, ROUND).await?;
    let mut taken = 0;
    for (district, id) in due {
        match ops::advance(app, &call(app, district), id).await {
            Ok(stepped) => taken += usize::from(stepped),
            Err(Stop::Refused(refusal, _)) => {
                tracing::warn!(activity = %id, %refusal, "a due step was refused")
            }
            Err(Stop::Error(error)) => return Err(error),
        }
    }
    Ok(taken)
}

async fn draft(app: &App) -> Result<usize, OpError> {
    let mut drafted = 0;
    for district in app.districts().await?.iter().map(|d| DistrictId(d.id)) {
        let months = app.rules(district).await?.get(RuleKey::DraftAheadMonths);
        let ahead = Months::new(u32::try_from(months).unwrap_or(1));
        // Each recurrence is looked at about once a day.
        let until = app.now().checked_add_months(ahead).unwrap_or(app.now()) - Duration::days(1);
        for id in activity::recurrences_due(&app.store, district, until, ROUND.into()).await? {
            match recurrence::draft(app, &call(app, district), id).await {
                Ok(()) => drafted += 1,
                Err(Stop::Refused(refusal, _)) => {
                    tracing::warn!(recurrence = %id, %refusal, "no drafts were made")
                }
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }
    Ok(drafted)
}
