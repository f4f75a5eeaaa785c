//! Calendars that phones subscribe to: a member's own, or a unit's. The address is the secret.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    id::{AccountId, CalendarLinkId, OrgUnitId},
    vocabulary,
};

vocabulary! {
    /// Why there is no such calendar.
    pub refusal enum CalendarRefusal {
        /// A calendar of one's own is for Party members; others subscribe to a unit's.
        NotAMember = "NOT_A_MEMBER" => "只有党员有个人日历，可订阅党组织日历。", "Only Party members have a calendar of their own; subscribe to a unit's.";
    }
}

/// A calendar's address that somebody has made for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarLink {
    /// Identity.
    pub id: CalendarLinkId,
    /// Whose it is: it shows what they may see.
    pub account_id: AccountId,
    /// Of which unit; none is one's own calendar.
    pub unit_id: Option<OrgUnitId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked, or another took its place.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl CalendarLink {
    /// Revokes it; what is revoked stays as it is.
    pub fn revoke(self, now: DateTime<Utc>) -> Self {
        Self { revoked_at: self.revoked_at.or(Some(now)), ..self }
    }
}
