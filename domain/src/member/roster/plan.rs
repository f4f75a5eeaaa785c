use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    super::{MemberChange, MemberRefusal, MemberStatus, NewMember, PartyMember},
    RosterColumn as Column, RosterFileRefusal, RosterIssue, RosterRowError as Error, RosterUnit, Sheet,
    duplicate,
    entry::{Entry, Reader},
    header::Header,
    matching::{self, Meant},
    unit::UnitIndex,
};
use crate::{
    id::{AccountId, PartyMemberId},
    vocabulary::Vocabulary,
};

/// A member whom the roster changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedChange {
    /// The row's number in the file.
    pub row: u32,
    /// Whom.
    pub member_id: PartyMemberId,
    /// The member's account.
    pub account_id: AccountId,
    /// The version of the record that was compared.
    pub version: i32,
    /// What changes; an empty cell changes nothing.
    pub change: MemberChange,
    /// The columns that differ.
    pub columns: Vec<Column>,
}

/// A former member whom the roster brings back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedReturn {
    /// The row's number in the file.
    pub row: u32,
    /// The record as it was left.
    pub before: PartyMember,
    /// The record on the roster again.
    pub after: PartyMember,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterPlan {
    /// Row numbers and the members to enter.
    pub new: Vec<(u32, NewMember)>,
    /// The former members who come back.
    pub returning: Vec<PlannedReturn>,
    /// The members to change. No change takes a phone that another one gives up.
    pub changed: Vec<PlannedChange>,
    /// How many rows say what the roster says.
    pub unchanged: usize,
    /// What is wrong, by row. A row with an issue is neither new, changed nor unchanged.
    pub errors: Vec<RosterIssue>,
    /// Headings that weren't understood, and whose columns were left aside.
    pub ignored_columns: Vec<String>,
    /// Headings of columns that Zhibu doesn't collect.
    pub uncollected_columns: Vec<String>,
    /// What the file calls the columns.
    pub(super) headings: BTreeMap<Column, String>,
}

impl RosterPlan {
    /// Whether there is something to write, and nothing that forbids it.
    pub fn is_due(&self) -> bool {
        self.errors.is_empty() && self.written() > 0
    }

    /// How many rows would be written.
    pub fn written(&self) -> usize {
        self.new.len() + self.returning.len() + self.changed.len()
    }
}

/// Plans an import of `sheet` into `existing`, the active members of the district; `units` are
/// the live units within the importer's reach.
pub fn plan(
    sheet: &Sheet,
    units: &[RosterUnit],
    existing: &[PartyMember],
    today: NaiveDate,
) -> Result<RosterPlan, RosterFileRefusal> {
    if sheet.rows.is_empty() {
        return Err(RosterFileRefusal::Empty);
    }
    let header = Header::find(sheet).ok_or(RosterFileRefusal::NoHeader)?;
    let units = UnitIndex::new(units);
    let mut reader = Reader { header: &header, units: &units, today, issues: Vec::new() };
    let rows = sheet.rows.iter().skip(header.index + 1);
    let mut entries: Vec<_> = rows.filter_map(|row| reader.read(row)).collect();
    duplicate::mark(&mut entries, &mut reader);
    let meant = matching::find(&entries, existing);
    let robbed = matching::robbed(&meant);

    let mut planner = Planner { reader, existing, plan: RosterPlan::default() };
    for (entry, meant) in entries.iter().zip(&meant) {
        match meant {
            Meant::Nobody => planner.enter(entry),
            Meant::Member(index) => planner.compare(entry, *index, robbed.contains(index)),
            Meant::Several => planner.note(entry, Column::Name, Error::SeveralMatches),
            Meant::Stranger(_) => planner.note(entry, Column::Phone, Error::PhoneOfAnother),
        }
    }
    let Planner { reader, mut plan, .. } = planner;
    plan.errors = reader.issues;
    plan.errors.sort_by_key(|issue| (issue.row, issue.column));
    plan.headings = Column::words().iter().map(|word| (word.value, header.heading(word.value))).collect();
    plan.ignored_columns = header.ignored;
    plan.uncollected_columns = header.uncollected;
    Ok(plan)
}

struct Planner<'a> {
    reader: Reader<'a>,
    existing: &'a [PartyMember],
    plan: RosterPlan,
}

impl Planner<'_> {
    fn note(&mut self, entry: &Entry<'_>, column: Column, error: Error) {
        self.reader.note(entry.row, column, error, None);
    }

    fn refused(&mut self, entry: &Entry<'_>, refusal: MemberRefusal) {
        let (error, column) = Error::of_refusal(refusal);
        self.note(entry, column, error);
    }

    fn enter(&mut self, entry: &Entry<'_>) {
        let (false, Some(name), Some(unit)) = (entry.bad, &entry.name, entry.unit) else { return };
        let Some(status) = entry.evident_status(self.reader.today) else {
            return self.note(entry, Column::Status, Error::MissingStatus);
        };
        let new = NewMember {
            name: name.clone(),
            phone: entry.phone.clone(),
            status,
            unit_id: unit.id,
            joined_on: entry.joined_on,
            full_member_on: entry.full_member_on,
            sex: entry.sex,
            birth: entry.birth,
            education: entry.education,
        };
        // The record's own rules, tried on a record that nobody will see.
        let (id, account_id) = (PartyMemberId(Uuid::nil()), AccountId(Uuid::nil()));
        match PartyMember::enter(id, account_id, new.clone(), unit.kind, self.reader.today) {
            Ok(_) => self.plan.new.push((entry.row, new)),
            Err(refusal) => self.refused(entry, refusal),
        }
    }

    fn compare(&mut self, entry: &Entry<'_>, index: usize, robbed: bool) {
        let Some(member) = self.existing.get(index) else { return };
        if self.reader.units.get(member.unit_id).is_none() {
            return self.note(entry, Column::Name, Error::OutOfReach);
        }
        let (change, columns) = difference(entry, member);
        if robbed && change.phone.is_some() {
            return self.note(entry, Column::Phone, Error::PhonePassedOn);
        }
        let (false, Some(unit)) = (entry.bad, entry.unit) else { return };
        if columns.is_empty() {
            self.plan.unchanged += 1;
            return;
        }
        match member.clone().change(change.clone(), unit.kind, self.reader.today) {
            Ok(_) => self.plan.changed.push(PlannedChange {
                row: entry.row,
                member_id: member.id,
                account_id: member.account_id,
                version: member.version,
                change,
                columns,
            }),
            Err(refusal) => self.refused(entry, refusal),
        }
    }
}

/// What the row says otherwise than the record.
fn difference(entry: &Entry<'_>, member: &PartyMember) -> (MemberChange, Vec<Column>) {
    fn other<T: PartialEq>(
        said: Option<T>,
        stored: Option<&T>,
        column: Column,
        to: &mut Vec<Column>,
    ) -> Option<T> {
        let said = said.filter(|said| Some(said) != stored);
        to.extend(said.is_some().then_some(column));
        said
    }
    let mut columns = Vec::new();
    let to = &mut columns;
    let status = entry.status.or(entry.full_member_on.map(|_| MemberStatus::Full));
    let change = MemberChange {
        name: None,
        phone: other(entry.phone.clone(), member.phone.as_ref(), Column::Phone, to).map(Some),
        status: other(status, Some(&member.status), Column::Status, to),
        unit_id: other(entry.unit.map(|unit| unit.id), Some(&member.unit_id), Column::Unit, to),
        joined_on: other(entry.joined_on, member.joined_on.as_ref(), Column::JoinedOn, to),
        full_member_on: other(entry.full_member_on, member.full_member_on.as_ref(), Column::FullMemberOn, to),
        sex: other(entry.sex, member.sex.as_ref(), Column::Sex, to),
        birth: other(entry.birth, member.birth.as_ref(), Column::Birth, to),
        education: other(entry.education, member.education.as_ref(), Column::Education, to),
        left_on: None,
    };
    (change, columns)
}
