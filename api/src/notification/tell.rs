//! Telling people: each of a need once, in the inbox and in its feed.

use uuid::Uuid;
use zhibu_domain::{
    id::AccountId,
    notification::{Facts, FeedKind, Notification, Telling},
    policy::Permit,
};
use zhibu_persistence::{Tx, feed, notification};

use super::ops::changed;
use crate::{app::App, error::OpError, wechat};

/// Something that somebody is told.
pub struct Notice {
    /// Who.
    pub account: AccountId,
    /// Of which thing.
    pub subject: Uuid,
    /// What.
    pub facts: Facts,
}

/// Tells people; `need` is what each thing's telling is known by. Who has muted the kind, or was told
/// of the need before, isn't told; answers how many were.
pub async fn tell(
    app: &App,
    tx: &Tx,
    permit: &Permit,
    telling: &Telling,
    notices: Vec<Notice>,
    need: impl Fn(Uuid) -> String,
) -> Result<usize, OpError> {
    let district = permit.district_id();
    let accounts: Vec<_> = notices.iter().map(|notice| notice.account).collect();
    let preferences = notification::preferences(tx, district, &accounts).await?;
    let time_zone = app.district(district).await?.time_zone;
    let now = tx.now();
    let new = |notice: Notice| {
        let preferences = preferences.get(&notice.account);
        if preferences.is_some_and(|p| !p.wants(telling.kind)) {
            return None;
        }
        Some(Notification {
            id: app.id(),
            account_id: notice.account,
            kind: telling.kind,
            subject_kind: telling.subject_kind.to_owned(),
            subject_id: notice.subject,
            facts: notice.facts,
            created_at: now,
            alert_at: preferences.map_or(now, |p| p.audible(now, &time_zone)),
            read_at: None,
        })
    };
    let new: Vec<_> = notices.into_iter().filter_map(new).collect();
    let told = notification::tell(tx, permit, &new, |n| need(n.subject_id)).await?;
    let told_of = new.iter().filter(|n| told.contains(&n.id));
    let changes: Vec<_> = told_of.map(|n| (n.account_id.0, changed("notification.added", n.id))).collect();
    feed::append(tx, permit, FeedKind::Inbox, &changes).await?;
    let told_of: Vec<_> = new.iter().filter(|n| told.contains(&n.id)).collect();
    wechat::message::queue(app, tx, district, &told_of).await?;
    Ok(told.len())
}
