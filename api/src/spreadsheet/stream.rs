//! A workbook that grows sheet by sheet and row by row, of which memory never holds more than a page: its
//! rows wait in a file, and what comes out of it goes on in pieces.

use std::{
    io::{self, Write},
    path::Path,
};

use rust_xlsxwriter::XlsxError;
use tokio::sync::mpsc;

use super::{Column, Looks, Value, book};

/// The size of a piece.
const PIECE: usize = 256 * 1_024;

/// What a workbook grows by.
#[derive(Debug)]
pub enum Part {
    /// A new sheet with its name and its columns.
    Sheet(&'static str, Vec<Column>),
    /// Rows of that sheet.
    Rows(Vec<Vec<Value>>),
}

/// Writes a workbook of parts, whose rows wait in a folder until it is whole. May block.
pub fn write_parts(
    folder: &Path,
    parts: impl Iterator<Item = Part>,
    mut out: PieceWriter,
) -> Result<(), XlsxError> {
    let mut book = book(folder)?;
    let looks = Looks::default();
    let (mut sheets, mut row) = (0, 0);
    for part in parts {
        match part {
            Part::Sheet(name, columns) => {
                let page = book.add_worksheet_with_constant_memory()?;
                page.set_name(name)?;
                looks.lay_out(page, &columns)?;
                (sheets, row) = (sheets + 1, 1);
            }
            Part::Rows(rows) => {
                let page = book.worksheet_from_index(usize::max(sheets, 1) - 1)?;
                for values in rows {
                    looks.write(page, row, &values)?;
                    row += 1;
                }
            }
        }
    }
    book.save_to_writer(&mut out)?;
    out.finish()?;
    Ok(())
}

/// Hands on what is written in pieces of one size, the last of which may be smaller; waits until they
/// are taken.
#[derive(Debug)]
pub struct PieceWriter {
    piece: Vec<u8>,
    taker: mpsc::Sender<Vec<u8>>,
}

impl PieceWriter {
    /// Hands on to a taker.
    pub fn new(taker: mpsc::Sender<Vec<u8>>) -> Self {
        Self { piece: Vec::new(), taker }
    }

    fn finish(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.piece);
        if piece.is_empty() {
            return Ok(());
        }
        self.taker.blocking_send(piece).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for PieceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        if self.piece.len() == PIECE {
            self.finish()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
