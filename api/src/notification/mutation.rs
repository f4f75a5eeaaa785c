use async_graphql::{Context, Object, Result, SimpleObject};
use zhibu_domain::notification::NotificationRefusal;

use super::{
    NotificationObject,
    input::{MarkAllNotificationsReadInput, MarkNotificationReadInput, SetNotificationPreferencesInput},
    object::PreferencesObject,
    ops,
};
use crate::{call::request, error::outcome, graphql::Outcome};

/// The notification is read.
#[derive(SimpleObject)]
pub struct MarkNotificationReadDone {
    /// As it now stands.
    notification: NotificationObject,
}

/// The notifications are read.
#[derive(SimpleObject)]
pub struct MarkAllNotificationsReadDone {
    /// How many weren't read before.
    marked_count: u64,
}

/// The preferences hold from now on.
#[derive(SimpleObject)]
pub struct SetNotificationPreferencesDone {
    /// As they now stand.
    preferences: PreferencesObject,
}

type Answer<D> = Result<Outcome<D, NotificationRefusal>>;

/// Mutations of the inbox.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks one of the caller's notifications as read; a repeat changes nothing. Nobody else is told,
    /// and nothing is counted by it (R46). For the person told.
    async fn mark_notification_read(
        &self,
        ctx: &Context<'_>,
        input: MarkNotificationReadInput,
    ) -> Answer<MarkNotificationReadDone> {
        let (app, call) = request(ctx)?;
        let done = ops::mark_read(app, call, input.id.0).await;
        outcome(done.map(|n| MarkNotificationReadDone { notification: NotificationObject(n) }))
    }

    /// Marks the caller's notifications as read, all or up to one. For anybody signed in.
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        input: MarkAllNotificationsReadInput,
    ) -> Answer<MarkAllNotificationsReadDone> {
        let (app, call) = request(ctx)?;
        let done = ops::mark_all_read(app, call, input.up_to.map(|id| id.0)).await;
        outcome(done.map(|marked_count| MarkAllNotificationsReadDone { marked_count }))
    }

    /// Says what the caller wants to be told, and when the phone stays silent. For anybody signed in.
    async fn set_notification_preferences(
        &self,
        ctx: &Context<'_>,
        input: SetNotificationPreferencesInput,
    ) -> Answer<SetNotificationPreferencesDone> {
        let (app, call) = request(ctx)?;
        let done = match input.preferences() {
            Ok(preferences) => ops::set_preferences(app, call, preferences).await,
            Err(refused) => ops::permit(call).map_err(Into::into).and(Err(refused)),
        };
        outcome(done.map(|p| SetNotificationPreferencesDone { preferences: PreferencesObject(p) }))
    }
}
