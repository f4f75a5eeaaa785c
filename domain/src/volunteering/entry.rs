use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::HourFlags;
use crate::{
    activity::TimeWindow,
    id::{AccountId, OrgUnitId, PartyMemberId, ServiceHourEntryId, VolunteerShiftId},
    vocabulary,
};

vocabulary! {
    /// Where an entry comes from. The two are kept apart for ever.
    pub enum HourOrigin {
        /// The member has reported it.
        SelfReported = "SELF_REPORTED" => "本人填报", "Self-reported";
        /// Signing in and out at a shift.
        Shift = "SHIFT" => "班次签到", "Shift";
    }
}

vocabulary! {
    /// Where an entry stands.
    pub enum HourState {
        /// Waits for those responsible.
        Reported = "REPORTED" => "待核实", "Reported";
        /// Returned to the member, who may correct it and send it again.
        Returned = "RETURNED" => "已退回", "Returned";
        /// Verified and made known in the unit; members may object.
        InPublicity = "IN_PUBLICITY" => "公示中", "In public notice";
        /// Counts.
        Granted = "GRANTED" => "已入账", "Granted";
        /// Counted once, and was taken back.
        Reversed = "REVERSED" => "已冲销", "Reversed";
        /// Taken back by the member before it counted.
        Withdrawn = "WITHDRAWN" => "已撤回", "Withdrawn";
    }
}

/// What was done, for whom, when and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// From when to when, in whole minutes.
    pub window: TimeWindow,
    /// Minutes of it spent on the way, which don't count (R29).
    pub travel_minutes: i64,
    /// Where.
    pub place: String,
    /// What was done.
    pub content: String,
    /// For whom, in general words: never a name. Empty where a shift's project doesn't say.
    pub beneficiary: String,
    /// How many were served, where that can be said.
    pub beneficiary_count: Option<i32>,
    /// References to pictures, if the member adds any (R46: never demanded).
    pub pictures: Vec<String>,
}

/// Who has verified an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why the minutes were corrected, where they were.
    pub correction: Option<String>,
}

/// An entry's state with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HourProgress {
    /// Waits.
    Reported,
    /// Returned.
    Returned {
        /// By whom.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// In public notice.
    InPublicity {
        /// Who has verified it.
        verified: Verification,
        /// Until when members may object.
        until: DateTime<Utc>,
    },
    /// Counts.
    Granted {
        /// Who has verified it.
        verified: Verification,
        /// Since when it counts.
        at: DateTime<Utc>,
    },
    /// Counted once.
    Reversed {
        /// Who had verified it.
        verified: Verification,
        /// Who took it back.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// Taken back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A member's service of some hours, and how far its recognition has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceHourEntry {
    /// Identity.
    pub id: ServiceHourEntryId,
    /// Who served.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// The unit that it is reported to, whose leaders verify it.
    pub unit_id: OrgUnitId,
    /// Where it comes from.
    pub origin: HourOrigin,
    /// At which shift, where it comes from one.
    pub shift_id: Option<VolunteerShiftId>,
    /// The civil day of its start; its year is the ledger's.
    pub served_on: NaiveDate,
    /// What was done.
    pub service: Service,
    /// The minutes that count, or would: as reported, until a reviewer corrects them.
    pub minutes: i64,
    /// Hints for the reviewer.
    pub flags: HourFlags,
    /// When it was first reported.
    pub reported_at: DateTime<Utc>,
    /// State, with its facts.
    pub progress: HourProgress,
    /// Counts the changes.
    pub version: i32,
}

impl Service {
    /// How long it lasted, in minutes.
    pub fn length(&self) -> i64 {
        self.window.ends_at.signed_duration_since(self.window.starts_at).num_minutes()
    }

    /// The minutes that it comes to without the way.
    pub fn served_minutes(&self) -> i64 {
        self.length() - self.travel_minutes
    }
}

impl HourState {
    /// Whether an entry that stands here takes up its time: no other may overlap it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Reported | Self::InPublicity | Self::Granted)
    }
}

impl ServiceHourEntry {
    /// The state without its facts.
    pub fn state(&self) -> HourState {
        match self.progress {
            HourProgress::Reported => HourState::Reported,
            HourProgress::Returned { .. } => HourState::Returned,
            HourProgress::InPublicity { .. } => HourState::InPublicity,
            HourProgress::Granted { .. } => HourState::Granted,
            HourProgress::Reversed { .. } => HourState::Reversed,
            HourProgress::Withdrawn { .. } => HourState::Withdrawn,
        }
    }

    /// The minutes by which it counts now.
    pub fn counted_minutes(&self) -> i64 {
        if self.state() == HourState::Granted { self.minutes } else { 0 }
    }

    /// Who has verified it, if somebody has.
    pub fn verification(&self) -> Option<&Verification> {
        match &self.progress {
            HourProgress::InPublicity { verified, .. }
            | HourProgress::Granted { verified, .. }
            | HourProgress::Reversed { verified, .. } => Some(verified),
            HourProgress::Reported | HourProgress::Returned { .. } | HourProgress::Withdrawn { .. } => None,
        }
    }

    /// When it begins to count by itself; an open objection holds it up.
    pub fn due_at(&self, disputed: bool) -> Option<DateTime<Utc>> {
        match self.progress {
            HourProgress::InPublicity { until, .. } if !disputed => Some(until),
            _ => None,
        }
    }

    pub(super) fn moved(self, progress: HourProgress) -> Self {
        Self { progress, version: self.version + 1, ..self }
    }
}
