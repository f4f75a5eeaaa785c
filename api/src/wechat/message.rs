//! Subscribe messages: what a person is told in the inbox, told through WeChat as well where they have
//! consented to it. They go by the outbox, when the person's quiet hours are over.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use zhibu_domain::{
    id::{AccountId, DistrictId, NotificationId},
    notification::Notification,
    organization::{civil_day, day_start},
    policy::{Action, Permit, Subject},
    vocabulary::Vocabulary,
};
use zhibu_persistence::{
    Origin, Tx,
    notification::{self, Addressee, addressees},
    outbox::{self, Event, News},
};

use super::{Template, WeChat, WeChatError, WeChatFault};
use crate::{app::App, call::Call, error::OpError, graphql::encode};

/// The outbox's kind of event that carries a message to be sent.
pub const SEND_MESSAGE: &str = "subscribe_message.send";

/// How often a message is tried.
const TRIES: i32 = 8;

/// Messages that are older aren't sent any more: the inbox has them.
const STALE: Duration = Duration::days(2);

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
        let payload = json!({ "notification": one.id });
        (News { kind: SEND_MESSAGE, subject: one.account_id.0, payload }, Some(one.alert_at))
    });
    outbox::publish_due(tx, district, news.collect()).await?;
    Ok(())
}

/// What becomes of a message.
pub enum Fate {
    /// It was sent, or never will be.
    Over,
    /// It is tried at this time.
    Later(DateTime<Utc>),
}

/// A message that is about to be sent.
struct Letter<'a> {
    wechat: &'a WeChat,
    template: &'a Template,
    told: Notification,
    to: Addressee,
}

/// Sends the message of a [`SEND_MESSAGE`] event. One of which nothing was heard counts as sent: rather none
/// than two.
pub async fn deliver(app: &App, event: &Event) -> Result<Fate, OpError> {
    let (district, account) = (DistrictId(event.district_id), AccountId(event.subject_id));
    let now = app.now();
    if now - event.occurred_at > STALE {
        return Ok(Fate::Over);
    }
    let preferences = notification::preferences(&app.store, district, &[account]).await?;
    let preferences = preferences.into_values().next().unwrap_or_default();
    let zone = app.district(district).await?.time_zone;
    // The quiet hours may be others than when it was told.
    let audible = |at| preferences.audible(at, &zone);
    if audible(now) > now {
        return Ok(Fate::Later(audible(now)));
    }
    let Some(letter) = letter(app, event, district, account).await? else { return Ok(Fate::Over) };
    if !preferences.wants(letter.told.kind) {
        return Ok(Fate::Over);
    }
    let Some(message) = letter.write(&zone) else {
        tracing::error!(
            kind = letter.told.kind.code(),
            "a template has a field that this message can't fill"
        );
        return Ok(Fate::Over);
    };
    let permit = Call::system(district, event.id).permit(Action::UseInbox, Subject::default())?;
    match letter.wechat.message(&message).await {
        Ok(()) => letter.spend(app, event, &permit).await?,
        Err(WeChatError::Unknown) => {
            tracing::warn!(event = %event.id, "nothing was heard of a subscribe message; it isn't sent again");
            letter.spend(app, event, &permit).await?;
        }
        Err(WeChatError::Told(WeChatFault::NoConsent, _)) => letter.forget(app, event, &permit).await?,
        Err(WeChatError::Told(WeChatFault::DayLimit, _)) => {
            let tomorrow = civil_day(now, &zone).succ_opt().map(|day| day_start(day, &zone));
            return Ok(Fate::Later(audible(tomorrow.unwrap_or(now + Duration::days(1)))));
        }
        Err(
            WeChatError::Told(
                WeChatFault::Busy
                | WeChatFault::Concurrent
                | WeChatFault::MinuteLimit
                | WeChatFault::BadToken,
                _,
            )
            | WeChatError::Unreached,
        ) if event.attempts < TRIES => {
            let wait = Duration::seconds(15) * 2_i32.pow(event.attempts.clamp(0, 10).unsigned_abs());
            return Ok(Fate::Later(audible(now + wait)));
        }
        // WeChat takes it never, or not in time. What was wrong stands in the log.
        Err(WeChatError::Told(..) | WeChatError::Unreached) => {}
    }
    Ok(Fate::Over)
}

/// What is to be sent; nothing where the message was read meanwhile, or may not be sent any more.
async fn letter<'a>(
    app: &'a App,
    event: &Event,
    district: DistrictId,
    account: AccountId,
) -> Result<Option<Letter<'a>>, OpError> {
    let Some(wechat) = &app.wechat else { return Ok(None) };
    let id = event.payload.get("notification").and_then(Value::as_str);
    let Some(id) = id.and_then(|id| Uuid::try_parse(id).ok()).map(NotificationId) else { return Ok(None) };
    let told = notification::notifications(&app.store, district, account, &[id]).await?.remove(&id);
    let Some(told) = told.filter(|told| told.read_at.is_none()) else { return Ok(None) };
    let Some(template) = wechat.settings.template(told.kind) else { return Ok(None) };
    let (app_id, accounts) = (&wechat.settings.appid, [account]);
    let to = addressees(&app.store, district, app_id, &template.id, &accounts).await?.pop();
    Ok(to.map(|(_, to)| Letter { wechat, template, told, to }))
}

impl Letter<'_> {
    /// The message as WeChat takes it; none where a field can't be filled.
    fn write(&self, time_zone: &str) -> Option<Value> {
        let mut data = Map::new();
        for field in self.template.fields() {
            let value = field.fill(&self.told, time_zone)?;
            data.insert(field.name, json!({ "value": value }));
        }
        let id = encode(&self.told.subject_kind, self.told.subject_id);
        Some(json!({
            "touser": self.to.open_id,
            "template_id": self.template.id,
            "page": self.template.page.replace("{id}", &id),
            "miniprogram_state": self.wechat.settings.state.of_message(),
            "lang": "zh_CN",
            "data": data,
        }))
    }

    async fn spend(&self, app: &App, event: &Event, permit: &Permit) -> Result<(), OpError> {
        if self.template.long_term {
            return Ok(());
        }
        let tx = begin(app, event).await?;
        notification::spend_consent(&tx, permit, self.to.binding, &self.template.id).await?;
        Ok(tx.commit().await?)
    }

    async fn forget(&self, app: &App, event: &Event, permit: &Permit) -> Result<(), OpError> {
        let tx = begin(app, event).await?;
        notification::forget_consent(&tx, permit, self.to.binding, &self.template.id).await?;
        Ok(tx.commit().await?)
    }
}

async fn begin(app: &App, event: &Event) -> Result<Tx, OpError> {
    let origin = Origin { operation: "sendSubscribeMessage", request_id: Some(event.id), now: app.now() };
    Ok(app.store.begin(origin).await?)
}
