use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use zhibu_domain::{
    member::roster::{Cell, RosterIssue, Sheet, header_row},
    vocabulary::Language,
};

use crate::spreadsheet::{excel_day, is_formula_like};

const HEADINGS: [&str; 2] = ["错误", "Errors"];
/// Numbers of this size are phones and codes: a spreadsheet would show them as 1.38E+10.
const CODE: f64 = 1e9;

/// Writes a copy of the sheet in which each wrong row says what is wrong. Nothing in it is
/// ever a formula.
pub fn write_error_copy(
    sheet: &Sheet,
    issues: &[RosterIssue],
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("名册")?;
    let header = header_row(sheet);
    let last = error_column(sheet, header);
    let mut sentences: HashMap<u32, Vec<String>> = HashMap::new();
    for issue in issues {
        sentences.entry(issue.row).or_default().push(issue.sentence(language));
    }
    let looks =
        [Looks::of(Format::new()), Looks::of(Format::new().set_background_color(Color::RGB(0xFD_E2E1)))];
    let [plain, wrong] = &looks;
    let bold = Looks::of(Format::new().set_bold());
    for row in &sheet.rows {
        let said = sentences.get(&row.number);
        let look = match said {
            _ if Some(row.number) == header => &bold,
            Some(_) => wrong,
            None => plain,
        };
        let line = row.number.saturating_sub(1);
        for (column, cell) in (0..last).zip(&row.cells) {
            look.write(page, line, column, cell)?;
        }
        if let Some(said) = said {
            page.write_string_with_format(line, last, said.join("\n"), &look.wrapped)?;
        }
    }
    if let Some(header) = header {
        let heading = match language {
            Language::Zh => "错误",
            Language::En => "Errors",
        };
        page.write_string_with_format(header.saturating_sub(1), last, heading, &bold.text)?;
        page.set_freeze_panes(header, 0)?;
    }
    for column in 0..last {
        page.set_column_width(column, 14)?;
    }
    page.set_column_width(last, 60)?;
    book.save_to_buffer()
}

/// The column after the last; the old one if this was such a copy already.
fn error_column(sheet: &Sheet, header: Option<u32>) -> u16 {
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let headings = sheet.rows.iter().find(|row| Some(row.number) == header);
    let old = headings.and_then(|row| {
        let is_old = |cell: &Cell| matches!(cell, Cell::Text(text) if HEADINGS.contains(&text.trim()));
        row.cells.iter().position(is_old).filter(|at| at + 1 == width)
    });
    u16::try_from(old.unwrap_or(width)).unwrap_or(u16::MAX)
}

/// The formats of one kind of row.
struct Looks {
    number: Format,
    text: Format,
    guarded: Format,
    date: Format,
    wrapped: Format,
}

impl Looks {
    fn of(base: Format) -> Self {
        Self {
            number: base.clone(),
            text: base.clone().set_num_format("@"),
            guarded: base.clone().set_num_format("@").set_quote_prefix(),
            date: base.clone().set_num_format("yyyy-mm-dd"),
            wrapped: base.set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    fn write(&self, page: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => page.write_blank(row, column, &self.text)?,
            Cell::Date(day) => match excel_day(*day) {
                Some(day) => page.write_datetime_with_format(row, column, day, &self.date)?,
                None => page.write_string_with_format(row, column, day.to_string(), &self.text)?,
            },
            Cell::Number(number) if number.is_finite() && number.abs() < CODE => {
                page.write_number_with_format(row, column, *number, &self.number)?
            }
            cell => {
                let text = cell.shown();
                let look = if is_formula_like(&text) { &self.guarded } else { &self.text };
                page.write_string_with_format(row, column, text, look)?
            }
        };
        Ok(())
    }
}
