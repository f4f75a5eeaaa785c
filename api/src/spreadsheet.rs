//! Spreadsheets that people open: a heading that stays, real dates and numbers, text that is never
//! run as a formula, and a page that prints.

mod stream;

use std::{borrow::Cow, path::Path};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

pub use self::stream::{Part, PieceWriter, write_parts};
use crate::config::make_private_folder;

/// The most that a cell holds, in units of UTF-16.
const LONGEST: usize = 32_767;

/// An empty workbook whose rows wait in a folder, not in memory, until it is saved. The folder is made
/// where it lacks, for nobody else's eyes; files in it have no name from the beginning, so that none is left
/// behind by whoever is killed.
pub fn book(folder: &Path) -> Result<Workbook, XlsxError> {
    make_private_folder(folder)?;
    let mut book = Workbook::new();
    book.set_tempdir(folder)?;
    Ok(book)
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// Its width, in digits.
    pub width: f64,
}

/// A column.
pub const fn column(heading: &'static str, width: f64) -> Column {
    Column { heading, width }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Empty,
    /// Text, whatever it begins with.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with two decimals.
    Decimal(f64),
    /// A share, in thousandths.
    Share(i64),
    /// A civil day.
    Day(NaiveDate),
    /// A moment of local time.
    Moment(NaiveDateTime),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

/// The formats of a table's cells.
pub struct Looks {
    heading: Format,
    text: Format,
    guarded: Format,
    whole: Format,
    decimal: Format,
    share: Format,
    day: Format,
    moment: Format,
}

impl Default for Looks {
    fn default() -> Self {
        let base = || Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
        let wrapped = || base().set_text_wrap().set_num_format("@");
        Self {
            heading: base().set_bold().set_text_wrap().set_background_color(Color::RGB(0xED_EDED)),
            text: wrapped(),
            guarded: wrapped().set_quote_prefix(),
            whole: base().set_num_format("0"),
            decimal: base().set_num_format("0.00"),
            share: base().set_num_format("0.0%"),
            day: base().set_num_format("yyyy-mm-dd"),
            moment: base().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

impl Looks {
    /// Lays out a table: headings that stay in sight and on every printed page, A4 across.
    pub fn lay_out(&self, page: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
        for (at, column) in (0..).zip(columns) {
            page.set_column_width(at, column.width)?;
            page.write_string_with_format(0, at, column.heading, &self.heading)?;
        }
        page.set_freeze_panes(1, 0)?;
        page.set_repeat_rows(0, 0)?;
        page.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        page.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&C&P / &N");
        Ok(())
    }

    /// Writes a row.
    pub fn write(&self, page: &mut Worksheet, row: u32, values: &[Value]) -> Result<(), XlsxError> {
        for (at, value) in (0..).zip(values) {
            self.write_cell(page, row, at, value)?;
        }
        Ok(())
    }

    fn write_cell(&self, page: &mut Worksheet, row: u32, at: u16, value: &Value) -> Result<(), XlsxError> {
        match value {
            Value::Empty => page.write_blank(row, at, &self.text)?,
            Value::Text(text) => {
                let look = if is_formula_like(text) { &self.guarded } else { &self.text };
                page.write_string_with_format(row, at, fitting(text), look)?
            }
            #[expect(clippy::cast_precision_loss, reason = "a cell holds a float; counts are small")]
            Value::Whole(number) => page.write_number_with_format(row, at, *number as f64, &self.whole)?,
            Value::Decimal(number) => page.write_number_with_format(row, at, *number, &self.decimal)?,
            #[expect(clippy::cast_precision_loss, reason = "thousandths are small")]
            Value::Share(permille) => {
                page.write_number_with_format(row, at, *permille as f64 / 1_000.0, &self.share)?
            }
            Value::Day(day) => match excel_day(*day) {
                Some(day) => page.write_datetime_with_format(row, at, day, &self.day)?,
                None => page.write_string_with_format(row, at, day.to_string(), &self.text)?,
            },
            Value::Moment(moment) => match excel_moment(*moment) {
                Some(moment) => page.write_datetime_with_format(row, at, moment, &self.moment)?,
                None => page.write_string_with_format(row, at, moment.to_string(), &self.text)?,
            },
        };
        Ok(())
    }
}

/// A day as a spreadsheet keeps it; those before 1900 it can't.
pub fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

fn excel_moment(moment: NaiveDateTime) -> Option<ExcelDateTime> {
    let (hour, minute) = (u16::try_from(moment.hour()).ok()?, u8::try_from(moment.minute()).ok()?);
    excel_day(moment.date())?.and_hms(hour, minute, 0.0).ok()
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut room = LONGEST - 1;
    let fits = |c: &char| match room.checked_sub(c.len_utf16()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let mut fitting: String = text.chars().take_while(fits).collect();
    fitting.push('…');
    Cow::Owned(fitting)
}

/// What a spreadsheet would run if it were typed, or saved as CSV and opened; what stands behind blanks, too.
pub fn is_formula_like(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_as_much_as_it_can() {
        for sign in ["a", "长", "👨"] {
            let long = sign.repeat(40_000);
            let cut = fitting(&long);
            assert!(cut.encode_utf16().count() <= LONGEST && cut.encode_utf16().count() >= LONGEST - 2);
            assert!(cut.ends_with(&format!("{sign}…")));
        }
        let just = "a".repeat(LONGEST);
        assert_eq!(fitting(&just), just);
    }
}
