//! Reading, and saying what one wants to be told.

use zhibu_domain::{
    id::{AccountId, NotificationId, TypedId},
    notification::{FeedKind, Notification, NotificationRefusal as Refusal, Preferences},
    policy::{Action, Denied, Permit, Subject},
};
use zhibu_persistence::{
    Tx,
    feed::{self, Change},
    notification,
};

use crate::{
    app::App,
    call::Call,
    error::{OpError, Stop},
};

type Done<T> = Result<T, Stop<Refusal>>;

/// A change of an inbox.
pub(super) fn changed(event: &str, id: NotificationId) -> Change {
    Change { event: event.to_owned(), subject_kind: NotificationId::KIND.to_owned(), subject_id: id.0 }
}

/// Asks the policy about the caller's own inbox.
pub fn permit(call: &Call) -> Result<(Permit, AccountId), Denied> {
    let account = call.account()?;
    Ok((call.permit(Action::UseInbox, Subject::owner(account))?, account))
}

/// Commits a change of the caller's inbox and tells the caller's other devices.
async fn finish(
    app: &App,
    tx: Tx,
    permit: &Permit,
    account: AccountId,
    change: Change,
) -> Result<(), OpError> {
    feed::append(&tx, permit, FeedKind::Inbox, &[(account.0, change)]).await?;
    let signal = (permit.district_id().0, account.0);
    tx.signal(signal).await?;
    tx.commit().await?;
    app.hub.signal(signal);
    Ok(())
}

/// Marks one of the caller's notifications as read; a repeat changes nothing.
pub async fn mark_read(app: &App, call: &Call, id: NotificationId) -> Done<Notification> {
    let tx = app.begin(call, "markNotificationRead").await?;
    let (permit, account) = permit(call)?;
    let new = notification::mark_read(&tx, &permit, account, id).await?;
    let found = notification::notifications(&tx, permit.district_id(), account, &[id]).await?.remove(&id);
    let found = found.ok_or(Denied::Hidden)?;
    if new {
        finish(app, tx, &permit, account, changed("notification.read", id)).await?;
    }
    Ok(found)
}

/// Marks the caller's notifications as read, all or up to one; answers how many weren't.
pub async fn mark_all_read(app: &App, call: &Call, up_to: Option<NotificationId>) -> Done<u64> {
    let tx = app.begin(call, "markAllNotificationsRead").await?;
    let (permit, account) = permit(call)?;
    let marked = notification::mark_all_read(&tx, &permit, account, up_to).await?;
    if marked > 0 {
        let change = Change {
            event: "inbox.read".to_owned(),
            subject_kind: AccountId::KIND.to_owned(),
            subject_id: account.0,
        };
        finish(app, tx, &permit, account, change).await?;
    }
    Ok(marked)
}

/// Says what the caller wants to be told, and when.
pub async fn set_preferences(app: &App, call: &Call, preferences: Preferences) -> Done<Preferences> {
    let tx = app.begin(call, "setNotificationPreferences").await?;
    let (permit, account) = permit(call)?;
    notification::save_preferences(&tx, &permit, account, &preferences).await?;
    tx.commit().await?;
    Ok(preferences)
}
