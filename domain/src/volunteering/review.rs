use chrono::{DateTime, Datelike, Duration, Utc};

use super::{
    HourProgress, HourReviewRefusal as Refusal, HourState, LedgerKind, Objection, ObjectionProgress, Posting,
    ServiceHourEntry, Verification,
};
use crate::{
    id::AccountId,
    rule::{RuleKey, Rules},
    text,
};

/// What a reviewer says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is true.
    Approve,
    /// It is true, but for the minutes.
    Correct {
        /// How many it were.
        minutes: i64,
        /// Why.
        reason: String,
    },
    /// The member should look at it again.
    Return {
        /// Why.
        reason: String,
    },
}

fn reason(text: &str) -> Result<String, Refusal> {
    text::line(text, 200).ok_or(Refusal::BadReason)
}

impl ServiceHourEntry {
    /// A reviewer decides. Nobody decides on their own service. What was verified by mistake may be
    /// returned as long as it is in public notice.
    pub fn review(
        self,
        verdict: Verdict,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        self.check_reviewer(by)?;
        match (self.state(), &verdict) {
            (HourState::Reported, _) | (HourState::InPublicity, Verdict::Return { .. }) => {}
            _ => return Err(Refusal::AlreadyReviewed),
        }
        let (minutes, correction) = match verdict {
            Verdict::Approve => (self.minutes, None),
            Verdict::Correct { minutes, reason: why } => (self.check_minutes(minutes)?, Some(reason(&why)?)),
            Verdict::Return { reason: why } => {
                let progress = HourProgress::Returned { by, at: now, reason: reason(&why)? };
                return Ok(self.moved(progress));
            }
        };
        let verified = Verification { by, at: now, correction };
        let until = now + Duration::days(rules.get(RuleKey::PublicityDays));
        Ok(Self { minutes, ..self }.moved(HourProgress::InPublicity { verified, until }))
    }

    /// The notice is over and nobody's objection is open: from now on it counts.
    pub fn grant(self, disputed: bool, now: DateTime<Utc>) -> Result<(Self, Posting), Refusal> {
        if self.due_at(disputed).is_none_or(|due| now < due) {
            return Err(Refusal::NotDue);
        }
        let HourProgress::InPublicity { verified, .. } = self.progress.clone() else {
            return Err(Refusal::NotDue);
        };
        let posting = self.posting(LedgerKind::Grant, self.minutes, None, None, now);
        Ok((self.moved(HourProgress::Granted { verified, at: now }), posting))
    }

    /// Takes back what was granted.
    pub fn reverse(self, by: AccountId, why: &str, now: DateTime<Utc>) -> Result<(Self, Posting), Refusal> {
        self.check_reviewer(by)?;
        let HourProgress::Granted { verified, .. } = self.progress.clone() else {
            return Err(Refusal::NotGranted);
        };
        let reason = reason(why)?;
        let posting = self.posting(LedgerKind::Reversal, 0, Some(by), Some(reason.clone()), now);
        Ok((self.moved(HourProgress::Reversed { verified, by, at: now, reason }), posting))
    }

    /// Counts what was granted anew.
    pub fn recalculate(
        self,
        by: AccountId,
        minutes: i64,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, Posting), Refusal> {
        self.check_reviewer(by)?;
        let HourProgress::Granted { at, .. } = self.progress else {
            return Err(Refusal::NotGranted);
        };
        let minutes = self.check_minutes(minutes)?;
        if minutes == self.minutes {
            return Err(Refusal::SameMinutes);
        }
        let reason = reason(why)?;
        let posting = self.posting(LedgerKind::Recalculation, minutes, Some(by), Some(reason.clone()), now);
        let verified = Verification { by, at: now, correction: Some(reason) };
        Ok((Self { minutes, ..self }.moved(HourProgress::Granted { verified, at }), posting))
    }

    /// The member has objected to a recalculation, and rightly: it counts by as many minutes as `before` it.
    /// None where it isn't that.
    pub fn restored(&self, objection: &Objection, before: i64) -> Option<(Self, Posting)> {
        let HourProgress::Granted { at, .. } = self.progress else { return None };
        let ObjectionProgress::Decided { upheld: true, by, at: now, answer } = &objection.progress else {
            return None;
        };
        let (by, now, reason) = (*by, *now, Some(answer.clone()));
        let posting = self.posting(LedgerKind::Recalculation, before, Some(by), reason, now);
        let verified = Verification { by, at: now, correction: None };
        let restored = Self { minutes: before, ..self.clone() }.moved(HourProgress::Granted { verified, at });
        Some((restored, posting))
    }

    fn check_reviewer(&self, by: AccountId) -> Result<(), Refusal> {
        if by == self.account_id { Err(Refusal::OwnEntry) } else { Ok(()) }
    }

    /// Nobody can have served longer than from start to end.
    fn check_minutes(&self, minutes: i64) -> Result<i64, Refusal> {
        if (1..=self.service.length()).contains(&minutes) { Ok(minutes) } else { Err(Refusal::BadMinutes) }
    }

    fn posting(
        &self,
        kind: LedgerKind,
        after: i64,
        by: Option<AccountId>,
        reason: Option<String>,
        at: DateTime<Utc>,
    ) -> Posting {
        Posting {
            entry_id: self.id,
            member_id: self.member_id,
            unit_id: self.unit_id,
            year: self.served_on.year(),
            kind,
            before: self.counted_minutes(),
            after,
            by,
            reason,
            at,
        }
    }
}
