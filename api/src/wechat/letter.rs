//! One subscribe message: to whom it goes, and what it says.

use serde_json::{Map, Value, json};
use zhibu_domain::{
    id::{AccountId, DistrictId, NotificationId},
    notification::Notification,
};
use zhibu_persistence::notification::{self, Addressee, addressees};

use super::{Template, WeChat, message::Outcome};
use crate::{app::App, error::OpError, graphql::encode};

/// A message that is about to be sent.
pub struct Letter<'a> {
    /// The way there.
    pub wechat: &'a WeChat,
    /// What it tells.
    pub told: Notification,
    template: &'a Template,
    to: Addressee,
}

impl<'a> Letter<'a> {
    /// What is to be sent; nothing where the message was read meanwhile, or may not be sent any more.
    pub async fn find(
        app: &'a App,
        district: DistrictId,
        account: AccountId,
        id: NotificationId,
    ) -> Result<Option<Self>, OpError> {
        let Some(wechat) = &app.wechat else { return Ok(None) };
        let told = notification::notifications(&app.store, district, account, &[id]).await?.remove(&id);
        let Some(told) = told.filter(|told| told.read_at.is_none()) else { return Ok(None) };
        let Some(template) = wechat.settings.template(told.kind) else { return Ok(None) };
        let (app_id, accounts) = (&wechat.settings.appid, [account]);
        let to = addressees(&app.store, district, app_id, &template.id, &accounts).await?.pop();
        Ok(to.map(|(_, to)| Self { wechat, told, template, to }))
    }

    /// The message as WeChat takes it; none where a field can't be filled.
    pub fn write(&self, time_zone: &str) -> Option<Value> {
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

    /// What it comes to when it is sent: a long-term consent isn't spent.
    pub fn spent(&self) -> Outcome {
        if self.template.long_term {
            return Outcome::Unspent;
        }
        Outcome::Spent(self.to.binding, self.template.id.clone())
    }

    /// What it comes to when WeChat knows of no consent.
    pub fn withdrawn(&self) -> Outcome {
        Outcome::Withdrawn(self.to.binding, self.template.id.clone())
    }
}
