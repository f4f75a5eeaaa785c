use std::collections::HashMap;

use super::{RosterColumn, Sheet, SheetRow, column::is_uncollected};

/// Titles and remarks stand above the headings; nobody writes more rows of them than this.
const SEARCHED_ROWS: usize = 20;

/// The heading row and what its columns mean.
#[derive(Debug)]
pub(super) struct Header {
    /// Index of the row among the sheet's rows.
    pub index: usize,
    /// Column → its place and heading.
    pub columns: HashMap<RosterColumn, (usize, String)>,
    /// Headings that mean nothing here.
    pub ignored: Vec<String>,
    /// Headings of what must not be collected.
    pub uncollected: Vec<String>,
}

impl Header {
    /// Finds the row with the most known headings.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        let rows = sheet.rows.iter().enumerate().take(SEARCHED_ROWS);
        let candidates = rows.map(|(index, row)| Self::read(index, row)).filter(Self::suffices);
        candidates.reduce(|best, next| if next.columns.len() > best.columns.len() { next } else { best })
    }

    fn suffices(&self) -> bool {
        let has = |column| self.columns.contains_key(&column);
        has(RosterColumn::Name) && (has(RosterColumn::Unit) || has(RosterColumn::UnitCode))
    }

    fn read(index: usize, row: &SheetRow) -> Self {
        let mut header =
            Self { index, columns: HashMap::new(), ignored: Vec::new(), uncollected: Vec::new() };
        let mut ranks = HashMap::new();
        for (place, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
            let text = cell.shown().split_whitespace().collect::<Vec<_>>().join(" ");
            let text: String = text.chars().take(50).collect();
            match RosterColumn::of(&text) {
                Some((column, rank)) if ranks.get(&column).is_none_or(|best| rank < *best) => {
                    ranks.insert(column, rank);
                    if let Some((_, worse)) = header.columns.insert(column, (place, text)) {
                        header.ignored.push(worse);
                    }
                }
                None if is_uncollected(&text) => header.uncollected.push(text),
                _ => header.ignored.push(text),
            }
        }
        header
    }

    /// The place of a column.
    pub fn place(&self, column: RosterColumn) -> Option<usize> {
        self.columns.get(&column).map(|(place, _)| *place)
    }

    /// The column's heading in the file.
    pub fn heading(&self, column: RosterColumn) -> String {
        let own = || crate::vocabulary::Vocabulary::word(column).zh.to_owned();
        self.columns.get(&column).map_or_else(own, |(_, text)| text.clone())
    }
}

/// The number of the row with the headings, if the sheet is a roster.
pub fn header_row(sheet: &Sheet) -> Option<u32> {
    let header = Header::find(sheet)?;
    sheet.rows.get(header.index).map(|row| row.number)
}
