use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Result, Subscription};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::broadcast::error::RecvError;
use zhibu_domain::{
    activity::Tally,
    id::{ActivityId, DistrictId},
    policy::{Action, Denied},
};
use zhibu_persistence::{StoreError, attendance};

use super::TallyObject;
use crate::{
    activity::{see_activity, visible_activity},
    app::App,
    call::request,
    error::OpExt,
    graphql::GlobalId,
};

/// How often a screen is told at most.
const AT_MOST_EVERY: Duration = Duration::from_millis(250);
/// How often a screen is told at least, should a signal get lost.
const AT_LEAST_EVERY: Duration = Duration::from_secs(15);

/// Subscriptions to attendance.
#[derive(Default)]
pub struct AttendanceSubscription;

async fn tally(app: &App, district: DistrictId, id: ActivityId) -> Result<Arc<Tally>, StoreError> {
    let load = async || {
        let tallies = attendance::tallies(&app.store, district, &[id]).await?;
        Ok(tallies.get(&id).copied().unwrap_or_default())
    };
    app.memo.tallies.get_or_load((district, id), load).await
}

#[Subscription]
impl AttendanceSubscription {
    /// The counts of an activity: now, and whenever they change, four times a second at most. For who
    /// sees the activity.
    async fn tally(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which activity.")] activity_id: GlobalId<ActivityId>,
    ) -> Result<impl Stream<Item = Result<TallyObject>> + use<>> {
        let found = visible_activity(ctx, activity_id.0).await?.ok_or(Denied::Hidden).op()?;
        let district = see_activity(ctx, Action::ViewActivity, &found).await?.district_id();
        let (app, call) = request(ctx)?;
        let session = call.person().op()?.session_id;
        let app = Arc::clone(app);
        let signals = app.hub.listen();
        let changes =
            stream::unfold((app, signals, None::<Tally>), move |(app, mut signals, last)| async move {
                let mut first = last.is_none();
                loop {
                    if !std::mem::take(&mut first) {
                        let mine = async {
                            loop {
                                match signals.recv().await {
                                    Ok(signal)
                                        if signal.subject == found.id.0 && signal.district == district.0 =>
                                    {
                                        break;
                                    }
                                    Ok(_) => {}
                                    // Fallen behind: whatever it was, read anew.
                                    Err(RecvError::Lagged(_)) => break,
                                    Err(RecvError::Closed) => std::future::pending().await,
                                }
                            }
                        };
                        let _late = tokio::time::timeout(AT_LEAST_EVERY, mine).await;
                        tokio::time::sleep(AT_MOST_EVERY).await;
                    }
                    // A session that was ended sees nothing more.
                    if app.memo.revoked.contains_key(&session) {
                        return None;
                    }
                    match tally(&app, district, found.id).await {
                        Ok(now) if last != Some(*now) => {
                            let item = Ok(TallyObject(*now));
                            return Some((item, (app, signals, Some(*now))));
                        }
                        Ok(_) => {}
                        // The database is away for a moment: the next round will tell.
                        Err(error) => tracing::warn!(?error, "a tally could not be read"),
                    }
                }
            });
        Ok(changes.boxed())
    }
}
