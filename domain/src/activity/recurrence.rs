use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Serialize;

use super::{
    ActivityKind, ActivityRefusal, Audience, NewActivity, NewFence, NewVenue, RecurrenceRefusal as Refusal,
    Schedule, TimeWindow, Venue,
};
use crate::{
    id::{AccountId, ActivityId, OrgUnitId, RecurrenceId},
    organization::OrgUnitKind,
    rule::{RuleKey, Rules},
    text,
};

/// One occurrence of a recurrence. It stays the same when the activity that was drafted for it
/// is moved, even onto the time of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// The recurrence.
    pub recurrence_id: RecurrenceId,
    /// When it falls by the recurrence's rule.
    pub at: DateTime<Utc>,
}

/// A branch's fixed Party day, which makes drafts for the months ahead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recurrence {
    /// Identity.
    pub id: RecurrenceId,
    /// The unit that holds it.
    pub host_unit_id: OrgUnitId,
    /// Kind of the activities.
    pub kind: ActivityKind,
    /// Title of the activities.
    pub title: String,
    /// Where.
    pub venue: Option<Venue>,
    /// Whether check-out is wanted.
    pub wants_check_out: bool,
    /// When.
    pub schedule: Schedule,
    /// Until when drafts have been made; a draft that was moved or cancelled is not made again.
    pub drafted_until: DateTime<Utc>,
    /// Who set it up.
    pub created_by: AccountId,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When it was stopped.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// What is said of a new recurrence.
#[derive(Clone, Debug)]
pub struct NewRecurrence {
    /// Identity, drawn by the shell.
    pub id: RecurrenceId,
    /// The host.
    pub host_unit_id: OrgUnitId,
    /// Kind.
    pub kind: ActivityKind,
    /// Title.
    pub title: String,
    /// Where.
    pub venue: Option<NewVenue>,
    /// Whether check-out is wanted.
    pub wants_check_out: bool,
    /// When.
    pub schedule: Schedule,
    /// Who sets it up.
    pub created_by: AccountId,
}

impl Recurrence {
    /// Sets one up for a host of type `host_kind`. Occurrences that have passed are not drafted.
    pub fn set_up(
        new: NewRecurrence,
        host_kind: OrgUnitKind,
        rules: &Rules,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if !new.kind.fits(host_kind) {
            return Err(Refusal::WrongHost);
        }
        Ok(Self {
            id: new.id,
            host_unit_id: new.host_unit_id,
            kind: new.kind,
            title: text::line(&new.title, 100).ok_or(Refusal::BadTitle)?,
            venue: new
                .venue
                .map(|venue| venue.check(rules))
                .transpose()
                .map_err(|_: ActivityRefusal| Refusal::BadVenue)?,
            wants_check_out: new.wants_check_out,
            schedule: new.schedule.check(today)?,
            drafted_until: now,
            created_by: new.created_by,
            created_at: now,
            stopped_at: None,
            version: 1,
        })
    }

    /// The occurrences for which drafts are due, and the recurrence as it is once they are made.
    pub fn due(self, rules: &Rules, now: DateTime<Utc>) -> Result<(Vec<TimeWindow>, Self), Refusal> {
        let months = u32::try_from(rules.get(RuleKey::DraftAheadMonths)).unwrap_or(0);
        let until = now.checked_add_months(Months::new(months)).unwrap_or(now);
        let from = self.drafted_until.max(now);
        if self.stopped_at.is_some() || until <= from {
            return Ok((Vec::new(), self));
        }
        let due = self.schedule.occurrences(from, until)?;
        let version = self.version + i32::from(!due.is_empty());
        Ok((due, Self { drafted_until: until, version, ..self }))
    }

    /// The draft for one occurrence.
    pub fn draft(&self, id: ActivityId, window: TimeWindow) -> NewActivity {
        NewActivity {
            id,
            host_unit_id: self.host_unit_id,
            joint_host_ids: Vec::new(),
            kind: self.kind,
            title: self.title.clone(),
            description: None,
            theme_id: None,
            occurrence: Some(Occurrence { recurrence_id: self.id, at: window.starts_at }),
            window,
            venue: self.venue.clone().map(NewVenue::from),
            audience: Audience::Roster,
            wants_check_out: self.wants_check_out,
            late_after_minutes: None,
            check_in_opens_minutes: None,
            check_in_closes_minutes: None,
            created_by: self.created_by,
        }
    }

    /// Makes no more drafts; those made stay.
    pub fn stop(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.stopped_at.is_some() {
            return Err(Refusal::AlreadyStopped);
        }
        Ok(Self { stopped_at: Some(now), version: self.version + 1, ..self })
    }
}

impl From<Venue> for NewVenue {
    fn from(venue: Venue) -> Self {
        let fence = venue.fence.map(|fence| NewFence {
            latitude: fence.latitude,
            longitude: fence.longitude,
            radius_metres: Some(fence.radius_metres),
        });
        Self { name: venue.name, address: venue.address, fence }
    }
}
