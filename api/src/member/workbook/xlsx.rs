use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;
use zhibu_domain::member::roster::{Cell, RosterFileRefusal as Refusal, Sheet};

use super::{Limits, first_roster, grid, grid::Grid, package};

/// Cells looked at in all sheets, with those that only have a colour.
const VISITED_CELLS: usize = 6_000_000;

/// Reads an XLSX file.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Refusal> {
    let packed = package::repack(bytes, limits)?;
    // The library is sound on files that spreadsheets write; on others a few sums may overflow.
    catch_unwind(AssertUnwindSafe(|| read_packed(packed, limits))).unwrap_or(Err(Refusal::Damaged))
}

fn read_packed(packed: Vec<u8>, limits: Limits) -> Result<Sheet, Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(refusal)?;
    let visible = |sheet: &&calamine::Sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    };
    let sheets = book.sheets_metadata().iter().filter(visible);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut visited = 0;
    first_roster(names.iter().map(|name| read_sheet(&mut book, name, limits, &mut visited)))
}

fn read_sheet(
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    name: &str,
    limits: Limits,
    visited: &mut usize,
) -> Result<Sheet, Refusal> {
    let mut grid = Grid::new(limits);
    let mut cells = book.worksheet_cells_reader(name).map_err(refusal)?;
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(refusal)? {
        *visited += 1;
        if *visited > VISITED_CELLS {
            return Err(Refusal::TooLarge);
        }
        let (row, column) = record.pos;
        grid.put(row, column, cell(record.value, record.formula.is_some()))?;
    }
    drop(cells);
    for region in book.merge_cells_by_sheet_name(name).map_err(refusal)? {
        grid.fill_down(region.start, region.end.0)?;
    }
    Ok(grid.finish(name))
}

fn refusal(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Encrypted,
        _ => Refusal::Damaged,
    }
}

/// The value; of a formula the one that the spreadsheet last computed.
fn cell(value: DataRef<'_>, is_formula: bool) -> Cell {
    match value {
        DataRef::Empty if is_formula => Cell::Error("=".to_owned()),
        DataRef::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "no roster holds such a number")]
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) | DataRef::DurationIso(text) => grid::text(&text),
        DataRef::SharedString(text) => grid::text(text),
        DataRef::Bool(truth) => Cell::Bool(truth),
        DataRef::DateTime(moment) => date(&moment),
        DataRef::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
            day.map_or_else(|| grid::text(&text), Cell::Date)
        }
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn date(moment: &ExcelDateTime) -> Cell {
    let number = moment.as_f64();
    let day = moment.as_datetime().filter(|_| moment.is_datetime() && (1.0..3_000_000.0).contains(&number));
    day.map_or(Cell::Number(number), |moment| Cell::Date(moment.date()))
}
