use chrono::NaiveDate;

/// The longest text of a cell that a roster may hold.
pub const MAX_CELL_CHARS: usize = 1_000;

/// A cell, as the file states it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number: also phones and dates that a spreadsheet took for numbers.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// True or false.
    Bool(bool),
    /// An error value (`#REF!`), or a formula without a value.
    Error(String),
}

impl Cell {
    /// Whether nothing can be seen in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || super::clean::is_invisible(c)),
            _ => false,
        }
    }

    /// What it shows, as text: whole numbers without a fraction, days as `2010-07-01`.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(n) if n.fract() == 0.0 && n.abs() < 1e16 => format!("{n:.0}"),
            Self::Number(n) => n.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }
}

/// A row that isn't empty.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its cells from the first column on; cells to the right of them are empty.
    pub cells: Vec<Cell>,
}

/// A sheet: its rows in order, without the empty ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The sheet's name; empty where the format has none.
    pub name: String,
    /// The rows.
    pub rows: Vec<SheetRow>,
}
