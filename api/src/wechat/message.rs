//! Subscribe messages: what a person is told in the inbox, told through WeChat as well where they have
//! consented to it. They go by the outbox, when the person's quiet hours are over.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zhibu_domain::{
    id::{AccountId, DistrictId, NotificationId, WeChatBindingId},
    notification::Notification,
    organization::{civil_day, day_start},
    policy::{Action, Subject},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{
    Origin, Tx,
    notification::{self, addressees},
    outbox::{self, Event, News},
};

use super::{WeChatError, WeChatFault, letter::Letter};
use crate::{app::App, call::Call, error::OpError};

/// The outbox's kind of event that carries a message to be sent.
pub const SEND_MESSAGE: &str = "subscribe_message.send";

/// How often the wait for another try grows: up to an hour.
const LONGER: i32 = 8;

/// Messages that are older aren't sent any more: the inbox has them.
const STALE: Duration = Duration::days(2);

/// What an event carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    /// What the person is told.
    notification: NotificationId,
    /// Written down before WeChat is asked to send it: from then on it may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begun: Option<Outcome>,
}

/// What a message comes to for the consents of its person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// They stay as they are.
    Unspent,
    /// One was spent.
    Spent(WeChatBindingId, String),
    /// There are none: WeChat says so.
    Withdrawn(WeChatBindingId, String),
}

/// Has the messages of what people are told wait to be sent, in the transaction that tells it: where WeChat
/// is bound and consented to.
pub async fn queue(app: &App, tx: &Tx, district: DistrictId, told: &[&Notification]) -> Result<(), OpError> {
    let (Some(wechat), Some(first)) = (&app.wechat, told.first()) else { return Ok(()) };
    // All that is told at once is of one kind.
    let Some(template) = wechat.settings.template(first.kind) else { return Ok(()) };
    let accounts: Vec<_> = told.iter().map(|one| one.account_id).collect();
    let willing = addressees(tx, district, &wechat.settings.appid, &template.id, &accounts).await?;
    let willing = |account: AccountId| willing.iter().any(|(one, _)| *one == account);
    let news = told.iter().filter(|one| willing(one.account_id)).map(|one| {
        let payload = json!(Carried { notification: one.id, begun: None });
        (News { kind: SEND_MESSAGE, subject: one.account_id.0, payload }, Some(one.alert_at))
    });
    outbox::publish_due(tx, district, news.collect()).await?;
    Ok(())
}

/// What becomes of a message.
pub enum Fate {
    /// It was sent, or never will be.
    Over(Outcome),
    /// It is tried at this time.
    Later(DateTime<Utc>),
}

/// Sends the message of a [`SEND_MESSAGE`] event. One of which nothing was heard counts as sent: rather none
/// than two. So does one that somebody has begun to send who was killed, or couldn't write down what came of it.
pub async fn deliver(app: &App, event: &Event) -> Result<Fate, OpError> {
    let (district, account) = (DistrictId(event.district_id), AccountId(event.subject_id));
    let carried: Option<Carried> = serde_json::from_value(event.payload.clone()).ok();
    let Some(Carried { notification, begun }) = carried else { return Ok(Fate::Over(Outcome::Unspent)) };
    if let Some(outcome) = begun {
        tracing::warn!(event = %event.id, "nobody knows what came of a subscribe message; it isn't sent again");
        return Ok(Fate::Over(outcome));
    }
    let now = app.now();
    if now - event.occurred_at > STALE {
        return Ok(Fate::Over(Outcome::Unspent));
    }
    let preferences = notification::preferences(&app.store, district, &[account]).await?;
    let preferences = preferences.into_values().next().unwrap_or_default();
    let zone = app.district(district).await?.time_zone;
    // The quiet hours may be others than when it was told.
    let audible = |at| preferences.audible(at, &zone);
    if audible(now) > now {
        return Ok(Fate::Later(audible(now)));
    }
    let letter = Letter::find(app, district, account, notification).await?;
    let Some(letter) = letter.filter(|letter| preferences.wants(letter.told.kind)) else {
        return Ok(Fate::Over(Outcome::Unspent));
    };
    let Some(message) = letter.write(&zone) else {
        tracing::error!(
            kind = letter.told.kind.code(),
            "a template has a field that this message can't fill"
        );
        return Ok(Fate::Over(Outcome::Unspent));
    };
    let wait = Duration::seconds(15) * 2_i32.pow(event.attempts.clamp(0, LONGER).unsigned_abs());
    // WeChat wasn't asked yet.
    if letter.wechat.ready().await.is_err() {
        return Ok(Fate::Later(audible(app.now() + wait)));
    }
    let carried = Carried { notification, begun: Some(letter.spent()) };
    if !outbox::note(&app.store, event, json!(carried)).await? {
        return Err(OpError::internal("somebody else has taken a subscribe message that was waited with"));
    }
    Ok(match letter.wechat.message(&message).await {
        Ok(()) => Fate::Over(letter.spent()),
        Err(WeChatError::Unknown) => {
            tracing::warn!(event = %event.id, "nothing was heard of a subscribe message; it isn't sent again");
            Fate::Over(letter.spent())
        }
        Err(WeChatError::Told(WeChatFault::NoConsent, _)) => Fate::Over(letter.withdrawn()),
        Err(WeChatError::Told(WeChatFault::DayLimit, _)) => {
            let tomorrow = civil_day(now, &zone).succ_opt().map(|day| day_start(day, &zone));
            Fate::Later(audible(tomorrow.unwrap_or(now + Duration::days(1))))
        }
        Err(
            WeChatError::Told(
                WeChatFault::Busy
                | WeChatFault::Concurrent
                | WeChatFault::MinuteLimit
                | WeChatFault::BadToken,
                _,
            )
            | WeChatError::Unreached
            | WeChatError::NoToken,
        ) => Fate::Later(audible(app.now() + wait)),
        // WeChat takes it never. What was wrong stands in the log.
        Err(WeChatError::Told(..)) => Fate::Over(Outcome::Unspent),
    })
}

/// Strikes off a message that is over, together with what it comes to for the consents.
pub async fn strike_off(app: &App, event: &Event, outcome: Outcome) -> Result<(), OpError> {
    let origin = Origin { operation: "sendSubscribeMessage", request_id: Some(event.id), now: app.now() };
    let tx = app.store.begin(origin).await?;
    if outbox::strike_off(&tx, event).await? {
        let district = DistrictId(event.district_id);
        let permit = Call::system(district, event.id).permit(Action::UseInbox, Subject::default())?;
        match outcome {
            Outcome::Unspent => {}
            Outcome::Spent(binding, id) => notification::spend_consent(&tx, &permit, binding, &id).await?,
            Outcome::Withdrawn(binding, id) => {
                notification::forget_consent(&tx, &permit, binding, &id).await?
            }
        }
    }
    Ok(tx.commit().await?)
}
