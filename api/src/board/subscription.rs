use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Result, Subscription};
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};
use zhibu_domain::{
    activity::Tally,
    board::BoardPhase,
    policy::{Action, Actor, Denied, Screen, Subject},
};
use zhibu_persistence::organization;

use super::{
    object::BoardObject,
    ops::{Shown, look},
};
use crate::{
    app::App,
    call::{Call, request},
    error::{OpError, OpExt},
    live::Listener,
};

/// How often a screen is told at most.
const AT_MOST_EVERY: Duration = Duration::from_millis(250);
/// How long nothing is looked at, at most: a signal may get lost, a right may end.
const AT_LEAST_EVERY: Duration = Duration::from_secs(2);

/// What of a board the screen has seen: while that is so, nothing is said.
type Seen = (BoardPhase, Option<DateTime<Utc>>, Tally, i32);

/// A screen that watches.
struct Watching {
    app: Arc<App>,
    call: Call,
    screen: Screen,
    zone: String,
    listener: Listener,
    last: Option<Seen>,
    /// When the code on the screen ends.
    ends: Option<Duration>,
}

/// Subscriptions of boards.
#[derive(Default)]
pub struct BoardSubscription;

#[Subscription]
impl BoardSubscription {
    /// What a room's screen shows: now, and whenever the code or the counts change. For the screen whose
    /// ticket `connection_init` brought as `board`: it shows its own activity. An error ends it:
    /// `LINK_EXPIRED` when the board was closed or the activity is over, `FORBIDDEN` or `NOT_FOUND` when
    /// whoever opened it keeps attendance there no longer.
    async fn board(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Result<BoardObject>> + use<>> {
        let (app, call) = request(ctx)?;
        let Actor::Screen(screen) = call.actor else {
            call.permit(Action::ShowBoard, Subject::default()).op()?;
            return Err(OpError::Denied(Denied::Hidden).into());
        };
        let shown = look(app, call, screen).await?;
        let room = shown.room.as_ref().as_ref().ok_or(Denied::Hidden).op()?;
        let host =
            organization::unit(&app.store, screen.district_id, room.activity.host_unit_id).await.op()?;
        let watching = Watching {
            app: Arc::clone(app),
            call: call.clone(),
            screen,
            zone: host.ok_or(Denied::Hidden).op()?.time_zone,
            listener: app.hub.listen((screen.district_id.0, screen.activity_id.0)),
            last: None,
            ends: None,
        };
        let changes = stream::unfold(Some(watching), async |watching| {
            let mut watching = watching?;
            match Box::pin(watching.next()).await {
                Ok(board) => Some((Ok(board), Some(watching))),
                Err(error) => Some((Err(error.into()), None)),
            }
        });
        Ok(changes.boxed())
    }
}

impl Watching {
    /// The next change, or why there will be none.
    async fn next(&mut self) -> Result<BoardObject, OpError> {
        loop {
            if self.last.is_some() {
                self.wait().await;
            }
            match look(&self.app, &self.call, self.screen).await {
                Ok(shown) => {
                    if let Some(board) = self.changed(shown) {
                        return Ok(board);
                    }
                }
                // The database is away for a moment: the next round will tell.
                Err(error) if self.last.is_some() && error.is_unavailable() => {
                    tracing::warn!(?error, "a board could not be looked at");
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits for a change, and no longer than the code on the screen lasts.
    async fn wait(&mut self) {
        let longest = self.ends.unwrap_or(AT_LEAST_EVERY).min(AT_LEAST_EVERY);
        if tokio::time::timeout(longest, self.listener.changed()).await.is_ok() {
            tokio::time::sleep(AT_MOST_EVERY.min(longest)).await;
        }
    }

    fn changed(&mut self, shown: Shown) -> Option<BoardObject> {
        let now = self.app.now();
        let version = shown.room.as_ref().as_ref().map_or(0, |room| room.activity.version);
        let until = shown.code.as_ref().map(|code| code.valid_until);
        // A moment more than it lasts: a look right at its end would find it there still.
        let left = until.and_then(|until| until.signed_duration_since(now).to_std().ok());
        self.ends = left.map(|left| left + Duration::from_millis(2));
        let seen = (shown.phase, until, shown.tally, version);
        if self.last == Some(seen) {
            return None;
        }
        self.last = Some(seen);
        Some(BoardObject { shown, zone: self.zone.clone(), now })
    }
}
