use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AssignmentRefusal as Refusal, AssignmentTerms, NewAssignment, Placement, record::check_capacity,
};
use crate::{
    activity::{RecurrenceRefusal, Schedule, TimeWindow},
    id::{AccountId, AssignmentId, AssignmentTemplateId, OrgUnitId, PartyMemberId, PostId},
};

/// The longest time between an occurrence and its due time.
const LONGEST_MINUTES: i64 = 92 * 24 * 60;
/// Once a week is 53 times in some years; more would be a burden (R45).
const MOST_PER_YEAR: usize = 53;
/// How far ahead the next occurrence is looked for.
const LOOKED_AHEAD: Duration = Duration::days(366);

/// To whom an assignment is to be given, before it is known who answers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", content = "id", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Recipient {
    /// A Party member.
    Member(PartyMemberId),
    /// Whoever holds a post.
    Post(PostId),
    /// A unit or Party group.
    Unit(OrgUnitId),
    /// Whoever in a subtree claims it, up to so many.
    Offer(OrgUnitId, i32),
}

/// A template that issues by itself, again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// To whom.
    pub to: Recipient,
    /// When it is given, and how long until it is due.
    pub schedule: Schedule,
    /// Until when it has been given; none is given twice.
    pub issued_until: DateTime<Utc>,
}

/// What assignments are made of again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignmentTemplate {
    /// Identity.
    pub id: AssignmentTemplateId,
    /// The unit whose it is; those below may use it, too.
    pub unit_id: OrgUnitId,
    /// What is to be done.
    pub terms: AssignmentTerms,
    /// Whether it issues by itself.
    pub standing: Option<Standing>,
    /// Who wrote it.
    pub created_by: AccountId,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was put away: nothing is made of it any more.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// What is said of a new template.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// Identity, drawn by the shell.
    pub id: AssignmentTemplateId,
    /// The unit.
    pub unit_id: OrgUnitId,
    /// What is to be done.
    pub terms: AssignmentTerms,
    /// To whom and when it issues by itself.
    pub standing: Option<(Recipient, Schedule)>,
    /// Who writes it.
    pub created_by: AccountId,
}

impl From<RecurrenceRefusal> for Refusal {
    fn from(refusal: RecurrenceRefusal) -> Self {
        match refusal {
            RecurrenceRefusal::Never => Self::Never,
            RecurrenceRefusal::TooOften => Self::TooOften,
            RecurrenceRefusal::BadStart => Self::BadStart,
            RecurrenceRefusal::BadDuration => Self::BadDuration,
            _ => Self::BadRule,
        }
    }
}

impl AssignmentTemplate {
    /// Writes one. Occurrences that have passed are not issued.
    pub fn write(new: NewTemplate, today: NaiveDate, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let standing = |(to, schedule): (Recipient, Schedule)| {
            let schedule = schedule.check_within(LONGEST_MINUTES, MOST_PER_YEAR, today)?;
            if let Recipient::Offer(_, capacity) = to {
                check_capacity(capacity)?;
            }
            Ok::<_, Refusal>(Standing { to, schedule, issued_until: now })
        };
        Ok(Self {
            id: new.id,
            unit_id: new.unit_id,
            terms: new.terms.check()?,
            standing: new.standing.map(standing).transpose()?,
            created_by: new.created_by,
            created_at: now,
            stopped_at: None,
            version: 1,
        })
    }

    /// When it issues next, or is to be looked at again; none where it never does.
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        let standing = self.standing.as_ref().filter(|_| self.stopped_at.is_none())?;
        let horizon = standing.issued_until + LOOKED_AHEAD;
        let ahead = standing.schedule.occurrences(standing.issued_until, horizon).ok()?;
        Some(ahead.first().map_or(horizon, |next| next.starts_at))
    }

    /// From when to when what is due to be issued is to be done, and the template once it is.
    pub fn due(self, now: DateTime<Utc>) -> Result<(Vec<TimeWindow>, Self), Refusal> {
        let Some(standing) = self.standing.clone().filter(|_| self.stopped_at.is_none()) else {
            return Ok((Vec::new(), self));
        };
        if now <= standing.issued_until {
            return Ok((Vec::new(), self));
        }
        let due = standing.schedule.occurrences(standing.issued_until, now)?;
        let version = self.version + i32::from(!due.is_empty());
        Ok((due, Self { standing: Some(Standing { issued_until: now, ..standing }), version, ..self }))
    }

    /// The template once it is due, but for what starts at `start` and later: that waits for somebody who
    /// could be its owner.
    pub fn waiting(self, start: DateTime<Utc>) -> Self {
        let standing = self.standing.map(|s| Standing { issued_until: start - Duration::seconds(1), ..s });
        Self { standing, ..self }
    }

    /// An assignment made of it.
    pub fn make(
        &self,
        id: AssignmentId,
        issuer_unit_id: OrgUnitId,
        placement: Placement,
        due_at: DateTime<Utc>,
        issued_by: AccountId,
    ) -> Result<NewAssignment, Refusal> {
        if self.stopped_at.is_some() {
            return Err(Refusal::Stopped);
        }
        let terms = self.terms.clone();
        Ok(NewAssignment { id, issuer_unit_id, placement, parent_id: None, terms, due_at, issued_by })
    }

    /// Puts it away; what was made of it stays.
    pub fn stop(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.stopped_at.is_some() {
            return Err(Refusal::Stopped);
        }
        Ok(Self { stopped_at: Some(now), version: self.version + 1, ..self })
    }
}
