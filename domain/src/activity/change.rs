use chrono::{DateTime, Utc};

use super::{
    Activity, ActivityKind, ActivityRefusal as Refusal, ActivityState, Audience, NewVenue, TimeWindow,
    record::{check_description, check_hosts, check_minutes, check_title},
};
use crate::{
    id::OrgUnitId,
    organization::OrgUnitKind,
    rule::{RuleKey, Rules},
};

/// A change of an activity: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ActivityChange {
    /// New kind.
    pub kind: Option<ActivityKind>,
    /// New title.
    pub title: Option<String>,
    /// New description; `Some(None)` removes it.
    pub description: Option<Option<String>>,
    /// New start; the end stays where none is given.
    pub starts_at: Option<DateTime<Utc>>,
    /// New end; the start stays where none is given.
    pub ends_at: Option<DateTime<Utc>>,
    /// New place; `Some(None)` removes it.
    pub venue: Option<Option<NewVenue>>,
    /// New joint hosts.
    pub joint_host_ids: Option<Vec<OrgUnitId>>,
    /// Whether other members are chosen, or other guests invited.
    pub invites: bool,
    /// New audience.
    pub audience: Option<Audience>,
    /// Whether check-out is wanted.
    pub wants_check_out: Option<bool>,
    /// New lateness.
    pub late_after_minutes: Option<i64>,
    /// New opening of check-in.
    pub check_in_opens_minutes: Option<i64>,
    /// New closing of check-in.
    pub check_in_closes_minutes: Option<i64>,
}

impl ActivityChange {
    /// Whether the change stays within what the state leaves open. A published activity may
    /// still move; an open one keeps its start and its rules, by which people have been judged;
    /// a closed one can only be described.
    fn fits(&self, activity: &Activity, state: ActivityState) -> bool {
        let kind = self.kind.is_none();
        let terms = self.joint_host_ids.is_none()
            && self.audience.is_none()
            && self.late_after_minutes.is_none()
            && self.check_in_opens_minutes.is_none();
        let start = self.starts_at.is_none_or(|at| at == activity.window.starts_at);
        let setting = self.title.is_none()
            && self.starts_at.is_none()
            && self.ends_at.is_none()
            && !self.invites
            && self.venue.is_none()
            && self.wants_check_out.is_none()
            && self.check_in_closes_minutes.is_none();
        match state {
            ActivityState::Draft => true,
            ActivityState::Published => kind,
            ActivityState::Open => kind && terms && start,
            ActivityState::Closed => kind && terms && start && setting,
            ActivityState::Archived | ActivityState::Cancelled => false,
        }
    }
}

impl Activity {
    /// Whether it takes place at another time or in another place than `before`. A circle that is drawn
    /// anew around the same place is nobody's business.
    pub fn has_moved(&self, before: &Self) -> bool {
        let place = |activity: &Self| activity.venue.clone().map(|venue| (venue.name, venue.address));
        self.window != before.window || place(self) != place(before)
    }

    /// Changes the activity of a host of type `host_kind`.
    pub fn change(
        mut self,
        change: ActivityChange,
        host_kind: OrgUnitKind,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let state = self.state_at(now);
        match state {
            ActivityState::Archived => return Err(Refusal::Archived),
            ActivityState::Cancelled => return Err(Refusal::Cancelled),
            _ if !change.fits(&self, state) => return Err(Refusal::FixedNow),
            _ => {}
        }
        let window = TimeWindow {
            starts_at: change.starts_at.unwrap_or(self.window.starts_at),
            ends_at: change.ends_at.unwrap_or(self.window.ends_at),
        };
        if window != self.window {
            self.window = match state {
                ActivityState::Open => window.check_length()?,
                ActivityState::Published if window.starts_at < now => return Err(Refusal::InPast),
                _ => window.check(now)?,
            };
        }
        if let Some(kind) = change.kind {
            if !kind.fits(host_kind) {
                return Err(Refusal::WrongHost);
            }
            self.kind = kind;
        }
        if let Some(title) = change.title {
            self.title = check_title(&title)?;
        }
        if let Some(description) = change.description {
            self.description = check_description(description)?;
        }
        if let Some(venue) = change.venue {
            self.venue = venue.map(|venue| venue.check(rules)).transpose()?;
        }
        if let Some(joint) = change.joint_host_ids {
            self.joint_host_ids = check_hosts(self.host_unit_id, joint)?;
        }
        for (key, new, own) in [
            (RuleKey::LateAfterMinutes, change.late_after_minutes, &mut self.late_after_minutes),
            (RuleKey::CheckInOpensMinutes, change.check_in_opens_minutes, &mut self.check_in_opens_minutes),
            (
                RuleKey::CheckInClosesMinutes,
                change.check_in_closes_minutes,
                &mut self.check_in_closes_minutes,
            ),
        ] {
            if let Some(minutes) = new {
                *own = check_minutes(key, minutes)?;
            }
        }
        self.audience = change.audience.unwrap_or(self.audience);
        self.wants_check_out = change.wants_check_out.unwrap_or(self.wants_check_out);
        self.version += 1;
        Ok(self)
    }
}
