//! From a verified access token to who acts, with today's rights; and how what other processes
//! change gets here.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, SessionId},
    policy::{Actor, Denied, Person},
};
use zhibu_persistence::{Connect, StoreError, epoch, identity, member};

use crate::{
    app::App,
    auth::token::{Bearer, LIFETIME},
    config::SecondFactorMode,
    error::OpError,
    memo::Rights,
    token,
};

/// How far a look back overlaps the one before: another process's clock may be behind, and a
/// transaction may take a while.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// Who acts with a verified token. Asks the database nothing while the memo is warm.
pub async fn actor(app: &App, bearer: Bearer) -> Result<Actor, OpError> {
    if app.memo.revoked.contains_key(&bearer.session_id) {
        return Err(Denied::Unauthenticated.into());
    }
    let districts = app.districts().await?;
    if !districts.iter().any(|d| d.id == bearer.district_id.0) {
        return Err(Denied::Unauthenticated.into());
    }
    if let Some(grant) = bearer.grant {
        return Ok(Actor::Person(Box::new(token::person(app, bearer, grant).await?)));
    }
    let rights = rights(app, &app.store, bearer.district_id, bearer.account_id).await?;
    Ok(Actor::Person(Box::new(Person {
        district_id: bearer.district_id,
        account_id: bearer.account_id,
        session_id: bearer.session_id,
        membership: rights.membership.clone(),
        posts: rights.posts.clone(),
        second_factor_missing: second_factor_missing(app, &rights, bearer.second_factor),
        password_change_due: bearer.password_change_due,
        limit: None,
    })))
}

/// Somebody as the policy sees them while they aren't signed in: what they set up to act in their absence, a
/// room's screen or a calendar, asks so whether they hold the right still. The second factor was proved when
/// it was set up.
pub async fn in_absence(app: &App, district: DistrictId, account: AccountId) -> Result<Actor, OpError> {
    let rights = rights(app, &app.store, district, account).await?;
    Ok(Actor::Person(Box::new(Person {
        district_id: district,
        account_id: account,
        session_id: SessionId(Uuid::nil()),
        membership: rights.membership.clone(),
        posts: rights.posts.clone(),
        second_factor_missing: second_factor_missing(app, &rights, true),
        password_change_due: false,
        limit: None,
    })))
}

/// What gives an account its rights today, kept for a while.
pub async fn rights(
    app: &App,
    db: &impl Connect,
    district: DistrictId,
    account: AccountId,
) -> Result<Arc<Rights>, OpError> {
    let today = app.today(&app.district(district).await?.time_zone);
    let load = async || {
        let standing = identity::standing(db, district, account).await?;
        Ok(Rights {
            membership: standing.membership,
            posts: member::held_posts(db, district, account, today).await?,
            second_factor_active: standing.second_factor_active,
        })
    };
    Ok(app.memo.rights.get_or_load((district, account), load).await?)
}

/// Whether the posts' rights sleep: the second factor is demanded, or was set up, and the session
/// has not proved it.
pub(crate) fn second_factor_missing(app: &App, rights: &Rights, proved: bool) -> bool {
    !proved && (rights.second_factor_active || second_factor_demanded(app, rights))
}

/// Whether the second factor was proved, of somebody whose posts' rights are awake.
pub(crate) fn has_proved(app: &App, rights: &Rights, missing: bool) -> bool {
    !missing && (rights.second_factor_active || second_factor_demanded(app, rights))
}

/// Whether a post that is held asks for the second factor.
pub(super) fn second_factor_demanded(app: &App, rights: &Rights) -> bool {
    app.config.second_factor == SecondFactorMode::Required
        && rights.posts.iter().any(|post| post.kind.needs_second_factor())
}

/// Learns what other processes have changed since the last look; answers when this one was.
async fn look(app: &App, last: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, StoreError> {
    let at = app.now();
    app.memo.reach(epoch::current(&app.store).await?);
    let since = last.map_or(at - LIFETIME, |last| last.min(at)) - OVERLAP;
    let revoked = identity::revoked_since(&app.store, since).await?;
    app.memo.revoke(revoked.into_iter().map(|(session, _)| session));
    Ok(at)
}

/// Learns of the sessions that were ended while this process was down. Call it before serving.
pub async fn catch_up(app: &App) -> Result<(), StoreError> {
    look(app, None).await.map(drop)
}

/// Learns what other processes have changed, when they say so and every second, until `shutdown`. While
/// the database is away it tries on; what happened meanwhile is made up for.
pub async fn watch(app: Arc<App>, shutdown: impl Future<Output = ()>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    let mut moved = app.hub.listen(epoch::MOVED);
    let mut last = None;
    let mut away = false;
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            () = moved.changed() => {}
            _ = ticks.tick() => {}
        }
        match look(&app, last).await {
            Ok(at) => {
                last = Some(at);
                away = false;
            }
            Err(error) => {
                if !away {
                    tracing::warn!(?error, "what other processes change can't be seen for now");
                }
                away = true;
            }
        }
    }
}
