//! Text with separators: CSV as spreadsheets here save it, in whichever encoding.

use encoding_rs::{Encoding, GB18030, UTF_8};
use zhibu_domain::member::roster::{Cell, RosterFileRefusal as Refusal, Sheet};

use super::{Limits, first_roster, grid, grid::Grid};

/// A field with more lines than this has lost its closing quote, and swallows rows.
const FIELD_LINES: usize = 20;

/// Reads the text.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Refusal> {
    let text = decode(bytes);
    if is_something_else(&text) {
        return Err(Refusal::NotAWorkbook);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::new(limits);
    let mut record = csv::StringRecord::new();
    // Rows are counted as a spreadsheet would: blank lines count, breaks inside a field don't.
    let (mut next_row, mut at, mut breaks_before, mut inner_breaks) = (0, 0, 0, 0);
    while reader.read_record(&mut record).map_err(|_| Refusal::Damaged)? {
        let start = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(at);
        let rest = text.get(start..).unwrap_or_default();
        let start = start + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        breaks_before += text.get(at..start).unwrap_or_default().matches('\n').count();
        at = start;
        let row = next_row.max(breaks_before.saturating_sub(inner_breaks));
        next_row = row + 1;
        for (column, field) in (0_u32..).zip(record.iter()) {
            let breaks = field.matches('\n').count();
            if breaks > FIELD_LINES {
                return Err(Refusal::Damaged);
            }
            inner_breaks += breaks;
            let row = u32::try_from(row).map_err(|_| Refusal::TooManyRows)?;
            grid.put(row, column, cell(field))?;
        }
    }
    let sheet = grid.finish("");
    first_roster(std::iter::once(Ok(sheet)))
}

/// By its mark, else UTF-8 if it is, else what Chinese spreadsheets write; of two that don't
/// fit, the one that loses less.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    let (utf8, _, broken) = UTF_8.decode(bytes);
    if !broken {
        return utf8.into_owned();
    }
    let (gb, _, gb_broken) = GB18030.decode(bytes);
    let lost = |text: &str| text.matches('\u{FFFD}').count();
    if gb_broken && lost(&utf8) < lost(&gb) { utf8.into_owned() } else { gb.into_owned() }
}

/// Web pages renamed to .xls, pictures, programs.
fn is_something_else(text: &str) -> bool {
    let lost = text.chars().filter(|c| *c == '\u{FFFD}').count();
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1A}');
    text.trim_start().starts_with(['<', '{'])
        || text.starts_with("%PDF")
        || text.contains(control)
        || lost * 20 > text.len()
}

/// The separator that the first lines have most of. Excel may name it itself: `sep=;`.
fn delimiter(text: &str) -> u8 {
    if let Some([named, ..]) = text.strip_prefix("sep=").map(str::as_bytes) {
        return *named;
    }
    let first: Vec<&str> = text.lines().take(20).collect();
    let most = |separator: &u8| {
        let counts = first.iter().map(|line| line.bytes().filter(|byte| byte == separator).count());
        counts.sum::<usize>()
    };
    b",;\t".iter().copied().rev().max_by_key(most).unwrap_or(b',')
}

/// `="13800001234"` and `'13800001234` are how people keep a spreadsheet from counting.
fn cell(field: &str) -> Cell {
    let field = field.trim_matches(['\u{1A}', ' ', '\t', '\u{FEFF}']);
    let formula = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let field = formula.unwrap_or(field);
    let quoted = field.strip_prefix('\'').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    grid::text(quoted.unwrap_or(field))
}
