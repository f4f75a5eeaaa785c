//! Workbooks of Excel 97–2003. Read here rather than by the spreadsheet library, which makes
//! room for whatever size such a file claims and follows its chains in circles.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use zhibu_domain::member::roster::{Cell, RosterFileRefusal as Refusal, Sheet};

use super::{
    Limits,
    biff::{Record, Records, Strings},
    compound::{Compound, u16_at, u32_at},
    first_roster, grid,
    grid::Grid,
};

const STRINGS: usize = 1_000_000;
const BIFF8: u16 = 0x0600;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

/// Reads an .xls file; an encrypted .xlsx file looks like one from outside.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Refusal> {
    let file = Compound::open(bytes).ok_or(Refusal::Damaged)?;
    if file.has("EncryptedPackage") {
        return Err(Refusal::Encrypted);
    }
    if !file.has("Workbook") {
        return Err(Refusal::NotAWorkbook);
    }
    let stream = file.read("Workbook").ok_or(Refusal::Damaged)?;
    let book = Book::read(&stream)?;
    first_roster(book.sheets.iter().map(|(name, start)| book.sheet(&stream, name, *start, limits)))
}

/// What the sheets share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    /// Of each cell format, its number format.
    formats: Vec<u16>,
    /// The number formats of this file that show days.
    day_formats: HashSet<u16>,
    counts_from_1904: bool,
    /// Names and places of the visible sheets.
    sheets: Vec<(String, usize)>,
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self, Refusal> {
        let mut book = Self::default();
        let mut records = Records(stream);
        let first = records.next().filter(|r| r.kind == BOF).ok_or(Refusal::Damaged)?;
        if u16_at(first.data, 0) != Some(BIFF8) {
            return Err(Refusal::NotAWorkbook);
        }
        for record in records {
            match record.kind {
                EOF => return Ok(book),
                0x002F => return Err(Refusal::Encrypted),
                0x0022 => book.counts_from_1904 = u16_at(record.data, 0) == Some(1),
                0x041E => book.add_format(record),
                0x00E0 => book.formats.extend(u16_at(record.data, 2)),
                0x0085 => book.add_sheet(record).ok_or(Refusal::Damaged)?,
                0x00FC => book.add_strings(record)?,
                _ => {}
            }
        }
        Err(Refusal::Damaged)
    }

    fn add_sheet(&mut self, record: Record<'_>) -> Option<()> {
        let start = usize::try_from(u32_at(record.data, 0)?).ok()?;
        let (hidden, kind) = (*record.data.get(4)? & 0x03, *record.data.get(5)?);
        let name = Strings::new(record.parts, 6)?.short()?;
        if hidden == 0 && kind == 0 {
            self.sheets.push((name, start));
        }
        Some(())
    }

    fn add_strings(&mut self, record: Record<'_>) -> Result<(), Refusal> {
        let mut strings = Strings::new(record.parts, 8).ok_or(Refusal::Damaged)?;
        while strings.has_more() {
            self.strings.push(strings.rich().ok_or(Refusal::Damaged)?);
            if self.strings.len() > STRINGS {
                return Err(Refusal::TooLarge);
            }
        }
        Ok(())
    }

    fn add_format(&mut self, record: Record<'_>) {
        let id = u16_at(record.data, 0);
        let code = Strings::new(record.parts, 2).and_then(|mut strings| strings.rich());
        if let (Some(id), Some(code)) = (id, code) {
            // Quoted words and bracketed colours say nothing about days; a year does.
            let mut outside = code.split('"').step_by(2);
            if outside.any(|part| part.to_ascii_lowercase().contains("yy")) {
                self.day_formats.insert(id);
            }
        }
    }

    fn sheet(&self, stream: &[u8], name: &str, start: usize, limits: Limits) -> Result<Sheet, Refusal> {
        let mut reading = Reading { book: self, grid: Grid::new(limits), regions: Vec::new(), awaits: None };
        let mut depth = 0_u32;
        for record in Records(stream.get(start..).ok_or(Refusal::Damaged)?) {
            match record.kind {
                BOF => depth += 1,
                EOF => depth = depth.saturating_sub(1),
                // Charts inside a sheet have cells of their own.
                _ if depth == 1 => reading.take(record)?,
                _ => {}
            }
            if depth == 0 {
                let Reading { mut grid, regions, .. } = reading;
                for (first, last_row) in regions {
                    grid.fill_down(first, last_row)?;
                }
                return Ok(grid.finish(name));
            }
        }
        Err(Refusal::Damaged)
    }

    fn number(&self, number: f64, format: u16) -> Cell {
        let format = self.formats.get(usize::from(format)).copied().unwrap_or(0);
        let shows_day = matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
            || self.day_formats.contains(&format);
        if !shows_day || !(61.0..3_000_000.0).contains(&number) {
            return Cell::Number(number);
        }
        let epoch = if self.counts_from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "61 ..= 3,000,000")]
        let days = Days::new(number as u64);
        let day = NaiveDate::from_ymd_opt(epoch.0, epoch.1, epoch.2).and_then(|e| e.checked_add_days(days));
        day.map_or(Cell::Number(number), Cell::Date)
    }
}

/// One sheet being read.
struct Reading<'a> {
    book: &'a Book,
    grid: Grid,
    regions: Vec<((u32, u32), u32)>,
    /// The formula whose text comes in the next record.
    awaits: Option<(u32, u32)>,
}

impl Reading<'_> {
    fn take(&mut self, record: Record<'_>) -> Result<(), Refusal> {
        let data = record.data;
        match record.kind {
            0x00BD => return self.many_numbers(data),
            0x00E5 => {
                let regions = data.get(2..).unwrap_or_default().chunks_exact(8);
                let at = |region: &[u8], at| u16_at(region, at).map(u32::from);
                self.regions.extend(regions.filter_map(|r| Some(((at(r, 0)?, at(r, 4)?), at(r, 2)?))));
                return Ok(());
            }
            0x0207 => {
                let text = Strings::new(record.parts, 0).and_then(|mut strings| strings.rich());
                let (Some(text), Some(place)) = (text, self.awaits.take()) else { return Ok(()) };
                return self.grid.put(place.0, place.1, grid::text(&text));
            }
            0x0203 | 0x00FD | 0x0204 | 0x027E | 0x0205 | 0x0006 => {}
            _ => return Ok(()),
        }
        let (Some(row), Some(column), Some(format)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4))
        else {
            return Err(Refusal::Damaged);
        };
        let place = (u32::from(row), u32::from(column));
        let cell = self.cell(record, format, place).ok_or(Refusal::Damaged)?;
        self.grid.put(place.0, place.1, cell)
    }

    fn cell(&mut self, record: Record<'_>, format: u16, place: (u32, u32)) -> Option<Cell> {
        let data = record.data;
        Some(match record.kind {
            0x0203 => self.book.number(f64_at(data, 6)?, format),
            0x027E => self.book.number(packed(u32_at(data, 6)?), format),
            0x00FD => grid::text(self.book.strings.get(usize::try_from(u32_at(data, 6)?).ok()?)?),
            0x0204 => grid::text(&Strings::new(record.parts, 6)?.rich()?),
            0x0205 if *data.get(7)? == 0 => Cell::Bool(*data.get(6)? != 0),
            0x0205 => error(*data.get(6)?),
            _ => match (u16_at(data, 12)?, *data.get(6)?, *data.get(8)?) {
                (0xFFFF, 0, _) => {
                    self.awaits = Some(place);
                    Cell::Empty
                }
                (0xFFFF, 1, truth) => Cell::Bool(truth != 0),
                (0xFFFF, 2, code) => error(code),
                (0xFFFF, ..) => Cell::Empty,
                _ => self.book.number(f64_at(data, 6)?, format),
            },
        })
    }

    /// A run of numbers in one row: (format, number)*, last column.
    fn many_numbers(&mut self, data: &[u8]) -> Result<(), Refusal> {
        let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else {
            return Err(Refusal::Damaged);
        };
        let pairs = data.get(4..).unwrap_or_default().chunks_exact(6);
        for (pair, column) in pairs.zip(u32::from(first)..) {
            if let (Some(format), Some(number)) = (u16_at(pair, 0), u32_at(pair, 2)) {
                self.grid.put(u32::from(row), column, self.book.number(packed(number), format))?;
            }
        }
        Ok(())
    }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A number in four bytes: whole or the upper half of a fraction, perhaps in hundredths.
fn packed(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { number / 100.0 } else { number }
}

fn error(code: u8) -> Cell {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Cell::Error(text.to_owned())
}
