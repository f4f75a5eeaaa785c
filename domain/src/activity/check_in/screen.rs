//! What a code proves, of an activity as of a shift: that whoever holds it up has seen the screen, and
//! when. What comes of it, each decides by itself.

use chrono::{DateTime, Duration, Utc};

use super::{
    CheckInMethod, CodeKey, CodeRefusal, CodeSubject, Fresh, How, OfflineScan, QrPayload, verify_digits,
    verify_qr,
};
use crate::{
    activity::TimeWindow,
    rule::{RuleKey, Rules},
};

/// What travelling and rounding may shift between two readings of a clock.
const TOLERANCE: Duration = Duration::seconds(5);
/// The error of a phone's clock beyond which the organizer is told.
const SKEW: Duration = Duration::minutes(2);

/// The screen on which a subject's codes are shown, as a decision finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen<'a, I> {
    /// What the codes are shown for.
    pub subject: I,
    /// Their key.
    pub key: &'a CodeKey,
    /// The rules of the subject's day.
    pub rules: &'a Rules,
    /// When codes may be held up.
    pub window: TimeWindow,
    /// Until when a scan made without signal may arrive.
    pub arrives_until: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Why what was held up proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoProof {
    /// The code isn't right.
    Code(CodeRefusal),
    /// It is too early.
    NotYetOpen,
    /// It is too late.
    Closed,
    /// A scan made without signal came too late.
    TooLate,
    /// Too many wrong codes were typed.
    TooManyAttempts,
}

impl From<CodeRefusal> for NoProof {
    fn from(refusal: CodeRefusal) -> Self {
        Self::Code(refusal)
    }
}

/// A scan made without signal, weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weighed {
    /// When it was made, as far as can be told; inside the window, and not after now.
    pub occurred_at: DateTime<Utc>,
    /// Whether it came later than such scans should.
    pub arrived_late: bool,
    /// Whether the phone's times fit the code.
    pub times_agree: bool,
    /// Whether the phone's clock is wrong.
    pub skewed: bool,
}

impl<I: CodeSubject> Screen<'_, I> {
    /// Refuses what lies wholly outside the window.
    pub fn check_window(&self, seen: TimeWindow) -> Result<(), NoProof> {
        if seen.ends_at < self.window.starts_at {
            Err(NoProof::NotYetOpen)
        } else if seen.starts_at > self.window.ends_at {
            Err(NoProof::Closed)
        } else {
            Ok(())
        }
    }

    /// Whether this moment lies in the window.
    pub fn check_now(&self) -> Result<(), NoProof> {
        self.check_window(TimeWindow { starts_at: self.now, ends_at: self.now })
    }

    /// Reads a code that is held up now.
    pub fn read(&self, how: How<'_>, wrong_codes: i64) -> Result<(CheckInMethod, Fresh), NoProof> {
        let Self { subject, key, rules, now, .. } = *self;
        match how {
            How::Digits(_) if wrong_codes >= rules.get(RuleKey::CodeAttempts) => {
                Err(NoProof::TooManyAttempts)
            }
            How::Digits(typed) => {
                Ok((CheckInMethod::Digits, verify_digits(typed, key, subject, now, rules)?))
            }
            How::Scan(text) => {
                let payload = QrPayload::parse(text).ok_or(CodeRefusal::Wrong)?;
                Ok((CheckInMethod::Qr, verify_qr(&payload, key, subject, now, rules)?))
            }
        }
    }

    /// Weighs a scan made without signal. The code proves that the phone saw the screen in that step;
    /// only how long ago it did so rests on the phone's own clock, corrected by its error.
    pub fn weigh(&self, text: &str, scan: OfflineScan) -> Result<Weighed, NoProof> {
        let Self { subject, key, rules, window, now, .. } = *self;
        let payload = QrPayload::<I>::parse(text).ok_or(CodeRefusal::Wrong)?;
        if payload.subject != subject {
            return Err(CodeRefusal::OtherActivity.into());
        }
        let shown = payload.shown(rules);
        if !payload.is_authentic(key) || shown.starts_at > now {
            return Err(CodeRefusal::Wrong.into());
        }
        let grace = rules.seconds(RuleKey::CodeGraceSeconds);
        let seen = TimeWindow { starts_at: shown.starts_at, ends_at: shown.ends_at + grace };
        self.check_window(seen)?;
        if now > self.arrives_until {
            return Err(NoProof::TooLate);
        }
        let skew = now.signed_duration_since(scan.sent_at);
        let scanned_at = scan
            .scanned_at
            .checked_add_signed(skew)
            .filter(|_| scan.scanned_at <= scan.sent_at)
            .filter(|at| seen.starts_at - TOLERANCE <= *at && *at <= seen.ends_at + TOLERANCE);
        // The code bounds the time whatever the phone says.
        let occurred_at = scanned_at.unwrap_or(seen.starts_at).max(seen.starts_at).min(seen.ends_at);
        let arrival = Duration::hours(rules.get(RuleKey::OfflineScanHours));
        let arrived_late = now.signed_duration_since(shown.starts_at) > arrival;
        if !arrived_late && scanned_at.is_some() {
            // The step overlaps the window, but the scan itself has to lie in it.
            self.check_window(TimeWindow { starts_at: occurred_at, ends_at: occurred_at })?;
        }
        Ok(Weighed {
            occurred_at: occurred_at.max(window.starts_at).min(window.ends_at).min(now),
            arrived_late,
            times_agree: scanned_at.is_some(),
            skewed: skew.abs() > SKEW,
        })
    }
}
