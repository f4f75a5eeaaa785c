use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::{
    ActivityKind, ActivityRefusal as Refusal, ActivityState, Fence, Lifecycle, NewVenue, Occurrence,
    TimeWindow, Venue, check_in::AttendanceState,
};
use crate::{
    id::{AccountId, ActivityId, OrgUnitId, ThemeId},
    organization::OrgUnitKind,
    rule::{RuleKey, Rules},
    text, vocabulary,
};

vocabulary! {
    /// Who is expected at an activity.
    pub enum Audience {
        /// Everybody on the rosters of the host and the joint hosts on that day.
        Roster = "ROSTER" => "主办组织全体党员", "The hosts' rosters";
        /// The members chosen by the organizer.
        Chosen = "CHOSEN" => "指定党员", "Chosen members";
    }
}

/// A gathering.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Activity {
    /// Identity.
    pub id: ActivityId,
    /// The unit that holds it.
    pub host_unit_id: OrgUnitId,
    /// Units that hold it together with the host.
    pub joint_host_ids: Vec<OrgUnitId>,
    /// Kind.
    pub kind: ActivityKind,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// The theme that it adopts.
    pub theme_id: Option<ThemeId>,
    /// The occurrence of a recurrence for which it was drafted.
    pub occurrence: Option<Occurrence>,
    /// From when to when.
    pub window: TimeWindow,
    /// Where.
    pub venue: Option<Venue>,
    /// Who is expected.
    pub audience: Audience,
    /// Whether those present are asked to check out.
    pub wants_check_out: bool,
    /// Minutes after the start after which a check-in is late.
    pub late_after_minutes: i64,
    /// Minutes before the start at which check-in opens.
    pub check_in_opens_minutes: i64,
    /// Minutes after the end at which check-in closes.
    pub check_in_closes_minutes: i64,
    /// State, with its facts.
    pub lifecycle: Lifecycle,
    /// Counts the changes; a writer names the version that it read.
    pub version: i32,
    /// Who planned it.
    pub created_by: AccountId,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
}

/// What is said of a new activity.
#[derive(Clone, Debug)]
pub struct NewActivity {
    /// Identity, drawn by the shell.
    pub id: ActivityId,
    /// The host.
    pub host_unit_id: OrgUnitId,
    /// Joint hosts.
    pub joint_host_ids: Vec<OrgUnitId>,
    /// Kind.
    pub kind: ActivityKind,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// Theme.
    pub theme_id: Option<ThemeId>,
    /// Occurrence of a recurrence.
    pub occurrence: Option<Occurrence>,
    /// From when to when.
    pub window: TimeWindow,
    /// Where.
    pub venue: Option<NewVenue>,
    /// Who is expected.
    pub audience: Audience,
    /// Whether check-out is wanted.
    pub wants_check_out: bool,
    /// Lateness; the rule's where absent.
    pub late_after_minutes: Option<i64>,
    /// Opening of check-in; the rule's where absent.
    pub check_in_opens_minutes: Option<i64>,
    /// Closing of check-in; the rule's where absent.
    pub check_in_closes_minutes: Option<i64>,
    /// Who plans it.
    pub created_by: AccountId,
}

impl Activity {
    /// Plans an activity of a host of type `host_kind`; it begins as a draft.
    pub fn plan(
        new: NewActivity,
        host_kind: OrgUnitKind,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if !new.kind.fits(host_kind) {
            return Err(Refusal::WrongHost);
        }
        let minutes = |key, own: Option<i64>| check_minutes(key, own.unwrap_or_else(|| rules.get(key)));
        Ok(Self {
            id: new.id,
            joint_host_ids: check_hosts(new.host_unit_id, new.joint_host_ids)?,
            host_unit_id: new.host_unit_id,
            kind: new.kind,
            title: check_title(&new.title)?,
            description: check_description(new.description)?,
            theme_id: new.theme_id,
            occurrence: new.occurrence,
            window: new.window.check(now)?,
            venue: new.venue.map(|venue| venue.check(rules)).transpose()?,
            audience: new.audience,
            wants_check_out: new.wants_check_out,
            late_after_minutes: minutes(RuleKey::LateAfterMinutes, new.late_after_minutes)?,
            check_in_opens_minutes: minutes(RuleKey::CheckInOpensMinutes, new.check_in_opens_minutes)?,
            check_in_closes_minutes: minutes(RuleKey::CheckInClosesMinutes, new.check_in_closes_minutes)?,
            lifecycle: Lifecycle::Draft,
            version: 1,
            created_by: new.created_by,
            created_at: now,
        })
    }

    /// The state as stored.
    pub fn state(&self) -> ActivityState {
        self.lifecycle.state()
    }

    /// Whether it was ever made known; until then only its organizers know of it, even when it
    /// has been called off.
    pub fn is_known(&self) -> bool {
        self.lifecycle.published_at().is_some()
    }

    /// The state at `now`: a published activity is open once its check-in has begun, whether or
    /// not anybody has pressed a button or a job has run.
    pub fn state_at(&self, now: DateTime<Utc>) -> ActivityState {
        match self.state() {
            ActivityState::Published if now >= self.check_in_window().starts_at => ActivityState::Open,
            state => state,
        }
    }

    /// When check-in is possible. Opening early by hand lengthens it, closing early shortens it.
    pub fn check_in_window(&self) -> TimeWindow {
        let from = self.window.starts_at - Duration::minutes(self.check_in_opens_minutes);
        let until = self.window.ends_at + Duration::minutes(self.check_in_closes_minutes);
        TimeWindow {
            starts_at: self.lifecycle.opened_at().map_or(from, |opened_at| from.min(opened_at)),
            ends_at: self.lifecycle.closed_at().map_or(until, |closed_at| until.min(closed_at)),
        }
    }

    /// Whether a check-in made and received at `at` is accepted.
    pub fn accepts_check_in(&self, at: DateTime<Utc>) -> bool {
        self.state_at(at) == ActivityState::Open && self.check_in_window().contains(at)
    }

    /// The venue's fence.
    pub fn fence(&self) -> Option<&Fence> {
        self.venue.as_ref().and_then(|venue| venue.fence.as_ref())
    }

    /// The last instant at which attendance may be corrected.
    pub fn correctable_until(&self, rules: &Rules) -> DateTime<Utc> {
        self.window.ends_at + Duration::days(rules.get(RuleKey::CorrectionDays))
    }

    /// Whether somebody who arrived at `at` was late.
    pub fn lateness(&self, at: DateTime<Utc>) -> AttendanceState {
        let late_after = self.window.starts_at + Duration::minutes(self.late_after_minutes);
        if at > late_after { AttendanceState::Late } else { AttendanceState::Present }
    }
}

/// Checks a title.
pub(super) fn check_title(title: &str) -> Result<String, Refusal> {
    text::line(title, 100).ok_or(Refusal::BadTitle)
}

/// Checks a description; an empty one is none.
pub(super) fn check_description(description: Option<String>) -> Result<Option<String>, Refusal> {
    description
        .filter(|text| !text.trim().is_empty())
        .map(|text| text::paragraphs(&text, 5_000).ok_or(Refusal::BadDescription))
        .transpose()
}

/// Checks minutes against the bounds of their rule.
pub(super) fn check_minutes(key: RuleKey, minutes: i64) -> Result<i64, Refusal> {
    if key.bounds().1.contains(&minutes) { Ok(minutes) } else { Err(Refusal::BadMinutes) }
}

/// Checks joint hosts: each once, without the host.
pub(super) fn check_hosts(host: OrgUnitId, joint: Vec<OrgUnitId>) -> Result<Vec<OrgUnitId>, Refusal> {
    let mut hosts = Vec::new();
    for unit in joint {
        if unit != host && !hosts.contains(&unit) {
            hosts.push(unit);
        }
        if hosts.len() > 20 {
            return Err(Refusal::TooManyHosts);
        }
    }
    Ok(hosts)
}
