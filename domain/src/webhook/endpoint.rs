use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::{Answer, WebhookEventType, WebhookRefusal as Refusal};
use crate::{
    id::{AccountId, OrgUnitId, TokenGrantId, WebhookEndpointId},
    text, vocabulary,
};

/// How many endpoints a unit may have.
pub const MOST_OF_A_UNIT: u64 = 20;
/// How many messages are on their way to one endpoint at the same time: of each thing one.
pub const MOST_AT_ONCE: usize = 8;

/// Whoever takes longer to answer, in milliseconds, is slow.
const SLOW: i32 = 2_000;

/// After how many failures in a row an endpoint gets a pause.
const FAILURES: i32 = 5;
/// The first pause; each failed trial after it doubles the next …
const FIRST_PAUSE: i64 = 30;
/// … up to this.
const LONGEST_PAUSE: i64 = 3_600;
/// How long an endpoint may fail before nothing is sent to it any more.
const PATIENCE: Duration = Duration::days(3);

vocabulary! {
    /// Why nothing is sent to an endpoint.
    pub enum DisabledReason {
        /// Somebody has switched it off.
        ByHand = "BY_HAND" => "已手动停用", "It was switched off by hand";
        /// The receiver has answered 410 Gone: it wants nothing any more.
        Gone = "GONE" => "接收方表示不再接收（410）", "The receiver answered 410 Gone";
        /// Nothing has come through for three days.
        Failing = "FAILING" => "连续三天无法送达", "Nothing has come through for three days";
        /// Its owner has lost the right to it, or the token with which it was registered has ended.
        NotEntitled = "NOT_ENTITLED" => "所有者已无权限", "Its owner has no right to it any more";
    }
}

/// In whose name an endpoint is told: it learns of nothing that they may not see at that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// The account.
    pub account_id: AccountId,
    /// The grant within whose limit, where a token has made it: it ends with that.
    pub grant_id: Option<TokenGrantId>,
    /// Whether the person had proved the second factor.
    pub second_factor: bool,
}

/// Where another system is told of what has happened in a unit and all below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Identity.
    pub id: WebhookEndpointId,
    /// The unit.
    pub unit_id: OrgUnitId,
    /// In whose name.
    pub owner: Owner,
    /// Where to.
    pub url: String,
    /// What people call it.
    pub description: String,
    /// What it is told of.
    pub events: Vec<WebhookEventType>,
    /// Since when nothing is sent, and why.
    pub disabled: Option<(DateTime<Utc>, DisabledReason)>,
    /// Failures in a row.
    #[serde(skip)]
    pub failures: i32,
    /// When the first of them was.
    #[serde(skip)]
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when nothing is sent for now.
    #[serde(skip)]
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether the last answer was a long time coming.
    #[serde(skip)]
    pub slow: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Counts the changes that people make.
    pub version: i32,
}

/// An endpoint to register; its address has been checked.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// The unit.
    pub unit_id: OrgUnitId,
    /// Where to.
    pub url: String,
    /// What people call it.
    pub description: String,
    /// What it is told of.
    pub events: Vec<WebhookEventType>,
}

/// A change of an endpoint: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct EndpointChange {
    /// New address.
    pub url: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New types of events.
    pub events: Option<Vec<WebhookEventType>>,
    /// Whether anything is sent.
    pub enabled: Option<bool>,
}

impl Endpoint {
    /// Registers one.
    pub fn register(
        id: WebhookEndpointId,
        new: NewEndpoint,
        owner: Owner,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let endpoint = Self {
            id,
            unit_id: new.unit_id,
            owner,
            url: new.url,
            description: new.description,
            events: new.events,
            disabled: None,
            failures: 0,
            failing_since: None,
            paused_until: None,
            slow: false,
            created_at: now,
            version: 1,
        };
        endpoint.checked()
    }

    /// Changes it. Whoever names another address, or switches it on, has it tried at once.
    pub fn change(
        mut self,
        change: EndpointChange,
        version: Option<i32>,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if version.is_some_and(|version| version != self.version) {
            return Err(Refusal::Stale);
        }
        let anew = change.url.is_some() || change.enabled == Some(true);
        self.disabled = match change.enabled {
            Some(true) => None,
            Some(false) => self.disabled.or(Some((now, DisabledReason::ByHand))),
            None => self.disabled,
        };
        self.url = change.url.unwrap_or(self.url);
        self.description = change.description.unwrap_or(self.description);
        self.events = change.events.unwrap_or(self.events);
        self.version += 1;
        if anew { self.recovered().checked() } else { self.checked() }
    }

    /// Whether it took the last message, and soon.
    pub fn is_quick(&self) -> bool {
        self.failures == 0 && !self.slow
    }

    /// How many messages may be on their way to it: of one that is slow, or fails, a single one, so that others
    /// needn't wait for it.
    pub fn at_once(&self, now: DateTime<Utc>) -> usize {
        if self.disabled.is_some() || self.paused_until.is_some_and(|until| now < until) {
            return 0;
        }
        if self.is_quick() { MOST_AT_ONCE } else { 1 }
    }

    /// Takes down what came of an attempt.
    pub fn answered(self, answer: &Answer, now: DateTime<Utc>) -> Self {
        let slow = answer.latency_ms > SLOW;
        if answer.failure.is_none() {
            return Self { slow, ..self.recovered() };
        }
        let failing_since = self.failing_since.unwrap_or(now);
        let reason = if answer.is_gone() {
            Some(DisabledReason::Gone)
        } else {
            (now - failing_since >= PATIENCE).then_some(DisabledReason::Failing)
        };
        let failures = self.failures.saturating_add(1);
        let beyond = u32::try_from(failures - FAILURES).ok();
        let pause = beyond.map(|n| (FIRST_PAUSE << n.min(10)).min(LONGEST_PAUSE)).map(Duration::seconds);
        let until = pause.max(answer.wait()).map(|pause| now + pause);
        Self {
            failures,
            failing_since: Some(failing_since),
            paused_until: until.max(self.paused_until),
            slow,
            disabled: self.disabled.or(reason.map(|reason| (now, reason))),
            ..self
        }
    }

    /// Switches it off, for its owner has no right to it any more.
    #[must_use]
    pub fn lapsed(self, now: DateTime<Utc>) -> Self {
        Self { disabled: self.disabled.or(Some((now, DisabledReason::NotEntitled))), ..self }
    }

    /// As if it had never failed.
    #[must_use]
    fn recovered(self) -> Self {
        Self { failures: 0, failing_since: None, paused_until: None, slow: false, ..self }
    }

    fn checked(mut self) -> Result<Self, Refusal> {
        self.description = text::line(&self.description, 100).ok_or(Refusal::BadDescription)?;
        self.events.retain(|event| *event != WebhookEventType::Ping);
        self.events.sort_unstable();
        self.events.dedup();
        if self.events.is_empty() {
            return Err(Refusal::NoEvents);
        }
        Ok(self)
    }
}
