//! Coming to a shift and leaving it: by the code on its screen, by a tap when leaving, or by whoever
//! runs it for a volunteer without a smart-phone.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{
    Booked, Booking, HourState, Presence, ShiftCheckInRefusal as Refusal, ShiftMark, ShiftMarkMethod,
    ShiftState, SignUp, SignUpProgress, SignUpState, Volunteer, VolunteerShift,
};
use crate::{
    activity::{
        TimeWindow,
        check_in::{CheckInMethod, CodeKey, How, OfflineScan, Screen},
    },
    id::{AccountId, ServiceHourEntryId, SignUpId, VolunteerShiftId},
    rule::{RuleKey, Rules},
    text,
};

/// What says that somebody comes or leaves.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// The code on the screen.
    Code {
        /// By scan or digits.
        how: How<'a>,
        /// Set when the scan was made without signal.
        offline: Option<OfflineScan>,
        /// Wrong codes that the volunteer has typed in the last ten minutes.
        wrong_codes: i64,
    },
    /// A tap.
    Tap,
    /// Somebody responsible.
    Roster {
        /// Who.
        by: AccountId,
        /// When it was; now, or the end of what is possible, where they don't say.
        at: Option<DateTime<Utc>>,
        /// Why they enter it.
        reason: &'a str,
    },
}

/// A shift at which somebody comes or leaves.
#[derive(Clone, Copy, Debug)]
pub struct AtShift<'a> {
    /// The shift.
    pub shift: &'a VolunteerShift,
    /// The key of its codes.
    pub key: &'a CodeKey,
    /// The rules of its day.
    pub rules: &'a Rules,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Who comes.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The sign-up's identity, where it needs a new one.
    pub id: SignUpId,
    /// Who.
    pub volunteer: Volunteer,
    /// All sign-ups of the shift.
    pub sign_ups: &'a [SignUp],
    /// How the hours stand that an earlier visit came to.
    pub hours: Option<HourState>,
    /// What takes up the person's time, in all units.
    pub booked: &'a [Booked],
    /// The shift's civil day.
    pub day: NaiveDate,
}

impl AtShift<'_> {
    /// When volunteers check in.
    fn coming(&self) -> TimeWindow {
        let TimeWindow { starts_at, ends_at } = self.shift.window;
        TimeWindow { starts_at: starts_at - self.rules.minutes(RuleKey::CheckInOpensMinutes), ends_at }
    }

    /// When they check out: not before there is anything to leave; afterwards it is done for them.
    fn leaving(&self) -> TimeWindow {
        let TimeWindow { starts_at, ends_at } = self.shift.window;
        TimeWindow { starts_at, ends_at: ends_at + self.rules.minutes(RuleKey::CheckOutMinutes) }
    }

    /// Until when somebody responsible enters who came and left, and scans made without signal may arrive.
    fn enterable_until(&self) -> DateTime<Utc> {
        self.shift.window.ends_at + Duration::days(self.rules.get(RuleKey::CorrectionDays))
    }

    fn mark(&self, proof: Proof<'_>, window: TimeWindow) -> Result<ShiftMark, Refusal> {
        match proof {
            Proof::Code { how, offline, wrong_codes } => self.by_code(how, offline, wrong_codes, window),
            Proof::Tap => {
                self.screen(window).check_now()?;
                Ok(own_mark(self.now, ShiftMarkMethod::Tap))
            }
            Proof::Roster { by, at, reason } => self.by_roster(by, at, reason, window),
        }
    }

    fn screen(&self, window: TimeWindow) -> Screen<'_, VolunteerShiftId> {
        Screen {
            subject: self.shift.id,
            key: self.key,
            rules: self.rules,
            window,
            arrives_until: self.enterable_until(),
            now: self.now,
        }
    }

    fn by_code(
        &self,
        how: How<'_>,
        offline: Option<OfflineScan>,
        wrong_codes: i64,
        window: TimeWindow,
    ) -> Result<ShiftMark, Refusal> {
        let screen = self.screen(window);
        match (offline, how) {
            (Some(_), How::Digits(_)) => Err(Refusal::OfflineNeedsScan),
            (Some(scan), How::Scan(text)) => {
                let weighed = screen.weigh(text, scan)?;
                let doubtful = weighed.arrived_late || !weighed.times_agree;
                Ok(ShiftMark { doubtful, ..own_mark(weighed.occurred_at, ShiftMarkMethod::OfflineQr) })
            }
            (None, how) => {
                screen.check_now()?;
                let method = match screen.read(how, wrong_codes)?.0 {
                    CheckInMethod::Digits => ShiftMarkMethod::Digits,
                    _ => ShiftMarkMethod::Qr,
                };
                Ok(own_mark(self.now, method))
            }
        }
    }

    fn by_roster(
        &self,
        by: AccountId,
        at: Option<DateTime<Utc>>,
        reason: &str,
        window: TimeWindow,
    ) -> Result<ShiftMark, Refusal> {
        if self.now < window.starts_at {
            return Err(Refusal::NotYetOpen);
        }
        if self.now > self.enterable_until() {
            return Err(Refusal::TooLate);
        }
        let at = at.unwrap_or_else(|| self.now.min(self.shift.window.ends_at));
        if at > self.now || !window.contains(at) {
            return Err(Refusal::BadTime);
        }
        let reason = Some(text::line(reason, 200).ok_or(Refusal::BadReason)?);
        Ok(ShiftMark { at, method: ShiftMarkMethod::Roster, doubtful: false, by: Some(by), reason })
    }

    fn check_known(&self) -> Result<(), Refusal> {
        match self.shift.state() {
            ShiftState::Draft => Err(Refusal::NotPublished),
            ShiftState::Cancelled => Err(Refusal::Cancelled),
            ShiftState::Published => Ok(()),
        }
    }

    /// Somebody comes. A repeat answers what stands; who hasn't signed up takes a free place.
    pub fn check_in(&self, arrival: Arrival<'_>, proof: Proof<'_>) -> Result<SignUp, Refusal> {
        self.check_known()?;
        check_not_oneself(proof, arrival.volunteer.account_id)?;
        let mine = |s: &&SignUp| s.member_id == arrival.volunteer.member_id && s.is_live();
        let own = arrival.sign_ups.iter().find(mine);
        if let Some(own) = own
            && let Some(since) = own.presence.since()
        {
            return match proof {
                Proof::Roster { at: Some(at), .. } if at != since.at => self.came_then(own, arrival, proof),
                Proof::Roster { at: Some(_), .. } => Ok(own.clone()),
                _ => self.come_again(own, proof),
            };
        }
        if matches!(proof, Proof::Tap) {
            return Err(Refusal::CodeWrong);
        }
        let since = self.mark(proof, self.coming())?;
        let place = match own {
            Some(own) if own.state() == SignUpState::SignedUp => own.clone(),
            own => self.walk_in(arrival, own)?,
        };
        self.check_free(since.at, self.now, arrival.booked)?;
        let presence = Presence::Here { since, closes_at: self.leaving().ends_at };
        Ok(SignUp { progress: SignUpProgress::SignedUp, presence, ..place })
    }

    /// A repeat answers what stands; who has left doesn't come twice.
    fn come_again(&self, own: &SignUp, proof: Proof<'_>) -> Result<SignUp, Refusal> {
        let Some(until) = own.presence.until() else { return Ok(own.clone()) };
        // The scan by which they came may be sent once more.
        let is_late = matches!(proof, Proof::Code { offline: Some(_), .. });
        if is_late && self.mark(proof, self.coming())?.at <= until.at {
            return Ok(own.clone());
        }
        Err(Refusal::AlreadyCheckedOut)
    }

    /// Whoever runs the shift corrects when somebody came, until the hours are decided on.
    fn came_then(&self, own: &SignUp, arrival: Arrival<'_>, proof: Proof<'_>) -> Result<SignUp, Refusal> {
        if !is_open(arrival.hours) {
            return Err(Refusal::HoursReviewed);
        }
        let since = self.mark(proof, self.coming())?;
        let until = own.presence.until().map_or(self.now, |until| until.at);
        if since.at > until {
            return Err(Refusal::BadTime);
        }
        let is_own = |by| {
            by == Booking::Visit(own.id) || own.presence.entry_id().is_some_and(|e| by == Booking::Entry(e))
        };
        let others: Vec<_> = arrival.booked.iter().filter(|b| !is_own(b.by)).copied().collect();
        self.check_free(since.at, until, &others)?;
        Ok(SignUp { presence: own.presence.clone().since_then(since), ..own.clone() })
    }

    /// A place for who comes without having taken one, though it may be offered to them.
    fn walk_in(&self, arrival: Arrival<'_>, own: Option<&SignUp>) -> Result<SignUp, Refusal> {
        let is_offered = own.is_some_and(SignUp::has_place);
        if !is_offered && self.shift.free_places(arrival.sign_ups) == 0 {
            return Err(Refusal::NoPlace);
        }
        if let Some(own) = own {
            let is_elsewhere = arrival.volunteer.is_elsewhere;
            return if is_elsewhere { Err(Refusal::Overlap) } else { Ok(own.clone()) };
        }
        self.shift.check_fit(&arrival.volunteer, arrival.day)?;
        Ok(arrival.volunteer.signed_up(arrival.id, self.shift.id, self.now))
    }

    /// Nobody serves in two places at once: what counts from now on mustn't be taken already.
    fn check_free(&self, at: DateTime<Utc>, until: DateTime<Utc>, booked: &[Booked]) -> Result<(), Refusal> {
        let from = at.max(self.shift.window.starts_at);
        let until = until.max(from + Duration::minutes(1));
        let taken = booked.iter().any(|b| b.window.starts_at < until && from < b.window.ends_at);
        if taken { Err(Refusal::Overlap) } else { Ok(()) }
    }

    /// Somebody leaves; `hours` says how those stand that an earlier check-out came to.
    pub fn check_out(
        &self,
        own: &SignUp,
        hours: Option<HourState>,
        proof: Proof<'_>,
    ) -> Result<SignUp, Refusal> {
        self.check_known()?;
        check_not_oneself(proof, own.account_id)?;
        let (since, entry_id) = match &own.presence {
            Presence::Absent => return Err(Refusal::NotCheckedIn),
            Presence::Here { since, .. } => (since, None),
            Presence::Left { since, until, entry_id } => {
                if !gives_way(until, hours, proof)? {
                    return Ok(own.clone());
                }
                (since, *entry_id)
            }
        };
        let until = self.mark(proof, self.leaving()).map_err(|refusal| match refusal {
            Refusal::NotYetOpen => Refusal::NotStarted,
            other => other,
        })?;
        if matches!(proof, Proof::Roster { .. }) && until.at < since.at {
            return Err(Refusal::BadTime);
        }
        // A clock that was set back makes nobody leave before they came.
        let until = ShiftMark { at: until.at.max(since.at), ..until };
        Ok(SignUp { presence: Presence::Left { since: since.clone(), until, entry_id }, ..own.clone() })
    }
}

/// Whether nobody has decided on the hours yet, or they were returned.
fn is_open(hours: Option<HourState>) -> bool {
    hours.is_none_or(|state| matches!(state, HourState::Reported | HourState::Returned))
}

/// Whether a check-out that stands gives way to another. The first one stands; but one that was forgotten
/// and closed here gives way to a scan made in time without signal, and any to whoever runs the shift and
/// says when it was, until the hours are decided on. A correction that can't be made is never a success.
fn gives_way(until: &ShiftMark, hours: Option<HourState>, proof: Proof<'_>) -> Result<bool, Refusal> {
    let forgotten = until.method == ShiftMarkMethod::Forgotten;
    match proof {
        Proof::Roster { by, at, reason } => {
            let is_repeat = until.by == Some(by)
                && at.is_none_or(|at| at == until.at)
                && until.reason == text::line(reason, 200);
            if is_repeat && hours != Some(HourState::Returned) {
                Ok(false)
            } else if at.is_none() && !forgotten {
                Err(Refusal::AlreadyCheckedOut)
            } else if !is_open(hours) {
                Err(Refusal::HoursReviewed)
            } else {
                Ok(true)
            }
        }
        Proof::Code { offline: Some(_), .. } => Ok(forgotten && is_open(hours)),
        Proof::Code { .. } | Proof::Tap => Ok(false),
    }
}

fn own_mark(at: DateTime<Utc>, method: ShiftMarkMethod) -> ShiftMark {
    ShiftMark { at, method, doubtful: false, by: None, reason: None }
}

fn check_not_oneself(proof: Proof<'_>, volunteer: AccountId) -> Result<(), Refusal> {
    match proof {
        Proof::Roster { by, .. } if by == volunteer => Err(Refusal::OwnPresence),
        _ => Ok(()),
    }
}

impl SignUp {
    /// The same, with the hours that it came to.
    pub fn with_hours(self, entry_id: Option<ServiceHourEntryId>) -> Self {
        let presence = match self.presence {
            Presence::Left { since, until, .. } => Presence::Left { since, until, entry_id },
            other => other,
        };
        Self { presence, ..self }
    }

    /// Closes at the shift's end what nobody checked out of; none where it isn't time.
    pub fn close(&self, shift: &VolunteerShift, now: DateTime<Utc>) -> Option<Self> {
        let Presence::Here { since, closes_at } = &self.presence else { return None };
        if now < *closes_at {
            return None;
        }
        let until = own_mark(shift.window.ends_at.max(since.at), ShiftMarkMethod::Forgotten);
        let presence = Presence::Left { since: since.clone(), until, entry_id: None };
        Some(Self { presence, ..self.clone() })
    }
}
