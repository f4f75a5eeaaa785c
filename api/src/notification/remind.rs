//! Reminding those who haven't done something yet, and only those: once a day of each duty (R46).

use serde_json::json;
use uuid::Uuid;
use zhibu_domain::{
    desk::ReminderRefusal as Refusal,
    notification::{REMINDED, Telling},
    organization::{civil_day, day_start},
    policy::Permit,
};
use zhibu_persistence::{
    Tx,
    audit::{self, Entry},
    desk, outbox,
};

use super::tell::{Notice, tell};
use crate::{app::App, error::Stop};

/// Most people who are reminded at once.
pub const MOST_REMINDED: usize = 500;

/// A reminder.
pub struct Reminder<'a> {
    /// What is told.
    pub telling: &'a Telling,
    /// Whom of what.
    pub notices: Vec<Notice>,
    /// What the audit says that it is about.
    pub about: Entry<'static>,
}

/// Reminds people, and answers how many were told: who was reminded of it today isn't again, nor is who
/// has muted such notifications. The caller has locked what it is about, so that of two who remind at
/// once the second finds that it was done.
pub async fn remind(
    app: &App,
    tx: Tx,
    permit: &Permit,
    reminder: Reminder<'_>,
) -> Result<usize, Stop<Refusal>> {
    let Reminder { telling, notices, about } = reminder;
    if notices.is_empty() {
        return Err(Refusal::NobodyMissing.into());
    }
    if notices.len() > MOST_REMINDED {
        return Err(Refusal::TooMany.into());
    }
    let district = permit.district_id();
    let time_zone = app.district(district).await?.time_zone;
    let accounts: Vec<_> = notices.iter().map(|notice| notice.account).collect();
    let subjects: Vec<_> = notices.iter().map(|notice| notice.subject).collect();
    let since = day_start(civil_day(tx.now(), &time_zone), &time_zone);
    let reminded = desk::reminded(&tx, district, &accounts, &subjects, since).await?;
    let notices: Vec<_> =
        notices.into_iter().filter(|n| !reminded.contains(&(n.account, n.subject))).collect();
    let accounts: Vec<_> = notices.iter().map(|notice| notice.account).collect();
    let day = civil_day(tx.now(), &time_zone).to_string();
    let need = |subject: Uuid| telling.need(Uuid::nil(), subject, Some(&day));
    let told = tell(app, &tx, permit, telling, notices, need).await?;
    if told == 0 && !reminded.is_empty() {
        return Err(Refusal::AlreadyReminded.into());
    }
    let subject = about.subject_id;
    audit::append(&tx, permit, about.change(None, Some(&json!({ "told": told })))).await?;
    outbox::publish(&tx, district, REMINDED, subject, json!({ "accounts": accounts })).await?;
    tx.commit().await?;
    app.hub.wake();
    Ok(told)
}
