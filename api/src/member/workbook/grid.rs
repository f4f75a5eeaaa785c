use std::collections::BTreeMap;

use zhibu_domain::member::roster::{Cell, MAX_CELL_CHARS, RosterFileRefusal as Refusal, Sheet, SheetRow};

use super::Limits;

/// Rows of titles and remarks above and below the members.
const SPARE_ROWS: usize = 50;
/// Cells that merged regions may fill.
const FILLED_CELLS: usize = 1_000_000;

/// Collects cells, in whatever order and place a file names them. It holds only what is there:
/// a lone cell in the last corner of a sheet takes one place.
pub struct Grid {
    limits: Limits,
    rows: BTreeMap<u32, Vec<Cell>>,
    cells: usize,
    text_bytes: usize,
    filled: usize,
}

impl Grid {
    pub fn new(limits: Limits) -> Self {
        Self { limits, rows: BTreeMap::new(), cells: 0, text_bytes: 0, filled: 0 }
    }

    /// Puts a cell; row and column count from 0. Blank cells leave no trace.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Refusal> {
        if cell.is_blank() {
            return Ok(());
        }
        let column = usize::try_from(column).map_err(|_| Refusal::TooManyColumns)?;
        if column >= self.limits.columns {
            return Err(Refusal::TooManyColumns);
        }
        if let Cell::Text(text) | Cell::Error(text) = &cell {
            self.text_bytes += text.len();
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        if self.rows.len() > self.limits.rows + SPARE_ROWS {
            return Err(Refusal::TooManyRows);
        }
        if self.cells > self.limits.cells || self.text_bytes > self.limits.text_bytes {
            return Err(Refusal::TooLarge);
        }
        Ok(())
    }

    /// A cell merged over several rows stands in each of them: the branch's name beside its
    /// members. Titles merged over several columns stay in the first.
    pub fn fill_down(&mut self, first: (u32, u32), last_row: u32) -> Result<(), Refusal> {
        let (row, column) = (first.0, usize::try_from(first.1).unwrap_or(usize::MAX));
        if last_row <= row || column >= self.limits.columns {
            return Ok(());
        }
        let Some(cell) = self.rows.get(&row).and_then(|cells| cells.get(column)).cloned() else {
            return Ok(());
        };
        let below: Vec<u32> = self.rows.range(row + 1..=last_row).map(|(row, _)| *row).collect();
        self.filled += below.len() + 1;
        if self.filled > FILLED_CELLS {
            return Err(Refusal::TooLarge);
        }
        for row in below {
            let there = self.rows.get(&row).and_then(|cells| cells.get(column));
            if there.is_none_or(Cell::is_blank) {
                self.put(row, u32::try_from(column).unwrap_or(u32::MAX), cell.clone())?;
            }
        }
        Ok(())
    }

    /// The sheet, rows in order.
    pub fn finish(self, name: &str) -> Sheet {
        let rows = self.rows.into_iter();
        let rows = rows.map(|(row, cells)| SheetRow { number: row.saturating_add(1), cells }).collect();
        Sheet { name: name.chars().take(31).collect(), rows }
    }
}

/// A text cell. Of a text that's too long, only enough is kept to see that it is.
pub fn text(text: &str) -> Cell {
    match text.char_indices().nth(MAX_CELL_CHARS + 1) {
        Some((end, _)) => Cell::Text(text.get(..end).unwrap_or_default().to_owned()),
        None => Cell::Text(text.to_owned()),
    }
}
