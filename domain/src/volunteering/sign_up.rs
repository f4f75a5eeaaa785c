use std::collections::HashSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;

use super::{Presence, ShiftCheckInRefusal, ShiftState, VolunteerShift};
use crate::{
    id::{AccountId, PartyMemberId, SignUpId, VolunteerShiftId},
    member::BirthMonth,
    rule::{RuleKey, Rules},
    vocabulary,
};

vocabulary! {
    /// Where a sign-up stands.
    pub enum SignUpState {
        /// Has a place.
        SignedUp = "SIGNED_UP" => "已报名", "Signed up";
        /// The shift is full; waits for a place.
        Waiting = "WAITING" => "候补中", "Waiting";
        /// A place has become free and is kept until the deadline.
        Offered = "OFFERED" => "待确认", "Offered";
        /// The deadline has passed; the place went on.
        Lapsed = "LAPSED" => "逾期未确认", "Lapsed";
        /// Taken back by the member.
        Withdrawn = "WITHDRAWN" => "已撤回", "Withdrawn";
    }
}

vocabulary! {
    /// Why somebody wasn't signed up, or the sign-up wasn't confirmed or taken back.
    pub refusal enum SignUpRefusal {
        /// Only Party members sign up here.
        NotAMember = "NOT_A_MEMBER" => "只有党员可以报名。", "Only Party members sign up here.";
        /// The shift hasn't been published.
        NotPublished = "NOT_PUBLISHED" => "班次尚未发布。", "The shift has not been published.";
        /// The shift has been cancelled.
        Cancelled = "CANCELLED" => "班次已取消。", "The shift has been cancelled.";
        /// The shift has started.
        Started = "STARTED" => "班次已开始，不能再报名或撤回。", "The shift has started.";
        /// The shift asks for skills; say that you have them.
        SkillsNeeded = "SKILLS_NEEDED" => "该班次有技能要求，请确认您具备。", "This shift needs skills; please confirm that you have them.";
        /// One isn't old enough for the shift, or the month of birth isn't on record.
        TooYoung = "TOO_YOUNG" => "未达到该班次的最低年龄，或名册未登记出生年月。", "You are not old enough, or your month of birth is not on record.";
        /// One has a place in another shift at the same time.
        Overlap = "OVERLAP" => "您在同一时间已有其他班次。", "You have a place in another shift at the same time.";
        /// No place was offered, or the deadline has passed.
        NotOffered = "NOT_OFFERED" => "没有待确认的名额，或已逾期。", "No place is offered, or the deadline has passed.";
        /// One has checked in already.
        CheckedIn = "CHECKED_IN" => "您已签到，不能撤回报名。", "You have checked in and can't withdraw.";
        /// It was taken back or has lapsed already.
        AlreadyOver = "ALREADY_OVER" => "该报名已失效。", "This sign-up is over.";
    }
}

use SignUpRefusal as Refusal;

/// A sign-up's state with its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignUpProgress {
    /// Has a place.
    SignedUp,
    /// Waits.
    Waiting,
    /// Has a place until the deadline.
    Offered {
        /// The deadline to confirm.
        until: DateTime<Utc>,
    },
    /// Let the deadline pass.
    Lapsed {
        /// When.
        at: DateTime<Utc>,
    },
    /// Taken back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A member's place in a shift, or in the row of those who wait for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignUp {
    /// Identity.
    pub id: SignUpId,
    /// For which shift.
    pub shift_id: VolunteerShiftId,
    /// Who.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// When; those who wait move up in this order.
    pub signed_up_at: DateTime<Utc>,
    /// State, with its facts.
    pub progress: SignUpProgress,
    /// Whether they have come.
    pub presence: Presence,
}

/// Who wants to sign up.
#[derive(Clone, Copy, Debug)]
pub struct Volunteer {
    /// Who.
    pub member_id: PartyMemberId,
    /// Their account.
    pub account_id: AccountId,
    /// Month of birth, where it is on record.
    pub birth: Option<BirthMonth>,
    /// Whether they say that they have the skills.
    pub has_skills: bool,
    /// Whether they have a place in another shift at the same time.
    pub is_elsewhere: bool,
}

/// Why a volunteer can't serve at a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Hasn't the skills.
    Unskilled,
    /// Isn't old enough.
    TooYoung,
    /// Is somewhere else at the time.
    Elsewhere,
}

impl From<Unfit> for SignUpRefusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unskilled => Self::SkillsNeeded,
            Unfit::TooYoung => Self::TooYoung,
            Unfit::Elsewhere => Self::Overlap,
        }
    }
}

impl From<Unfit> for ShiftCheckInRefusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unskilled => Self::SkillsNeeded,
            Unfit::TooYoung => Self::TooYoung,
            Unfit::Elsewhere => Self::Overlap,
        }
    }
}

impl Volunteer {
    /// Their place in a shift.
    pub(super) fn signed_up(&self, id: SignUpId, shift_id: VolunteerShiftId, at: DateTime<Utc>) -> SignUp {
        SignUp {
            id,
            shift_id,
            member_id: self.member_id,
            account_id: self.account_id,
            signed_up_at: at,
            progress: SignUpProgress::SignedUp,
            presence: Presence::Absent,
        }
    }
}

impl SignUpState {
    /// The states that take up a place.
    pub const PLACES: &[Self] = &[Self::SignedUp, Self::Offered];
}

impl SignUp {
    /// The state without its facts.
    pub fn state(&self) -> SignUpState {
        match self.progress {
            SignUpProgress::SignedUp => SignUpState::SignedUp,
            SignUpProgress::Waiting => SignUpState::Waiting,
            SignUpProgress::Offered { .. } => SignUpState::Offered,
            SignUpProgress::Lapsed { .. } => SignUpState::Lapsed,
            SignUpProgress::Withdrawn { .. } => SignUpState::Withdrawn,
        }
    }

    /// Whether it takes up a place.
    pub fn has_place(&self) -> bool {
        SignUpState::PLACES.contains(&self.state())
    }

    /// Whether it has a place or waits for one.
    pub fn is_live(&self) -> bool {
        self.has_place() || self.state() == SignUpState::Waiting
    }

    /// Whether a free place is theirs to be offered.
    fn moves_up(&self, elsewhere: &HashSet<PartyMemberId>) -> bool {
        self.state() == SignUpState::Waiting && !elsewhere.contains(&self.member_id)
    }

    /// When something happens to it by itself.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.progress {
            SignUpProgress::Offered { until } => Some(until),
            _ => None,
        }
    }

    /// The same for somebody whose phone is silent for some time yet: the deadline of an offer counts from
    /// when they may be told of it.
    pub fn told_after(self, silence: Duration, shift: &VolunteerShift) -> Self {
        match self.progress {
            SignUpProgress::Offered { until } => {
                let until = (until + silence).min(shift.window.starts_at);
                Self { progress: SignUpProgress::Offered { until }, ..self }
            }
            _ => self,
        }
    }

    /// The member takes the offered place; `is_elsewhere` says that they have taken another since, at the
    /// same time.
    pub fn confirm(
        self,
        shift: &VolunteerShift,
        is_elsewhere: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        shift.check_open(now)?;
        match self.progress {
            SignUpProgress::SignedUp => Ok(self),
            SignUpProgress::Offered { until } if now < until => {
                if is_elsewhere {
                    return Err(Refusal::Overlap);
                }
                Ok(Self { progress: SignUpProgress::SignedUp, ..self })
            }
            _ => Err(Refusal::NotOffered),
        }
    }

    /// The member takes it back before the start.
    pub fn withdraw(self, shift: &VolunteerShift, now: DateTime<Utc>) -> Result<Self, Refusal> {
        shift.check_open(now)?;
        if !self.is_live() {
            return Err(Refusal::AlreadyOver);
        }
        if self.presence != Presence::Absent {
            return Err(Refusal::CheckedIn);
        }
        Ok(Self { progress: SignUpProgress::Withdrawn { at: now }, ..self })
    }
}

impl VolunteerShift {
    fn check_open(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.state() {
            ShiftState::Draft => Err(Refusal::NotPublished),
            ShiftState::Cancelled => Err(Refusal::Cancelled),
            ShiftState::Published if self.has_started(now) => Err(Refusal::Started),
            ShiftState::Published => Ok(()),
        }
    }

    pub(super) fn free_places(&self, sign_ups: &[SignUp]) -> usize {
        let taken = sign_ups.iter().filter(|s| s.has_place()).count();
        usize::try_from(self.capacity).unwrap_or(0).saturating_sub(taken)
    }

    /// Signs somebody up, or puts them in the row; a repeat answers what stands. `day` is the shift's
    /// civil day, `sign_ups` all of it, `elsewhere` those of them who have a place in another shift at the
    /// same time.
    pub fn sign_up(
        &self,
        id: SignUpId,
        volunteer: Volunteer,
        sign_ups: &[SignUp],
        elsewhere: &HashSet<PartyMemberId>,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<SignUp, Refusal> {
        self.check_open(now)?;
        if let Some(own) = sign_ups.iter().find(|s| s.member_id == volunteer.member_id && s.is_live()) {
            return Ok(own.clone());
        }
        self.check_fit(&volunteer, day)?;
        let someone_waits = sign_ups.iter().any(|s| s.moves_up(elsewhere));
        let has_place = !someone_waits && self.free_places(sign_ups) > 0;
        let progress = if has_place { SignUpProgress::SignedUp } else { SignUpProgress::Waiting };
        Ok(SignUp { progress, ..volunteer.signed_up(id, self.id, now) })
    }

    /// Whether a volunteer is what the shift needs, and free on its `day`.
    pub(super) fn check_fit(&self, volunteer: &Volunteer, day: NaiveDate) -> Result<(), Unfit> {
        let of_age = |birth| self.is_of_age(birth, day);
        if !self.skills.is_empty() && !volunteer.has_skills {
            Err(Unfit::Unskilled)
        } else if self.minimum_age.is_some() && !volunteer.birth.is_some_and(of_age) {
            Err(Unfit::TooYoung)
        } else if volunteer.is_elsewhere {
            Err(Unfit::Elsewhere)
        } else {
            Ok(())
        }
    }

    /// Lets overdue offers lapse and offers the free places to those who wait, in their order, but for those
    /// who are `elsewhere` at the time: they go on waiting. Answers what has changed.
    pub fn move_up(
        &self,
        sign_ups: &[SignUp],
        elsewhere: &HashSet<PartyMemberId>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Vec<SignUp> {
        let mut all = sign_ups.to_vec();
        for sign_up in all.iter_mut().filter(|s| s.due_at().is_some_and(|until| now >= until)) {
            sign_up.progress = SignUpProgress::Lapsed { at: now };
        }
        if self.check_open(now).is_ok() {
            let deadline = now + Duration::hours(rules.get(RuleKey::ShiftOfferHours));
            let until = deadline.min(self.window.starts_at);
            let free = self.free_places(&all);
            let mut waiting: Vec<_> = all.iter_mut().filter(|s| s.moves_up(elsewhere)).collect();
            waiting.sort_by_key(|s| (s.signed_up_at, s.id));
            for sign_up in waiting.into_iter().take(free) {
                sign_up.progress = SignUpProgress::Offered { until };
            }
        }
        all.into_iter()
            .zip(sign_ups)
            .filter(|(after, before)| after != *before)
            .map(|(after, _)| after)
            .collect()
    }
}
