use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use zhibu_domain::{
    activity::TimeWindow,
    id::{ObjectionId, OrgUnitId, ServiceHourEntryId},
    volunteering::{Service, Verdict},
};

use super::ops::Review;
use crate::graphql::{GlobalId, Minutes, storable};

/// A service, as the member tells of it.
#[derive(InputObject)]
pub struct ServiceInput {
    /// When it began; seconds are dropped.
    pub starts_at: DateTime<Utc>,
    /// When it ended, not after now and at most 24 hours later; seconds are dropped.
    pub ends_at: DateTime<Utc>,
    /// Minutes of it spent on the way there and back, which don't count.
    #[graphql(default_with = "Minutes(0)")]
    pub travel_minutes: Minutes,
    /// Where, 1–100 characters.
    pub place: String,
    /// What was done, 1–200 characters.
    pub content: String,
    /// For whom in general words, 1–100 characters: never names.
    pub beneficiary: String,
    /// How many were served, 1–100,000, where that can be said.
    pub beneficiary_count: Option<i32>,
    /// References to pictures, at most nine of 1–300 printable ASCII characters. Never needed (R46).
    #[graphql(default)]
    pub pictures: Vec<String>,
}

impl ServiceInput {
    pub(super) fn service(self) -> Service {
        Service {
            window: TimeWindow { starts_at: storable(self.starts_at), ends_at: storable(self.ends_at) },
            travel_minutes: self.travel_minutes.0,
            place: self.place,
            content: self.content,
            beneficiary: self.beneficiary,
            beneficiary_count: self.beneficiary_count,
            pictures: self.pictures,
        }
    }
}

/// Hours to report.
#[derive(InputObject)]
pub struct ReportServiceHoursInput {
    /// To which unit; the caller's home unit where absent. A group's or a hub's hours are its branch's, whose
    /// leaders verify.
    pub unit_id: Option<GlobalId<OrgUnitId>>,
    /// What was done.
    pub service: ServiceInput,
    /// The client's key for this report, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// An entry to correct.
#[derive(InputObject)]
pub struct ReviseServiceHoursInput {
    /// Which.
    pub id: GlobalId<ServiceHourEntryId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// What was done.
    pub service: ServiceInput,
}

/// An entry to take back.
#[derive(InputObject)]
pub struct WithdrawServiceHoursInput {
    /// Which.
    pub id: GlobalId<ServiceHourEntryId>,
}

/// What a reviewer says of one entry: approved without more; with `minutes` and `reason` corrected;
/// with `returned` and `reason` sent back.
#[derive(InputObject)]
pub struct HourReviewInput {
    /// Which.
    pub id: GlobalId<ServiceHourEntryId>,
    /// The version that the reviewer has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// The true minutes, from one to the whole time; as reported where absent.
    pub minutes: Option<Minutes>,
    /// Whether it goes back to the member.
    #[graphql(default)]
    pub returned: bool,
    /// Why it is corrected or returned, 1–200 characters.
    pub reason: Option<String>,
}

impl HourReviewInput {
    pub(super) fn review(self) -> Review {
        let reason = self.reason.unwrap_or_default();
        let verdict = match (self.returned, self.minutes) {
            (true, _) => Verdict::Return { reason },
            (false, Some(minutes)) => Verdict::Correct { minutes: minutes.0, reason },
            (false, None) => Verdict::Approve,
        };
        Review { id: self.id.0, version: self.version, verdict }
    }
}

/// Entries to review.
#[derive(InputObject)]
pub struct ReviewServiceHoursInput {
    /// 1–100 entries; one refusal never holds up the others.
    #[graphql(validator(min_items = 1, max_items = 100))]
    pub reviews: Vec<HourReviewInput>,
}

/// An objection.
#[derive(InputObject)]
pub struct ObjectToServiceHoursInput {
    /// To which entry.
    pub entry_id: GlobalId<ServiceHourEntryId>,
    /// Why, 1–200 characters.
    pub reason: String,
    /// The client's key for this request, 1–64 characters: sent again within a day, the first answer is replayed.
    pub client_mutation_id: Option<String>,
}

/// A decision on an objection.
#[derive(InputObject)]
pub struct DecideObjectionInput {
    /// Which.
    pub id: GlobalId<ObjectionId>,
    /// Whether it is right; then the entry goes back to the member.
    pub upheld: bool,
    /// Why, 1–200 characters.
    pub answer: String,
}

/// Granted hours to take back.
#[derive(InputObject)]
pub struct ReverseServiceHoursInput {
    /// Which.
    pub id: GlobalId<ServiceHourEntryId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// Why, 1–200 characters.
    pub reason: String,
}

/// Granted hours to count anew.
#[derive(InputObject)]
pub struct RecalculateServiceHoursInput {
    /// Which.
    pub id: GlobalId<ServiceHourEntryId>,
    /// The version that the caller has read; another one is refused as `STALE`.
    pub version: Option<i32>,
    /// The true minutes, from one to the whole time.
    pub minutes: Minutes,
    /// Why, 1–200 characters.
    pub reason: String,
}
