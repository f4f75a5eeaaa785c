use async_graphql::InputObject;
use chrono::NaiveTime;
use zhibu_domain::{
    id::NotificationId,
    notification::{NotificationKind, NotificationRefusal as Refusal, Preferences, QuietHours},
};

use crate::{
    error::{Stop, at},
    graphql::{GlobalId, Term},
};

/// A notification that was read.
#[derive(InputObject)]
pub struct MarkNotificationReadInput {
    /// Which.
    pub id: GlobalId<NotificationId>,
}

/// Notifications that were read.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// Up to this one, the newest that the screen shows: what has come since stays unread. All where
    /// absent.
    pub up_to: Option<GlobalId<NotificationId>>,
}

/// The hours of each day in which the phone stays silent, in the district's time zone.
#[derive(InputObject)]
pub struct QuietHoursInput {
    /// When they begin, `HH:MM`.
    pub from: String,
    /// When they end, `HH:MM`; before `from` where they last over midnight.
    pub until: String,
}

/// What the caller wants to be told, and when: all of it, not the difference.
#[derive(InputObject)]
pub struct SetNotificationPreferencesInput {
    /// The kinds that are muted from now on; what has come already stays.
    pub muted_kinds: Vec<Term<NotificationKind>>,
    /// The quiet hours; none where absent.
    pub quiet_hours: Option<QuietHoursInput>,
}

impl SetNotificationPreferencesInput {
    pub(super) fn preferences(self) -> Result<Preferences, Stop<Refusal>> {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| Refusal::BadQuietHours);
        let quiet = self.quiet_hours.map(|quiet| QuietHours::new(time(&quiet.from)?, time(&quiet.until)?));
        let quiet = quiet.transpose().map_err(at("quietHours"))?;
        let muted = self.muted_kinds.into_iter().map(|kind| kind.0);
        Preferences::new(muted, quiet).map_err(at("mutedKinds"))
    }
}
