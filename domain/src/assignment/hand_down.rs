//! An assignment in parts: handed down to the units and people below, or claimed of an offer.

use chrono::{DateTime, Utc};

use super::{
    Addressee, Assignment, AssignmentProgress as Progress, AssignmentRefusal as Refusal,
    AssignmentState as State, AssignmentStepKind, Measure, NewAssignment, Placement, Step,
};
use crate::{
    id::{AccountId, AssignmentId, OrgUnitId},
    rule::Rules,
};

/// Who claims an offer: a unit, by somebody who answers for it, or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// The unit, or the person's home.
    pub unit_id: OrgUnitId,
    /// Whether for the unit.
    pub for_unit: bool,
    /// Who claims, and is the owner from then on.
    pub account_id: AccountId,
}

/// To whom a part of an assignment is given.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Identity, drawn by the shell.
    pub id: AssignmentId,
    /// To whom.
    pub placement: Placement,
}

/// An assignment with the line of its history that has made it so.
type Stepped = (Assignment, Step);

impl Assignment {
    /// Whether parts of it may be given to others.
    pub fn check_divisible(&self) -> Result<(), Refusal> {
        match self.state() {
            _ if self.is_offer() => Err(Refusal::IsOffer),
            state if state.is_underway() => Ok(()),
            state => Err(state.refusal()),
        }
    }

    /// Gives a part to somebody below: an assignment of its own, issued by the unit that has the
    /// whole. A part's own measure may differ; its due time is the whole's, or earlier.
    pub fn hand_down(
        &self,
        part: Part,
        measure: Option<Measure>,
        due_at: Option<DateTime<Utc>>,
        by: AccountId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Step>), Refusal> {
        let due_at = due_at.unwrap_or(self.due_at);
        if self.due_at < due_at {
            return Err(Refusal::BadDue);
        }
        let mut terms = self.terms.clone();
        if measure.is_some() {
            terms.measure = measure;
        }
        let new = NewAssignment {
            id: part.id,
            issuer_unit_id: self.placement.unit_id,
            placement: part.placement,
            parent_id: Some(self.id),
            terms,
            due_at,
            issued_by: by,
        };
        let (draft, created) = Self::draft(new, now)?;
        let (given, dispatched) = draft.apply(super::Command::Dispatch, by, rules, now)?;
        Ok((given, vec![created, dispatched]))
    }

    /// The whole, once parts of it were handed down: it is being worked on.
    pub fn divided(self, by: AccountId, now: DateTime<Utc>) -> Result<(Self, Step), Refusal> {
        self.check_divisible()?;
        let from = self.state();
        let after = self.report(None, None, now)?;
        let step = Step::of(&after, AssignmentStepKind::HandedDown, Some(from), by, now);
        Ok((after, step))
    }

    /// Claims one of an offer; `before` is whether the claimant has done so already. Answers the
    /// offer and the claimant's own assignment.
    pub fn claim(
        self,
        id: AssignmentId,
        claimant: Claimant,
        before: bool,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(Stepped, Stepped), Refusal> {
        let Addressee::Offer { capacity, claimed } = self.placement.addressee else {
            return Err(Refusal::NotOffer);
        };
        match self.state() {
            State::Dispatched => {}
            state => return Err(state.refusal()),
        }
        if before {
            return Err(Refusal::AlreadyClaimed);
        }
        if capacity <= claimed {
            return Err(Refusal::Full);
        }
        if self.due_at <= now {
            return Err(Refusal::ClaimOver);
        }
        // Who claims an issue hasn't proposed a measure yet: they accept it for themselves.
        let needs_measure = self.terms.measure.is_none();
        let owner = claimant.account_id;
        let addressee =
            if claimant.for_unit { Addressee::Unit { owner } } else { Addressee::Member { owner } };
        let new = NewAssignment {
            id,
            issuer_unit_id: self.issuer_unit_id,
            placement: Placement { unit_id: claimant.unit_id, addressee },
            parent_id: Some(self.id),
            terms: self.terms.clone(),
            due_at: self.due_at,
            issued_by: self.issued_by,
        };
        let (draft, _) = Self::draft(new, now)?;
        let progress =
            if needs_measure { Progress::Dispatched { at: now } } else { Progress::Accepted { at: now } };
        let own = Self { progress, ..draft.given(rules, now) };
        let own_step = Step::of(&own, AssignmentStepKind::Claimed, None, owner, now);
        let placement =
            Placement { addressee: Addressee::Offer { capacity, claimed: claimed + 1 }, ..self.placement };
        let offer = Self { placement, version: self.version + 1, ..self };
        let step = Step::of(&offer, AssignmentStepKind::Claimed, Some(State::Dispatched), owner, now);
        Ok(((offer, step), (own, own_step)))
    }

    /// Whether, being a claim, it has a place in its offer.
    fn has_place(&self) -> bool {
        !matches!(self.state(), State::Declined | State::Cancelled)
    }

    /// The offer after one of its claims has gone from `before` to `after`: what is declined or cancelled
    /// frees its place, and takes one when it is given to somebody anew. None where that changes nothing.
    pub fn recounted(
        self,
        before: &Self,
        after: &Self,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<Stepped>, Refusal> {
        let Addressee::Offer { capacity, claimed } = self.placement.addressee else { return Ok(None) };
        let (claimed, kind) = match (before.has_place(), after.has_place()) {
            (true, false) => (claimed - 1, AssignmentStepKind::Freed),
            (false, true) if capacity <= claimed => return Err(Refusal::Full),
            (false, true) => (claimed + 1, AssignmentStepKind::Retaken),
            _ => return Ok(None),
        };
        let placement = Placement { addressee: Addressee::Offer { capacity, claimed }, ..self.placement };
        let state = self.state();
        let offer = Self { placement, version: self.version + 1, ..self };
        let step = Step::of(&offer, kind, Some(state), by, now);
        Ok(Some((offer, step)))
    }
}
