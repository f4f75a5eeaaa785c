use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::WebhookEventType;
use crate::{
    id::{OrgUnitId, WebhookDeliveryId, WebhookEndpointId},
    vocabulary,
};

/// When a message that hasn't come through is given up, however seldom it was tried.
pub const LONGEST: Duration = Duration::days(4);

/// How many messages are replayed at once: meanwhile nothing else is changed at their endpoint.
pub const MOST_REPLAYED: usize = 5_000;

/// The longest that a receiver may ask us to wait.
const LONGEST_WAIT: Duration = Duration::hours(24);

/// The seconds to wait after each failed attempt, as Standard Webhooks proposes: three days in all.
const WAITS: &[i64] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

vocabulary! {
    /// Where a message to an endpoint stands.
    pub enum DeliveryState {
        /// It waits to be sent, or to be sent again.
        Pending = "PENDING" => "待送达", "Pending";
        /// The receiver has taken it.
        Delivered = "DELIVERED" => "已送达", "Delivered";
        /// It was given up. It can be replayed.
        Dead = "DEAD" => "已放弃", "Given up";
    }
}

vocabulary! {
    /// Why the last attempt didn't come through.
    pub enum DeliveryFailure {
        /// The receiver has answered something else than 2xx.
        Status = "STATUS" => "接收方拒绝", "The receiver answered an error";
        /// The receiver sends elsewhere, where we don't follow.
        Redirected = "REDIRECTED" => "接收方重定向", "The receiver redirected";
        /// No whole answer came in time.
        TimedOut = "TIMED_OUT" => "超时", "Timed out";
        /// No connection could be made, or it broke.
        Unreachable = "UNREACHABLE" => "无法连接", "Unreachable";
        /// The name stands for an address to which nothing is sent.
        AddressRefused = "ADDRESS_REFUSED" => "地址不允许", "The address isn't allowed";
        /// The endpoint's owner may not see it any more.
        NotEntitled = "NOT_ENTITLED" => "所有者已无权限", "The owner may not see it any more";
        /// It has waited for days.
        Expired = "EXPIRED" => "已过期", "It has expired";
    }
}

/// A message to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Identity, and the `webhook-id` of all its attempts; in order of what happened.
    pub id: WebhookDeliveryId,
    /// To which endpoint.
    pub endpoint_id: WebhookEndpointId,
    /// What it tells.
    pub event: WebhookEventType,
    /// Of which thing.
    pub subject_id: Uuid,
    /// Where that happened.
    pub unit_id: OrgUnitId,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried, since it was last asked for.
    pub attempts: i32,
    /// When it is tried next.
    pub due_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// When the last attempt was made.
    pub tried_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub answer: Option<Answer>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Why it didn't come through.
    pub failure: Option<DeliveryFailure>,
    /// The receiver's status.
    pub status: Option<i32>,
    /// How long it took, in milliseconds.
    pub latency_ms: i32,
    /// How the body began.
    pub body: Option<String>,
    /// How long the receiver asks us to wait. It isn't kept.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// Whether the receiver wants nothing any more.
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    /// How long to wait at least: what the receiver asks for, within reason.
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after.map(|wait| wait.clamp(Duration::zero(), LONGEST_WAIT))
    }
}

impl Delivery {
    /// A message that waits to be sent.
    pub fn new(
        id: WebhookDeliveryId,
        endpoint_id: WebhookEndpointId,
        (event, subject_id, unit_id): (WebhookEventType, Uuid, OrgUnitId),
        occurred_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            endpoint_id,
            event,
            subject_id,
            unit_id,
            occurred_at,
            state: DeliveryState::Pending,
            attempts: 0,
            due_at: now,
            expires_at: now + LONGEST,
            tried_at: None,
            answer: None,
        }
    }

    /// Takes down what came of an attempt. `jitter`, in thousandths, spreads the next ones over a tenth of their
    /// wait, so that what failed together doesn't come back together.
    pub fn tried(self, answer: Answer, jitter: u32, now: DateTime<Utc>) -> Self {
        let wait = usize::try_from(self.attempts - 1).ok().and_then(|n| WAITS.get(n));
        let (state, due_at) = match wait {
            _ if answer.failure.is_none() => (DeliveryState::Delivered, self.due_at),
            // A test tells how it stands now.
            Some(wait) if !answer.is_gone() && self.event != WebhookEventType::Ping => {
                let spread = Duration::milliseconds(wait * i64::from(jitter.min(1_000)) / 10);
                let wait = Duration::seconds(*wait) + spread;
                (DeliveryState::Pending, now + answer.wait().map_or(wait, |asked| asked.max(wait)))
            }
            _ => (DeliveryState::Dead, self.due_at),
        };
        Self { state, due_at, tried_at: Some(now), answer: Some(answer), ..self }
    }

    /// Nobody was sent it; it goes on waiting.
    #[must_use]
    pub fn held_back(self, failure: DeliveryFailure, now: DateTime<Utc>) -> Self {
        let answer =
            Answer { failure: Some(failure), status: None, latency_ms: 0, body: None, retry_after: None };
        Self { tried_at: Some(now), answer: Some(answer), ..self }
    }

    /// When it is tried next, at the earliest; `None` where it isn't any more.
    pub fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        (self.state == DeliveryState::Pending).then(|| self.due_at.max(self.occurred_at))
    }

    /// Gives it up without an attempt.
    #[must_use]
    pub fn given_up(self, failure: DeliveryFailure, now: DateTime<Utc>) -> Self {
        Self { state: DeliveryState::Dead, ..self.held_back(failure, now) }
    }
}
