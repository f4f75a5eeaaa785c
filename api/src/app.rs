//! What every operation needs: the store, the clock, chance, the rules in force, and who holds
//! which rights.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
pub use zhibu_domain::organization::civil_day;
use zhibu_domain::{
    id::{DistrictId, TypedId},
    rule::Rules,
};
use zhibu_persistence::{Origin, Store, StoreError, Tx, organization, organization::District, rule};

use crate::{
    auth::Auth, call::Call, check_in::Recorder, clock::Clock, config::Config, download::Press,
    error::OpError, live::Hub, memo::Memo, webhook::Sender, wechat::WeChat,
};

/// The running application.
pub struct App {
    /// What is remembered.
    pub store: Store,
    /// The one clock.
    pub clock: Clock,
    /// How it is set up.
    pub config: Config,
    /// Tokens, passwords, codes.
    pub auth: Auth,
    /// What is read often and changes seldom.
    pub memo: Memo,
    /// Tells subscribers what has changed.
    pub hub: Arc<Hub>,
    /// Writes check-ins, many at a time.
    pub recorder: Recorder,
    /// Makes files.
    pub press: Press,
    /// WeChat's servers, where there is a mini-program.
    pub wechat: Option<WeChat>,
    /// Sends webhooks.
    pub webhooks: Sender,
}

impl App {
    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new id.
    pub fn id<I: TypedId>(&self) -> I {
        I::from_uuid(self.auth.random.id(self.now()))
    }

    /// The civil day in a time zone.
    pub fn today(&self, time_zone: &str) -> NaiveDate {
        civil_day(self.now(), time_zone)
    }

    /// Opens a transaction for an operation of the API.
    pub async fn begin(&self, call: &Call, operation: &'static str) -> Result<Tx, StoreError> {
        self.store.begin(Origin { operation, request_id: Some(call.request_id), now: self.now() }).await
    }

    /// The districts of this server.
    pub async fn districts(&self) -> Result<Arc<Vec<District>>, StoreError> {
        self.memo.districts.get_or_load((), async || organization::districts(&self.store).await).await
    }

    /// One district.
    pub async fn district(&self, id: DistrictId) -> Result<District, OpError> {
        let districts = self.districts().await?;
        let found = districts.iter().find(|d| d.id == id.0).cloned();
        found.ok_or(OpError::internal("the district is gone"))
    }

    /// The rules in force today in a district.
    pub async fn rules(&self, district: DistrictId) -> Result<Rules, OpError> {
        let today = self.today(&self.district(district).await?.time_zone);
        self.rules_on(district, today).await
    }

    /// The rules in force in a district on a day.
    pub async fn rules_on(&self, district: DistrictId, day: NaiveDate) -> Result<Rules, OpError> {
        let settings = self
            .memo
            .rules
            .get_or_load(district, async || rule::settings(&self.store, district).await)
            .await?;
        Ok(Rules::on(day, settings.as_ref().clone()))
    }
}
