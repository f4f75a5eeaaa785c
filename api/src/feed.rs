//! Following what changes: one's inbox, one's assignments, a unit's work board. What has changed is
//! kept in the database, numbered; a signal only says that it is time to look. So whoever was away,
//! or reads slowly, has nothing waiting here for them and misses nothing: they are read on from the
//! number that they know.

mod follow;

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Subscription};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use zhibu_domain::{error_code::ErrorCode, id::OrgUnitId, notification::FeedKind, policy::Denied};
use zhibu_persistence::feed::Numbered;

use self::follow::{Followed, Follower};
use crate::{
    auth::token::Bearer,
    call::request,
    error::{OpError, OpExt},
    graphql::{GlobalId, Scoped, encode},
    node::{self, Node},
    notification,
};

/// Where a client stands in a feed: opaque to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position(i64);

impl Position {
    fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_be_bytes())
    }

    fn parse(text: &str) -> Result<Self, OpError> {
        let bad = || OpError::Code(ErrorCode::BadUserInput, "not a position that this subscription gave");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let bytes = <[u8; 8]>::try_from(bytes).map_err(|_| bad())?;
        Some(i64::from_be_bytes(bytes)).filter(|n| *n >= 0).map(Self).ok_or_else(bad)
    }
}

/// What has changed since the last time. First comes one at once, without changes where `since` isn't
/// given: it tells the position.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Changes {
    /// Where this leads: give it as `since` after a lost connection.
    position: String,
    /// Whether so much has changed, or so long ago, that it isn't told one by one: read the lists anew.
    reread: bool,
    /// The changes, oldest first, at most 100; more follow at once.
    changes: Vec<ChangeObject>,
}

#[ComplexObject]
impl Changes {
    /// How many of the caller's notifications are unread now.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<u64> {
        notification::unread_count(ctx).await
    }
}

/// Something has changed. Told at least once: what is told twice is read twice, no more.
pub struct ChangeObject(Numbered);

#[Object(name = "Change")]
impl ChangeObject {
    /// What happened: `notification.added`, `notification.read`, `inbox.read` (all, or several at once), or
    /// a thing's kind and what happened to it, such as `activity.published`, `leave.requested` or
    /// `assignment.dispatched`. Treat an unknown one as "something has changed".
    async fn event(&self) -> &str {
        &self.0.change.event
    }

    /// When it was told.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// The global id of what has changed; for `inbox.read` that of the account.
    async fn subject_id(&self) -> ID {
        ID(encode(&self.0.change.subject_kind, self.0.change.subject_id))
    }

    /// What has changed, as it is now; null where the caller may not see it, or it can't be asked for by its
    /// id.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        node::by_kind(ctx, &self.0.change.subject_kind, self.0.change.subject_id).await
    }
}

/// Subscriptions to feeds.
#[derive(Default)]
pub struct FeedSubscription;

async fn follow(
    ctx: &Context<'_>,
    followed: Followed,
    since: Option<String>,
) -> Result<impl Stream<Item = Result<Scoped<Changes>>> + use<>> {
    let (app, call) = request(ctx)?;
    let bearer = *ctx.data::<Bearer>().map_err(|_| OpError::Denied(Denied::Unauthenticated))?;
    let since = since.as_deref().map(Position::parse).transpose()?;
    let follower = Follower::new(Arc::clone(app), call.clone(), bearer, followed);
    follower.check(call).await?;
    Ok(follower.changes(since.map(|position| position.0)).await?)
}

#[Subscription]
impl FeedSubscription {
    /// What changes in the caller's inbox, on this device or another. Subscribe first and read the inbox
    /// then, so that nothing falls in between. For anybody signed in.
    async fn inbox_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The last `position` that this subscription gave, after a lost connection; from now on where absent."
        )]
        since: Option<String>,
    ) -> Result<impl Stream<Item = Result<Scoped<Changes>>> + use<>> {
        let (_, call) = request(ctx)?;
        let (_, account) = notification::ops::permit(call).op()?;
        follow(ctx, Followed::own(FeedKind::Inbox, account), since).await
    }

    /// What changes of the assignments that concern the caller. Subscribe first and read the list then. For
    /// anybody signed in.
    async fn assignment_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The last `position` that this subscription gave, after a lost connection; from now on where absent."
        )]
        since: Option<String>,
    ) -> Result<impl Stream<Item = Result<Scoped<Changes>>> + use<>> {
        let (_, call) = request(ctx)?;
        let (_, account) = notification::ops::permit(call).op()?;
        follow(ctx, Followed::own(FeedKind::Assignments, account), since).await
    }

    /// What changes in the work of a unit and all below it: its activities, requests for leave and check-ins
    /// to decide, and what other events name the unit. Subscribe first and read the lists then. For
    /// organizers of the unit.
    async fn work_board_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which unit.")] unit_id: GlobalId<OrgUnitId>,
        #[graphql(
            desc = "The last `position` that this subscription gave, after a lost connection; from now on where absent."
        )]
        since: Option<String>,
    ) -> Result<impl Stream<Item = Result<Scoped<Changes>>> + use<>> {
        follow(ctx, Followed::board(unit_id.0), since).await
    }
}
