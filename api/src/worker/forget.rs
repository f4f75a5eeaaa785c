//! Forgetting what is old, a little at a time.

use chrono::Duration;
use zhibu_domain::{id::DistrictId, rule::RuleKey};
use zhibu_persistence::{board, calendar, feed, identity, notification, replay, report, token, webhook};

use crate::{app::App, error::OpError};

/// How long answers are kept for a request that comes twice.
const REPLAYED_FOR: Duration = Duration::hours(24);

/// How long ended sessions, boards, revoked addresses of calendars, exports whose files are gone and old counts
/// of failures are kept.
const ENDED_FOR: Duration = Duration::days(90);

/// How long it is kept what has changed for somebody: who was away for longer reads everything anew.
const FOLLOWED_FOR: Duration = Duration::days(7);

/// How long it is kept what was sent to other systems, to be looked at and replayed.
const SENT_FOR: Duration = Duration::days(30);

/// Most rows of a table that are forgotten in one round: many at once would hold up whoever writes.
const ROUND: u64 = 5_000;

/// Forgets what is old. What fails keeps nothing else from being forgotten; the first failure is answered.
pub async fn forget(app: &App) -> Result<(), OpError> {
    let (store, now) = (&app.store, app.now());
    let done = [
        replay::forget(store, now - REPLAYED_FOR, ROUND).await.map(drop).map_err(Into::into),
        identity::forget(store, now - ENDED_FOR, ROUND).await.map_err(Into::into),
        feed::forget(store, now - FOLLOWED_FOR, ROUND).await.map(drop).map_err(Into::into),
        token::forget(store, now - REPLAYED_FOR, ROUND).await.map(drop).map_err(Into::into),
        board::forget(store, now - ENDED_FOR, ROUND).await.map(drop).map_err(Into::into),
        calendar::forget(store, now - ENDED_FOR, ROUND).await.map(drop).map_err(Into::into),
        report::forget(store, now - ENDED_FOR, ROUND).await.map(drop).map_err(Into::into),
        webhook::expire(store, now).await.map(drop).map_err(Into::into),
        webhook::forget(store, now - SENT_FOR, ROUND).await.map(drop).map_err(Into::into),
        notifications(app).await,
    ];
    done.into_iter().collect()
}

/// Forgets old notifications: of each district as many, so that none waits for another's.
async fn notifications(app: &App) -> Result<(), OpError> {
    let districts = app.districts().await?;
    let share = (ROUND / districts.len().max(1) as u64).max(1);
    let mut done = Ok(());
    for district in districts.iter().map(|d| DistrictId(d.id)) {
        done = done.and(notifications_of(app, district, share).await);
    }
    done
}

async fn notifications_of(app: &App, district: DistrictId, limit: u64) -> Result<(), OpError> {
    let now = app.now();
    let kept = Duration::days(app.rules(district).await?.get(RuleKey::NotificationKeepDays));
    notification::forget(&app.store, district, now - kept, now, limit).await?;
    Ok(())
}
