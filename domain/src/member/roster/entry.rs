//! One row of a roster, read column by column.

use chrono::{Months, NaiveDate};

use super::{
    super::{BirthMonth, EducationLevel, MemberStatus, PhoneNumber, Sex},
    Cell, MAX_CELL_CHARS, RosterColumn as Column, RosterIssue, RosterRowError as Error, RosterUnit, SheetRow,
    clean::{self, compact, is_placeholder},
    day, field,
    header::Header,
    unit::UnitIndex,
};
use crate::text;

/// Longest time for which a member is probationary: a year, once extended by a year (党章, Art. 7).
const PROBATION_MONTHS: u32 = 24;

/// What a row says. `None` is an empty cell, or one with an issue.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The row's number.
    pub row: u32,
    pub name: Option<String>,
    pub phone: Option<PhoneNumber>,
    pub unit: Option<&'a RosterUnit>,
    pub status: Option<MemberStatus>,
    pub joined_on: Option<NaiveDate>,
    pub full_member_on: Option<NaiveDate>,
    pub sex: Option<Sex>,
    pub birth: Option<BirthMonth>,
    pub education: Option<EducationLevel>,
    /// Whether the row is silent about a status although the roster has the column.
    pub status_left_out: bool,
    /// Whether something is wrong with the row.
    pub bad: bool,
    /// Whether it repeats an earlier row.
    pub repeats: bool,
}

impl Entry<'_> {
    /// The status, as stated or as evident from the dates.
    pub fn evident_status(&self, today: NaiveDate) -> Option<MemberStatus> {
        let recent = || {
            let longest = today.checked_sub_months(Months::new(PROBATION_MONTHS));
            self.joined_on.map(|joined| longest.is_none_or(|first| joined > first))
        };
        match (self.status, self.full_member_on) {
            (Some(status), _) => Some(status),
            (None, Some(_)) => Some(MemberStatus::Full),
            (None, None) => match recent() {
                Some(true) => None,
                Some(false) => Some(MemberStatus::Full),
                None => (!self.status_left_out).then_some(MemberStatus::Full),
            },
        }
    }
}

/// Reads rows against the same headings and units, and collects what is wrong.
pub(super) struct Reader<'a> {
    pub header: &'a Header,
    pub units: &'a UnitIndex<'a>,
    pub today: NaiveDate,
    pub issues: Vec<RosterIssue>,
}

impl<'a> Reader<'a> {
    /// Reads a row; `None` if it holds nobody.
    pub fn read(&mut self, row: &'a SheetRow) -> Option<Entry<'a>> {
        if self.is_empty(row) || self.is_heading(row) || self.is_footer(row) {
            return None;
        }
        let before = self.issues.len();
        let status = self.word(row, Column::Status, field::status, Error::UnknownStatus);
        let mut entry = Entry {
            row: row.number,
            name: self.name(row),
            phone: self.phone(row),
            unit: self.unit(row),
            status,
            joined_on: self.day(row, Column::JoinedOn),
            full_member_on: self.day(row, Column::FullMemberOn),
            sex: self.word(row, Column::Sex, field::sex, Error::UnknownSex),
            birth: self.birth(row),
            education: self.word(row, Column::Education, field::education, Error::UnknownEducation),
            status_left_out: status.is_none() && self.header.place(Column::Status).is_some(),
            bad: false,
            repeats: false,
        };
        entry.bad = self.issues.len() > before;
        Some(entry)
    }

    /// Notes what is wrong.
    pub fn note(&mut self, row: u32, column: Column, error: Error, other_row: Option<u32>) {
        let header = self.header.heading(column);
        self.issues.push(RosterIssue { row, column, header, error, other_row });
    }

    fn cell(&self, row: &'a SheetRow, column: Column) -> &'a Cell {
        self.header.place(column).and_then(|place| row.cells.get(place)).unwrap_or(&Cell::Empty)
    }

    fn is_empty(&self, row: &'a SheetRow) -> bool {
        self.header.columns.keys().all(|column| self.cell(row, *column).is_blank())
    }

    /// Printed rosters repeat the headings on each page.
    fn is_heading(&self, row: &'a SheetRow) -> bool {
        matches!(Column::of(&self.cell(row, Column::Name).shown()), Some((Column::Name, _)))
    }

    /// Totals, signatures and remarks below the members.
    fn is_footer(&self, row: &'a SheetRow) -> bool {
        const WORDS: &[&str] = &[
            "合计",
            "总计",
            "小计",
            "共计",
            "填表",
            "制表",
            "填报",
            "审核",
            "负责人",
            "经办",
            "联系人",
            "备注",
            "说明",
            "注:",
            "注1",
            "签字",
            "签名",
            "盖章",
            "日期:",
        ];
        let first = row.cells.iter().find(|cell| !cell.is_blank()).map(|cell| compact(&cell.shown()));
        let says = |text: String| text == "注" || WORDS.iter().any(|word| text.starts_with(word));
        first.is_some_and(says) && self.cell(row, Column::Phone).is_blank()
    }

    /// The cell's text; `None` with an issue when it can't be text for a record.
    fn text(&mut self, row: &'a SheetRow, column: Column) -> Option<String> {
        let cell = self.cell(row, column);
        let error = match cell {
            Cell::Error(_) => Some(Error::ErrorCell),
            Cell::Text(text) if text.contains('\u{FFFD}') => Some(Error::BrokenText),
            Cell::Text(text) if text.chars().nth(MAX_CELL_CHARS).is_some() => Some(Error::TextTooLong),
            _ => None,
        };
        match error {
            Some(error) => {
                self.note(row.number, column, error, None);
                None
            }
            None => Some(cell.shown()),
        }
    }

    fn name(&mut self, row: &'a SheetRow) -> Option<String> {
        let typed = self.text(row, Column::Name)?;
        let name = clean::person(&typed);
        let error = if self.cell(row, Column::Name).is_blank() {
            Error::MissingName
        } else if text::line(&name, 50).is_none()
            || name.chars().any(char::is_numeric)
            || !name.chars().any(char::is_alphabetic)
        {
            Error::BadName
        } else {
            return Some(name);
        };
        self.note(row.number, Column::Name, error, None);
        None
    }

    fn phone(&mut self, row: &'a SheetRow) -> Option<PhoneNumber> {
        let typed = compact(&self.text(row, Column::Phone)?);
        if is_placeholder(&typed) {
            return None;
        }
        let phone = PhoneNumber::parse(&typed);
        if phone.is_none() {
            self.note(row.number, Column::Phone, Error::BadPhone, None);
        }
        phone
    }

    fn word<T>(
        &mut self,
        row: &'a SheetRow,
        column: Column,
        read: fn(&str) -> Option<T>,
        error: Error,
    ) -> Option<T> {
        let typed = compact(&self.text(row, column)?);
        if is_placeholder(&typed) {
            return None;
        }
        let value = read(&typed);
        if value.is_none() {
            self.note(row.number, column, error, None);
        }
        value
    }

    fn day(&mut self, row: &'a SheetRow, column: Column) -> Option<NaiveDate> {
        self.text(row, column)?;
        match day::read(self.cell(row, column)).map(|ymd| ymd.and_then(day::Ymd::date)) {
            Ok(Some(day)) if day > self.today => self.note(row.number, column, Error::DateInFuture, None),
            Ok(day) => return day,
            Err(()) => self.note(row.number, column, Error::BadDate, None),
        }
        None
    }

    fn birth(&mut self, row: &'a SheetRow) -> Option<BirthMonth> {
        self.text(row, Column::Birth)?;
        let birth = match day::read(self.cell(row, Column::Birth)) {
            Ok(None) => return None,
            Ok(Some(ymd)) => BirthMonth::new(ymd.year, ymd.month, self.today),
            Err(()) => None,
        };
        if birth.is_none() {
            self.note(row.number, Column::Birth, Error::BadBirthMonth, None);
        }
        birth
    }

    /// The home unit by code and name, which must agree where both are given.
    fn unit(&mut self, row: &'a SheetRow) -> Option<&'a RosterUnit> {
        let code = self.text(row, Column::UnitCode)?;
        let name = self.text(row, Column::Unit)?;
        let by_code = (!compact(&code).is_empty()).then(|| self.units.by_code(&code));
        let by_name = (!compact(&name).is_empty()).then(|| self.units.by_name(&name));
        let (column, error) = match (by_code, by_name) {
            (Some(Ok(unit)), Some(Ok(other))) if unit.id != other.id => (Column::Unit, Error::UnitMismatch),
            (Some(Ok(unit)), _) | (None, Some(Ok(unit))) => return Some(unit),
            (Some(Err(error)), _) => (Column::UnitCode, error),
            (None, Some(Err(error))) => (Column::Unit, error),
            (None, None) => (Column::Unit, Error::MissingUnit),
        };
        self.note(row.number, column, error, None);
        None
    }
}
