//! Spreadsheets in and out: what people upload, read without trust, and what they get back.

mod biff;
mod compound;
mod delimited;
mod error_copy;
mod grid;
mod package;
mod template;
#[cfg(test)]
mod tests;
mod xls;
mod xlsx;

pub use error_copy::write_error_copy;
pub use template::write_template;
use zhibu_domain::member::roster::{RosterFileRefusal as Refusal, Sheet};

/// What a file may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Size of the file.
    pub file_bytes: usize,
    /// Size of what is packed in it.
    pub unpacked_bytes: u64,
    /// Rows below the headings.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Cells, with the empty ones left of a full one.
    pub cells: usize,
    /// Bytes of text in all cells.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            unpacked_bytes: 200 << 20,
            rows: 50_000,
            columns: 100,
            cells: 2_000_000,
            text_bytes: 64 << 20,
        }
    }
}

/// Reads the roster of a file. What the file is, its content says; its name isn't trusted.
/// Blocks for up to a few seconds: call it where that is allowed.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Refusal> {
    if bytes.len() > limits.file_bytes {
        return Err(Refusal::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        xlsx::read(bytes, limits)
    } else if bytes.starts_with(&compound::MAGIC) {
        xls::read(bytes, limits)
    } else {
        delimited::read(bytes, limits)
    }
}

/// Of the sheets of a workbook, the first that's a roster; else why there's none.
fn first_roster(sheets: impl Iterator<Item = Result<Sheet, Refusal>>) -> Result<Sheet, Refusal> {
    let mut why = Refusal::Empty;
    for sheet in sheets.take(10) {
        match sheet {
            Ok(sheet) if zhibu_domain::member::roster::header_row(&sheet).is_some() => return Ok(sheet),
            Ok(sheet) if !sheet.rows.is_empty() && why == Refusal::Empty => why = Refusal::NoHeader,
            Ok(_) => {}
            Err(error) if matches!(why, Refusal::Empty | Refusal::NoHeader) => why = error,
            Err(_) => {}
        }
    }
    Err(why)
}
