use std::{sync::Arc, time::Duration};

use async_graphql::Result;
use futures_util::{Stream, StreamExt, stream};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, OrgUnitId, TypedId},
    notification::FeedKind,
    policy::{Action, Denied, Subject},
};
use zhibu_persistence::{
    feed::{self, Since},
    organization,
};

use super::{ChangeObject, Changes, Position};
use crate::{
    app::App, auth::token::Bearer, call::Call, error::OpError, gate, graphql::Scoped, identity,
    live::Listener, notification,
};

/// Most changes told at once.
const TOGETHER: u32 = 100;
/// Changes beyond which the lists are read anew rather than told one by one.
const MOST_BEHIND: i64 = 1_000;
/// How often it is looked whether the session still lives, when nothing changes.
const CHECK: Duration = Duration::from_secs(15);
/// After how many such checks the database is asked, should a signal have got lost.
const LOOK_EVERY: u32 = 20;
/// How long what comes together is waited for: a burst is told together.
const GATHER: Duration = Duration::from_millis(50);

/// What is followed: of one's own, or of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Followed {
    kind: FeedKind,
    owner: Uuid,
}

impl Followed {
    pub fn own(kind: FeedKind, account: AccountId) -> Self {
        Self { kind, owner: account.uuid() }
    }

    pub fn board(unit: OrgUnitId) -> Self {
        Self { kind: FeedKind::WorkBoard, owner: unit.uuid() }
    }
}

/// Somebody who follows a feed, with what it takes to ask again and again whether they may.
pub(super) struct Follower {
    app: Arc<App>,
    call: Call,
    bearer: Bearer,
    followed: Followed,
    listener: Listener,
}

/// Where a follower stands.
enum Stage {
    /// To be told at once what has changed since a number.
    Behind(i64),
    /// Waits for what comes after a number.
    Waiting(i64),
    /// May not follow any more.
    Over,
}

impl Follower {
    pub fn new(app: Arc<App>, call: Call, bearer: Bearer, followed: Followed) -> Self {
        let listener = app.hub.listen((bearer.district_id.0, followed.owner));
        Self { app, call, bearer, followed, listener }
    }

    /// Whether the policy gives this, with the rights of now.
    pub async fn check(&self, call: &Call) -> Result<(), OpError> {
        match self.followed.kind {
            FeedKind::Inbox | FeedKind::Assignments => {
                notification::ops::permit(call)?;
            }
            FeedKind::WorkBoard => {
                let id = OrgUnitId(self.followed.owner);
                let unit = organization::unit(&self.app.store, self.bearer.district_id, id).await?;
                let unit = unit.ok_or(Denied::Hidden)?;
                call.permit(Action::Organize, Subject::unit(&unit.path))?;
            }
        }
        Ok(())
    }

    /// Who asks, with the rights of now; none where the session has ended.
    async fn renewed(&self) -> Result<Call, OpError> {
        let call = Call { actor: identity::actor(&self.app, self.bearer).await?, ..self.call.clone() };
        self.check(&call).await?;
        Ok(call)
    }

    async fn since(&self, after: i64) -> Result<Since, OpError> {
        let Followed { kind, owner } = self.followed;
        Ok(feed::since(&self.app.store, self.bearer.district_id, kind, owner, after, TOGETHER).await?)
    }

    /// What changes after the number `since`, or from now on.
    pub async fn changes(
        self,
        since: Option<i64>,
    ) -> Result<impl Stream<Item = Result<Scoped<Changes>>>, OpError> {
        let Followed { kind, owner } = self.followed;
        let start = match since {
            Some(since) => since,
            // Read after listening has begun: what comes in between is heard.
            None => feed::latest(&self.app.store, self.bearer.district_id, kind, owner).await?,
        };
        let stages = stream::unfold((self, Stage::Behind(start)), |(mut follower, mut stage)| async move {
            loop {
                let (at_once, after) = match stage {
                    Stage::Behind(after) => (true, after),
                    Stage::Waiting(after) => {
                        if !follower.wait().await {
                            return None;
                        }
                        (false, after)
                    }
                    Stage::Over => return None,
                };
                // Boxed: who waits above needn't hold room for a look meanwhile.
                match Box::pin(follower.look(after, at_once)).await {
                    Ok(Some((next, changes))) => return Some((Ok(changes), (follower, next))),
                    Ok(None) => stage = Stage::Waiting(after),
                    // The session is over, or the right to see this: said, and no more after it.
                    Err(error @ OpError::Denied(_)) => {
                        return Some((Err(error.into()), (follower, Stage::Over)));
                    }
                    // The database is away for a moment: the next look will tell.
                    Err(error) => {
                        tracing::warn!(?error, "a feed could not be read");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        stage = Stage::Behind(after);
                    }
                }
            }
        });
        Ok(stages.boxed())
    }

    /// Waits until it is time to look; answers whether the session still lives.
    async fn wait(&mut self) -> bool {
        for _ in 0..LOOK_EVERY {
            let heard = tokio::time::timeout(CHECK, self.listener.changed()).await;
            if self.app.memo.revoked.contains_key(&self.bearer.session_id) {
                return false;
            }
            if heard.is_ok() {
                tokio::time::sleep(GATHER).await;
                break;
            }
        }
        true
    }

    /// What came after a number, if something did or it is to be told anyhow, and what to do next.
    async fn look(&self, after: i64, anyhow: bool) -> Result<Option<(Stage, Scoped<Changes>)>, OpError> {
        let call = self.renewed().await?;
        let Since { changes, latest, gap } = self.since(after).await?;
        let reread = gap || latest - after > MOST_BEHIND;
        let last = changes.last().map_or(after, |change| change.position);
        if changes.is_empty() && !reread && !anyhow {
            return Ok(None);
        }
        let (position, changes) = if reread { (latest, Vec::new()) } else { (last, changes) };
        let next = if position < latest { Stage::Behind(position) } else { Stage::Waiting(position) };
        let told = Changes {
            position: Position(position).text(),
            reread,
            changes: changes.into_iter().map(ChangeObject).collect(),
        };
        Ok(Some((next, Scoped::new(told, gate::data(&self.app, &call, true)))))
    }
}
