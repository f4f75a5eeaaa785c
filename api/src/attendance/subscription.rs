use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Result, Subscription};
use futures_util::{Stream, StreamExt, stream};
use zhibu_domain::{
    activity::Tally,
    id::ActivityId,
    policy::{Action, Denied},
};

use super::{TallyObject, ops::tally};
use crate::{
    activity::{see_activity, visible_activity},
    app::App,
    auth::token::Bearer,
    call::{Call, reads, request},
    check_in::Room,
    error::{OpError, OpExt},
    graphql::GlobalId,
    identity,
};

/// How often a screen is told at most.
const AT_MOST_EVERY: Duration = Duration::from_millis(250);
/// How often a screen is told at least, should a signal get lost.
const AT_LEAST_EVERY: Duration = Duration::from_secs(15);

/// Subscriptions to attendance.
#[derive(Default)]
pub struct AttendanceSubscription;

/// Whether who watches may do so still: rights change while a screen hangs on a wall.
async fn may_watch(app: &App, call: &Call, bearer: Bearer, id: ActivityId) -> Result<(), OpError> {
    let call = Call { actor: identity::actor(app, bearer).await?, ..call.clone() };
    let room = Room::kept(app, bearer.district_id, id).await?;
    let room = room.as_ref().as_ref().ok_or(Denied::Hidden)?;
    call.permit(Action::ViewActivity, room.subject(call.member_id()))?;
    Ok(())
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
        let found = visible_activity(reads(ctx)?, activity_id.0).await?.ok_or(Denied::Hidden).op()?;
        let district = see_activity(reads(ctx)?, Action::ViewActivity, &found).await?.district_id();
        let (app, call) = request(ctx)?;
        let bearer = *ctx.data::<Bearer>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
        let (app, call, id) = (Arc::clone(app), call.clone(), found.id);
        let listener = app.hub.listen((district.0, id.0));
        let watching = (app, call, listener, None::<Tally>);
        let changes = stream::unfold(watching, move |(app, call, mut listener, last)| async move {
            let mut first = last.is_none();
            loop {
                if !std::mem::take(&mut first) {
                    let _late = tokio::time::timeout(AT_LEAST_EVERY, listener.changed()).await;
                    tokio::time::sleep(AT_MOST_EVERY).await;
                }
                // Boxed: thousands of screens rest above, and needn't hold room for a look meanwhile.
                match Box::pin(may_watch(&app, &call, bearer, id)).await {
                    Ok(()) => {}
                    Err(OpError::Denied(_)) => return None,
                    // The database is away for a moment: the next round will tell.
                    Err(error) => {
                        tracing::warn!(?error, "it could not be asked who may watch");
                        continue;
                    }
                }
                match Box::pin(tally(&app, district, id)).await {
                    Ok(now) if last != Some(*now) => {
                        return Some((Ok(TallyObject(*now)), (app, call, listener, Some(*now))));
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(?error, "a tally could not be read"),
                }
            }
        });
        Ok(changes.boxed())
    }
}
