//! Whom the district knows by the phone numbers of a plan, beside its active roster: accounts
//! without a membership, and members who had left.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::{
    super::{PartyMember, PhoneNumber},
    PlannedReturn, RosterColumn as Column, RosterIssue, RosterPlan, RosterRowError as Error, RosterUnit,
    clean,
};
use crate::{id::AccountId, member::NewMember};

/// Somebody who has a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The account.
    pub account_id: AccountId,
    /// The name.
    pub name: String,
    /// The record of who has left the roster.
    pub former: Option<PartyMember>,
}

impl RosterPlan {
    /// The phone numbers that the plan gives to somebody.
    pub fn phones(&self) -> Vec<&PhoneNumber> {
        let new = self.new.iter().filter_map(|(_, new)| new.phone.as_ref());
        new.chain(self.changed.iter().filter_map(|c| c.change.phone.as_ref()?.as_ref())).collect()
    }

    /// The accounts of whom the plan changes the phone number.
    pub fn given_phones(&self) -> Vec<AccountId> {
        self.changed.iter().filter(|c| c.change.phone.is_some()).map(|c| c.account_id).collect()
    }

    /// Heeds who has the numbers already: a former member comes back (R22), and a number stays
    /// with its owner.
    pub fn meet(
        mut self,
        known: &HashMap<PhoneNumber, KnownPerson>,
        units: &[RosterUnit],
        today: NaiveDate,
    ) -> Self {
        for (row, new) in std::mem::take(&mut self.new) {
            let person = new.phone.as_ref().and_then(|phone| known.get(phone));
            match person {
                None => self.new.push((row, new)),
                Some(person) if clean::person(&person.name) != new.name => {
                    self.note(row, Column::Phone, Error::PhoneOfAnother);
                }
                Some(KnownPerson { former: Some(former), .. }) => {
                    self.take_back(row, former, new, units, today)
                }
                Some(_) => self.new.push((row, new)),
            }
        }
        self.reject(Error::PhoneOfAnother, |change| {
            let phone = change.change.phone.as_ref().and_then(Option::as_ref);
            let owner = phone.and_then(|phone| known.get(phone));
            owner.is_some_and(|owner| owner.account_id != change.account_id)
        });
        self.sorted()
    }

    /// Refuses a new number to the accounts whose number the importer may not set.
    pub fn guard(mut self, guarded: &HashSet<AccountId>) -> Self {
        self.reject(Error::HoldsPosts, |change| {
            change.change.phone.is_some() && guarded.contains(&change.account_id)
        });
        self.sorted()
    }

    fn take_back(
        &mut self,
        row: u32,
        former: &PartyMember,
        new: NewMember,
        units: &[RosterUnit],
        today: NaiveDate,
    ) {
        let Some(unit) = units.iter().find(|unit| unit.id == new.unit_id) else {
            return self.note(row, Column::Unit, Error::UnknownUnit);
        };
        match former.clone().come_back(new, unit.kind, today) {
            Ok(after) => self.returning.push(PlannedReturn { row, before: former.clone(), after }),
            Err(refusal) => {
                let (error, column) = Error::of_refusal(refusal);
                self.note(row, column, error);
            }
        }
    }

    fn reject(&mut self, error: Error, bad: impl Fn(&super::PlannedChange) -> bool) {
        let (refused, kept) = std::mem::take(&mut self.changed).into_iter().partition(bad);
        self.changed = kept;
        let refused: Vec<super::PlannedChange> = refused;
        refused.iter().for_each(|change| self.note(change.row, Column::Phone, error));
    }

    fn note(&mut self, row: u32, column: Column, error: Error) {
        let header = self.headings.get(&column).cloned().unwrap_or_default();
        self.errors.push(RosterIssue { row, column, header, error, other_row: None });
    }

    fn sorted(mut self) -> Self {
        self.errors.sort_by_key(|issue| (issue.row, issue.column));
        self
    }
}
