use async_graphql::{Context, Object, Result, connection::Connection};
use zhibu_persistence::notification;

use super::{NotificationObject, object::PreferencesObject, ops};
use crate::{
    call::request,
    error::OpExt,
    graphql::{Cursor, PageArgs, connect},
};

/// Queries of the inbox.
#[derive(Default)]
pub struct NotificationQuery;

/// How many of the caller's notifications are unread.
pub async fn unread_count(ctx: &Context<'_>) -> Result<u64> {
    let (app, call) = request(ctx)?;
    let (permit, account) = ops::permit(call).op()?;
    Ok(notification::unread_count(&app.store, permit.district_id(), account).await.op()?)
}

#[Object]
impl NotificationQuery {
    /// The caller's notifications, newest first; a page of at most 100. They stay for as many days as the
    /// rule `NOTIFICATION_KEEP_DAYS` says, and those of an activity until it is over. For anybody signed in.
    #[graphql(complexity = "5 + first.or(last).unwrap_or(20).clamp(0, 100) as usize * child_complexity")]
    async fn inbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1–100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1–100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "Only what isn't read.")] unread_only: bool,
    ) -> Result<Connection<Cursor, NotificationObject>> {
        let (app, call) = request(ctx)?;
        let (permit, account) = ops::permit(call).op()?;
        let args = PageArgs { first, after, last, before }.request()?;
        let page = notification::inbox_page(&app.store, permit.district_id(), account, unread_only, args);
        Ok(connect(args, page.await.op()?, |n| n.id.0, NotificationObject))
    }

    /// How many of the caller's notifications are unread. For anybody signed in.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<u64> {
        unread_count(ctx).await
    }

    /// What the caller wants to be told, and when. For anybody signed in.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<PreferencesObject> {
        let (app, call) = request(ctx)?;
        let (permit, account) = ops::permit(call).op()?;
        let found = notification::preferences(&app.store, permit.district_id(), &[account]).await.op()?;
        Ok(PreferencesObject(found.into_values().next().unwrap_or_default()))
    }
}
